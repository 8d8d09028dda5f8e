"""Findings on names: one for each new name, the weightiest fact first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from trustgate.analyzers.context import Settings
from trustgate.analyzers.dependencies.existence import Existence, Presence
from trustgate.analyzers.dependencies.making import LISTED, Maker, Seen, seen_of
from trustgate.analyzers.dependencies.metadata import PackageFacts
from trustgate.analyzers.dependencies.names import ABSENT, IMPORT_MAP, MALICIOUS, NameVerdict, is_private, judge_name
from trustgate.analyzers.dependencies.similar import STRONG, WEAK
from trustgate.analyzers.dependencies.standing import YOUNG, YOUNG_VERSION, standing
from trustgate.finding import Confidence, Finding
from trustgate.manifests.dependency import Dependency

_ECOSYSTEM = {"pypi": "PyPI", "npm": "npm"}


def name_findings(
    items: Sequence[Dependency],
    known: Mapping[tuple[str, str], Existence],
    settings: Settings,
    maker: Maker,
    *,
    today: date,
    members: frozenset[tuple[str, str]] = frozenset(),
    kin: Mapping[tuple[str, str], PackageFacts] | None = None,
) -> Iterator[Finding]:
    """One finding a direct name, one for all transitive ones that nothing speaks against.

    `members` are names of the repository's own projects as the change tells it: only a strong resemblance counts there.
    `kin` is what the index says of the well-known names that new ones resemble.
    """
    quiet: list[tuple[Dependency, NameVerdict]] = []
    for item in items:
        found = known.get(item.key)
        spared = any(is_private(item.name, (pattern,)) for pattern in settings.cooldown_exclude)
        past = standing(
            found.facts if found else None,
            today,
            item.version,
            (kin or {}).get(item.key),
            0 if spared else settings.cooldown_days,
        )
        verdict = judge_name(
            item.ecosystem,
            item.name,
            version=item.version,
            existence=found,
            private=settings.private_names,
            trusted=settings.trusted_packages,
            history=past,
        )
        if verdict.has(MALICIOUS):
            continue  # told by version_findings
        if item.key in members and not verdict.has(STRONG):
            continue
        finding = _suspect(item, verdict, maker)
        if finding is not None:
            yield finding
        elif item.direct:
            yield _plain(item, verdict, maker)
        else:
            quiet.append((item, verdict))
    if quiet:
        yield _summary(quiet, maker)


def _evidence(item: Dependency, verdict: NameVerdict) -> tuple[str, ...]:
    installed = f"installed under the name {item.raw_name}" if item.alias else ""
    brought = f"brought by {' → '.join(item.via)}" if item.via else ""
    return (*(signal.detail for signal in verdict.signals), installed, brought)


def _suspect(item: Dependency, verdict: NameVerdict, maker: Maker) -> Finding | None:
    """The weightiest finding that speaks against a name. Only facts beyond the name make it confirmed (high)."""
    seen, evidence = seen_of(item), _evidence(item, verdict)
    fields = {"name": item.name, "target": verdict.target, "registry": _ECOSYSTEM[item.ecosystem]}
    meant = verdict.target if verdict.has(STRONG) or verdict.has(WEAK) or verdict.has(IMPORT_MAP) else ""
    fields["meant"] = f"; did you mean {meant}?" if meant else ""
    if verdict.has(STRONG) and verdict.cleared:
        return maker.make("dependency-weak-look-alike", seen, evidence, fields)
    if verdict.has(STRONG):
        sure = Confidence.HIGH if verdict.confirmed else Confidence.MEDIUM
        return maker.make("dependency-look-alike", seen, evidence, fields, confidence=sure)
    if verdict.presence is Presence.ABSENT:
        return maker.make("dependency-absent", seen, evidence, fields)
    if verdict.has(ABSENT):
        return maker.make("dependency-not-listed", seen, evidence, fields)
    if verdict.has(YOUNG) or verdict.has(YOUNG_VERSION):
        what = next(one.detail for one in verdict.signals if one.id in (YOUNG, YOUNG_VERSION))
        return maker.make("dependency-young", seen, evidence, {**fields, "what": f"is new: {what}"})
    if verdict.has(WEAK) and not verdict.cleared:
        return maker.make("dependency-weak-look-alike", seen, evidence, fields)
    return None


def _plain(item: Dependency, verdict: NameVerdict, maker: Maker) -> Finding:
    seen, registry = seen_of(item), _ECOSYSTEM[item.ecosystem]
    fields = {"name": item.name, "registry": registry}
    if verdict.rank >= 0:
        place = f"number {verdict.rank + 1} by downloads on {registry}"
        return maker.make("dependency-new", seen, (place, *_evidence(item, verdict)), fields)
    return maker.make("dependency-new-tail", seen, _evidence(item, verdict), fields)


def _summary(quiet: Sequence[tuple[Dependency, NameVerdict]], maker: Maker) -> Finding:
    first = quiet[0][0]
    tail = [item.name for item, verdict in quiet if verdict.rank < 0]
    more = f" and {len(tail) - LISTED} more" if len(tail) > LISTED else ""
    names = f"not in the top list: {', '.join(tail[:LISTED])}{more}" if tail else "all of them in the top list"
    matched = " ".join(sorted(f"{item.ecosystem}:{item.name}" for item, _ in quiet))
    return maker.make(
        "dependency-new-transitive",
        Seen(first.manifest, first.line, matched, first.raw_name),
        (names,),
        {"count": str(len(quiet)), "packages": "package" if len(quiet) == 1 else "packages"},
    )
