"""Names of coding agents, resolved to one id each (rules/attribution/agents.toml)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

UNSPECIFIED = "unspecified"
"""an agent took part, which one is not known"""

_SEGMENT = r"[(),+/&;]| via | with | using | by "


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split()).partition("@")[0].strip(" .")


class Agents:
    def __init__(self, tables: Sequence[Mapping[str, Any]]) -> None:
        self._ids: dict[str, str] = {}
        self._common: set[str] = set()
        for table in tables:
            names = [_plain(name) for name in table["names"]]
            common = table.get("common", False)
            for name in names:
                self._ids[name] = table["id"]
                if name in common if isinstance(common, list) else common and name.isalpha():
                    self._common.add(name)
            self._ids.setdefault(table["id"], table["id"])
        self._search: re.Pattern[str] | None = None

    def whole(self, text: str) -> str:
        """The agent whose name `text` is, a version behind `@` left out; empty when it is none."""
        name = _plain(text[:80])
        return self._ids.get(name) or self._ids.get(name.replace(" ", "-"), "")

    def is_common(self, text: str) -> bool:
        """Whether the name is an everyday word or a person's name too."""
        return _plain(text[:80]) in self._common

    def inside(self, text: str) -> str:
        """The first agent named in a text: a part between separators that is a name, or an uncommon name anywhere."""
        for part in re.split(_SEGMENT, text):
            if part and (agent := self.whole(part)):
                return agent
        if self._search is None:
            names = sorted((n for n in self._ids if n not in self._common and len(n) > 3), key=len, reverse=True)
            self._search = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, names)) + r")(?![\w-])")
        found = self._search.search(text.lower())
        return self._ids[found.group()] if found else ""

    def words(self) -> set[str]:
        """Words of the names, for telling imitations."""
        return {word for name in self._ids for word in re.split(r"[^a-z]+", name) if len(word) >= 4}
