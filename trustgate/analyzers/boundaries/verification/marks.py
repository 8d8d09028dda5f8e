"""Marks that the change adds: tests that are skipped, checkers that are silenced, steps of CI that may fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import compiled
from trustgate.analyzers.boundaries.verification.cases import JAVASCRIPT
from trustgate.analyzers.boundaries.verification.data import Mark

LONG = 2000
"""characters; a longer line is no line that somebody wrote"""
COMMENTED = ("#", "//", "*", "/*", "<!--")


class Hit(NamedTuple):
    mark: Mark
    line: int
    text: str
    """the line without blanks at its ends"""
    found: str


def marks_for(marks: Sequence[Mark], delta: FileDelta) -> tuple[Mark, ...]:
    """Those that can stand in this file."""
    language = "javascript" if delta.language in JAVASCRIPT else delta.language
    return tuple(
        mark
        for mark in marks
        if (not mark.languages or language in mark.languages)
        and (not mark.files or compiled(mark.files).search(delta.path))
    )


def hits_of(side: SideDelta | None, marks: Sequence[Mark], *, comments: bool) -> Iterator[Hit]:
    """Marks on the changed lines of a side. Lines that are comments only count where the marks are comments."""
    if side is None:
        return
    for number in sorted(side.numbers):
        text = side.text.line(number)
        if len(text) > LONG:
            continue
        bare = text.strip()
        if not comments and bare.startswith(COMMENTED):
            continue
        for mark in marks:
            if mark.needles and not any(needle in text for needle in mark.needles):
                continue
            found = compiled(mark.text).search(text)
            if found and not (mark.unless and compiled(mark.unless).search(text)):
                yield Hit(mark, number, bare, found[0].strip())
                break


def new_hits(delta: FileDelta, marks: Sequence[Mark], came_off: Counter[str], *, comments: bool) -> list[Hit]:
    """What the new side has and the old side had not: as many marks as were taken away here are not new.

    `came_off` counts, over the change, the lines with such a mark that were taken away: one that turns up moved.
    """
    here = marks_for(marks, delta)
    if not here:
        return []
    hits = list(hits_of(delta.new, here, comments=comments))
    if not hits:
        return []
    had = sum(1 for _ in hits_of(delta.old, here, comments=comments))
    fresh = []
    for hit in hits:
        if came_off[hit.text] > 0:
            came_off[hit.text] -= 1
            had -= 1
        else:
            fresh.append(hit)
    return fresh[max(had, 0) :]


def came_off(deltas: Sequence[FileDelta], marks: Sequence[Mark], *, comments: bool) -> Counter[str]:
    """Lines with a mark that the change takes away somewhere, by their text."""
    return Counter(
        hit.text for delta in deltas for hit in hits_of(delta.old, marks_for(marks, delta), comments=comments)
    )
