"""OSV records: which versions of a package an advisory is about. Pure.

The format: https://ossf.github.io/osv-schema/ (1.6): `affected[].package`, `ranges[].events`, `versions`. Ranges of
type GIT are about commits and are left out. Records are hostile text: bounded, and what has another form is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from trustgate.advisories.versions import sort_key
from trustgate.errors import CannotJudge
from trustgate.manifests.dependency import clean, normal_pypi

ECOSYSTEMS = {"pypi": "pypi", "npm": "npm", "go": "golang", "crates.io": "cargo"}
"""OSV's name of an ecosystem, in lower case, to ours (the type of a package URL)"""
OSV_NAMES = {"pypi": "PyPI", "npm": "npm", "golang": "Go", "cargo": "crates.io"}
EVENTS, VERSIONS = 200, 5000
"""events of one range and enumerated versions of one package that are kept"""


class Advisory(NamedTuple):
    """What one record says of one package."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    severity: str
    """as the source words it (`HIGH`), empty where it does not say"""
    ranges: tuple[tuple[tuple[str, str], ...], ...]
    """each a sequence of (introduced | fixed | last_affected, version)"""
    versions: tuple[str, ...]

    @property
    def malicious(self) -> bool:
        """Whether the record says that the code is malicious (OpenSSF malicious-packages, prefix MAL-)."""
        return self.id.startswith("MAL-")

    @property
    def names(self) -> frozenset[str]:
        return frozenset((self.id, *self.aliases))

    def as_json(self) -> list[Any]:
        return [self.id, self.aliases, self.summary, self.severity, self.ranges, self.versions]

    @classmethod
    def from_json(cls, value: Any) -> Advisory:
        """What `as_json` made."""
        ranges = tuple(tuple((str(kind), str(at)) for kind, at in one) for one in value[4])
        return cls(value[0], tuple(value[1]), value[2], value[3], ranges, tuple(value[5]))

    def affects(self, ecosystem: str, version: str) -> bool:
        """Whether a version is among the affected ones (OSV schema, "Evaluation")."""
        if version in self.versions:
            return True
        key = sort_key(ecosystem, version)
        if key is None:
            return False
        if ecosystem == "pypi" and any(sort_key(ecosystem, one) == key for one in self.versions):
            return True
        return any(_within(ecosystem, key, events) for events in self.ranges)


def _within(ecosystem: str, key: Any, events: tuple[tuple[str, str], ...]) -> bool:
    inside = False
    placed = [(sort_key(ecosystem, at), kind) for kind, at in events]
    for at, kind in sorted(
        ((a, k) for a, k in placed if a is not None), key=lambda one: (one[0], one[1] != "introduced")
    ):
        if kind == "introduced" and key >= at:
            inside = True
        elif (kind == "fixed" and key >= at) or (kind == "last_affected" and key > at):
            inside = False
    return inside


def read_record(data: bytes) -> Iterator[tuple[str, str, Advisory]]:
    """(ecosystem, name, advisory) of each package of a record that we match. Raises CannotJudge for another form."""
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CannotJudge("not a JSON record") from error
    if not isinstance(record, dict) or not isinstance(record.get("id"), str):
        raise CannotJudge("not an OSV record: it has no id")
    if record.get("withdrawn"):
        return
    whole = _table(record.get("database_specific")).get("severity")
    affected = record.get("affected")
    for entry in affected if isinstance(affected, list) else ():
        package = _table(_table(entry).get("package"))
        ecosystem = ECOSYSTEMS.get(clean(package.get("ecosystem", "")).partition(":")[0].lower())
        name = clean(package.get("name", ""))
        if not ecosystem or not name:
            continue
        severity = _table(entry.get("database_specific")).get("severity") or whole
        made = Advisory(
            clean(record["id"])[:100],
            tuple(clean(one)[:100] for one in _list(record.get("aliases"))[:50]),
            " ".join(clean(record.get("summary") or "").split())[:200],
            clean(severity)[:20] if isinstance(severity, str) else "",
            tuple(
                _events(_table(one)) for one in _list(entry.get("ranges"))[:EVENTS] if _table(one).get("type") != "GIT"
            ),
            tuple(clean(one)[:100] for one in _list(entry.get("versions"))[:VERSIONS]),
        )
        yield ecosystem, normal_pypi(name) if ecosystem == "pypi" else name, made


def _events(one: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = []
    for event in _list(one.get("events"))[:EVENTS]:
        for kind in ("introduced", "fixed", "last_affected"):
            if isinstance(_table(event).get(kind), str):
                found.append((kind, clean(event[kind])[:100]))
    return tuple(found)


def distinct(found: list[Advisory]) -> list[Advisory]:
    """One record a fault: those that are aliases of one another fold into the one that says most of itself."""
    kept: list[Advisory] = []
    for one in sorted(found, key=lambda item: (not item.malicious, not item.severity, not item.summary, item.id)):
        if not any(one.names & other.names for other in kept):
            kept.append(one)
    return kept


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
