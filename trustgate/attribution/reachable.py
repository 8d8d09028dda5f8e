"""The backends a running agent is set to use, from environment variables and its own settings files.

The set is reported, not the one that answered. Within an agent's order of precedence a variable or key that a file sets
hides what later files say of it, unless that file is part of the repository: a change must not be able to hide where a
person's own settings point. Never a credential: keys are looked at for presence only, addresses are kept as scheme,
host and port.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trustgate.attribution.backend import Backend, Served
from trustgate.attribution.claim import Claim, cut
from trustgate.attribution.origin import Hosting, OriginClass, Trust
from trustgate.attribution.providers import UNRECOGNISED, parse_endpoint
from trustgate.attribution.registry import Registry
from trustgate.attribution.setting_places import Place, places_of, variables_of
from trustgate.attribution.user_config import PROJECT, Document, Unread, documents

_SHOWN = r"[\w./:+\[\] -]{1,100}"
_OFF = ("", "0", "false", "no", "off")
INLINE = {"opencode": "OPENCODE_CONFIG_CONTENT"}
"""variables that hold a whole configuration: it is not read, and said so"""


class Where(NamedTuple):
    """Who serves, and the host that says so."""

    served: Served
    host: str = ""


class Reached(NamedTuple):
    backend: Backend
    host: str = ""
    """of the address that was set; empty where a name or a switch says who serves"""


class Reach(NamedTuple):
    backends: tuple[Reached, ...] = ()
    details: tuple[str, ...] = ()
    """settings that were found, in words"""
    unread: tuple[str, ...] = ()
    """settings that are there and could not be read, in words"""


def reach(agent: str, environ: Mapping[str, str], home: Path | None, top: Path | None, registry: Registry) -> Reach:
    """Every backend that an agent may use as it is set up. `top` is the work tree whose project files it reads."""
    table = next((t for t in registry.tables["environment"]["backend"] if t["agent"] == agent), None)
    if table is None:
        return Reach()
    gathered = _Gathering(table, registry)
    gathered.variables("", environ)
    hidden: set[str] = set()
    behind: list[Document] = []
    for found in documents(agent, registry.tables["settings"]["file"], environ, home, top):
        if isinstance(found, Unread):
            gathered.unread.append(f"{found.shown} was not read: {found.reason}")
        elif found.table.get("behind"):
            behind.append(found)
        else:
            gathered.file(found, hidden)
    if any(where.served.hosting is Hosting.RELAY for where in gathered.served):
        for found in behind:
            gathered.file(found, set())
    if environ.get(INLINE.get(agent, "")):
        gathered.unread.append(f"{INLINE[agent]} was not read: a whole configuration in a variable")
    return Reach(gathered.backends(), tuple(dict.fromkeys(gathered.details)), tuple(gathered.unread))


def claims_from(agent: str, found: Reach) -> Iterator[Claim]:
    for detail in (*found.details, *found.unread):
        yield _claim(agent, detail)
    for backend in dict.fromkeys(item.backend for item in found.backends):
        model, provider = backend.stated.model or "a model not named", backend.served.provider or "nobody named"
        yield _claim(agent, f"can use {model}, served by {provider}", (backend,))


def _claim(agent: str, detail: str, backends: tuple[Backend, ...] = ()) -> Claim:
    return Claim("setting", "environment", cut(detail), OriginClass.GENERATED, Trust.RECORDED, agent, backends)


class _Gathering:
    """Models and places of one agent, as its settings name them one after the other."""

    def __init__(self, table: Mapping[str, Any], registry: Registry) -> None:
        self._table = table
        self._registry = registry
        self.stated: dict[Backend, None] = {}
        self.served: dict[Where, None] = {}
        self.whole: dict[Reached, None] = {}
        """a model and who serves it, named together"""
        self.details: list[str] = []
        self.unread: list[str] = []

    def file(self, document: Document, hidden: set[str]) -> None:
        shown, project = f"{document.shown}: ", document.table["scope"] == PROJECT
        values = {name: value for name, value in variables_of(document).items() if name not in hidden}
        self.variables(shown, values)
        places = []
        for place in places_of(document):
            fields = {
                f"{place.shown}:{field}" for field in ("models", "endpoints", "providers") if getattr(place, field)
            }
            if not place.shown and fields & hidden:
                continue  # a file that wins has set the same at the top
            places.append(fields if not place.shown else set())
            self._place(f"{shown}{place.shown}{' ' if place.shown else ''}", place)
        if not project:
            hidden |= set(values).union(*places)

    def variables(self, shown: str, values: Mapping[str, str]) -> None:
        table, registry = self._table, self._registry
        for name, provider in table.get("routes", {}).items():
            if values.get(name, "").lower() not in _OFF and (entry := registry.providers.get(provider)):
                self._say(f"{shown}{name} is set")
                self.served[Where(entry.served)] = None
        for name in table["endpoints"]:
            if value := values.get(name, ""):
                self.served[self._where(f"{shown}{name}", value)] = None
        for name in table["models"]:
            if value := values.get(name, ""):
                for backend in self._models(f"{shown}{name}", value):
                    self.stated[backend] = None
        for name in table.get("provider_names", ()):
            if value := values.get(name, ""):
                for where in self._short(f"{shown}{name}", value):
                    self.served[where] = None
        for name in table.get("keys", ()):
            if values.get(name, ""):
                self._say(f"{shown}{name} is set")

    def backends(self) -> tuple[Reached, ...]:
        """Every model with every place it may be served from; a route in the model's own name holds where no other
        does. What a file names together stays together."""
        found = dict(self.whole)
        for where in self.served or (None,):
            for backend in self.stated or (() if self.whole and where is None else (Backend(),)):
                result = self._together(backend, where)
                if not result.backend.empty:
                    found[result] = None
        return tuple(found)

    def _place(self, shown: str, place: Place) -> None:
        stated = [backend for model in place.models for backend in self._models(f"{shown}model", model)]
        served = [self._where(f"{shown}address", address) for address in place.endpoints]
        served += [where for name in place.providers for where in self._short(f"{shown}provider", name)]
        if stated and served:
            self.whole |= {self._together(backend, where): None for backend in stated for where in served}
        else:
            self.stated |= dict.fromkeys(stated)
            self.served |= dict.fromkeys(served)

    def _together(self, backend: Backend, where: Where | None) -> Reached:
        if where is None:
            return Reached(backend)
        served = self._registry.providers.serve(backend.stated, where.served)
        return Reached(Backend(backend.stated, served), where.host)

    def _where(self, shown: str, value: str) -> Where:
        endpoint = parse_endpoint(value)
        self._say(f"{shown}={endpoint.shown if endpoint else 'an address we cannot read'}")
        return Where(self._registry.providers.at(endpoint), endpoint.host) if endpoint else Where(UNRECOGNISED)

    def _models(self, shown: str, value: str) -> tuple[Backend, ...]:
        backends = self._registry.backends(value, explicit=True, litellm=bool(self._table.get("litellm")))
        # a bare tier (`sonnet`) is mapped by another of these variables, to any vendor's model
        named = tuple(b for b in backends if b.stated.model or b.stated.family != "claude")
        known = any(backend.stated.model for backend in named)
        self._say(shown + (_safe(value) if known else " is set"))
        return named

    def _short(self, shown: str, value: str) -> tuple[Where, ...]:
        """The provider an agent calls by a short name; one that says nothing of the address gives none."""
        known = self._registry.tables["environment"]["provider_names"].get(value.lower())
        self._say(f"{shown}{_safe(value)}")
        if known == "":
            return ()
        entry = self._registry.providers.get(known or "")
        return (Where(entry.served if entry else UNRECOGNISED),)

    def _say(self, detail: str) -> None:
        self.details.append(cut(detail))


def _safe(value: str) -> str:
    """A setting as it may be shown: never anything that could be an address with a credential."""
    return f"={value}" if re.fullmatch(_SHOWN, value, re.ASCII) and "://" not in value else " is set"
