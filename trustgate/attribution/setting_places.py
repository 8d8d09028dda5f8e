"""What one settings file says of backends: environment variables it sets, models, addresses and short names. Pure.

The places are data (rules/attribution/settings.toml); a value of another type than text says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from trustgate.attribution.user_config import Document, Table

NODE_LIMIT = 200
"""tables of one file that are looked at"""


class Place(NamedTuple):
    """One place of a file that names a backend, as written there."""

    shown: str
    models: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    """short names without an address of their own"""


def variables_of(document: Document) -> dict[str, str]:
    """The environment variables that a file sets."""
    found: dict[str, str] = {}
    for key in document.table.get("variables", ()):
        table = document.value if key == "." else _at(document.value, key)
        if isinstance(table, dict):
            found |= {name: value for name, value in table.items() if isinstance(name, str) and isinstance(value, str)}
    for key in document.table.get("pairs", ()):
        value = _at(document.value, key)
        for pair in value if isinstance(value, list) else [value]:
            if isinstance(pair, str) and "=" in pair:
                found.setdefault(pair.partition("=")[0].strip(), pair.partition("=")[2].strip())
    return found


def places_of(document: Document) -> Iterator[Place]:
    """The places that name a backend, in the order of the table."""
    for entry in document.table.get("backend", ()):
        for shown, node in _nodes(document.value, entry["at"]):
            place = _place(shown, _inherited(node, entry, document.value), entry, document.value)
            if place.models or place.endpoints or place.providers:
                yield place


def _inherited(node: Mapping[str, Any], entry: Table, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """A table with what it leaves out (`inherit`), or with what the chosen one says over it (`chosen`, `inside`)."""
    if entry.get("inherit"):
        return {**whole, **node}
    chosen = node.get(entry.get("chosen", ""))
    if isinstance(chosen, str):
        over = _at(whole, entry["inside"])
        over = over.get(chosen) if isinstance(over, dict) else None
        return {**node, **over} if isinstance(over, dict) else node
    return node


def _place(shown: str, node: Mapping[str, Any], entry: Table, whole: Mapping[str, Any]) -> Place:
    models = _texts(node, entry.get("models", ()))
    endpoints = _texts(node, entry.get("endpoints", ()))
    names = _texts(node, entry.get("providers", ()))
    if entry.get("route"):
        names += tuple(model.partition("/")[0] for model in models if "/" in model)
        models = tuple(model.partition("/")[2] or model for model in models)
    short = []
    for name in names:
        address = _address(whole, entry.get("address", ""), name)
        if address:
            endpoints += (address,)
        else:
            short.append(name)
    return Place(shown, models, endpoints, tuple(short))


def _address(whole: Mapping[str, Any], template: str, name: str) -> str:
    """The address that the file itself gives for a short name."""
    value: Any = whole
    for part in template.split(".") if template else ("",):
        value = value.get(name if part == "{}" else part) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _texts(node: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for key in keys:
        value = _at(node, key)
        items = value[:NODE_LIMIT] if isinstance(value, list) else [value]
        found += [item for item in items if isinstance(item, str) and item]
    return tuple(found)


def _at(value: Any, key: str) -> Any:
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _nodes(whole: Mapping[str, Any], at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables that `at` names, with their names; `*` in the last part is every entry."""
    if at == ".":
        yield "", whole
        return
    if not at.endswith(".*"):
        node = _at(whole, at)
        if isinstance(node, dict):
            yield at, node
        return
    holder = _at(whole, at[:-2])
    if isinstance(holder, dict):
        entries = [(str(name), node) for name, node in holder.items()]
    else:
        entries = [(str(n), node) for n, node in enumerate(holder)] if isinstance(holder, list) else []
    for name, node in entries[:NODE_LIMIT]:
        if isinstance(node, dict):
            yield f"{at[:-2]}.{name[:40]}", node
