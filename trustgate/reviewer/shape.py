"""The shape of an answer: the part of JSON Schema that our schemas use, and what of it each provider takes.

Every answer is compared with the whole schema here, whatever the provider says that it enforces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

SIZES = frozenset(
    {
        "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "multipleOf", "minItems", "maxItems", "uniqueItems",
    }
)  # fmt: skip
"""keywords that Anthropic's structured outputs refuse, and that are checked here in any case"""
NOTES = frozenset({"title", "default", "examples", "$schema", "$id"})
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
DEEPEST = 20


def parse_json(text: str | bytes) -> Any:
    """One JSON value: no key twice in an object, no NaN. Raises ValueError for anything else, never RecursionError."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in an object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def fault_of(value: object, schema: Mapping[str, Any]) -> str:
    """Why a JSON value has another shape than `schema` says, the first place only; empty when it fits."""
    return next(_faults(value, schema, "answer", 0), "")


def _faults(value: object, schema: Mapping[str, Any], where: str, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        yield f"{where} is nested too deeply"
        return
    kinds = schema.get("type")
    if kinds is not None:
        names = [kinds] if isinstance(kinds, str) else list(kinds)
        if not any(_is(value, name) for name in names):
            yield f"{where} is not of type {' or '.join(names)}"
            return
    if "const" in schema and not _same(value, schema["const"]):
        yield f"{where} is not the one value it may have"
    if "enum" in schema and not any(_same(value, item) for item in schema["enum"]):
        yield f"{where} is none of the values it may have"
    if "anyOf" in schema and all(any(_faults(value, one, where, depth + 1)) for one in schema["anyOf"]):
        yield f"{where} fits none of its forms"
    if isinstance(value, str):
        yield from _text(value, schema, where)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(value, schema, where)
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{where} has {len(value)} items"
        for number, item in enumerate(value):
            yield from _faults(item, schema.get("items", {}), f"{where}[{number}]", depth + 1)
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        missing = [key for key in schema.get("required", ()) if key not in value]
        if missing:
            yield f"{where} lacks {missing[0]}"
        if schema.get("additionalProperties") is False and not set(value) <= set(known):
            yield f"{where} has a key that is not known"
        for key, item in value.items():
            if key in known:
                yield from _faults(item, known[key], f"{where}.{key}", depth + 1)


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES.get(kind, ()))


def _same(value: object, other: object) -> bool:
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _text(value: str, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{where} has {len(value)} characters"
    if "pattern" in schema:
        import re

        if not re.search(schema["pattern"], value):  # ours: the schema never comes from outside
            yield f"{where} has not the form it must have"


def _number(value: float, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if value < schema.get("minimum", value) or value > schema.get("maximum", value):
        yield f"{where} is out of range"


def without(schema: Any, dropped: frozenset[str], *, names: bool = False) -> Any:
    """A schema without some keywords, at any depth; `names`: the keys of this object are names of properties."""
    if isinstance(schema, dict):
        return {
            key: without(value, dropped, names=key == "properties" and not names)
            if key not in ("enum", "const")
            else value
            for key, value in schema.items()
            if names or key not in dropped
        }
    if isinstance(schema, list):
        return [without(item, dropped) for item in schema]
    return schema
