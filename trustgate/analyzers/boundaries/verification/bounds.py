"""Numbers that say how strict a check is: tolerances and time limits of tests, floors of coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import compiled
from trustgate.analyzers.boundaries.verification.data import Book, Bound
from trustgate.analyzers.boundaries.verification.losses import beside
from trustgate.analyzers.boundaries.verification.marks import LONG
from trustgate.analyzers.boundaries.verification.subjects import Subjects
from trustgate.finding import Confidence, Finding
from trustgate.syntax.outline import Span


def find_wider_tolerances(tests: Sequence[FileDelta], subjects: Subjects, book: Book) -> Iterator[Finding]:
    """Tolerances and time limits of tests, widened on a line that is otherwise the same."""
    bounds = tuple(bound for bound in book.bounds if bound.rule.id == "tolerance-widened")
    for delta in tests:
        for bound, number, what in _looser(delta, bounds):
            confidence, how = beside(subjects, delta, bound.rule.confidence)
            yield _finding(delta, bound, number, what, how, confidence)


def find_lower_coverage(files: Sequence[FileDelta], code_changed: bool, book: Book) -> Iterator[Finding]:
    """Floors of coverage that went down, or away."""
    bounds = tuple(bound for bound in book.bounds if bound.rule.id == "coverage-lowered")
    for delta in files:
        here = tuple(bound for bound in bounds if compiled(bound.files).search(delta.path))
        for bound, number, what in _looser(delta, here):
            confidence = bound.rule.confidence if code_changed else Confidence.LOW
            yield _finding(delta, bound, number, what, ("beside changed code",) if code_changed else (), confidence)


def _finding(
    delta: FileDelta, bound: Bound, number: int, what: str, how: tuple[str, ...], confidence: Confidence
) -> Finding:
    side = delta.new if number > 0 else delta.old
    if side is None:
        side = next(iter(delta.sides))
    span = Span(abs(number), 0, abs(number), 10_000)
    return bound.rule.finding(side.location(span), side.symbol(abs(number)), what, (what, *how), confidence)


def _looser(delta: FileDelta, bounds: Sequence[Bound]) -> Iterator[tuple[Bound, int, str]]:
    """Bound, line (negative on the old side, for one that is gone) and what happened to it."""
    if not bounds or delta.old is None or delta.new is None:
        return
    for bound in bounds:
        before = _numbers(delta.old, bound)
        if not before:
            continue
        after = _numbers(delta.new, bound)
        for key, old in before.items():
            new = after.get(key, [])
            for (line, was), (_, now) in zip(new, old, strict=False):
                if _is_looser(bound, now, was):
                    yield bound, line, f"{bound.what}: {now:g} is now {was:g}"
            if bound.drop and not new and not after and not compiled(bound.text).search(delta.new.text.text):
                yield bound, -old[0][0], f"{bound.what}: {old[0][1]:g} is gone"


def _numbers(side: SideDelta, bound: Bound) -> dict[str, list[tuple[int, float]]]:
    """Line and value of each such number on the changed lines, by the line without the number."""
    found: dict[str, list[tuple[int, float]]] = {}
    for number in sorted(side.numbers):
        text = side.text.line(number)
        if len(text) > LONG or not any(needle in text for needle in bound.needles):
            continue
        for match in compiled(bound.text).finditer(text):
            value = _value(match["number"])
            if value is not None:
                key = _masked(text, match) if not bound.drop else match["name"]
                found.setdefault(key, []).append((number, value))
    return found


def _masked(text: str, match: re.Match[str]) -> str:
    """The line without the number, so that only a change of the number itself is compared."""
    return "".join((text[: match.start("number")] + "#" + text[match.end("number") :]).split())


def _value(text: str) -> float | None:
    try:
        value = float(text.replace("_", ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e15 else None


def _is_looser(bound: Bound, old: float, new: float) -> bool:
    low, high = (old, new) if bound.looser == "up" else (new, old)
    if high <= low:
        return False
    return (bound.factor > 0 and high >= low * bound.factor) or (bound.step > 0 and high - low >= bound.step)
