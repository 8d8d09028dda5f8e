"""The bundled popularity lists: which names are well known, and how well. Read once, when a new name turns up."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

from trustgate.errors import ConfigError
from trustgate.rulebook import shipped_root

BRANDS = 600
"""the first names of the list: what a combination (`requests-helper`) borrows its trust from"""
BRAND_LENGTH = 4
"""letters; shorter brands are words of everyday use (`six`, `url`)"""


class Popular:
    """Well-known names of one ecosystem, by rank (0 = most downloaded).

    `about` is the list's own first line: what it is and of which date.
    """

    def __init__(self, ecosystem: str, ranks: dict[str, int], about: str = "") -> None:
        self.ecosystem = ecosystem
        self.ranks = ranks
        self.about = about
        self._texts: dict[int, str] = {}

    @cached_property
    def _lengths(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for name in self.ranks:
            if name[0] != "@":
                found.setdefault(len(name), []).append(name)
        return found

    def near_length(self, length: int) -> str:
        """Names without scope, at most two characters longer or shorter, each between line feeds."""
        if length not in self._texts:
            self._texts[length] = self._near_length(length)
        return self._texts[length]

    def _near_length(self, length: int) -> str:
        bands = [name for size in range(length - 2, length + 3) for name in self._lengths.get(size, ())]
        return "\n" + "\n".join(bands) + "\n"

    @cached_property
    def brands(self) -> frozenset[str]:
        names = [name for name, rank in self.ranks.items() if rank < BRANDS]
        return frozenset(name for name in names if len(name) >= BRAND_LENGTH and not name.startswith("@"))

    @cached_property
    def scopes(self) -> dict[str, int]:
        """npm scopes (without `@`) with the best rank of a package in them."""
        found: dict[str, int] = {}
        for name, rank in self.ranks.items():
            if name.startswith("@"):
                found.setdefault(name[1:].partition("/")[0], rank)
        return found


@lru_cache(maxsize=4)
def load_popular(ecosystem: str, folder: Path | None = None) -> Popular:
    """The list of `allowlists/top-<ecosystem>.txt`, about 1 ms. Raises ConfigError when it is missing."""
    path = (folder or shipped_root() / "allowlists") / f"top-{ecosystem}.txt"
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{path.name} is missing from this installation", "install trustgate-review again") from error
    about, _, names = text.partition("\n")
    listed = names.split()
    return Popular(ecosystem, dict(zip(listed, range(len(listed)), strict=True)), about.lstrip("# "))
