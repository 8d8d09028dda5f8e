"""Markers of rules/attribution: which text names which agent. A regex is compiled when its literal is in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from trustgate.attribution.origin import OriginClass, Trust

BY_KEY = "by-key"


class Identity(NamedTuple):
    """`Name <address>`; the address is empty where there is none."""

    name: str
    address: str


def identities(value: str) -> tuple[Identity, ...]:
    """The identities of a trailer's value, at most eight. A `<` that nothing closes runs to the next blank."""
    if "<" not in value:
        return (Identity(_bare_name(value), ""),)
    found: list[Identity] = []
    rest = value
    while "<" in rest and len(found) < 8:
        name, _, rest = rest.partition("<")
        rest = rest.lstrip("<")
        address, closed, after = rest.partition(">")
        if not closed:
            address, _, after = rest.partition(" ")
        found.append(Identity(_bare_name(name), address.strip()))
        rest = after
    return tuple(found)


def _bare_name(text: str) -> str:
    """A name without the signs and pictures that stand before it."""
    text = text.strip(" \t,;&*_'\"")
    for position, char in enumerate(text):
        if char.isalnum() or char in "([":
            return text[position:]
    return text


class Marker:
    """One table. Patterns are compared as a whole and without case, and compiled on first use."""

    def __init__(self, table: Mapping[str, Any], credit: Mapping[str, str]) -> None:
        self.id: str = table["id"]
        self.where: str = table["where"]
        self.needles: tuple[str, ...] = tuple(table["needle"])
        self.keys: frozenset[str] = frozenset(table.get("keys", credit))
        self.agent: str = table.get("agent", "")
        self.trust = Trust[table["trust"].upper()]
        self.model_from: str = table.get("model_from", "")
        self.litellm: bool = table.get("routes") == "litellm"
        self.bare: bool = table.get("bare", False)
        self.read: str = table.get("read", "")
        self._class: str = table["class"]
        self._credit = credit
        self._table = table

    def origin_class(self, key: str) -> OriginClass:
        name = self._credit.get(key, "generated") if self._class == BY_KEY else self._class
        return OriginClass(name)

    def near(self, lowered: str) -> bool:
        """Whether the text (lower case) can hold this mark at all."""
        return any(needle in lowered for needle in self.needles)

    def match_identity(self, identity: Identity) -> Mapping[str, str] | None:
        """Groups of the match, None for no match. True of markers that look at names, addresses or forge apps."""
        if self.bare and identity.address:
            return None
        groups: dict[str, str] = {}
        if self._bots is not None:
            return groups if self._is_bot(identity) else None
        for pattern, text in ((self._address, identity.address), (self._name, identity.name)):
            if pattern is None:
                continue
            match = pattern.fullmatch(text)
            if match is None:
                return None
            groups.update({key: value for key, value in match.groupdict().items() if value is not None})
        return groups if self._address or self._name else None

    def match_value(self, value: str) -> Mapping[str, str] | None:
        """Groups of the match with a whole value or line, None for no match or a marker without `regex`."""
        if self._regex is None:
            return None
        match = self._regex.fullmatch(value)
        return None if match is None else {k: v for k, v in match.groupdict().items() if v is not None}

    def _is_bot(self, identity: Identity) -> bool:
        name, address = identity.name.lower(), identity.address.lower()
        for bot in self._bots or ():
            if name == f"{bot}[bot]":
                return True
            local = address.removesuffix("@users.noreply.github.com")
            if local != address and local.rpartition("+")[2] == f"{bot}[bot]":
                return True
        return False

    @cached_property
    def _bots(self) -> Sequence[str] | None:
        return self._table.get("bots")

    @cached_property
    def _address(self) -> re.Pattern[str] | None:
        return self._pattern("address")

    @cached_property
    def _name(self) -> re.Pattern[str] | None:
        return self._pattern("name")

    @cached_property
    def _regex(self) -> re.Pattern[str] | None:
        return self._pattern("regex")

    def _pattern(self, key: str) -> re.Pattern[str] | None:
        text = self._table.get(key)
        return None if text is None else re.compile(text, re.IGNORECASE | re.DOTALL)
