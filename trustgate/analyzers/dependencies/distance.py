"""Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, each one edit.

A handful of candidates is scored here in plain Python (a bit vector, after Hyyrö 2003, "A Bit-Vector Algorithm for
Computing Levenshtein and Damerau Edit Distances"); many of them by rapidfuzz, whose import costs tens of milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

MANY = 200
"""candidates from which on importing rapidfuzz pays"""


def within(name: str, candidates: Sequence[str], limit: int) -> list[tuple[str, int]]:
    """Candidates at a distance of at most `limit`, with the distance."""
    if len(candidates) >= MANY or "rapidfuzz" in sys.modules:
        return within_fast(name, candidates, limit)
    return within_plain(name, candidates, limit)


def within_plain(name: str, candidates: Sequence[str], limit: int) -> list[tuple[str, int]]:
    masks: dict[str, int] = {}
    for position, char in enumerate(name):
        masks[char] = masks.get(char, 0) | 1 << position
    scored = ((other, _osa(masks, len(name), other)) for other in candidates)
    return [(other, score) for other, score in scored if score <= limit]


def within_fast(name: str, candidates: Sequence[str], limit: int) -> list[tuple[str, int]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extract(name, candidates, scorer=OSA.distance, score_cutoff=limit, limit=None)
    order = {other: index for index, other in enumerate(candidates)}
    return sorted(((other, int(score)) for other, score, _ in found), key=lambda pair: order[pair[0]])


def _osa(masks: dict[str, int], length: int, other: str) -> int:
    if not length:
        return len(other)
    full = (1 << length) - 1
    last = 1 << (length - 1)
    vertical_plus, vertical_minus, diagonal, before, score = full, 0, 0, 0, length
    for char in other:
        mask = masks.get(char, 0)
        swap = ((~diagonal & mask) << 1) & before
        diagonal = ((((mask & vertical_plus) + vertical_plus) ^ vertical_plus) | mask | vertical_minus | swap) & full
        plus = (vertical_minus | ~(diagonal | vertical_plus)) & full
        minus = diagonal & vertical_plus
        score += bool(plus & last) - bool(minus & last)
        plus = (plus << 1 | 1) & full
        minus = (minus << 1) & full
        vertical_plus = (minus | ~(diagonal | plus)) & full
        vertical_minus = diagonal & plus
        before = mask
    return score
