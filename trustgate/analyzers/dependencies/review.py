"""The analyzer's order: read the pairs, find what is new, look names up, judge names, sources and locks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.dependencies.agreement import agreement_findings
from trustgate.analyzers.dependencies.arrivals import Newcomers
from trustgate.analyzers.dependencies.chains import Chains
from trustgate.analyzers.dependencies.imports import new_packages
from trustgate.analyzers.dependencies.locks import hash_findings, lock_findings, twice_findings
from trustgate.analyzers.dependencies.making import LISTED, maker_for
from trustgate.analyzers.dependencies.pairs import Declared, Pair, declared_in_base, read_pairs
from trustgate.analyzers.dependencies.scripts import script_findings
from trustgate.analyzers.dependencies.sources import setting_findings, source_findings
from trustgate.analyzers.dependencies.versions import version_findings
from trustgate.finding import NotChecked
from trustgate.manifests.dependency import GENERIC, GITHUB, NPM, PYPI, Dependency, SourceKind

if TYPE_CHECKING:
    from trustgate.advisories.database import Pin
    from trustgate.advisories.osv import Advisory
    from trustgate.analyzers.dependencies.undeclared import Undeclared
    from trustgate.analyzers.dependencies.vulnerable import Changed

_SILENT_GROUPS = ("constraint", "override")
"""entries that change how another one is resolved and pull in nothing by themselves"""


def review(context: Context, today: date) -> Iterator[Outcome]:
    """Every outcome of this analyzer. `today` is what the age of the bundled list is counted to."""
    pairs: list[Pair] = []
    for outcome in read_pairs(context.files, context.change):
        if isinstance(outcome, Pair):
            pairs.append(outcome)
        else:
            yield outcome
    maker = maker_for(context.rulebook, {view.path: view for view in context.files})
    for pair in pairs:
        yield from setting_findings(pair, maker)
        yield from script_findings(pair, maker)
        yield from twice_findings(pair, maker)
        if pair.form.lock:
            yield from lock_findings(pair, maker)
        else:
            yield from hash_findings(pair, maker)
    yield from source_findings(pairs, maker)
    yield from agreement_findings(pairs, context.change, maker)
    yield from version_findings(pairs, maker)
    yield from _unnamed(pairs)
    young: tuple[Changed, ...] = ()
    if any(item.version for pair in pairs for item in pair.added):
        from trustgate.analyzers.dependencies.cooldown import held
        from trustgate.analyzers.dependencies.vulnerable import advisory_findings, changed_pins, read_advisories

        changed = changed_pins(pairs)
        advisories: Mapping[Pin, Sequence[Advisory]] = {}
        if changed:
            advisories, missed = read_advisories(changed, context.settings, today)
            yield from missed
            yield from advisory_findings(changed, advisories, maker)
            young = held(changed, advisories, context.settings)
    new = newcomers(pairs, context)
    imports: tuple[Undeclared, ...] = ()
    if next(new_packages(context.files), None) is not None:
        from trustgate.analyzers.dependencies.undeclared import taken_on

        imports, unclear = taken_on(context)
        yield from unclear
    if new.direct or new.transitive or imports or young:
        from trustgate.analyzers.dependencies.judging import judged

        yield from judged(new, imports, young, context.settings, maker, today)


def newcomers(pairs: Sequence[Pair], context: Context) -> Newcomers:
    """Names that no manifest of the base declares. Workspace members and local paths are no names of a registry."""
    old = {item.key for pair in pairs if pair.old for item in pair.old.dependencies}
    known = old | {(pair.form.ecosystem, name) for pair in pairs if pair.old for name in pair.old.own}
    members = frozenset((pair.form.ecosystem, name) for pair in pairs if pair.new for name in pair.new.own)
    found: dict[tuple[str, str], Dependency] = {}
    for pair in sorted(pairs, key=lambda one: (one.form.lock, one.view.path)):
        for item in pair.new.dependencies if pair.new else ():
            quiet = item.group in _SILENT_GROUPS and not item.alias
            named = item.source_kind in (SourceKind.REGISTRY, SourceKind.INDEX)
            if item.key in known or quiet or not named or item.ecosystem not in (PYPI, NPM):
                continue
            kept = found.setdefault(item.key, item)
            if kept.manifest == item.manifest and item.direct and not kept.direct:
                found[item.key] = item
    if found:
        changed = frozenset(pair.view.change.old_path for pair in pairs)
        base: Declared = declared_in_base(context.change, frozenset(found), changed)
        found = {key: item for key, item in found.items() if key not in base.names | base.own}
    trusted = context.settings.trusted_packages
    kept_items = [item for item in found.values() if f"{item.ecosystem}:{item.name}" not in trusted]
    direct = tuple(item for item in kept_items if item.direct)
    chains = {pair.view.path: Chains(pair.new) for pair in pairs if pair.new and pair.new.lock and kept_items}
    transitive = tuple(
        item._replace(via=chains[item.manifest].of(item.name)[:-1]) if item.manifest in chains else item
        for item in kept_items
        if not item.direct
    )
    return Newcomers(direct, transitive, members)


def _unnamed(pairs: Sequence[Pair]) -> Iterator[NotChecked]:
    """New names of ecosystems whose names are not judged are said, once an ecosystem."""
    found: dict[str, set[str]] = {}
    for pair in pairs:
        before = {item.key for item in (pair.old.dependencies if pair.old else ())}
        for item in pair.new.dependencies if pair.new else ():
            if item.ecosystem not in (PYPI, NPM, GITHUB, GENERIC) and item.direct and item.key not in before:
                found.setdefault(item.ecosystem, set()).add(item.name)
    for ecosystem, names in sorted(found.items()):
        shown = ", ".join(sorted(names)[:LISTED])
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        yield NotChecked(f"names:{ecosystem}", f"new names of this ecosystem are listed, not judged: {shown}{more}")
