"""Names of models: found in a text, brought to one spelling, with what is known of them (models.toml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trustgate.attribution.backend import Stated

MODEL_LIMIT = 80
"""characters of a model name"""
UNKNOWN_LIMIT = 40
"""characters of a name nobody knows; a longer one is more likely a key in the wrong place"""
_KEYS = ("sk-", "sk_", "pk-", "ghp_", "gho_", "xox", "hf_", "gsk_")
_TIERS = ("opus", "sonnet", "haiku", "fable", "mythos")
_ROUTE_TAGS = ("nitro", "floor", "thinking", "beta", "extended", "online", "exacto", "latest")
"""suffixes behind a colon that choose a way to be served, not a model (OpenRouter's variants; Ollama's `latest`)"""
_DATE = r"[-@]20\d{6}$|@[a-z0-9-]*$"
_BEDROCK = r"-v\d+:\d+$"
_PLAIN = r"[a-z0-9][a-z0-9._:@+-]*(?: [a-z0-9._+-]+){0,4}"


class Models:
    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables: list[Mapping[str, Any]] = list(tables["model"])
        self._words: list[str] = sorted(tables["words"], key=len, reverse=True)
        self._variants: list[str] = list(tables["variants"])
        self._products: list[str] = sorted(tables["products"], key=len, reverse=True)
        self._placeholders = frozenset(tables["placeholders"])
        self._efforts = tuple("-" + word for word in tables["efforts"])
        self._search: re.Pattern[str] | None = None
        self._cut: re.Pattern[str] | None = None

    def inside(self, text: str) -> tuple[Stated, ...]:
        """The models named in a text, in order. A bare family counts only where nothing finer is named. Linear."""
        text = self._without_products(text.lower())
        if self._search is None:
            words = "|".join(map(re.escape, self._words))
            more = "|".join(self._variants)
            self._search = re.compile(
                rf"(?<![a-z0-9])(?:{words})(?![a-z_])[a-z0-9._:@-]*"
                rf"(?: (?:v?\d[a-z0-9.]*|[kmrv]\d[a-z0-9.]*|{more})(?![a-z0-9]))*"
            )
        found: dict[Stated, bool] = {}
        for match in self._search.finditer(text):
            stated = self.named(match.group())
            if stated.family:
                found.setdefault(stated, match.group().strip(".:-@ ") in self._words)
        fine = tuple(stated for stated, bare in found.items() if not bare)
        return fine or tuple(found)

    def explicit(self, text: str) -> tuple[Stated, ...]:
        """The models of a text that stands where an agent writes its model. A name nobody knows is kept as stated."""
        if found := self.inside(text):
            return found
        name = self._without_products(text.lower()).strip(" []()\"'`")
        name = name.rpartition("/")[2].partition(" (")[0].strip()
        if name in self._placeholders or len(name) > UNKNOWN_LIMIT or not re.fullmatch(_PLAIN, name):
            return ()
        if name.startswith(_KEYS) or (" " in name and not any(char.isdigit() for char in name)):
            return ()
        stated = self.named(name)
        return (stated,) if stated.model else ()

    def whole(self, text: str) -> tuple[Stated, ...]:
        """The model whose name `text` is as a whole, with a version; brackets behind it are left out."""
        name = text.lower().partition("(")[0].partition("[")[0].strip()
        found = self.inside(name)
        if len(found) != 1 or self._search is None or not found[0].model or not any(c.isdigit() for c in name):
            return ()
        return found if self._search.fullmatch(name) else ()

    def named(self, name: str) -> Stated:
        """What is known of one model name, in whatever spelling."""
        name, free, cloud = self._spelled(name)
        facts = self._facts(name)
        known = not self._is_placeholder(name)
        if facts.get("family") == "claude" and not any(char.isdigit() for char in name):
            known = False  # a tier without a version moves between models
        return Stated(
            model=name if known else "",
            family=facts.get("family", ""),
            vendor=facts.get("vendor", ""),
            vendor_jurisdiction=facts.get("vendor_jurisdiction", ""),
            open_weights=facts.get("open_weights"),
            license=facts.get("license", ""),
            free=free,
            cloud=cloud,
        )

    def table_of(self, name: str) -> int:
        """Index of the table that holds for a name, -1 for none."""
        spelled = self._spelled(name)[0]
        return next((i for i, t in enumerate(self._tables) if re.match(t["regex"], spelled)), -1)

    def words(self) -> set[str]:
        return {word for word in self._words if word.isalpha() and len(word) >= 4}

    def _facts(self, name: str) -> Mapping[str, Any]:
        return next((table for table in self._tables if re.match(table["regex"], name)), {})

    def _is_placeholder(self, name: str) -> bool:
        return not name or name in self._placeholders

    def _without_products(self, text: str) -> str:
        if self._cut is None:
            names = "|".join(map(re.escape, self._products))
            self._cut = re.compile(rf"(?<![a-z0-9])(?:{names})(?![a-z0-9-])(?: v?\d+(?:\.\d+)+)?")
        return self._cut.sub(" ", text)

    def _spelled(self, name: str) -> tuple[str, bool, bool]:
        """One spelling: lower case, hyphens, no tags; and whether it was a free tier, and an Ollama cloud tag."""
        name = "-".join(name.lower()[:MODEL_LIMIT].split()).strip(".:-@_")
        name = re.sub(_BEDROCK, "", name)
        name, _, tag = name.partition(":")
        free = tag == "free" or name.endswith("-free")
        cloud = tag in ("cloud",) or tag.endswith("-cloud") or name.endswith("-cloud")
        tag = tag.removesuffix("-cloud")
        name = re.sub(_DATE, "", name.removesuffix("-free").removesuffix("-cloud"))
        if name.startswith(_TIERS):
            name = "claude-" + name
        if name.startswith("claude"):
            name = name.replace(".", "-").removesuffix("-thinking").removesuffix("-max")
        for effort in self._efforts:
            name = name.removesuffix(effort)
        name = re.sub(_DATE, "", name)
        if tag and tag not in ("free", "cloud", *_ROUTE_TAGS):
            name = f"{name}:{tag}"
        return name, free, cloud
