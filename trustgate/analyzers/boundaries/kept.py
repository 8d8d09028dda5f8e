"""Lines that protect and are gone: of a whole application (`helmet()`), or of one function (`del user["password"]`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Rule, Rules, compiled
from trustgate.analyzers.boundaries.safe import Kept
from trustgate.analyzers.boundaries.weakening.body import Body
from trustgate.analyzers.boundaries.weakening.places import grew
from trustgate.finding import Confidence, Finding
from trustgate.syntax.outline import Span

COMMENTS = ("#", "//", "*", "/*", "--")
LINE_LIMIT = 2000
"""characters of a line that are looked at"""


def find_lost_lines(delta: FileDelta, deltas: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    """The first such line of each kind that went, when the file does not say it in any other place.

    A line that moved to another file counts as gone too, with less confidence: nobody knows whether that file is used.
    A function's line that the change has in a new place too is none that went.
    """
    old, new = delta.old, delta.new
    if old is None or new is None or not old.numbers:
        return
    removed = "\n".join(old.text.line(number) for number in sorted(old.numbers))
    for rule, kept in rules.safes.kept:
        if not any(needle in removed for needle in kept.needles) or (
            kept.languages and delta.language not in kept.languages
        ):
            continue
        numbers = [number for number in sorted(old.numbers) if _is(old.text.line(number), kept)]
        if kept.symbol:
            numbers = [number for number in numbers if _fewer(old, new, old.symbol_at(number), kept)]
        elif numbers and any(_is(line, kept) for line in new.text.lines):
            continue
        if numbers and not (kept.symbol and _added(deltas, kept)):
            yield _finding(old, rule, kept, numbers[0], deltas)


def _added(deltas: Sequence[FileDelta], kept: Kept) -> bool:
    """Whether the change says it in a new place anywhere."""
    sides = (delta.new for delta in deltas)
    return any(_is(side.text.line(n), kept) for side in sides if side is not None for n in side.numbers)


def _fewer(old: SideDelta, new: SideDelta, name: str, kept: Kept) -> bool:
    """Whether a function that still stands, or the file outside of any, has fewer such lines than it had."""
    if not name:
        return sum(_is(line, kept) for line in new.text.lines) < sum(_is(line, kept) for line in old.text.lines)
    if name not in old.symbols or name not in new.symbols:
        return False
    before, after = (
        sum(_is(side.text.line(n), kept) for scope in side.symbols[name] for n in range(scope.start, scope.end + 1))
        for side in (old, new)
    )
    return after < before and not grew(Body.of(old, name), [Body.of(new, name)])


def _is(line: str, kept: Kept) -> bool:
    """Whether a line says it, comments aside where they begin the line."""
    if not any(needle in line for needle in kept.needles) or line.lstrip().startswith(COMMENTS):
        return False
    return compiled(kept.text).search(line[:LINE_LIMIT]) is not None


def _finding(old: SideDelta, rule: Rule, kept: Kept, number: int, deltas: Sequence[FileDelta]) -> Finding:
    line = old.text.line(number)
    text = " ".join(line.split())[:120]
    sure = min(kept.confidence, rule.confidence)
    if _added(deltas, kept):
        sure = Confidence.LOW
    first = len(line[: len(line) - len(line.lstrip())].encode("utf-8", "surrogateescape"))
    span = Span(number, first, number, len(line.rstrip().encode("utf-8", "surrogateescape")))
    return rule.finding(
        old.location(span),
        old.symbol(number),
        text,
        evidence=(f"was: {old.text.path}:{number} {text}",),
        confidence=sure,
        message=f"`{text[:100]}` is gone, and nothing of its kind took its place.",
    )
