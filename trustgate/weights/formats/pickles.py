"""What a pickle would import, read from its opcodes; nothing is ever loaded.

Deny by default: a global that is not on the list, an opcode whose target cannot be read off, or a stream that does not
parse to its end is a fault. An answer of "nothing found" means that every global is on the list, not that the file is
harmless: lists of bad names lose (reference list of CVEs in docs/models.md), a list of good ones only asks too much.
"""

from __future__ import annotations

import io
import lzma
import os
import pickletools
import zipfile
import zlib
from collections.abc import Iterator

from trustgate.weights.faults import Unclear

LARGEST = 256 * 1024 * 1024
"""bytes of pickles in one file that are walked; tensors lie beside them, not in them"""
MEMBERS = 200_000
_TORCH_MAGIC = 0x1950A86A20F9469CFC6C
"""first pickle of torch's old format; five pickles, then raw storage (`torch/serialization.py`)"""
_STORAGES = ("Float", "Double", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool", "Untyped")
_DTYPES = (
    "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "bool", "complex64",
    "complex128", "float8_e4m3fn", "float8_e5m2",
)  # fmt: skip
ALLOWED = frozenset(
    {
        "collections OrderedDict",
        "_codecs encode",
        "torch._utils _rebuild_tensor_v2",
        "torch._utils _rebuild_parameter",
        "torch Size",
        "torch device",
        "torch.storage UntypedStorage",
        "torch.storage TypedStorage",
        "numpy ndarray",
        "numpy dtype",
        *(f"numpy{core}.multiarray {name}" for core in (".core", "._core") for name in ("_reconstruct", "scalar")),
        *(f"torch {kind}Storage" for kind in _STORAGES),
        *(f"torch {kind}" for kind in _DTYPES),
    }
)
"""module and name; rebuilds tensors and plain containers, calls nothing that is handed to it"""
_TEXT = ("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE")
_KEEP = ("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT")
_FETCH = ("GET", "BINGET", "LONG_BINGET")
_DENIED = ("EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER")


def check_pickle(descriptor: int) -> tuple[str, ...]:
    """Globals off the list, in order of appearance, empty when all are on it.

    Takes a pickle, torch's old stream, or a zip with `.pkl` members. Raises Unclear where anything does not parse.
    """
    with os.fdopen(os.dup(descriptor), "rb") as file:
        file.seek(0)
        zipped = file.read(4) == b"PK\x03\x04"
        file.seek(0)
        found: dict[str, None] = {}
        total = 0
        try:
            for data in _members(file) if zipped else (file.read(LARGEST + 1),):
                total += len(data)
                if total > LARGEST:
                    raise Unclear(f"pickles of more than {LARGEST} bytes are not walked")
                found.update(dict.fromkeys(_denied(data)))
        except (
            OSError,
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            ValueError,
            NotImplementedError,
            RuntimeError,
            EOFError,
        ) as fault:
            raise Unclear(f"it cannot be read as a pickle: {str(fault)[:100]}") from fault
    return tuple(found)


def _members(file: io.BufferedReader) -> Iterator[bytes]:
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        if len(infos) > MEMBERS:
            raise ValueError(f"more than {MEMBERS} members")
        if len({info.filename for info in infos}) != len(infos):
            raise ValueError("two members have one name")
        wanted = [info for info in infos if info.filename.lower().endswith((".pkl", ".pickle", ".npy"))]
        if not wanted:
            raise ValueError("a zip without a pickle in it")
        for info in wanted:
            if info.file_size > LARGEST:
                raise ValueError(f"{info.filename[:80]} is over {LARGEST} bytes")
            with archive.open(info) as member:
                data = member.read(LARGEST + 1)
            if info.filename.lower().endswith(".npy") and data[:6] == b"\x93NUMPY":
                if b"|O" in data[:1024]:
                    raise ValueError(f"{info.filename[:80]} holds pickled objects")
                continue
            yield data


def _denied(data: bytes) -> Iterator[str]:
    """Globals off the list in a run of pickles. Raises Unclear."""
    if not data:
        raise Unclear("it is empty, and so no pickle")
    stream = io.BytesIO(data)
    left, first = -1, True
    while stream.tell() < len(data) and left != 0:
        names, magic = _walk(stream)
        yield from names
        if first and magic:
            left = 5
        left, first = left - 1, False


def _walk(stream: io.BytesIO) -> tuple[list[str], bool]:
    """One pickle: its denied globals, and whether it is torch's magic number."""
    denied: list[str] = []
    memo: dict[int, str | None] = {}
    recent: list[str | None] = []
    """what the last opcodes pushed, as far as it is text; None: something else happened"""
    magic = False
    try:
        for opcode, argument, _place in pickletools.genops(stream):
            name = opcode.name
            if name in ("GLOBAL", "INST"):
                denied += [str(argument)] if argument not in ALLOWED else []
                recent.append(None)
            elif name == "STACK_GLOBAL":
                pair = recent[-2:]
                target = f"{pair[0]} {pair[1]}" if len(pair) == 2 and None not in pair else "a name made at load time"
                denied += [target] if target not in ALLOWED else []
                recent = [None]
            elif name in _TEXT:
                recent.append(str(argument))
            elif name in _FETCH:
                recent.append(memo.get(int(argument or 0)))
            elif name in _KEEP:
                place = len(memo) if name == "MEMOIZE" else int(argument or 0)
                memo[place] = recent[-1] if recent else None
            elif name in ("PROTO", "FRAME"):
                continue  # push nothing
            elif name in _DENIED:
                denied.append(f"opcode {name}")
            else:
                magic = magic or argument == _TORCH_MAGIC
                recent = [None]
            del recent[:-2]
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError, OverflowError, MemoryError) as error:
        raise Unclear(f"its opcodes do not parse: {str(error)[:100]}") from error
    return denied, magic
