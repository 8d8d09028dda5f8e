"""Versions that the change takes and that were published only days ago, where the index was asked for their day.

Most hijacked releases are found within a week, so a week's wait is the cheapest protection. A bump that leaves a known
advisory behind is not held back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from trustgate.advisories.database import Pin
from trustgate.advisories.osv import Advisory
from trustgate.analyzers.context import Settings
from trustgate.analyzers.dependencies.existence import Existence
from trustgate.analyzers.dependencies.making import Maker, Seen
from trustgate.analyzers.dependencies.names import is_private
from trustgate.analyzers.dependencies.vulnerable import Changed, left_behind
from trustgate.finding import Finding
from trustgate.manifests.dependency import NPM, PYPI, SourceKind


def held(
    changed: Sequence[Changed], known: Mapping[Pin, Sequence[Advisory]], settings: Settings
) -> tuple[Changed, ...]:
    """Pins that the cool-down is for: of a registry that can be asked, not excluded, and not mending an advisory."""
    if settings.offline or not settings.cooldown_days:
        return ()
    spared = (*settings.private_names, *settings.cooldown_exclude)
    return tuple(
        one
        for one in changed
        if one.item.ecosystem in (PYPI, NPM)
        and one.item.source_kind is SourceKind.REGISTRY
        and not is_private(one.item.name, spared)
        and f"{one.item.ecosystem}:{one.item.name}" not in settings.trusted_packages
        and not left_behind(one, known)
    )


def cooldown_findings(
    pins: Sequence[Changed], asked: Mapping[tuple[str, str], Existence], days: int, today: date, maker: Maker
) -> Iterator[Finding]:
    """One finding a version that is younger than `days`."""
    for one in pins:
        facts = asked[one.item.key].facts if one.item.key in asked else None
        age = facts.version_age(one.item.version, today) if facts else None
        if facts and age is not None and age < days:
            told = f"published {facts.published[one.item.version]}, the wait is {days} days"
            what = f"{one.item.version} was published {_days(age)}"
            seen = Seen(one.item.manifest, one.item.line, f"{one.item.purl}", one.item.raw_name)
            yield maker.make("dependency-young", seen, (told,), {"name": one.item.name, "what": what})


def _days(age: int) -> str:
    return "today" if age <= 0 else "yesterday" if age == 1 else f"{age} days ago"
