"""Settings files of agents as a flat list of keys and values: JSON, TOML, `KEY=value`, `key: value`; none is run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SIZE = 1024 * 1024
"""characters; a larger file is read line by line"""
DEPTH = 40
_LINE = re.compile(
    r"""^\s{0,60}(?:-\s+)?(?:export\s+|ENV\s+|set\s+)?["']?([A-Za-z_][\w.\-/]{0,100})["']?\s{0,8}[:=]\s{0,8}["']?([^"'\n]{0,500})"""
)
_PAIR = re.compile(
    r'"((?:[^"\\\n]|\\.){1,200})"\s{0,8}:\s{0,8}("(?:[^"\\\n]|\\.){0,500}"|true|false|null|-?\d[\d.]{0,20})'
)


@dataclass(frozen=True, slots=True)
class Setting:
    path: tuple[str, ...]
    """keys from the outside in; list items have no key of their own"""
    value: str
    """text; JSON's true, false, null as spelled there"""

    @property
    def key(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its duplicate keys: which of two counts differs from reader to reader, so both are seen."""


def settings_of(path: str, text: str) -> list[Setting]:
    """Every scalar of the file. What does not parse is read line by line, so that a broken file hides nothing."""
    from trustgate.manifests.dependency import ManifestError
    from trustgate.manifests.text import load_toml

    lowered = path.lower()
    if len(text) <= SIZE:
        try:
            if lowered.endswith((".json", ".jsonc", ".json5", ".code-workspace")):
                return list(_flat(json.loads(text, object_pairs_hook=_Pairs), ()))
            if lowered.endswith(".toml"):
                return list(_flat(load_toml(path, text), ()))
        except (ManifestError, ValueError, RecursionError):
            pass  # comments, trailing commas, or hostile: the lines below do
    return list(_lines(text))


def _flat(value: Any, path: tuple[str, ...]) -> Iterator[Setting]:
    if len(path) > DEPTH:
        return
    if isinstance(value, _Pairs):
        for key, item in value:
            yield from _flat(item, (*path, str(key)))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, (*path, str(key)))
    elif isinstance(value, list):
        for item in value:
            yield from _flat(item, path)
    elif isinstance(value, str):
        yield Setting(path, value)
    else:
        yield Setting(path, "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value))


def _lines(text: str) -> Iterator[Setting]:
    for line in text.split("\n"):
        if line.lstrip().startswith(("#", "//")):
            continue
        pairs = list(_PAIR.finditer(line[:100_000]))
        for pair in pairs:
            yield Setting((pair[1],), pair[2].strip('"'))
        match = None if pairs else _LINE.match(line)
        if match:
            yield Setting((match[1],), match[2].strip())
