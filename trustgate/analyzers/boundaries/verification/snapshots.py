"""Recorded output that is rewritten in the same change as the code that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta
from trustgate.analyzers.boundaries.rules import Rules, compiled
from trustgate.analyzers.boundaries.verification.data import Book
from trustgate.finding import Finding
from trustgate.syntax.outline import Span


def find_rewritten_snapshots(files: Sequence[FileDelta], book: Book, rules: Rules) -> Iterator[Finding]:
    """One finding for the change, at the first of them."""
    pattern = compiled(book.snapshots)
    found = [
        delta
        for delta in files
        if delta.old is not None and delta.new is not None and delta.old.numbers and pattern.search(delta.path)
    ]
    if found and found[0].old is not None:
        first, old = found[0], found[0].old
        lines = sum(len(delta.old.numbers) for delta in found if delta.old is not None)
        number = min(old.numbers)
        names = tuple(f"rewritten: {delta.path}" for delta in found[:5])
        count = f"{lines} recorded lines of {len(found)} {'file' if len(found) == 1 else 'files'} changed"
        location = (first.new or old).location(Span(number, 0, number, 10_000))
        yield rules.named["snapshot-rewritten"].finding(location, "", "\n".join(names), (*names, count))
