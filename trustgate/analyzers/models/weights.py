"""Files of weights in a change: their format by content, LFS pointers and LFS rules, compared with the lock."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from posixpath import basename, dirname, splitext

from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.models import PICKLED, PLAIN
from trustgate.analyzers.models.pins import Pins
from trustgate.analyzers.models.place import at, confidence_at
from trustgate.analyzers.rule import RuleSet
from trustgate.changes.changeset import ABSENT, SIZE_LIMIT
from trustgate.errors import CannotJudge
from trustgate.facts import FileView
from trustgate.finding import Confidence, Finding, Location
from trustgate.syntax.paths import PathKind, path_kind

WEIGHTS = (*PICKLED, *PLAIN)
CODE = ("modeling_", "configuration_", "tokenization_", "image_processing_", "processing_")
_POINTER = re.compile(
    r"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]{1,300}\n){0,10}"
    r"oid sha256:([0-9a-f]{64})\nsize (\d{1,18})\n?\Z"
)
_POINTER_HEAD = b"version https://git-lfs.github.com/spec/"
_ATTRIBUTE = re.compile(r"^\s*(\S{1,300})\s+(.*)$")
_COPIES = ("/site-packages/", "node_modules/")


def wanted(path: str) -> bool:
    """Whether a path, by its name, is looked at here."""
    lowered = path.lower()
    return lowered.endswith(WEIGHTS) or basename(lowered) == ".gitattributes"


def check(context: Context, view: FileView, rules: RuleSet, pins: Pins) -> Iterator[Outcome]:
    if basename(view.path) == ".gitattributes":
        yield from _attributes(view, rules)
    elif view.change.new_id not in (ABSENT, view.change.old_id):
        yield from _blob(context, view, rules, pins)


def pointer_of(data: bytes) -> tuple[str, int] | None:
    """Digest and size that a Git LFS pointer names (specification v1)."""
    if not data.startswith(_POINTER_HEAD) or len(data) > 2048:
        return None
    found = _POINTER.match(data.decode("utf-8", "replace").replace("\r\n", "\n"))
    return (found[1], int(found[2])) if found else None


def format_of(head: bytes, size: int) -> str:
    """pickle, torch, zip, hdf5, npy, npy-object, safetensors, gguf, or empty, by the first bytes. Nothing is loaded."""
    if len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5:
        return "pickle"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "torch" if b"data.pkl" in head[:4000] or b"/version" in head[:4000] else "zip"
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "hdf5"
    if head.startswith(b"\x93NUMPY"):
        return "npy-object" if re.search(rb"'descr':\s*'[|<>=]?O", head[:1000]) else "npy"
    if head.startswith((b"GGUF", b"FUGG")):
        return "gguf"
    if len(head) > 9 and head[8:9] == b"{" and 2 <= int.from_bytes(head[:8], "little") <= min(size, 100_000_000):
        return "safetensors"
    return ""


def _header_fault(path: str, head: bytes, size: int) -> str:
    """Why a file that is called safetensors or gguf is none."""
    suffix = splitext(path.lower())[1]
    if suffix == ".safetensors":
        if len(head) < 10:
            return f"it has {size} bytes"
        length = int.from_bytes(head[:8], "little")
        if length + 8 > size:
            return f"its header claims {length} bytes and the file has {size}"
        if head[8:9] != b"{":
            return "its header is no table"
        if length + 8 <= len(head):
            return _offsets_fault(head[8 : 8 + length], size - 8 - length)
    if suffix == ".gguf" and (len(head) < 24 or not head.startswith(b"GGUF")):
        return "it does not begin as GGUF does"
    return ""


def _offsets_fault(header: bytes, room: int) -> str:
    """safetensors: the last tensor must end where the file does (format description of the library)."""
    try:
        table = json.loads(header)
    except (ValueError, RecursionError):
        return "its header is not JSON"
    if not isinstance(table, dict):
        return "its header is no table"
    ends = [0]
    for name, item in table.items():
        offsets = item.get("data_offsets") if isinstance(item, dict) else None
        if name == "__metadata__":
            continue
        if not (isinstance(offsets, list) and len(offsets) == 2 and all(isinstance(n, int) for n in offsets)):
            return "a tensor has no place"
        ends.append(offsets[1])
    return "" if max(ends) == room else f"its tensors end at byte {max(ends)} of {room}"


def _blob(context: Context, view: FileView, rules: RuleSet, pins: Pins) -> Iterator[Outcome]:
    change = view.change
    path = view.path
    if any(part in f"/{path}" for part in _COPIES) or path_kind(path) is PathKind.INERT:
        return
    head = _head(context, change.new_id)
    where = Location(path)

    def finding(rule: str, key: str, sure: Confidence | None = None, **named: str) -> Finding:
        slots = {"file": basename(path)[:120], **named}
        return rules.finding(
            rule, where, key, severity=None, confidence=confidence_at(view, sure), evidence=(), **slots
        )

    pointer = pointer_of(head)
    if pointer is not None:
        where = Location(path, line=2, end_line=2, column=1, end_column=80) if view.new is not None else where
        digest, size = pointer
        pinned = pins.at_path(path)
        if any((item.sha256, item.size) == (digest, size) for item in pinned) or (
            not pinned and pins.has_digest(digest)
        ):
            return
        if pinned:
            last = pinned[-1]
            what = f"the pointer names {digest[:12]} ({size} bytes), the lock {last.sha256[:12]} ({last.size} bytes)"
            yield finding("weights-differ-from-lock", digest, what=what)
            return
        if not _filtered(context):
            yield finding(
                "lfs-filter-lost",
                path,
                what=f"`{basename(path)[:120]}` is the text of a pointer, and no LFS rule replaces it",
            )
        before = pointer_of(_head(context, change.old_id)) if change.old_id != ABSENT else None
        if before is not None:
            yield finding("lfs-weights-changed", digest, before=before[0][:12], after=digest[:12])
            return
    elif head.startswith(_POINTER_HEAD):
        yield finding("lfs-filter-lost", path, what=f"`{basename(path)[:120]}` is a broken LFS pointer")
        return
    else:
        pinned = pins.at_path(path)
        if pinned and change.new_size <= SIZE_LIMIT:
            size = change.new_size
            if any(item.size == size and item.sha256 == _digest(context, change.new_id) for item in pinned):
                return
            yield finding(
                "weights-differ-from-lock", change.new_id, what=f"its bytes ({size}) are not those that the lock pins"
            )
            return
    yield from _format(finding, view, head, pointer is not None)


def _format(finding: Callable[..., Finding], view: FileView, head: bytes, pointed: bool) -> Iterator[Outcome]:
    path = view.path.lower()
    kind = "" if pointed else format_of(head, view.change.new_size)
    if path.endswith(PLAIN):
        fault = "" if pointed or not head else _header_fault(path, head, view.change.new_size)
        if kind in ("pickle", "torch"):
            yield finding("pickled-weights-file", view.change.new_id, kind=f"{kind}, whatever its name says")
        elif fault:
            yield finding("weights-header-broken", view.change.new_id, what=fault)
        else:
            yield finding("weights-not-locked", view.change.new_id)
    elif kind in ("pickle", "torch", "hdf5", "npy-object"):
        yield finding("pickled-weights-file", view.change.new_id, kind=kind)
    elif pointed or (kind == "zip" and path.endswith((".pt", ".pth", ".keras", ".nemo", ".mar", ".ckpt"))):
        if not (pointed and path.endswith((".bin", ".npy", ".h5", ".hdf5"))) or _says_model(path):
            yield finding("pickled-weights-file", view.change.new_id, Confidence.MEDIUM, kind="by its name")
    elif path.endswith((".pkl", ".pickle", ".joblib", ".dill")) and view.problem == "binary":
        yield finding("pickled-weights-file", view.change.new_id, Confidence.MEDIUM, kind="by its name")


def _says_model(path: str) -> bool:
    return re.search(r"model|weight|checkpoint|ckpt|embed|adapter|lora", path) is not None


def _head(context: Context, oid: str) -> bytes:
    """First bytes of a blob; none where it can not be read, which the gate says of the file itself."""
    try:
        return context.change.sniff(oid) if context.change.sniff is not None else context.change.read(oid)[:8000]
    except CannotJudge:
        return b""


def _digest(context: Context, oid: str) -> str:
    """sha256 of a blob of this change that the lock lists: at most 32 MiB, some 20 ms."""
    try:
        return hashlib.sha256(context.change.read(oid)).hexdigest()
    except CannotJudge:
        return ""


def _filtered(context: Context) -> bool:
    """Whether any rule of the head hands files to LFS."""
    try:
        data = context.change.head_file(".gitattributes")
    except CannotJudge:
        return True
    return data is not None and b"filter=lfs" in data


def _attributes(view: FileView, rules: RuleSet) -> Iterator[Outcome]:
    """Patterns of weights that lose `filter=lfs`, or are taken out of it."""
    held = {
        found[1]
        for line in (view.new.lines if view.new else ())
        if (found := _ATTRIBUTE.match(line)) and "filter=lfs" in found[2].split()
    }
    for line in view.removed():
        found = _ATTRIBUTE.match(line.text)
        if (
            found
            and "filter=lfs" in found[2].split()
            and found[1] not in held
            and splitext(found[1].lower())[1] in WEIGHTS
        ):
            what = f"`{found[1][:80]}` is no longer kept in LFS"
            sure = confidence_at(view)
            yield rules.finding("lfs-filter-lost", at(view, line), f"gone {found[1]}", what=what, confidence=sure)
    for line in view.added():
        found = _ATTRIBUTE.match(line.text)
        if found and {"-filter", "!filter"} & set(found[2].split()) and splitext(found[1].lower())[1] in WEIGHTS:
            what = f"`{found[1][:80]}` is taken out of LFS"
            sure = confidence_at(view)
            yield rules.finding("lfs-filter-lost", at(view, line), f"off {found[1]}", what=what, confidence=sure)


def beside_weights(context: Context, path: str) -> bool:
    """Whether weights stand in the folder of `path`, in the change or on the trusted base."""
    folder = dirname(path)
    every = (*(file.path for file in context.change.files), *context.change.base_paths())
    return any(other.lower().endswith(WEIGHTS) and dirname(other) == folder for other in every)
