"""A definition that is there twice in one block, where base had it once: the new version beside the old one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.damage.ground import capped, readable
from trustgate.analyzers.integrity.subject import Subject
from trustgate.facts import ChangedLine, SideText
from trustgate.finding import Confidence, Side
from trustgate.syntax.outline import Scope

RULE = "definition-duplicated"
LINES = 3
"""lines of a definition, its header included; a shorter one says too little"""
ALIKE = 0.6
"""share of lines that two versions of one definition have in common"""
HEAD_LINES = 12
"""lines that the name and the parameters of a definition may take"""
MAX_FINDINGS = 10
MAX_PAIRS = 200
"""pairs of one name in one file that are compared"""
_PREPROCESSOR = re.compile(r"\s{0,40}#\s{0,8}(?:if|ifdef|ifndef|elif|else|endif)\b")


def check(subject: Subject) -> Iterator[Outcome]:
    new = subject.file.new
    if new is None or not readable(new) or new.outline.degraded:
        return
    added = {number for hunk in subject.file.change.hunks for number in hunk.new_lines}
    exempt = frozenset(subject.rules.words(RULE, "exempt_names"))
    heads = frozenset(subject.rules.words(RULE, "exempt_heads"))
    marks = subject.rules.words(RULE, "exempt_marks")
    by_name: dict[tuple[str, str], list[Scope]] = {}
    for scope in new.outline.scopes:
        if scope.kind in ("function", "class") and scope.end - scope.start + 1 >= LINES and scope.name not in exempt:
            by_name.setdefault((scope.name, new.line(_header(scope))), []).append(scope)
    found = looked = 0
    for (name, text), named in by_name.items():
        if len(named) < 2 or _flat(text) in heads or not any(_mostly(scope, added) for scope in named):
            continue
        for first, second in _alike(new, named):
            looked += 1
            if found >= MAX_FINDINGS or looked > MAX_PAIRS:
                return
            if any(mark in marker.text for marker in first.markers for mark in marks):
                continue
            confidence = _same(subject, first, second)
            if confidence is None or not (_mostly(first, added) or _mostly(second, added)):
                continue
            where = second if _header(second) in added else first
            line = ChangedLine(Side.NEW, _header(where), new.line(_header(where)))
            found += 1
            yield subject.rules.finding(
                RULE, subject.at(line), f"{name}:{_flat(line.text)}", confidence=capped(subject, confidence), name=name,
                first=str(_header(first)), second=str(_header(second)),
            )  # fmt: skip


def _alike(new: SideText, scopes: list[Scope]) -> Iterator[tuple[Scope, Scope]]:
    """Neighbours among those with one head: the same name, parameters and decorators."""
    by_head: dict[tuple[str, ...], list[Scope]] = {}
    for scope in scopes:
        key = (scope.kind, *(marker.text for marker in scope.markers), *_head(new, scope))
        by_head.setdefault(key, []).append(scope)
    for same in by_head.values():
        yield from pairwise(same)


def _same(subject: Subject, first: Scope, second: Scope) -> Confidence | None:
    """How sure two definitions with one head are one definition twice; None where they are not, or base had both."""
    new, old = subject.file.new, subject.file.old
    if new is None or first.end >= second.start or not _one_block(new, first, second):
        return None
    head = _head(new, first)
    if old is not None and _times(head, new) <= _times(head, old):
        return None
    one, two = (Counter(filter(None, map(_flat, _text(new, scope)))) for scope in (first, second))
    if one == two:
        return Confidence.HIGH
    common = 2 * (one & two).total() / max(one.total() + two.total(), 1)
    return Confidence.MEDIUM if common >= ALIKE else None


def _head(new: SideText, scope: Scope) -> tuple[str, ...]:
    """The lines up to where the body opens, without blanks."""
    lines = []
    for text in _text(new, scope)[:HEAD_LINES]:
        lines.append(_flat(text))
        if lines[-1].endswith(("{", ":", "=>", "=", "->")):
            break
    return tuple(lines)


def _one_block(new: SideText, first: Scope, second: Scope) -> bool:
    """No line between the two is further left, and no preprocessor branch stands there: both belong to one block."""
    depth = _indent(new.line(_header(first)))
    if depth != _indent(new.line(_header(second))):
        return False
    for number in range(first.end + 1, second.start):
        text = new.line(number)
        if text.strip() and (_indent(text) < depth or _PREPROCESSOR.match(text)):
            return False
    return True


def _header(scope: Scope) -> int:
    """Line of the definition itself, behind its decorators."""
    return min(max((marker.span.end_line + 1 for marker in scope.markers), default=scope.start), scope.end)


def _times(head: tuple[str, ...], side: SideText) -> int:
    """How often these lines stand in a side; lines of one head do not overlap."""
    return _flat_lines(side).count("\n".join(("", *head, "")))


@lru_cache(maxsize=2)
def _flat_lines(side: SideText) -> str:
    return "\n".join(("", *map(_flat, side.lines), ""))


def _text(new: SideText, scope: Scope) -> list[str]:
    return new.lines[_header(scope) - 1 : scope.end]


def _mostly(scope: Scope, added: set[int]) -> bool:
    lines = range(_header(scope), scope.end + 1)
    return 2 * sum(number in added for number in lines) > len(lines)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _flat(text: str) -> str:
    return "".join(text.split())
