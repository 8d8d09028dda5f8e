"""Names on and just above the changed lines: the cheap look before settings and arguments are read."""

from __future__ import annotations

from trustgate.analyzers.boundaries.delta import SideDelta
from trustgate.analyzers.boundaries.safe import folded
from trustgate.analyzers.boundaries.values import pattern
from trustgate.syntax.outline import LINE_LIMIT

ABOVE = 6
"""lines above a change that are searched for names too: a changed entry of a list does not repeat the list's name"""
SETTER = r"^(?:set|with|enable)(?=[A-Z_])_?"
_WORD = r"[A-Za-z_][\w-]*"


def set_name(callee: str) -> str:
    """The folded name that a setter sets: `setHttpOnly` is about `httponly`."""
    return folded(pattern(SETTER).sub("", callee))


def words_near(side: SideDelta) -> frozenset[str]:
    """Folded words on and above the changed lines; of `setHttpOnly`, the name that it sets as well."""
    wanted: set[int] = set()
    for number in side.numbers:
        wanted.update(range(max(number - ABOVE, 1), number + 1))
    words = {word for number in wanted for word in pattern(_WORD).findall(side.text.line(number)[:LINE_LIMIT])}
    return frozenset(map(folded, words)) | frozenset(map(set_name, words))
