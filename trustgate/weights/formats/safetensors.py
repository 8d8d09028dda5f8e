"""The header of a safetensors file against the file's size, with the standard library alone.

Format: 8 bytes little-endian length N, N bytes of JSON (name to dtype, shape, data_offsets; `__metadata__`), then the
tensors without gaps (safetensors README, "Format"; bit widths from its `tensor.rs`).
"""

from __future__ import annotations

import json
import math
import os
from typing import Any

from trustgate.weights.faults import Unclear, Wrong

LARGEST = 32 * 1024 * 1024
"""bytes of a header that is read here; the format allows 100 MB, real ones have under 1 MB"""
BITS = {
    **dict.fromkeys(("F4",), 4),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
}


def check_safetensors(descriptor: int) -> int:
    """The number of tensors. Raises Wrong where header and size disagree, Unclear for a header that is not read."""
    try:
        return _check(descriptor)
    except OSError as error:
        raise Unclear(f"its header cannot be read: {error.strerror}") from error


def _check(descriptor: int) -> int:
    size = os.fstat(descriptor).st_size
    length = int.from_bytes(os.pread(descriptor, 8, 0), "little")
    if size < 8 or length > size - 8:
        raise Wrong(f"its header claims {length} bytes, the file has {max(size - 8, 0)} after the length")
    if length > LARGEST:
        raise Unclear(f"its header of {length} bytes is over the limit of {LARGEST}")
    try:
        table: Any = json.loads(os.pread(descriptor, length, 8).decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"its header is no JSON object: {str(error)[:100]}") from error
    if not isinstance(table, dict):
        raise Wrong("its header is no JSON object")
    spans = sorted(_span(name, entry) for name, entry in table.items() if name != "__metadata__")
    place = 0
    for begin, end, name in spans:
        if begin != place:
            raise Wrong(f"tensor {name[:80]!r} begins at {begin}, the one before ends at {place}")
        place = end
    if place != size - 8 - length:
        raise Wrong(f"its tensors take {place} bytes, the file has {size - 8 - length} for them")
    return len(spans)


def _span(name: str, entry: Any) -> tuple[int, int, str]:
    try:
        begin, end = entry["data_offsets"]
        shape, dtype = entry["shape"], entry["dtype"]
        numbers = [begin, end, *shape]
    except (TypeError, KeyError, ValueError) as error:
        raise Wrong(f"tensor {name[:80]!r} has no shape, dtype and data_offsets") from error
    if not all(type(number) is int and 0 <= number < 1 << 60 for number in numbers) or len(shape) > 64:
        raise Wrong(f"tensor {name[:80]!r} has a shape or offsets that are no sizes")
    if begin > end:
        raise Wrong(f"tensor {name[:80]!r} ends before it begins")
    bits = BITS.get(dtype) if isinstance(dtype, str) else None
    if bits is not None and math.prod(shape) * bits != (end - begin) * 8:
        raise Wrong(f"tensor {name[:80]!r} takes {end - begin} bytes, its shape and dtype say otherwise")
    return begin, end, name


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key is there twice")
    return table
