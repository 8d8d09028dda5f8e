"""What a change adds, removes and moves: `trustgate deps diff`. Pure; the analyzer judges, this only lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from trustgate.analyzers.dependencies.chains import Chains
from trustgate.analyzers.dependencies.pairs import Pair, read_pairs
from trustgate.analyzers.dependencies.undeclared import Undeclared, undeclared
from trustgate.changes.changeset import ChangeSet
from trustgate.facts import FileView
from trustgate.finding import NotChecked, Skip
from trustgate.manifests.dependency import Dependency, Manifest, SourceKind
from trustgate.manifests.go_sum import GROUP


class DependencyChange(NamedTuple):
    purl: str
    name: str
    ecosystem: str
    before: str | None
    """version or specifier on the old side; None where it is added"""
    after: str | None
    manifest: str
    line: int
    direct: bool
    source_kind: str
    imported_only: bool = False
    """true where only an import statement names it, no manifest"""
    path: tuple[str, ...] = ()
    """of a transitive one: from a name that the project asks for to this one, where the lock says so"""

    def as_json(self) -> dict[str, object]:
        return {
            "purl": self.purl,
            "name": self.name,
            "ecosystem": self.ecosystem,
            "from": self.before,
            "to": self.after,
            "manifest": self.manifest,
            "line": self.line,
            "direct": self.direct,
            "source_kind": self.source_kind,
            "imported_only": self.imported_only,
            "path": list(self.path),
        }


def dependency_changes(
    change: ChangeSet, imports: Mapping[str, Any] | None = None
) -> tuple[tuple[DependencyChange, ...], tuple[Skip | NotChecked, ...]]:
    """Every entry that differs between the two sides, direct ones first, and what could not be read.

    `imports` is the table of the rule on undeclared imports; without it they are not looked for.
    """
    found: list[DependencyChange] = []
    missed: list[Skip | NotChecked] = []
    views = [FileView(item, change) for item in change.files]
    for outcome in read_pairs(views, change):
        if isinstance(outcome, Pair):
            found.extend(_of_pair(outcome))
        else:
            missed.append(outcome)
    if imports is not None:
        for one in undeclared(views, change, imports):
            if isinstance(one, Undeclared):
                found.append(_imported(one))
            else:
                missed.append(one)
    order = sorted(set(found), key=lambda one: (not one.direct, one.manifest, one.ecosystem, one.name, one.line))
    return tuple(order), tuple(missed)


def _imported(one: Undeclared) -> DependencyChange:
    item = Dependency(one.ecosystem, one.name, one.root, "", one.path, one.line)
    return DependencyChange(item.purl, one.name, one.ecosystem, None, "", one.path, one.line, True, "registry", True)


def _of_pair(pair: Pair) -> Iterator[DependencyChange]:
    before, after = _by_key(pair.old), _by_key(pair.new)
    chains: Chains | None = None
    for key in sorted({*before, *after}):
        old = {_what(item): item for item in before.get(key, ())}
        new = {_what(item): item for item in after.get(key, ())}
        gone = sorted(what for what in old if what not in new)
        come = sorted(what for what in new if what not in old)
        for index in range(max(len(gone), len(come))):
            was = gone[index] if index < len(gone) else None
            now = come[index] if index < len(come) else None
            item = new[now] if now is not None else old[was or ""]
            side = pair.new if now is not None else pair.old
            if side is not None and side.lock and not item.direct and now is not None:
                chains = chains or Chains(side)
            yield DependencyChange(
                item.purl,
                item.name,
                item.ecosystem,
                was,
                now,
                item.manifest,
                item.line,
                item.direct,
                item.source_kind.value,
                path=chains.of(item.name) if chains and not item.direct and now is not None else (),
            )


def _by_key(manifest: Manifest | None) -> dict[tuple[str, str], list[Dependency]]:
    found: dict[tuple[str, str], list[Dependency]] = {}
    for item in manifest.dependencies if manifest else ():
        if item.group == GROUP:
            continue  # go.sum: what it is, not that it is used
        found.setdefault(item.key, []).append(item)
    return found


def _what(item: Dependency) -> str:
    """What the entry pins: of a registry the version or specifier, else the source."""
    if item.source_kind in (SourceKind.REGISTRY, SourceKind.INDEX):
        return item.version or item.spec or item.source
    return item.source or item.version or item.spec
