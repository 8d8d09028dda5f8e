"""Where a symbol of the old side stands now."""

from __future__ import annotations

from collections.abc import Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.weakening.body import Body

ALIKE = 0.5
"""share of a symbol's lines that another one must have to be the same under a new name"""


def touched_symbols(delta: FileDelta) -> frozenset[str]:
    """Names of the innermost functions or classes in which either side has changed lines; empty for the module."""
    return frozenset(side.symbol_at(number) for side in delta.sides for number in side.numbers)


def grew(before: Body, after: Sequence[Body]) -> bool:
    """Whether more lines came into the symbol than went: a guard that is gone was likely rewritten then."""
    return sum(map(_changed, after)) > _changed(before)


def _changed(body: Body) -> int:
    return sum(number in body.side.numbers for first, last in body.ranges for number in range(first, last + 1))


def bodies_now(delta: FileDelta, deltas: Sequence[FileDelta], name: str) -> list[Body]:
    """The new bodies of the symbol: in its own file, else in files it moved to, else under another name in its file."""
    if delta.new is not None and (not name or name in delta.new.symbols):
        return [Body.of(delta.new, name)]
    others = (other.new for other in deltas if other is not delta and other.language == delta.language)
    moved = [Body.of(side, name) for side in others if side is not None and name in side.symbols]
    if moved:
        return moved
    renamed = _renamed(delta, name)
    return [Body.of(delta.new, renamed)] if renamed and delta.new is not None else []


def _renamed(delta: FileDelta, name: str) -> str:
    """The new symbol of the file that has most of the old one's lines, where nothing else has that name."""
    old, new = delta.old, delta.new
    if old is None or new is None or name not in old.symbols:
        return ""
    lines = _lines(old, name)
    if len(lines) < 2:
        return ""
    shares = {other: len(lines & _lines(new, other)) / len(lines) for other in new.symbols.keys() - old.symbols.keys()}
    best = max(sorted(shares), key=lambda other: shares[other], default="")
    return best if best and shares[best] >= ALIKE else ""


def _lines(side: SideDelta, name: str) -> frozenset[str]:
    found = set()
    for scope in side.symbols[name]:
        for number in range(scope.start + 1, scope.end + 1):
            text = "".join(side.text.line(number).split())
            if len(text) > 3:
                found.add(text)
    return frozenset(found)
