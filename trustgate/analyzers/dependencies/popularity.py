"""The bundled popularity lists: which names are well known, and how well. Read once, when a new name turns up."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.errors import ConfigError
from trustgate.rulebook import shipped_root

if TYPE_CHECKING:
    from trustgate.analyzers.dependencies.bloom import Bloom
    from trustgate.analyzers.dependencies.near import Near

BRANDS = 600
"""the first names of the list: what a combination (`requests-helper`) borrows its trust from"""
BRAND_LENGTH = 4
"""letters; shorter brands are words of everyday use (`six`, `url`)"""


class Popular:
    """Well-known names of one ecosystem, by rank (0 = most downloaded).

    `about` is the list's own first line: what it is and of which date.
    """

    def __init__(
        self, ecosystem: str, ranks: dict[str, int], about: str = "", text: str = "", folder: Path | None = None
    ) -> None:
        self.ecosystem = ecosystem
        self.ranks = ranks
        self.about = about
        self._text = text
        self._folder = folder

    @cached_property
    def _known(self) -> Bloom | None:
        from trustgate.analyzers.dependencies.bloom import read

        path = self._folder / f"{self.ecosystem}-known.bloom" if self._folder else None
        return read(path) if path is not None and path.is_file() else None

    def well_used(self, name: str) -> bool:
        """Whether the further list, of names much used and not in this one, has a name. npm has such a list."""
        return self._known is not None and name in self._known

    @cached_property
    def near(self) -> Near:
        from trustgate.analyzers.dependencies.near import Near

        return Near(self.ranks, self._text)

    @cached_property
    def near_scopes(self) -> Near:
        from trustgate.analyzers.dependencies.near import Near

        return Near(self.scopes)

    @cached_property
    def brands(self) -> frozenset[str]:
        names = islice(self.ranks, BRANDS)
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
    folder = folder or shipped_root() / "allowlists"
    path = folder / f"top-{ecosystem}.txt"
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{path.name} is missing from this installation", "install trustgate-review again") from error
    start = text.index("\n") if text.startswith("#") else -1
    listed = text[start + 1 :].rstrip("\n").split("\n")
    ranks = dict(zip(listed, range(len(listed)), strict=True))
    return Popular(ecosystem, ranks, text[: max(start, 0)].lstrip("# "), text[start:] if start >= 0 else "", folder)
