"""Which origins are judged by the `raised` column, and which origin of a finding is the strictest.

Origin only raises the bar: nothing here makes any origin milder than `unknown`, and trust of evidence is not looked at.
"""

from __future__ import annotations

from trustgate.attribution.origin import CLOSED_HOSTS, UNKNOWN, Attribution, LineRange, Origin, OriginClass
from trustgate.finding import Location, Side
from trustgate.globs import text_matches
from trustgate.policy.model import Policy, Raising

UNRECOGNISED = "unknown"
"""provider of an origin whose endpoint was given and is in no registry; nothing said is the empty string"""
WHOLE = ("pr-body", "declared")
"""evidence about a change as a whole, and not about one commit of it"""


def why_raised(rules: Raising, origin: Origin) -> tuple[str, ...]:
    """The reasons for which `origin` is raised, in words; empty when it is judged as `unknown`."""
    reasons = []
    if rules.open_weights and origin.open_weights:
        reasons.append("open weights")
    if rules.unclear_weights and origin.family and origin.open_weights is None and origin.hosting not in CLOSED_HOSTS:
        reasons.append("weights not known to be closed")
    if origin.provider == UNRECOGNISED:
        reasons.append("an endpoint that nobody knows")
    if origin.hosting in rules.hosting:
        reasons.append(origin.hosting.value)
    if rules.home_jurisdictions:
        for where, what in ((origin.jurisdiction, "served from"), (origin.vendor_jurisdiction, "vendor in")):
            if where and where not in rules.home_jurisdictions:
                reasons.append(f"{what} {where}")
    for value, patterns, what in (
        (origin.agent, rules.agents, "agent"),
        (origin.model, rules.models, "model"),
        (origin.vendor, rules.vendors, "vendor"),
        (origin.provider, rules.providers, "provider"),
    ):
        if value and any(text_matches(pattern.lower(), value.lower()) for pattern in patterns):
            reasons.append(f"{what} {value}")
    return tuple(reasons)


def is_raised(rules: Raising, origin: Origin) -> bool:
    return bool(why_raised(rules, origin))


def origins_at(attribution: Attribution, location: Location) -> tuple[Origin, ...]:
    """Every origin that may have written a span; never empty.

    Line evidence is about the new side, so a removed line has the origins of the commits that touched the file.
    """
    path = location.path
    whole = attribution.of(path, 0)
    if not attribution.lines or location.side is Side.OLD:
        return whole or (UNKNOWN,)
    first, last = location.line, max(location.line, location.end_line)
    ranges = [item for item in attribution.lines if item.path == path]
    if first:
        ranges = [item for item in ranges if item.start <= last and item.end >= first]
    ids = {item.origin for item in ranges}
    if not first or not _cover(ranges, first, last):
        ids.update(origin.id for origin in whole)
    return tuple(origin for origin in attribution.origins if origin.id in ids) or (UNKNOWN,)


def _cover(ranges: list[LineRange], first: int, last: int) -> bool:
    reached = first
    for item in sorted(ranges, key=lambda item: item.start):
        if item.start > reached:
            return False
        reached = max(reached, item.end + 1)
    return reached > last


def strictest(origins: tuple[Origin, ...], raised: frozenset[str]) -> Origin:
    """The first raised origin, or the first; `raised` holds origin ids."""
    return next((origin for origin in origins if origin.id in raised), origins[0])


def change_origins(attribution: Attribution) -> tuple[Origin, ...]:
    """Every origin that any part of the change may have; never empty. One that is named and not listed is unknown."""
    ids = set(attribution.default)
    ids.update(item.origin for item in attribution.lines)
    for _path, names in attribution.files:
        ids.update(names)
    listed = tuple(origin for origin in attribution.origins if origin.id in ids)
    if not listed or ids - {origin.id for origin in listed}:
        return (*listed, UNKNOWN)
    return listed


def declared_as_a_whole(policy: Policy, origins: tuple[Origin, ...]) -> bool:
    """Whether a statement about the whole change (the pull request's text, `--backend`) is a record of it."""
    return any(
        has_record(policy, origin) and all(item.kind in WHOLE for item in origin.evidence)
        for origin in origins
        if origin.evidence
    )


def has_record(policy: Policy, origin: Origin) -> bool:
    """Whether `origin` counts as declared for `[attribution] require`: a stated class on evidence of enough trust."""
    return origin.origin_class is not OriginClass.UNKNOWN and origin.trust >= policy.attribution_trust
