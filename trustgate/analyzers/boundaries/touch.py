"""Touches: a changed line lies in a boundary, and why. One strong piece of evidence or two independent weak ones."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from trustgate.analyzers.boundaries.delta import CodeLine, FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Lexicon, Rules, callee_matches, compiled
from trustgate.finding import Finding
from trustgate.syntax.outline import Span
from trustgate.syntax.words import subwords, wordset

SCORES = {"api": 60, "word": 45, "literal": 30, "scope": 30, "string": 20, "weak": 20, "path": 15}
"""score of the first piece of evidence of each class"""
THRESHOLD = 45
SECOND = 8
"""score of each further different word"""


class Seen(NamedTuple):
    kind: str
    what: str
    line: int
    side: SideDelta


def find_touches(delta: FileDelta, rules: Rules) -> Iterator[Finding]:
    """One finding a boundary and file, at its most telling line, best boundary first."""
    found = []
    for lexicon in rules.lexicons:
        seen = _evidence(delta, lexicon)
        score = _score(seen)
        if score < THRESHOLD or not _enough(seen):
            continue
        best = max(seen, key=lambda item: (SCORES[item.kind], -item.line))
        found.append((score, lexicon, best, seen))
    for score, lexicon, best, seen in sorted(found, key=lambda item: (-item[0], item[1].rule.id)):
        text = best.side.text.line(best.line)
        width = len(text) - len(text.lstrip())
        span = Span(best.line, width, best.line, len(text.encode("utf-8", "surrogateescape")))
        reasons = tuple(dict.fromkeys(f"{item.kind}: {item.what}" for item in seen))[:8]
        yield lexicon.rule.finding(
            best.side.location(span),
            best.side.symbol(best.line),
            text.strip()[:400],
            evidence=reasons,
            score=min(score, 100),
        )


def _enough(seen: list[Seen]) -> bool:
    """One strong class, or two weak ones that do not rest on the same word; path alone never."""
    kinds = {item.kind for item in seen}
    if kinds & {"api", "word"}:
        return True
    words = {(item.kind, item.what) for item in seen if item.kind != "path"}
    return len({kind for kind, _ in words}) >= 2 and len({what for _, what in words}) >= 2


def _score(seen: list[Seen]) -> int:
    by_kind: dict[str, set[str]] = defaultdict(set)
    for item in seen:
        by_kind[item.kind].add(item.what)
    if "scope" in by_kind:  # a word seen in path and scope is one piece of evidence
        by_kind["path"] -= by_kind["scope"]
    return sum(SCORES[kind] + SECOND * (min(len(what), 4) - 1) for kind, what in by_kind.items() if what)


def _evidence(delta: FileDelta, lexicon: Lexicon) -> list[Seen]:
    seen: list[Seen] = []
    for side in delta.sides:
        if not side.lines:
            continue
        for line in side.lines:
            seen += _line_evidence(side, line, lexicon)
        for call in side.detail.calls:
            if lexicon.api and callee_matches(call.callee, lexicon.api) and side.changed(call.span):
                seen.append(Seen("api", call.callee[:60], call.span.line, side))
    if seen and lexicon.literal:  # a literal alone is no evidence, so it is looked for only beside other evidence
        pattern = compiled(lexicon.literal)
        for side in delta.sides:
            for line in side.lines:
                found = pattern.search(line.text)
                if found:
                    seen.append(Seen("literal", found[0][:40], line.number, side))
    if seen or any(side.lines for side in delta.sides):
        side = delta.sides[-1] if delta.sides[-1].lines else delta.sides[0]
        for word in sorted(_path_words(delta.path) & lexicon.path):
            line_number = side.lines[0].number if side.lines else 1
            seen.append(Seen("path", word, line_number, side))
    return seen


def _line_evidence(side: SideDelta, line: CodeLine, lexicon: Lexicon) -> Iterator[Seen]:
    code = line.words
    for word in sorted(code & lexicon.strong):
        yield Seen("word", word, line.number, side)
    for word in sorted(code & lexicon.weak):
        yield Seen("weak", word, line.number, side)
    for text in line.strings:
        for word in sorted(wordset(text[:300]) & lexicon.strong):
            yield Seen("string", word, line.number, side)
    for scope in side.chain(line.number):
        for word in sorted(wordset(scope.name) & lexicon.scope):
            yield Seen("scope", word, line.number, side)


@lru_cache(maxsize=4096)
def _path_words(path: str) -> frozenset[str]:
    stem = posixpath.splitext(path)[0]
    return frozenset(word for part in stem.replace("-", "_").replace(".", "_").split("/") for word in subwords(part))
