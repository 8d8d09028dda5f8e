"""The verdict on one name: cheap and certain facts first, and each finding says which fact it rests on."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from trustgate.analyzers.dependencies.existence import Existence, Presence
from trustgate.analyzers.dependencies.knownbad import denial, import_names
from trustgate.analyzers.dependencies.popularity import load_popular
from trustgate.analyzers.dependencies.similar import COMBO, STRONG, WEAK, likeness
from trustgate.manifests.dependency import NPM, PYPI, normal_pypi

PASS, NOTE, WARN, BLOCK, UNKNOWN = "pass", "note", "warn", "block", "unknown"
ABSENT, MALICIOUS, IMPORT_MAP = "absent", "malicious", "import-map"
MALWARE_LIST = "malware"


class Signal(NamedTuple):
    id: str
    """similar-strong, similar-weak, combo, absent, malicious or import-map"""
    detail: str


class NameVerdict(NamedTuple):
    ecosystem: str
    name: str
    verdict: str
    """pass, note, warn, block or unknown"""
    target: str = ""
    """the well-known name that was probably meant"""
    rank: int = -1
    """place of `name` itself in the popularity list, from 0; -1 for a name of the long tail"""
    signals: tuple[Signal, ...] = ()
    checked: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    presence: Presence = Presence.UNKNOWN

    def has(self, signal: str) -> bool:
        return any(one.id == signal for one in self.signals)

    @property
    def confirmed(self) -> bool:
        """Whether more than the name speaks against it: a list of malware, or an index that was asked."""
        return self.has(MALICIOUS) or self.presence is Presence.ABSENT


def is_private(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a name falls under one of the team's patterns (`acme-*`, `@acme/*`)."""
    return any(fnmatchcase(name, pattern) or fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def needs_asking(ecosystem: str, name: str, private: tuple[str, ...], trusted: tuple[str, ...]) -> bool:
    """Whether the existence of a name is in question: not for well-known, trusted and private ones."""
    if ecosystem not in (PYPI, NPM) or is_private(name, private) or f"{ecosystem}:{name}" in trusted:
        return False
    return name not in load_popular(ecosystem).ranks


def judge_name(
    ecosystem: str,
    name: str,
    *,
    version: str = "",
    existence: Existence | None = None,
    private: tuple[str, ...] = (),
    trusted: tuple[str, ...] = (),
) -> NameVerdict:
    """All that is known of a name. `existence` is what a look-up said, None where none was made.

    A name alone never blocks: that takes a malware entry or an index that was asked and does not have it.
    """
    shown = normal_pypi(name) if ecosystem == "pypi" else name
    unread = ("age", "advisories")
    bad = denial(ecosystem, shown, version)
    if bad:
        what = f"{bad.what} ({bad.source})"
        return NameVerdict(
            ecosystem, shown, BLOCK, signals=(Signal(MALICIOUS, what),), checked=(MALWARE_LIST,), not_checked=unread
        )
    if f"{ecosystem}:{shown}" in trusted or is_private(shown, private):
        return NameVerdict(ecosystem, shown, PASS, checked=(MALWARE_LIST,), not_checked=("existence", *unread))
    popular = load_popular(ecosystem)
    rank = popular.ranks.get(shown)
    if rank is not None:
        return NameVerdict(ecosystem, shown, PASS, "", rank, (), ("name", MALWARE_LIST), ("existence", *unread))
    signals, target = _signals(ecosystem, shown, existence)
    presence = existence.presence if existence else Presence.UNKNOWN
    known = presence is not Presence.UNKNOWN
    return NameVerdict(
        ecosystem,
        shown,
        _verdict({one.id for one in signals}, presence),
        target,
        -1,
        signals,
        ("name", "existence", MALWARE_LIST) if known else ("name", MALWARE_LIST),
        unread if known else ("existence", *unread),
        presence,
    )


def _signals(ecosystem: str, name: str, existence: Existence | None) -> tuple[tuple[Signal, ...], str]:
    signals: list[Signal] = []
    target = ""
    found = likeness(name, load_popular(ecosystem))
    if found:
        target = found.target
        signals.append(Signal(found.level, f"{found.how}: {found.target} (number {found.rank + 1} by downloads)"))
    distribution = import_names().get(name) if ecosystem == "pypi" else None
    if distribution:
        target = distribution
        signals.append(Signal(IMPORT_MAP, f"the import name of {distribution}"))
    if existence and existence.presence in (Presence.ABSENT, Presence.NOT_LISTED):
        signals.append(Signal(ABSENT, existence.detail))
    return tuple(signals), target


def _verdict(signals: set[str], presence: Presence) -> str:
    if presence is Presence.ABSENT:
        return BLOCK
    if signals & {STRONG, ABSENT}:
        return WARN
    if signals & {WEAK, COMBO, IMPORT_MAP}:
        return NOTE
    return UNKNOWN if presence is Presence.UNKNOWN else PASS
