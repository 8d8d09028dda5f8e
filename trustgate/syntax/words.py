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


KEPT = 400
"""characters; what is longer is not kept, so that no bundle fills the memory"""


def wordset(text: str) -> frozenset[str]:
    """The sub-words of a piece of code, and each pair of neighbours as `first second`."""
    return _kept(text) if len(text) <= KEPT else _wordset(text)


def _wordset(text: str) -> frozenset[str]:
    words = [word for name in _NAME.findall(text) for word in subwords(name)]
    return frozenset(words).union(f"{a} {b}" for a, b in itertools.pairwise(words))


_kept = lru_cache(maxsize=20_000)(_wordset)
