"""Touches: a changed line lies in a boundary, and why. One strong piece of evidence or two independent weak ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta
from trustgate.analyzers.boundaries.evidence import Seen, evidence_of
from trustgate.analyzers.boundaries.rules import Lexicon, Rules
from trustgate.analyzers.boundaries.score import STRONG, THRESHOLD, WEIGHTS, enough, score
from trustgate.analyzers.context import Places
from trustgate.finding import Finding
from trustgate.syntax.outline import Span

REASONS = 8


def find_touches(deltas: Sequence[FileDelta], rules: Rules, places: Sequence[Places] = ()) -> Iterator[Finding]:
    """One finding a boundary and file, at its most telling line; the file with most evidence carries the score.

    The score is that of the whole change, since the pieces of one edit are often spread over its files; a file is
    named only for evidence of its own, and never with more than its own evidence gives or the change's.
    """
    size = sum(len(side.lines) for delta in deltas for side in delta.sides)
    guards = {item.rule.boundary: item for item in rules.guards if item.rule.id not in rules.team}
    listed = {item.boundary: item for item in places}
    for lexicon in rules.lexicons:
        by_file = [(delta, evidence_of(delta, lexicon, guards.get(lexicon.rule.boundary))) for delta in deltas]
        if listed and lexicon.rule.boundary in listed and lexicon.rule.id not in rules.team:
            from trustgate.analyzers.boundaries.listed import listed_evidence

            mine = listed[lexicon.rule.boundary]
            by_file = [(delta, [*listed_evidence(delta, mine), *seen]) for delta, seen in by_file]
        everything = [item for _, seen in by_file for item in seen]
        if not everything or not enough(everything):
            continue
        whole = score(everything, size)
        if whole < THRESHOLD:
            continue
        ranked = sorted(((score(seen, size), at) for at, (_, seen) in enumerate(by_file) if seen), reverse=True)
        for place, (own, at) in enumerate(ranked):
            seen = by_file[at][1]
            if place == 0 or (own >= THRESHOLD and enough(seen)):
                yield _finding(lexicon, seen, whole if place == 0 else own)


def _finding(lexicon: Lexicon, seen: list[Seen], value: int) -> Finding:
    best = max(seen, key=lambda item: (item.kind in STRONG, WEIGHTS.get(item.kind, 0.0), -item.line))
    text = best.side.text.line(best.line)
    width = len(text) - len(text.lstrip())
    span = Span(best.line, width, best.line, len(text.encode("utf-8", "surrogateescape")))
    reasons = tuple(dict.fromkeys(f"{item.kind}: {item.what}" for item in seen))[:REASONS]
    return lexicon.rule.finding(
        best.side.location(span),
        best.side.symbol(best.line),
        text.strip()[:400],
        evidence=reasons,
        score=value,
    )
