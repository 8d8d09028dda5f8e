"""Tests that were made looser in the same change as the code they stand beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Rules
from trustgate.finding import Finding
from trustgate.syntax.outline import Scope, Span
from trustgate.syntax.paths import PathKind

SKIP = (
    r"\b(?:it|test|describe|context)\.skip\s*\(|\bx(?:it|describe|test)\s*\(|@(?:pytest\.mark|unittest)\.(?:skip|xfail)"
    r"|^\s*@(?:Disabled|Ignore)\b|\bt\.Skip(?:f|Now)?\("
)
CHECK = r"\bassert\w*\b|\bexpect\s*\(|\.should\b|\bverify\s*\(|\brequire\.\w+\(|\bt\.(?:Error|Fatal)f?\("


TITLE = r"""(["'`])(?:(?!\1).){1,200}\1"""


@lru_cache(maxsize=4)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def find_weaker_tests(deltas: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    """Skip marks that are added, and surviving test functions that lose every check. Only beside changed code."""
    rule = rules.named["test-weakened"]
    if not any(delta.kind is PathKind.CODE for delta in deltas):
        return
    for delta in deltas:
        if delta.kind is not PathKind.TEST or delta.old is None or delta.new is None:
            continue
        old, new = delta.old, delta.new
        had = sum(bool(_compiled(SKIP).search(line.text)) for line in old.lines)
        marked = [line for line in new.lines if _compiled(SKIP).search(line.text)]
        for line in marked[had:]:
            if not _was_there(old, new, line.number, line.text):
                continue
            text = line.text.strip()
            span = Span(line.number, len(line.text) - len(line.text.lstrip()), line.number, len(line.text))
            yield rule.finding(new.location(span), new.symbol(line.number), text, (f"skip mark: {text[:120]}",))
        for scope in _emptied(old, new):
            span = Span(scope.start, 0, scope.start, 10_000)
            yield rule.finding(old.location(span), scope.name, scope.name, (f"no check left in {scope.name}",))


def _was_there(old: SideDelta, new: SideDelta, number: int, text: str) -> bool:
    """Whether the marked test stood on the old side: by its function's name, or by its title."""
    functions = [scope.name for scope in new.chain(number) if scope.kind == "function" and _is_test(scope.name)]
    if functions:
        return functions[-1] in {scope.name for scope in old.outline.scopes}
    title = _compiled(TITLE).search(text)
    return title is not None and title[0] in old.text.text


def _emptied(old: SideDelta, new: SideDelta) -> Iterator[Scope]:
    names = {scope.name: scope for scope in new.outline.scopes if scope.kind == "function"}
    for scope in old.outline.scopes:
        if scope.kind != "function" or scope.name not in names or not _is_test(scope.name):
            continue
        if not any(scope.start <= number <= scope.end for number in old.numbers):
            continue
        if _checks(old, scope) and not _checks(new, names[scope.name]):
            yield scope


def _is_test(name: str) -> bool:
    return name.lower().startswith("test") or name.endswith("Test")


def _checks(side: SideDelta, scope: Scope) -> bool:
    return any(_compiled(CHECK).search(side.text.line(n)) for n in range(scope.start, scope.end + 1))
