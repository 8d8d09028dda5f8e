"""The verdict on one name: cheap and certain facts first, and each finding says which fact it rests on."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from trustgate.analyzers.dependencies.existence import Existence, Presence
from trustgate.analyzers.dependencies.knownbad import denial, import_names
from trustgate.analyzers.dependencies.popularity import load_popular
from trustgate.analyzers.dependencies.similar import COMBO, STRONG, WEAK, likeness
from trustgate.analyzers.dependencies.standing import YOUNG, YOUNG_VERSION, Standing
from trustgate.manifests.dependency import NPM, PYPI, normal_pypi

PASS, NOTE, WARN, BLOCK, UNKNOWN = "pass", "note", "warn", "block", "unknown"
ABSENT, MALICIOUS, IMPORT_MAP, ADVISORY = "absent", "malicious", "import-map", "advisory"
MALWARE_LIST = "malware"


class Signal(NamedTuple):
    id: str
    """similar-strong, similar-weak, combo, absent, malicious, import-map, advisory, or one of `standing`"""
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
    standing: Standing = Standing()

    def has(self, signal: str) -> bool:
        return any(one.id == signal for one in self.signals)

    @property
    def confirmed(self) -> bool:
        """Whether more than the name speaks against it: a list of malware, or an index that was asked."""
        young = self.has(STRONG) and self.standing.young and not self.standing.shared
        return self.has(MALICIOUS) or self.presence is Presence.ABSENT or young

    @property
    def cleared(self) -> bool:
        """Whether its history takes the weight off a resemblance."""
        return self.standing.established or self.standing.shared


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
    history: Standing | None = None,
    advisories: tuple[Signal, ...] | None = None,
) -> NameVerdict:
    """All that is known of a name. `existence` is what a look-up said, None where none was made.

    `history` is what the index tells of its age, `advisories` what the database says of `version`; None where it was
    not asked. A name alone never blocks: that takes a malware entry, an index that was asked and does not have it, or a
    resemblance of a package that is only days old.
    """
    shown = normal_pypi(name) if ecosystem == "pypi" else name
    past = history or Standing()
    known = existence is not None and existence.presence is not Presence.UNKNOWN
    checks = {
        "name": True,
        "existence": known,
        "age": past.read,
        MALWARE_LIST: True,
        "advisories": advisories is not None,
    }
    found = advisories or ()
    bad = denial(ecosystem, shown, version)
    if bad:
        found = (Signal(MALICIOUS, f"{bad.what} ({bad.source})"), *found)
    if any(one.id == MALICIOUS for one in found):
        return _verdict_of(ecosystem, shown, BLOCK, found, checks | {"name": False, "existence": False}, past)
    if f"{ecosystem}:{shown}" in trusted or is_private(shown, private):
        return _verdict_of(ecosystem, shown, PASS, found, checks | {"name": False, "existence": False}, past)
    history_signals = tuple(Signal(*one) for one in past.signals)
    rank = load_popular(ecosystem).ranks.get(shown)
    if rank is not None:
        signals = (*history_signals, *found)
        level = WARN if any(one.id in (YOUNG_VERSION, ADVISORY) for one in signals) else PASS
        return _verdict_of(ecosystem, shown, level, signals, checks, past)._replace(rank=rank)
    similar, target = _signals(ecosystem, shown, existence)
    signals = (*similar, *history_signals, *found)
    presence = existence.presence if existence else Presence.UNKNOWN
    level = _verdict({one.id for one in signals}, presence, past)
    made = _verdict_of(ecosystem, shown, level, signals, checks, past)
    return made._replace(target=target, presence=presence)


def _verdict_of(
    ecosystem: str, name: str, level: str, signals: tuple[Signal, ...], checks: dict[str, bool], past: Standing
) -> NameVerdict:
    done = tuple(what for what, read in checks.items() if read)
    left = tuple(what for what, read in checks.items() if not read)
    return NameVerdict(ecosystem, name, level, signals=signals, checked=done, not_checked=left, standing=past)


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


def _verdict(signals: set[str], presence: Presence, past: Standing) -> str:
    cleared = past.established or past.shared
    if presence is Presence.ABSENT or (STRONG in signals and past.young and not past.shared):
        return BLOCK
    if signals & {ABSENT, YOUNG, YOUNG_VERSION, ADVISORY} or (STRONG in signals and not cleared):
        return WARN
    if STRONG in signals or (signals & {WEAK, COMBO, IMPORT_MAP} and not cleared):
        return NOTE
    return UNKNOWN if presence is Presence.UNKNOWN else PASS
