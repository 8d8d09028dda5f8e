"""Names split into sub-words: `requireAdminUser`, `require_admin_user` and `RequireAdminUser` are the same words."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAME = re.compile(r"[^\W\d]\w*")


@lru_cache(maxsize=50_000)
def subwords(name: str) -> tuple[str, ...]:
    """Lower-cased sub-words of one identifier, in order. Digits stand alone (`sha256` is `sha`, `256`)."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=20_000)
def wordset(text: str) -> frozenset[str]:
    """The sub-words of a piece of code, and each pair of neighbours as `first second`."""
    words = [word for name in _NAME.findall(text) for word in subwords(name)]
    return frozenset(words).union(f"{a} {b}" for a, b in itertools.pairwise(words))
