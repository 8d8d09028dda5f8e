"""The backends a running agent is set to use, from environment variables and the user's own configuration.

The set is reported, not the one that answered. The repository's configuration is part of the change under review and is
not read here. Never a credential: keys are looked at for presence only, addresses are kept as scheme, host and port.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trustgate.attribution.backend import Backend, Served
from trustgate.attribution.claim import Claim, cut
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.providers import UNRECOGNISED, parse_endpoint
from trustgate.attribution.registry import Registry
from trustgate.attribution.user_config import Source, claude_settings, codex_settings

_SHOWN = r"[\w./:+\[\] -]{1,100}"
_OFF = ("", "0", "false", "no", "off")


def reachable(agent: str, environ: Mapping[str, str], home: Path | None, registry: Registry) -> Iterator[Claim]:
    """Claims about the backends an agent is set to use, and the settings they come from."""
    table = next((t for t in registry.tables["environment"]["backend"] if t["agent"] == agent), None)
    if table is None:
        return
    sources = [Source("", environ)]
    served: dict[Served, None] = {}
    if agent == "claude-code":
        sources += claude_settings(environ, home)
    if agent == "codex":
        sources += codex_settings(environ, home)
    stated: dict[Backend, None] = {}
    for source in sources:
        for detail, found in _settings(table, source, registry):
            yield _claim(agent, detail)
            for item in found:
                if isinstance(item, Backend):
                    stated[item] = None
                else:
                    served[item] = None
    for backend in dict.fromkeys(_together(tuple(stated), tuple(served), registry)):
        model, provider = backend.stated.model or "a model not named", backend.served.provider or "nobody named"
        yield _claim(agent, f"can use {model}, served by {provider}", (backend,))


def _claim(agent: str, detail: str, backends: tuple[Backend, ...] = ()) -> Claim:
    return Claim("setting", "environment", cut(detail), OriginClass.GENERATED, Trust.RECORDED, agent, backends)


def _settings(
    table: Mapping[str, Any], source: Source, registry: Registry
) -> Iterator[tuple[str, tuple[Backend | Served, ...]]]:
    values, place = source.values, source.place
    for name, provider in table.get("routes", {}).items():
        if values.get(name, "").lower() not in _OFF and (entry := registry.providers.get(provider)):
            yield f"{place}{name} is set", (entry.served,)
    for name in table["endpoints"]:
        if value := values.get(name, ""):
            endpoint = parse_endpoint(value)
            shown = endpoint.shown if endpoint else "an address we cannot read"
            yield f"{place}{name}={shown}", (registry.providers.at(endpoint) if endpoint else UNRECOGNISED,)
    for name in table["models"]:
        if value := values.get(name, ""):
            backends = registry.backends(value, explicit=True, litellm=bool(table.get("litellm")))
            # a bare tier (`sonnet`) is mapped by another of these variables, to any vendor's model
            named = tuple(b for b in backends if b.stated.model or b.stated.family != "claude")
            known = any(backend.stated.model for backend in named)
            yield f"{place}{name}" + (_safe(value) if known else " is set"), named
    for name in table.get("provider_names", ()):
        if value := values.get(name, ""):
            yield f"{place}{name}{_safe(value)}", _by_short_name(value, registry)
    for name in table.get("keys", ()):
        if values.get(name, ""):
            yield f"{place}{name} is set", ()


def _by_short_name(value: str, registry: Registry) -> tuple[Served, ...]:
    """The provider an agent calls by a short name; one that says nothing of the address gives none."""
    known = registry.tables["environment"]["provider_names"].get(value.lower())
    if known == "":
        return ()
    entry = registry.providers.get(known or "")
    return (entry.served if entry else UNRECOGNISED,)


def _safe(value: str) -> str:
    """A setting as it may be shown: never anything that could be an address with a credential."""
    return f"={value}" if re.fullmatch(_SHOWN, value, re.ASCII) and "://" not in value else " is set"


def _together(stated: tuple[Backend, ...], served: tuple[Served, ...], registry: Registry) -> Iterator[Backend]:
    """Every model with every place it may be served from; a route in the model's own name holds where no other does."""
    for place in served or (None,):
        for backend in stated or (Backend(),):
            where = backend.served if place is None else registry.providers.serve(backend.stated, place)
            if not (result := Backend(backend.stated, where)).empty:
                yield result
