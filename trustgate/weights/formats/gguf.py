"""The header of a GGUF file against the file's size, with the standard library alone.

Format: ggml `docs/gguf.md`, versions 2 and 3, little-endian; block sizes from ggml `ggml-common.h`.
"""

from __future__ import annotations

import math
import os
import struct
from typing import BinaryIO

from trustgate.weights.faults import Unclear, Wrong

BUDGET = 512 * 1024 * 1024
"""bytes of header that are read; a large vocabulary takes 20 MB"""
STEPS = 4_000_000
"""values that are read one by one in all metadata; a large vocabulary with its merges has under a million"""
PAIRS, TENSORS, ITEMS, TEXT, DIMENSIONS, NESTING = 65_536, 1_000_000, 16_000_000, 64 * 1024 * 1024, 8, 3

_SCALARS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""bytes of a value by its type number; 8 is a string, 9 an array"""
_STRING, _ARRAY = 8, 9
BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66), 17: (256, 74),
    18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2),
    26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip
"""tensor type to values and bytes of one block; other types are checked by their offset alone"""


class _Reader:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file, self.size, self.at = file, size, 0
        self.steps = 0

    def take(self, count: int) -> bytes:
        self.skip(count)
        data = self.file.read(count)
        if len(data) != count:
            raise Wrong(f"its header ends at {self.at - count + len(data)}, in the middle of a value")
        return data

    def skip(self, count: int, *, move: bool = False) -> None:
        self.at += count
        if self.at > self.size:
            raise Wrong(f"its header claims {self.at} bytes or more, the file has {self.size}")
        if self.at > BUDGET:
            raise Unclear(f"its header is over the limit of {BUDGET} bytes")
        if move:
            self.file.seek(self.at)

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def u64(self) -> int:
        return int.from_bytes(self.take(8), "little")

    def text(self) -> bytes:
        return self.take(_within(self.u64(), TEXT, "a string"))

    def pass_text(self) -> None:
        count = _within(self.u64(), TEXT, "a string")
        if count < 4096:
            self.take(count)
        else:
            self.skip(count, move=True)

    def pass_value(self, kind: int, depth: int = 0) -> None:
        self.steps += 1
        if self.steps > STEPS:
            raise Unclear(f"its metadata has more than {STEPS} values")
        if kind == _STRING:
            self.pass_text()
        elif kind == _ARRAY:
            if depth >= NESTING:
                raise Unclear("its metadata nests arrays too deeply")
            inner, count = self.u32(), _within(self.u64(), ITEMS, "an array")
            if inner in _SCALARS:
                self.skip(count * _SCALARS[inner], move=True)
                return
            for _ in range(count):
                self.pass_value(inner, depth + 1)
        elif kind in _SCALARS:
            self.take(_SCALARS[kind])
        else:
            raise Wrong(f"its metadata has a value of the unknown type {kind}")


def check_gguf(descriptor: int) -> int:
    """The number of tensors. Raises Wrong where header and size disagree, Unclear for what is not read here."""
    size = os.fstat(descriptor).st_size
    with os.fdopen(os.dup(descriptor), "rb", buffering=1 << 18) as file:
        file.seek(0)
        try:
            return _check(_Reader(file, size))
        except OSError as error:
            raise Unclear(f"its header cannot be read: {error.strerror}") from error


def _check(reader: _Reader) -> int:
    if reader.take(4) != b"GGUF":
        raise Wrong("it does not begin with GGUF")
    version = reader.u32()
    if version not in (2, 3):
        raise Unclear(f"GGUF version {version} is not read here (2 and 3, little-endian)")
    tensors, pairs = _within(reader.u64(), TENSORS, "the list of tensors"), _within(reader.u64(), PAIRS, "the metadata")
    alignment = 32
    for _ in range(pairs):
        key, kind = reader.text(), reader.u32()
        if key == b"general.alignment" and kind == 4:
            alignment = reader.u32()
        else:
            reader.pass_value(kind)
    if alignment == 0 or alignment % 8 or alignment > 1 << 20:
        raise Wrong(f"its alignment is {alignment}")
    spans = [_tensor(reader, alignment) for _ in range(tensors)]
    start = -(-reader.at // alignment) * alignment
    _fit(sorted(spans), reader.size - start if tensors else 0, alignment)
    return tensors


def _tensor(reader: _Reader, alignment: int) -> tuple[int, int, str]:
    name = reader.text()[:80].decode("utf-8", "replace")
    count = reader.u32()
    if count > DIMENSIONS:
        raise Wrong(f"tensor {name!r} has {count} dimensions")
    shape = struct.unpack(f"<{count}Q", reader.take(8 * count))
    kind, offset = reader.u32(), reader.u64()
    if offset % alignment:
        raise Wrong(f"tensor {name!r} begins at {offset}, not at a multiple of {alignment}")
    values = math.prod(shape)
    if kind not in BLOCKS:
        return offset, 0, name
    per, width = BLOCKS[kind]
    if values % per:
        raise Wrong(f"tensor {name!r} has {values} values, its type packs {per} together")
    return offset, values // per * width, name


def _fit(spans: list[tuple[int, int, str]], space: int, alignment: int) -> None:
    place = 0
    for offset, count, name in spans:
        if offset < place:
            raise Wrong(f"tensor {name!r} begins at {offset}, inside the one before it")
        if offset + count > space:
            raise Wrong(f"tensor {name!r} ends at {offset + count}, the file has {max(space, 0)} bytes for tensors")
        place = offset + count
    known = not spans or spans[-1][1]
    if spans and known and space - place >= alignment:
        raise Wrong(f"{space - place} bytes follow the last tensor")


def _within(count: int, most: int, what: str) -> int:
    if count > most:
        raise Wrong(f"{what} of {count} bytes or entries is more than a model has")
    return count
