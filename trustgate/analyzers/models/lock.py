"""Edits of `models.lock`: new bytes under an old revision are a swap; every other edit is worth a line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.models.place import at
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import FileView
from trustgate.finding import Location

SIZE = 8 * 1024 * 1024
"""characters; far above a lock of thousands of files"""


class LockFault(Exception):
    """The text is no lock, in words."""


@dataclass(frozen=True, slots=True)
class LockedModel:
    name: str
    revision: str
    files: tuple[tuple[str, str, str], ...]
    """path, size and digest of each file, as text"""


def read_lock(text: str) -> dict[str, LockedModel]:
    """Models by name. Raises LockFault; unknown keys are left to the room that owns the format."""
    if len(text) > SIZE:
        raise LockFault("it is larger than a lock can be")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LockFault(f"it is not TOML: {error}") from error
    models: dict[str, LockedModel] = {}
    for entry in _tables(table.get("model")):
        name = str(entry.get("name", "")).casefold()
        if not name or name in models:
            raise LockFault(f"two models are called {name!r}" if name else "a model has no name")
        files = tuple(
            sorted(
                (str(item.get("path", "")), str(item.get("size", "")), str(item.get("sha256", "")))
                for item in _tables(entry.get("files"))
            )
        )
        models[name] = LockedModel(name, str(entry.get("revision", entry.get("ref", ""))), files)
    return models


def _tables(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise LockFault("a list of tables is expected under `model` and `files`")
    return value


def check(view: FileView, rules: RuleSet) -> Iterator[Outcome]:
    first = next(view.added(), None) or next(view.removed(), None)
    location = at(view, first) if first is not None else Location(view.path)
    if view.new is None:
        yield rules.finding(
            "model-lock-changed", location, view.change.old_id, what="it is deleted: nothing is pinned any more"
        )
        return
    try:
        new = read_lock(view.new.text)
    except LockFault as fault:
        yield rules.finding("model-lock-changed", location, view.change.new_id, what=str(fault))
        return
    try:
        old = read_lock(view.old.text) if view.old is not None else {}
    except LockFault:
        old = {}
    swapped = False
    for name, model in new.items():
        before = old.get(name)
        if before is None or before.revision != model.revision:
            continue
        for path in _swapped(before, model):
            swapped = True
            line = next(
                (
                    line
                    for line in view.added()
                    if path in line.text or any(d in line.text for _p, _s, d in model.files if d)
                ),
                None,
            )
            where = at(view, line) if line is not None else location
            yield rules.finding(
                "model-silent-swap", where, f"{name}:{path}", model=name, file=path, revision=model.revision[:60]
            )
    if not swapped:
        gone = sorted(set(old) - set(new))
        what = "pins go: " + ", ".join(gone[:8]) if gone else "pins are added or moved to another revision"
        yield rules.finding("model-lock-changed", location, view.change.new_id, what=what)


def _swapped(before: LockedModel, after: LockedModel) -> list[str]:
    """Files whose size or digest changed although the revision did not."""
    old = {path: (size, digest) for path, size, digest in before.files}
    return [path for path, size, digest in after.files if path in old and old[path] != (size, digest)]
