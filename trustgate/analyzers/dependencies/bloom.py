"""A Bloom filter in one file: says of a name that it is not in a list, or that it probably is. Pure format code.

The file: a header of 40 bytes, then the bits, lowest bit of a byte first. Header, little-endian: 8 bytes magic
`TGBLOOM1`; 10 bytes date of the list as YYYY-MM-DD; 2 bytes k, the number of hashes; 4 bytes reserved (0); 8 bytes
number of names; 8 bytes number of bits m. Hash i of a name is `(a + i * b) mod m`, where a and b are the little-endian
halves of its BLAKE2b-128 digest and b is made odd (Kirsch and Mitzenmacher 2006, "Less Hashing, Same Performance").
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from trustgate.errors import CannotJudge

MAGIC = b"TGBLOOM1"
_HEADER = struct.Struct("<8s10sHIQQ")


def build(names: Iterable[str], made: date, false_positives: float = 0.002) -> bytes:
    """The file for a list of names. `false_positives` is the share of absent names that will seem present."""
    listed = list(names)
    bits = max(8, math.ceil(-len(listed) * math.log(false_positives) / math.log(2) ** 2))
    hashes = max(1, round(bits / max(len(listed), 1) * math.log(2)))
    field = bytearray((bits + 7) // 8)
    for name in listed:
        for at in _positions(name, hashes, bits):
            field[at >> 3] |= 1 << (at & 7)
    header = _HEADER.pack(MAGIC, made.isoformat().encode(), hashes, 0, len(listed), bits)
    return header + bytes(field)


def _positions(name: str, hashes: int, bits: int) -> Iterator[int]:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=16).digest()
    first, step = struct.unpack("<QQ", digest)
    step |= 1
    return ((first + index * step) % bits for index in range(hashes))


class Bloom:
    """A parsed file. `made` is the date of the list, `count` the number of names in it."""

    def __init__(self, data: bytes, made: date, count: int, hashes: int, bits: int) -> None:
        self.data = data
        self.made = made
        self.count = count
        self._hashes = hashes
        self._bits = bits

    def __contains__(self, name: str) -> bool:
        start, data = _HEADER.size, self.data
        return all(data[start + (at >> 3)] >> (at & 7) & 1 for at in _positions(name, self._hashes, self._bits))


def parse(data: bytes, where: str = "name filter") -> Bloom:
    """Raises CannotJudge when the bytes are not such a file or are cut short."""
    if len(data) < _HEADER.size or not data.startswith(MAGIC):
        raise CannotJudge(f"{where} is not a name filter of this version", "install trustgate-review again")
    _, day, hashes, _, count, bits = _HEADER.unpack_from(data)
    if not 0 < hashes <= 64 or not bits or len(data) != _HEADER.size + (bits + 7) // 8:
        raise CannotJudge(f"{where} is damaged", "install trustgate-review again")
    try:
        made = date.fromisoformat(day.decode("ascii"))
    except ValueError as error:
        raise CannotJudge(f"{where} has no valid date", "install trustgate-review again") from error
    return Bloom(data, made, count, hashes, bits)


def read(path: Path) -> Bloom:
    """The filter in a file, about 1 ms for 1.5 MB. Raises CannotJudge, also when it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CannotJudge(f"{path.name} cannot be read ({error.strerror})", "install trustgate-review again") from error
    return parse(data, path.name)
