"""Well-known names within two edits of another name, and those with the same letters cut into words another way.

Two ways to the same answer. For a few names the list is searched as one text, which needs nothing built: what the
staged hook does. For many an index pays: a text two edits from another still holds one third of it unchanged, at the
start, at the end or at most two places from where it stood (the pigeonhole argument of Wu and Manber 1992, "Fast Text
Searching Allowing Errors"), so thirds are the keys and rapidfuzz scores what they bring.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cached_property

from trustgate.analyzers.dependencies.distance import within_fast, within_plain
from trustgate.analyzers.dependencies.edits import SEPARATORS, one_edit

LIMIT = 2
"""edits"""
FEW = 12
"""names that are searched for in the plain way before the index is built (about 60 ms, with rapidfuzz's import)"""
SHORTEST = 6
"""characters of the shortest name of which two edits leave anything"""
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_DROP = str.maketrans("", "", SEPARATORS)
_SHIFTS = {-2: (-2, -1, 0), -1: (-1, 0), 0: (-1, 0, 1), 1: (0, 1), 2: (0, 1, 2)}
"""by difference of length, how far the middle third can have moved within two edits"""


def squeeze(name: str) -> str:
    """The letters and digits of a name."""
    return name.translate(_DROP)


class Near:
    """The search over one list of names. Names with a scope are left out: a scope is its owner's."""

    def __init__(self, ranks: Mapping[str, int], text: str = "", *, few: int = FEW) -> None:
        """`text` holds the names of `ranks` in their order, each between line feeds; made from them where not given."""
        self._ranks = ranks
        self._text = text or "\n" + "\n".join(ranks) + "\n"
        self._left = few

    def close(self, name: str) -> list[tuple[str, int]]:
        """Listed names at a distance of one or two edits (two only from SHORTEST characters on), unordered."""
        if not name or len(name) > 214:  # the longest name that npm takes
            return []
        if self._left > 0:
            self._left -= 1
            return self._searched(name)
        return self._indexed(name)

    def same_letters(self, name: str) -> Iterable[str]:
        """Listed names that have the same letters and other separators."""
        squeezed = squeeze(name)
        if self._left > 0:
            return [other for other in self._spelt(squeezed) if other != name]
        return [other for other in self._squeezed.get(squeezed, ()) if other != name]

    # ------------------------------------------------------------------ a few names

    def _searched(self, name: str) -> list[tuple[str, int]]:
        ones = {other for other in one_edit(name, _LETTERS + "-") if other in self._ranks}
        found = [(other, 1) for other in ones]
        if not ones and len(name) >= SHORTEST:
            found += [(other, far) for other, far in within_plain(name, self._candidates(name), LIMIT) if far == LIMIT]
        return found

    def _spelt(self, letters: str) -> list[str]:
        """Names of which nothing but these letters is left without the separators."""
        text, names, at = self._plain, [], -1
        wanted = f"\n{letters}\n"
        while (at := text.find(wanted, at + 1)) >= 0:
            names.append(self._names[text.count("\n", 0, at)])
        return [name for name in names if name[0] != "@"]

    @cached_property
    def _plain(self) -> str:
        return squeeze(self._text)

    @cached_property
    def _names(self) -> list[str]:
        return list(self._ranks)

    def _candidates(self, name: str) -> list[str]:
        """Names that hold the third of `name` that two edits can have left alone: a third of either is enough."""
        text, length = self._text, len(name)
        found: dict[str, None] = {}
        third = max((length - LIMIT) // 3, 1)
        starts = range(0, length - third + 1, third)
        pieces = [(start, name[start : start + third]) for start in starts]
        if length > 3 * third:  # a swap over the border of two thirds spoils both of them
            pieces.append((0, name[: third - 1] + name[third]))
        pieces.append((2 * third, name[2 * third - 1] + name[2 * third + 1 : 3 * third]))
        for start, piece in pieces:
            at = text.find(piece)
            while at >= 0:
                first = text.rfind("\n", 0, at) + 1
                if -LIMIT <= at - first - start <= LIMIT:
                    last = text.find("\n", at)
                    if -LIMIT <= last - first - length <= LIMIT and text[first] != "@":
                        found[text[first:last]] = None
                at = text.find(piece, at + 1)
        return list(found)

    # ------------------------------------------------------------------ many names

    def _indexed(self, name: str) -> list[tuple[str, int]]:
        if "rapidfuzz" not in sys.modules:
            import rapidfuzz  # noqa: F401 - here, where many names are certain: it takes tens of milliseconds
        length = len(name)
        index = self._thirds
        found: dict[str, None] = {}
        for more, shifts in _SHIFTS.items():
            size = length + more
            if size < 1:
                continue
            first, second = size // 3, 2 * size // 3
            last = length - (size - second)
            keys = [(size, 0, name[:first]), (size, 2, name[last:])]
            if 0 < first < length:  # a swap over the border of two thirds spoils both of them
                keys.append((size, 0, name[: first - 1] + name[first]))
            if 0 < last < length:
                keys.append((size, 2, name[last - 1] + name[last + 1 :]))
            for key in keys:
                found.update(dict.fromkeys(index.get(key, ())))
            for shift in shifts:
                start = first - shift
                if start >= 0:
                    found.update(dict.fromkeys(index.get((size, 1, name[start : start + second - first]), ())))
        found.pop(name, None)
        near = within_fast(name, list(found), LIMIT if length >= SHORTEST else 1)
        ones = [pair for pair in near if pair[1] == 1]
        return ones or near

    @cached_property
    def _thirds(self) -> dict[tuple[int, int, str], list[str]]:
        index: dict[tuple[int, int, str], list[str]] = {}
        for name in self._ranks:
            size = len(name)
            if name[0] == "@":
                continue
            first, second = size // 3, 2 * size // 3
            for key in ((size, 0, name[:first]), (size, 1, name[first:second]), (size, 2, name[second:])):
                index.setdefault(key, []).append(name)
        return index

    @cached_property
    def _squeezed(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._ranks:
            if name[0] != "@":
                found.setdefault(squeeze(name), []).append(name)
        return found
