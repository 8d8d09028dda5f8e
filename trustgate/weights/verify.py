"""A pinned model against what lies on this machine: one status a file, one for the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from trustgate.globs import path_matches
from trustgate.weights.formats.sniff import RUNS_CODE, promised
from trustgate.weights.lock import fold
from trustgate.weights.pins import LockPolicy, PinnedFile, PinnedModel, Strength
from trustgate.weights.run import Answer, Run, Task, look
from trustgate.weights.tree import Tree, kind_at

WORST = ("mismatch", "cannot-tell", "declared", "not-verified", "cached", "verified")
"""statuses of a model, the one that counts first"""


class FileResult(NamedTuple):
    path: str
    status: str
    """verified, cached, not-verified, mismatch, missing, extra or cannot-tell"""
    expected: str = ""
    found: str = ""
    size: int = -1
    """bytes that were found; below 0: unknown"""
    reason: str = ""


class ModelResult(NamedTuple):
    model: str
    status: str
    """one of WORST"""
    files: tuple[FileResult, ...] = ()
    reasons: tuple[str, ...] = ()
    """what is wrong with the model as a whole, or why it was not looked at"""
    warnings: tuple[str, ...] = ()


def before_any_file(model: PinnedModel, policy: LockPolicy) -> tuple[str, ...]:
    """What is wrong with the pin itself."""
    faults = []
    if not model.root_holds:
        faults.append("the root in the lock is not that of its files: the lock was changed by hand")
    least = dict(policy.min_pin).get(model.source)
    if least is not None and model.strength < least:
        faults.append(f"it is pinned by {model.strength.label}, the lock asks for {least.label} or better")
    if model.format in RUNS_CODE and (model.strength < Strength.BYTES or not model.seen):
        faults.append(f"format {model.format} can run code when loaded, and is not pinned by bytes that were read")
    if policy.allow_formats and model.format and model.format not in policy.allow_formats:
        faults.append(f"format {model.format} is not among those that the lock allows")
    for item in model.files:
        found = promised(item.path)
        if policy.allow_formats and item.role == "weights" and found and found not in policy.allow_formats:
            faults.append(f"{item.path}: format {found} is not among those that the lock allows")
    return tuple(faults)


def verify_model(model: PinnedModel, tree: Tree, run: Run, policy: LockPolicy) -> ModelResult:
    """Sizes and headers, then every byte (unless `run.quick`); files missing and files too many are mismatches.

    `policy` is that of the lock. Raises NotFound where the tree cannot be listed.
    """
    reasons = before_any_file(model, policy)
    pinned = {item.path: item for item in model.files}
    if not pinned:
        return ModelResult(model.name, "cannot-tell", (), (*reasons, "the lock has no files of it to compare with"))
    answers = {answer.name: answer for answer in look(tree, [Task(i.path, i.size) for i in model.files], run)}
    results = [_judge(pinned[path], answers[path]) for path in pinned]
    results += _extras(model, tree)
    warnings = [f"{answer.name}: sparse, most of it is not on disk" for answer in answers.values() if answer.sparse]
    return ModelResult(model.name, _overall(reasons, results), tuple(results), reasons, tuple(warnings))


def _judge(item: PinnedFile, answer: Answer) -> FileResult:
    if answer.status in ("read", "cached"):
        if answer.sha256 != item.sha256:
            why = "other bytes than were pinned" + (f" ({answer.reason})" if answer.reason else "")
            return FileResult(item.path, "mismatch", item.sha256, answer.sha256, answer.size, why)
        status = "verified" if answer.status == "read" else "cached"
        return FileResult(item.path, status, item.sha256, answer.sha256, answer.size, answer.reason)
    status = {"header": "not-verified", "missing": "missing", "wrong": "mismatch"}.get(answer.status, "cannot-tell")
    reason = answer.reason or "size and header only, the bytes were not compared"
    return FileResult(item.path, status, item.sha256, "", answer.size, reason)


def _extras(model: PinnedModel, tree: Tree) -> list[FileResult]:
    """Files that nobody pinned, those that can run code or change what is loaded first."""
    if not tree.whole:
        return []
    pinned = {item.path for item in model.files}
    near = {fold(path): path for path in pinned}
    found = []
    for name in tree.names:
        if name in pinned or any(path_matches(glob, name) for glob in model.ignore):
            continue
        twin = near.get(fold(name))
        what = f"differs from {twin!r} only by case or Unicode form" if twin else _danger(name)
        found.append((not twin and not _danger(name), name, what or f"{kind_at(tree, name)} that nobody pinned"))
    return [FileResult(name, "extra", "", "", -1, what) for _order, name, what in sorted(found)]


def _danger(name: str) -> str:
    if name.endswith((".py", ".pyc", ".so")):
        return "code that nobody pinned"
    if promised(name) in RUNS_CODE:
        return "a format that can run code when loaded, and nobody pinned it"
    return "a second index of shards, and nobody pinned it" if name.endswith(".index.json") else ""


def _overall(reasons: Iterable[str], files: Iterable[FileResult]) -> str:
    found = {"mismatch" if item.status in ("missing", "extra") else item.status for item in files}
    found |= {"mismatch"} if tuple(reasons) else set()
    return next(status for status in WORST if status in found)
