"""Make a pin: find the model, hash every byte, and refuse what could not be checked again later."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from posixpath import dirname
from typing import Any, NamedTuple

from trustgate.errors import CannotJudge, UsageError
from trustgate.globs import path_matches
from trustgate.weights.faults import Unclear, Wrong
from trustgate.weights.formats.sniff import role_of
from trustgate.weights.lock import EMPTY, fold, path_fault
from trustgate.weights.opening import opened
from trustgate.weights.pins import License, PinnedFile, PinnedModel, root_of
from trustgate.weights.run import Answer, Run, Task, look
from trustgate.weights.tree import Tree

INDEX_LIMIT = 64 * 1024 * 1024
_SHARD = re.compile(r"(.*)-([0-9]{5})-of-([0-9]{5})(\.[a-z]+)")
_ORDER = ("pickle", "npy", "hdf5", "onnx", "safetensors", "gguf")
"""formats, the one that a model is called by first: that which can run code"""


class PinRefused(UsageError):
    """The model, as it lies there, cannot be pinned; the message names the file."""


class Wish(NamedTuple):
    """What the user said of the pin."""

    name: str
    source: str
    ref: str
    ignore: tuple[str, ...] = ()
    license: str = ""
    backends: tuple[str, ...] = ()
    allow_code: bool = False
    expected: Mapping[str, str] | None = None
    """paths and digests that somebody else states, all of which must hold; None: nobody does"""


def pin(wish: Wish, tree: Tree, run: Run) -> PinnedModel:
    """A pin by bytes. Raises PinRefused, and CannotJudge where a file could not be read. Never uses earlier digests."""
    names = [name for name in tree.names if not any(path_matches(glob, name) for glob in wish.ignore)]
    if wish.expected is not None and not tree.whole:
        names = sorted(wish.expected)
    _check_names(names)
    answers = {answer.name: answer for answer in look(tree, map(Task, names), run._replace(quick=False, memory=None))}
    _check_answers([answers[name] for name in names])
    if wish.expected is not None:
        _compare(wish.expected, answers)
    media = dict(tree.media)
    files = [
        PinnedFile(
            name, answers[name].size, answers[name].sha256, role_of(name, media.get(name, "")), media.get(name, "")
        )
        for name in names
    ]
    files = [
        item._replace(role="config") if item.path.startswith("manifests/") and item.media == "" else item
        for item in files
    ]
    _check_files(files, tree)
    return _model(wish, tree, tuple(sorted(files, key=lambda item: item.path.encode())), answers)


def _model(wish: Wish, tree: Tree, files: tuple[PinnedFile, ...], answers: Mapping[str, Answer]) -> PinnedModel:
    formats = {answers[item.path].format for item in files if item.role == "weights"}
    licensed = next((item.sha256 for item in files if item.role == "license"), "")
    code = tuple(item.path for item in files if item.role == "code")
    return PinnedModel(
        name=wish.name,
        source=wish.source,
        ref=wish.ref,
        revision=tree.revision,
        followed=tree.followed,
        format=next((found for found in _ORDER if found in formats), "other"),
        license=License(wish.license, licensed) if wish.license else None,
        backends=tuple(sorted(wish.backends)),
        remote_code=code if wish.allow_code else None,
        ignore=tuple(sorted(wish.ignore)),
        root=root_of(files),
        files=files,
    )


def _check_names(names: list[str]) -> None:
    if not names:
        raise PinRefused("there is no file to pin")
    seen: dict[str, str] = {}
    for name in names:
        if fault := path_fault(name):
            raise PinRefused(f"{name!r} {fault}", "rename it, or leave it out with --ignore")
        other = seen.setdefault(fold(name), name)
        if other != name:
            raise PinRefused(
                f"{name!r} and {other!r} differ only by case or Unicode form",
                "on some file systems they are one file; remove one",
            )


def _check_answers(answers: Iterable[Answer]) -> None:
    for answer in answers:
        if answer.status == "unclear":
            raise CannotJudge(f"{answer.name}: {answer.reason}", "nothing was pinned")
        if answer.status != "read":
            raise PinRefused(f"{answer.name}: {answer.reason}", "nothing was pinned; --ignore GLOB leaves a file out")


def _compare(expected: Mapping[str, str], answers: Mapping[str, Answer]) -> None:
    for path in sorted({*expected, *answers}):
        if path not in answers:
            raise PinRefused(f"{path}: it is on the list and not there")
        if path not in expected:
            raise PinRefused(f"{path}: it is there and not on the list", "--ignore GLOB leaves a file out")
        if expected[path] != answers[path].sha256:
            raise PinRefused(f"{path}: its digest is {answers[path].sha256}, the list says {expected[path]}")


def _check_files(files: list[PinnedFile], tree: Tree) -> None:
    for item in files:
        if item.role == "weights" and item.sha256 == EMPTY:
            raise PinRefused(f"{item.path}: weights of no bytes")
    names = {item.path for item in files}
    groups: dict[tuple[str, str, str], set[int]] = {}
    for name in names:
        if match := _SHARD.fullmatch(name):
            groups.setdefault((match[1], match[3], match[4]), set()).add(int(match[2]))
    for (stem, total, suffix), found in sorted(groups.items()):
        wanted = set(range(1, int(total) + 1))
        if found != wanted:
            lacking = min(wanted - found, default=0)
            raise PinRefused(
                f"{stem}-{lacking:05}-of-{total}{suffix}: a shard is missing ({len(found)} of {int(total)} are there)"
            )
    for name in sorted(names):
        if name.endswith(".index.json"):
            _check_index(name, names, tree)


def _check_index(name: str, names: set[str], tree: Tree) -> None:
    """Every shard that an index names must be there (`weight_map` of transformers)."""
    try:
        with opened(tree.base, tree.at(name), tree.blobs) as descriptor, open(descriptor, "rb", closefd=False) as file:
            data = file.read(INDEX_LIMIT + 1)
        table: Any = json.loads(data) if len(data) <= INDEX_LIMIT else None
    except (Wrong, Unclear, OSError, ValueError, RecursionError) as error:
        raise PinRefused(f"{name}: the index of shards cannot be read: {str(error)[:200]}") from error
    shards = table.get("weight_map") if isinstance(table, dict) else None
    if not isinstance(shards, dict):
        raise PinRefused(f"{name}: it is no index of shards")
    folder = dirname(name)
    for shard in sorted({str(value) for value in shards.values()}):
        if (f"{folder}/{shard}" if folder else shard) not in names:
            raise PinRefused(f"{name}: it names {shard[:200]!r}, which is not there")
