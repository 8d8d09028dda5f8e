"""JSON with comments and trailing commas, as bun.lock and deno.jsonc are written: made plain, every line kept."""

from __future__ import annotations

import re
from typing import Any

from trustgate.manifests.text import load_json

_PARTS = re.compile(r'"(?:[^"\\\n]|\\.)*+"?|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
"""a string that does not end is taken whole, or each quote in it would be tried as its beginning"""
_COMMAS = re.compile(r'"(?:[^"\\\n]|\\.)*+"?|,(?=\s*[}\]])')


def plain_json(text: str) -> str:
    """The text without comments and trailing commas; lines stay where they are."""
    bare = _PARTS.sub(lambda part: part[0] if part[0][0] == '"' else re.sub(r"[^\n]", " ", part[0]), text)
    return _COMMAS.sub(lambda part: part[0] if part[0][0] == '"' else " ", bare)


def load_jsonc(path: str, text: str) -> tuple[dict[str, Any], str]:
    """The top-level object, and the plain JSON that it was read from. Raises ManifestError."""
    bare = plain_json(text)
    return load_json(path, bare), bare
