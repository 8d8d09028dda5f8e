"""Order of versions as each ecosystem has it: PEP 440 for PyPI, Semantic Versioning for npm, Go and crates.io."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_SEMVER = re.compile(
    r"[vV=]?(\d{1,18})(?:\.(\d{1,18}))?(?:\.(\d{1,18}))?(?:-([0-9A-Za-z.-]{1,200}))?(?:\+[0-9A-Za-z.-]{0,200})?"
)
"""semver.org 2.0.0, item 2 and 9 to 11; missing numbers are 0, as in OSV's `introduced: "0"`"""
MIN: tuple[Any, ...] = ((-1, -1, -1), ())


@lru_cache(maxsize=20_000)
def sort_key(ecosystem: str, version: str) -> Any:
    """What versions of one ecosystem are ordered by; None for text that is no version. OSV's `0` is before them all."""
    if ecosystem == "pypi":
        from packaging.version import InvalidVersion, Version

        try:
            return Version(version)
        except InvalidVersion:
            return None
    if version == "0":
        return MIN
    found = _SEMVER.fullmatch(version)
    if not found:
        return None
    numbers = tuple(int(part or 0) for part in found.groups()[:3])
    if found[4] is None:
        return (numbers, ((2, 0, ""),))
    parts = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in found[4].split("."))
    return (numbers, parts)
