"""Findings on a lock file that says other than the manifest beside it: what is installed was not asked for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trustgate.analyzers.dependencies.making import LISTED, Maker, Seen
from trustgate.analyzers.dependencies.pairs import Pair
from trustgate.changes.changeset import ChangeSet
from trustgate.errors import CannotJudge
from trustgate.finding import Confidence, Finding
from trustgate.manifests.dependency import Dependency, Manifest, OpenFile, SourceKind
from trustgate.manifests.formats import format_of, load_manifest
from trustgate.manifests.ranges import allows

RULE = "lock-disagrees"
BESIDE = {
    "package.json": ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"),
    "pyproject.toml": ("uv.lock", "poetry.lock", "pdm.lock"),
    "Pipfile": ("Pipfile.lock",),
    "Cargo.toml": ("Cargo.lock",),
    "Gemfile": ("Gemfile.lock",),
}
_MANIFEST_OF = {lock: manifest for manifest, locks in BESIDE.items() for lock in locks}
_ASKED = ("runtime", "dev")
"""groups that every lock holds; extras, peers, build requirements and constraints may be left out of one"""


class Disagreement(NamedTuple):
    item: Dependency
    """as the manifest asks for it"""
    locked: tuple[Dependency, ...]


def agreement_findings(pairs: Sequence[Pair], change: ChangeSet, maker: Maker) -> Iterator[Finding]:
    """One finding a lock file, for what disagrees now and did not before."""
    changed = {pair.view.path: pair for pair in pairs}
    for manifest_path, lock_path in sorted(_places(changed, change)):
        before = _compared(manifest_path, lock_path, changed, change, old=True)
        now = _compared(manifest_path, lock_path, changed, change, old=False)
        if now is None:
            continue
        known = {(one.item.name, tuple(sorted(i.version for i in one.locked))) for one in before or ()}
        new = [one for one in now if (one.item.name, tuple(sorted(i.version for i in one.locked))) not in known]
        if new:
            yield _finding(new, manifest_path, lock_path, changed, maker)


def _places(changed: dict[str, Pair], change: ChangeSet) -> set[tuple[str, str]]:
    """Manifests and the lock files beside them, one of which the change touches."""
    found: set[tuple[str, str]] = set()
    for path in changed:
        folder, _, name = path.rpartition("/")
        if name in _MANIFEST_OF:
            found.add((posixpath.join(folder, _MANIFEST_OF[name]), path))
        for lock in BESIDE.get(name, ()):
            other = posixpath.join(folder, lock)
            if other in changed or change.head_file(other) is not None:
                found.add((path, other))
    return found


def _compared(
    manifest_path: str, lock_path: str, changed: dict[str, Pair], change: ChangeSet, *, old: bool
) -> list[Disagreement] | None:
    """None where a side is not there, or cannot be read: that is told where it changed."""
    open_file = change.base_file if old else change.head_file
    sides = [_side(path, changed, open_file, old=old) for path in (manifest_path, lock_path)]
    if sides[0] is None or sides[1] is None:
        return None
    return disagreements(sides[0], sides[1])


def _side(path: str, changed: dict[str, Pair], open_file: OpenFile, *, old: bool) -> Manifest | None:
    if path in changed:
        return changed[path].old if old else changed[path].new
    data = open_file(path)
    form = format_of(path)
    if data is None or form is None:
        return None
    try:
        return load_manifest(path, data, open_file, form)
    except CannotJudge:
        return None


def disagreements(manifest: Manifest, lock: Manifest) -> list[Disagreement]:
    """Names that a manifest asks a registry for and its lock does not have, or has in no version that was asked for."""
    by_name: dict[str, list[Dependency]] = {}
    for item in lock.dependencies:
        by_name.setdefault(item.name, []).append(item)
        by_name.setdefault(item.raw_name, []).append(item)
    replaced = {item.name for item in manifest.dependencies if item.group in ("override", "constraint")}
    members = {*lock.own, *manifest.own}
    found: list[Disagreement] = []
    for item in manifest.dependencies:
        if item.source_kind is not SourceKind.REGISTRY or not item.direct or item.group not in _ASKED:
            continue
        if item.name in replaced or item.name in members or item.spec.startswith(("catalog:", "workspace:")):
            continue
        locked = by_name.get(item.name, [])
        registry = [one for one in locked if one.source_kind in (SourceKind.REGISTRY, SourceKind.INDEX)]
        if locked and not registry:
            continue
        answers = [allows(item.ecosystem, item.spec, one.version) for one in registry]
        missing = not locked and item.group == "runtime"
        if missing or (answers and all(answer is False for answer in answers)):
            found.append(Disagreement(item, tuple(dict.fromkeys(registry))))
    return found


def _finding(
    new: list[Disagreement], manifest_path: str, lock_path: str, changed: dict[str, Pair], maker: Maker
) -> Finding:
    """Sure where only the lock moved: then nobody asked for what it holds now."""
    other = [one for one in new if one.locked]
    lock_only = lock_path in changed and manifest_path not in changed
    if other and lock_only:
        sure = Confidence.HIGH
    else:
        sure = Confidence.MEDIUM if lock_path in changed and other else Confidence.LOW
    first = (other or new)[0]
    seen = first.locked[0] if lock_path in changed and first.locked else first.item
    lines = [_line(one, lock_path) for one in (*other, *(one for one in new if not one.locked))]
    more = (f"and {len(lines) - LISTED} more",) if len(lines) > LISTED else ()
    others = f" and {len(new) - 1} more" if len(new) > 1 else ""
    matched = " ".join(sorted({one.item.name for one in new}))
    return maker.make(
        RULE,
        Seen(seen.manifest, seen.line, f"{posixpath.basename(lock_path)}: {matched}", first.item.raw_name),
        (*lines[:LISTED], *more),
        {"name": first.item.name + others, "lock": posixpath.basename(lock_path)},
        confidence=sure,
    )


def _line(one: Disagreement, lock_path: str) -> str:
    if not one.locked:
        return f"{one.item.name} {one.item.spec} is asked for and is not in {posixpath.basename(lock_path)}"
    versions = ", ".join(sorted({item.version for item in one.locked})[:5])
    return f"{one.item.name}: {one.item.spec} is asked for, {versions} is locked"
