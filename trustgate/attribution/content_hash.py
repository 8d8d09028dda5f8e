"""Hashes of a range of lines, as Agent Trace writes them: `murmur3:9f2e8a1b`, `sha256:…` (README, 6.6).

The specification does not say how lines are joined, so both usual ways count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

TEXT_LIMIT = 256 * 1024
"""bytes that are hashed; MurmurHash is computed here, byte by byte"""
_MASK = 0xFFFFFFFF


def matches(stated: str, lines: Sequence[bytes]) -> bool | None:
    """Whether `stated` is the hash of these lines (without their line breaks); None for a hash nobody can compute."""
    kind, _, digest = stated.partition(":")
    joined = b"\n".join(lines)
    if kind not in ("murmur3", "sha256") or len(joined) > TEXT_LIMIT:
        return None
    wanted = digest.lower().removeprefix("0x")
    for text in (joined, joined + b"\n"):
        found = f"{murmur3(text):08x}" if kind == "murmur3" else hashlib.sha256(text).hexdigest()
        if found == wanted.rjust(8, "0"):
            return True
    return False


def murmur3(data: bytes, seed: int = 0) -> int:
    """MurmurHash3_x86_32 (Austin Appleby, public domain; github.com/aappleby/smhasher)."""
    found = seed
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        found ^= _mixed(int.from_bytes(data[at : at + 4], "little"))
        found = (_rotated(found, 13) * 5 + 0xE6546B64) & _MASK
    if len(data) > whole:
        found ^= _mixed(int.from_bytes(data[whole:], "little"))
    found ^= len(data)
    found = ((found ^ (found >> 16)) * 0x85EBCA6B) & _MASK
    found = ((found ^ (found >> 13)) * 0xC2B2AE35) & _MASK
    return found ^ (found >> 16)


def _mixed(block: int) -> int:
    return (_rotated((block * 0xCC9E2D51) & _MASK, 15) * 0x1B873593) & _MASK


def _rotated(value: int, by: int) -> int:
    return ((value << by) | (value >> (32 - by))) & _MASK
