"""Findings on changed pins that published advisories are about, and on those that a change leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from trustgate.advisories.database import OLD, UPDATE, Pin, open_database
from trustgate.advisories.osv import OSV_NAMES, Advisory
from trustgate.analyzers.context import Settings
from trustgate.analyzers.dependencies.making import Maker, Seen
from trustgate.analyzers.dependencies.names import is_private
from trustgate.analyzers.dependencies.pairs import Pair
from trustgate.errors import CannotJudge, ConfigError
from trustgate.finding import Confidence, Finding, NotChecked
from trustgate.manifests.dependency import Dependency, SourceKind

SHOWN = 5
"""advisories of one pin that a finding lists"""
Known = Mapping[Pin, Sequence[Advisory]]


class Changed(NamedTuple):
    """An entry that the change pins to another version, or newly."""

    item: Dependency
    before: tuple[str, ...]
    """versions that the same manifest pinned before"""

    @property
    def pin(self) -> Pin:
        return pin_of(self.item)


def pin_of(item: Dependency) -> Pin:
    return Pin(item.ecosystem, item.name, item.version)


def changed_pins(pairs: Sequence[Pair]) -> tuple[Changed, ...]:
    """Each changed pin once, hand-written manifests before locks, direct entries first."""
    found: dict[Pin, Changed] = {}
    for pair in sorted(pairs, key=lambda one: (one.form.lock, one.view.path)):
        old: dict[tuple[str, str], set[str]] = {}
        for item in pair.old.dependencies if pair.old else ():
            old.setdefault(item.key, set()).add(item.version)
        for item in sorted(pair.added, key=lambda one: not one.direct):
            if item.version and item.ecosystem in OSV_NAMES and item.version not in old.get(item.key, ()):
                found.setdefault(pin_of(item), Changed(item, tuple(sorted(old.get(item.key, set()) - {""}))))
    return tuple(found.values())


def read_advisories(
    changed: Sequence[Changed], settings: Settings, today: date
) -> tuple[dict[Pin, list[Advisory]], tuple[NotChecked, ...]]:
    """Advisories of the pins and of those before them: of the database, and where allowed of OSV and pip-audit."""
    pins = list(dict.fromkeys(pin for one in changed for pin in (one.pin, *_before(one))))
    found: dict[Pin, list[Advisory]] = {}
    missed: list[NotChecked] = []
    have = False
    try:
        database = open_database()
        if database is not None:
            with database:
                found, have = database.of(pins), True
                age = (today - database.made).days
            if age > OLD and settings.offline:
                missed.append(NotChecked("advisories", f"the advisory database is {age} days old"))
    except (CannotJudge, ConfigError) as error:
        missed.append(NotChecked("advisories", error.message))
    if not settings.offline:
        asked, reasons = _online(changed, settings)
        for pin, more in asked.items():
            mine = found.setdefault(pin, [])
            mine += [one for one in more if not any(one.names & other.names for other in mine)]
        missed += [NotChecked("advisories", reason) for reason in reasons]
    elif not have and not missed:
        missed.append(NotChecked("advisories", f"no advisory database yet: {UPDATE}"))
    return found, tuple(missed)


def _before(one: Changed) -> tuple[Pin, ...]:
    return tuple(Pin(one.item.ecosystem, one.item.name, version) for version in one.before)


def _online(changed: Sequence[Changed], settings: Settings) -> tuple[dict[Pin, list[Advisory]], tuple[str, ...]]:
    """Private names are not asked of a public service, nor what comes from an index of its own."""
    from urllib.parse import urlsplit

    from trustgate.advisories.online import API_VARIABLE, address, ask
    from trustgate.advisories.pip_audit import audit, is_installed
    from trustgate.transport import Transport

    public = [
        one
        for one in changed
        if one.item.source_kind is SourceKind.REGISTRY and not is_private(one.item.name, settings.private_names)
    ]
    pins = [one.pin for one in public]
    old = [pin for one in public for pin in _before(one)]
    found: dict[Pin, list[Advisory]] = {}
    reasons: tuple[str, ...] = ()
    python = [pin for pin in pins if pin.ecosystem == "pypi"]
    if python and is_installed() and not os.environ.get(API_VARIABLE):
        audited = audit(python)
        found, reasons = dict(audited.found), audited.unread
        pins = [pin for pin in pins if pin.ecosystem != "pypi"]
    wanted = list(dict.fromkeys((*pins, *old)))
    if wanted:
        base = address(os.environ)
        host = (urlsplit(base).hostname or "").lower()
        try:
            with Transport(frozenset({host})) as transport:
                found |= ask(wanted, base, transport)
        except CannotJudge as error:
            reasons = (*reasons, f"OSV: {error.message}")
    return found, reasons


def advisory_findings(changed: Sequence[Changed], known: Known, maker: Maker) -> Iterator[Finding]:
    """One finding a pin with advisories, and one a pin whose change leaves some behind."""
    for one in changed:
        item, hits = one.item, list(known.get(one.pin, ()))
        before = [advisory for pin in _before(one) for advisory in known.get(pin, ())]
        shown = f"{item.name} {item.version}"
        bad = [advisory for advisory in hits if advisory.malicious]
        if bad:
            yield maker.make("dependency-known-bad", _seen(item, bad), tuple(map(_told, bad[:SHOWN])), {"name": shown})
        elif hits:
            kept = [advisory for advisory in hits if _among(advisory, before)]
            evidence = [_told(advisory) for advisory in hits[:SHOWN]]
            evidence += [f"and {len(hits) - SHOWN} more"] if len(hits) > SHOWN else []
            evidence += (
                [f"the version before has {'all' if len(kept) == len(hits) else len(kept)} of them"] if kept else []
            )
            fields = {"name": shown, "advisory": hits[0].id + (f" and {len(hits) - 1} more" if len(hits) > 1 else "")}
            sure = Confidence.MEDIUM if len(kept) == len(hits) else Confidence.HIGH
            yield maker.make("dependency-vulnerable", _seen(item, hits), tuple(evidence), fields, confidence=sure)
        gone = left_behind(one, known)
        if gone:
            fields = {"name": shown, "advisory": gone[0].id + (f" and {len(gone) - 1} more" if len(gone) > 1 else "")}
            yield maker.make("dependency-advisory-left", _seen(item, gone), tuple(map(_told, gone[:SHOWN])), fields)


def left_behind(one: Changed, known: Known) -> list[Advisory]:
    """Advisories of the versions before that the new version no longer has."""
    now = known.get(one.pin, ())
    before: dict[str, Advisory] = {a.id: a for pin in _before(one) for a in known.get(pin, ())}
    return [advisory for advisory in before.values() if not _among(advisory, now)]


def _among(advisory: Advisory, others: Sequence[Advisory]) -> bool:
    return any(advisory.names & other.names for other in others)


def _seen(item: Dependency, found: Sequence[Advisory]) -> Seen:
    return Seen(
        item.manifest,
        item.line,
        f"{item.ecosystem}:{item.name}@{item.version} {' '.join(a.id for a in found)}",
        item.raw_name,
    )


def _told(advisory: Advisory) -> str:
    fixed = sorted({at for events in advisory.ranges for kind, at in events if kind == "fixed"})
    parts = (
        advisory.id,
        advisory.severity.lower(),
        advisory.summary,
        f"fixed in {', '.join(fixed[:3])}" if fixed else "",
    )
    return ", ".join(part for part in parts if part)
