"""Data files (JSON, TOML) as the values they hold. Layout changed where both sides hold the same, in the same order."""

from __future__ import annotations

LANGUAGES = frozenset(("json", "toml"))


def same_values(language: str, old: bytes, new: bytes) -> bool:
    """Whether both parse, to the same values with the same types. False where one does not parse."""
    try:
        before, after = old.decode("utf-8"), new.decode("utf-8")
        if language == "json":
            return _json(before) == _json(after)
        return _toml(before) == _toml(after)
    except (ValueError, RecursionError):  # both parsers' errors are ValueErrors
        return False


def _json(text: str) -> object:
    """Objects as lists of pairs, so that order and doubled keys count; numbers as they are written."""
    import json

    return json.loads(
        text,
        object_pairs_hook=lambda pairs: ("object", pairs),
        parse_int=lambda written: ("number", written),
        parse_float=lambda written: ("number", written),
        parse_constant=lambda written: ("number", written),
    )


def _toml(text: str) -> str:
    """`repr` tells 1 from true and from 1.0, and keeps the order of keys."""
    import tomllib

    return repr(tomllib.loads(text, parse_float=lambda written: ("float", written)))
