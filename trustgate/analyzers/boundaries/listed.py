"""Places that the team counts to a boundary in its configuration: a changed line there is strong evidence."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.evidence import Seen
from trustgate.analyzers.context import Places
from trustgate.globs import path_matches, text_matches

DEEPEST = 12
"""enclosing symbols that are compared, the outermost first"""


def listed_evidence(delta: FileDelta, places: Places) -> Iterator[Seen]:
    """One piece for each listed path and symbol, at the first changed line of code that lies there, on each side."""
    for side in delta.sides:
        if not side.lines:
            continue
        for pattern in places.paths:
            if path_matches(pattern, side.text.path):
                yield Seen("listed", pattern, side.lines[0].number, side, delta)
        if places.symbols:
            for pattern, line in _symbols(side, places.symbols).items():
                yield Seen("listed", pattern, line, side, delta)


def _symbols(side: SideDelta, patterns: tuple[str, ...]) -> dict[str, int]:
    """The patterns that name a symbol round a changed line, and the first such line."""
    found: dict[str, int] = {}
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for line in side.lines:
        around = tuple(scope.name for scope in side.chain(line.number))[:DEEPEST]
        if around not in known:
            names = _names(around)
            known[around] = tuple(item for item in patterns if any(text_matches(item, name) for name in names))
        for pattern in known[around]:
            found.setdefault(pattern, line.number)
    return found


def _names(around: tuple[str, ...]) -> tuple[str, ...]:
    """`a`, `b`, `a.b` for what stands in `b` of `a`: each symbol alone and with the ones it stands in."""
    ends = range(1, len(around) + 1)
    return tuple(".".join(around[start:end])[:500] for end in ends for start in range(end))
