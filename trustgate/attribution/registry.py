"""The registry: everything in rules/attribution in the shapes the readers use."""

from __future__ import annotations

import re
from functools import cached_property

from trustgate.attribution.agents import Agents
from trustgate.attribution.backend import Backend, Stated
from trustgate.attribution.markers import Marker
from trustgate.attribution.models import Models
from trustgate.attribution.providers import Providers
from trustgate.rulebook import Rulebook

_FILES = ("trailers", "footers", "authors", "automation")
"""files with markers; the order is the order in which they are tried"""


class Registry:
    def __init__(self, rulebook: Rulebook) -> None:
        self.tables = rulebook.family("attribution")
        self.credit: dict[str, str] = dict(self.tables["trailers"]["credit"])

    @cached_property
    def markers(self) -> tuple[Marker, ...]:
        return tuple(Marker(table, self.credit) for file in _FILES for table in self.tables[file]["marker"])

    @cached_property
    def trailers(self) -> tuple[Marker, ...]:
        return tuple(marker for marker in self.markers if marker.where == "trailer")

    @cached_property
    def lines(self) -> tuple[Marker, ...]:
        return tuple(marker for marker in self.markers if marker.where in ("footer", "subject"))

    @cached_property
    def authors(self) -> tuple[Marker, ...]:
        return tuple(marker for marker in self.markers if marker.where in ("author", "committer"))

    @cached_property
    def agents(self) -> Agents:
        return Agents(self.tables["agents"]["agent"])

    @cached_property
    def models(self) -> Models:
        return Models(self.tables["models"])

    @cached_property
    def providers(self) -> Providers:
        return Providers(self.tables["providers"]["provider"])

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every trailer key that can carry a mark."""
        return frozenset(self.credit).union(*(marker.keys for marker in self.trailers))

    @cached_property
    def imitated(self) -> frozenset[str]:
        """Words whose look-alikes are told from them: names of agents and models, and words of addresses."""
        needles = " ".join(needle for marker in self.markers for needle in marker.needles)
        return frozenset(set(re.findall(r"[a-z]{4,}", needles)) | self.agents.words() | self.models.words())

    def backends(self, text: str, *, explicit: bool, litellm: bool = False, agent: str = "") -> tuple[Backend, ...]:
        """The backends a text states. `explicit`: the text stands where an agent writes its model. Nothing is guessed
        from an agent or an address, and a bare `Claude` of Anthropic's own client names the client."""
        served = self.providers.route(text, litellm=litellm)
        found = self.models.explicit(text) if explicit else self.models.inside(text)
        if agent.startswith("claude"):
            found = tuple(stated for stated in found if stated.model or stated.family != "claude")
        backends = tuple(Backend(stated, self.providers.serve(stated, served)) for stated in found)
        if not backends and served.provider:
            backends = (Backend(Stated(), served),)
        return backends


_latest: list[tuple[Rulebook, Registry]] = []


def registry_of(rulebook: Rulebook) -> Registry:
    """The registry of a rulebook; the one of the last rulebook is kept, since a run has one."""
    if _latest and _latest[0][0] is rulebook:
        return _latest[0][1]
    registry = Registry(rulebook)
    _latest[:] = [(rulebook, registry)]
    return registry
