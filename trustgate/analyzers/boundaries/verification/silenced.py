"""Markers that the change adds to keep a linter or a type checker quiet. Scanners' markers are `suppression-added`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta
from trustgate.analyzers.boundaries.rules import Rules
from trustgate.analyzers.boundaries.verification.data import Book
from trustgate.analyzers.boundaries.verification.marks import came_off, new_hits
from trustgate.finding import Finding
from trustgate.syntax.outline import Span


def find_silenced(files: Sequence[FileDelta], book: Book, rules: Rules) -> Iterator[Finding]:
    """One finding a file, at the marker that silences most."""
    marks = book.marks_of("check-silenced")
    moved = came_off(files, marks, comments=True)
    rule = rules.named["check-silenced"]
    for delta in files:
        if delta.new is None:
            continue
        hits = new_hits(delta, marks, moved, comments=True)
        if not hits:
            continue
        worst = max(hits, key=lambda hit: hit.mark.confidence)
        span = Span(worst.line, 0, worst.line, 10_000)
        evidence = tuple(f"{hit.mark.what}: {hit.found[:120]}" for hit in (worst, *(h for h in hits if h is not worst)))
        yield rule.finding(
            delta.new.location(span),
            delta.new.symbol(worst.line),
            "\n".join(hit.text for hit in hits),
            evidence[:8],
            worst.mark.confidence,
        )
