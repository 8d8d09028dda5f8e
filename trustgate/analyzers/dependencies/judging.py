"""Names looked up and judged: what is asked of whom, in which order, and what could not be asked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.analyzers.context import Outcome, Settings
from trustgate.analyzers.dependencies.existence import Existence
from trustgate.analyzers.dependencies.import_findings import import_findings
from trustgate.analyzers.dependencies.lookup import Lookup, registry_cache
from trustgate.analyzers.dependencies.making import NAME, Maker
from trustgate.analyzers.dependencies.names import needs_asking
from trustgate.analyzers.dependencies.newcomers import name_findings
from trustgate.analyzers.dependencies.popularity import load_popular
from trustgate.analyzers.dependencies.similar import STRONG, likeness
from trustgate.analyzers.dependencies.undeclared import Undeclared
from trustgate.analyzers.dependencies.vulnerable import Changed
from trustgate.finding import NotChecked, Skip
from trustgate.manifests.dependency import NPM, PYPI, Dependency, SourceKind

if TYPE_CHECKING:
    from trustgate.analyzers.dependencies.arrivals import Newcomers
    from trustgate.analyzers.dependencies.metadata import PackageFacts

TAIL_LIMIT = 3000
"""new names outside the popularity list that are judged in one run; direct ones first"""
Key = tuple[str, str]


def judged(
    new: Newcomers,
    imports: Sequence[Undeclared],
    young: Sequence[Changed],
    settings: Settings,
    maker: Maker,
    today: date,
) -> Iterator[Outcome]:
    """Findings on new names and undeclared imports, and on versions that are only days old."""
    items, over = _within_limit((*new.direct, *new.transitive))
    if over:
        yield over
    keys = [item.key for item in items if item.source_kind is SourceKind.REGISTRY and item.key not in new.members]
    keys = list(dict.fromkeys((*keys, *((one.ecosystem, one.name) for one in imports))))
    asked = [key for key in keys if needs_asking(*key, settings.private_names, settings.trusted_packages)]
    cache = None if settings.offline else registry_cache()
    with Lookup(os.environ, Path.home(), offline=settings.offline, today=today, cache=cache) as lookup:
        known: dict[Key, Existence] = {}
        for ecosystem in (PYPI, NPM):
            names = [name for kind, name in asked if kind == ecosystem]
            if names:
                known.update({(ecosystem, name): one for name, one in lookup.ask(ecosystem, names).items()})
        kin = _kin(known, lookup)
        aged = _aged(young, known, lookup)
        for ecosystem, reasons in lookup.reasons.items():
            yield from (NotChecked(f"existence:{ecosystem}", reason) for reason in sorted(reasons))
    yield from _unread(items, new, known, young, aged, settings)
    yield from name_findings(items, known, settings, maker, members=new.members, kin=kin, today=today)
    yield from import_findings(imports, known, maker)
    if young:
        from trustgate.analyzers.dependencies.cooldown import cooldown_findings

        fresh = [one for one in young if one.item.key not in known]
        yield from cooldown_findings(fresh, aged, settings.cooldown_days, today, maker)


def _within_limit(items: tuple[Dependency, ...]) -> tuple[tuple[Dependency, ...], Skip | None]:
    tail = [item for item in items if needs_asking(item.ecosystem, item.name, (), ())]
    if len(tail) <= TAIL_LIMIT:
        return items, None
    left = {item.key for item in tail[TAIL_LIMIT:]}
    reason = f"{len(tail)} new packages outside the top list: {len(left)} of them were not judged"
    return tuple(item for item in items if item.key not in left), Skip(NAME, reason)


def _kin(known: Mapping[Key, Existence], lookup: Lookup) -> dict[Key, PackageFacts]:
    """What the index says of the well-known names that new ones resemble: npm tells who maintains a package."""
    targets = {}
    for (ecosystem, name), one in known.items():
        found = likeness(name, load_popular(ecosystem)) if one.facts and one.facts.maintainers else None
        if found and found.level == STRONG:
            targets[ecosystem, name] = found.target
    if not targets:
        return {}
    answers = lookup.online(NPM, tuple(dict.fromkeys(targets.values())))
    facts = {name: one.facts for name, one in answers.items() if one.facts}
    return {key: facts[target] for key, target in targets.items() if target in facts}


def _aged(young: Sequence[Changed], known: Mapping[Key, Existence], lookup: Lookup) -> dict[Key, Existence]:
    found = dict(known)
    for ecosystem in (PYPI, NPM):
        names = [one.item.name for one in young if one.item.ecosystem == ecosystem and one.item.key not in found]
        if names:
            found.update({(ecosystem, name): one for name, one in lookup.online(ecosystem, names).items()})
    return found


def _unread(
    items: Sequence[Dependency],
    new: Newcomers,
    known: Mapping[Key, Existence],
    young: Sequence[Changed],
    aged: Mapping[Key, Existence],
    settings: Settings,
) -> Iterator[NotChecked]:
    unread = [item.name for item in items if item.key not in new.members and _no_facts(known.get(item.key))]
    unread += [one.item.name for one in young if one.item.key not in known and _no_facts(aged.get(one.item.key))]
    names = list(dict.fromkeys(unread))
    if names:
        many = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more packages"
        why = "offline" if settings.offline else "the index was not asked, or does not say"
        yield NotChecked("metadata", f"age and releases of {many} are not known: {why}")


def _no_facts(one: Existence | None) -> bool:
    return one is None or one.facts is None or not one.facts.first
