"""A policy as plain values: for `config show`, and in one canonical spelling for its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trustgate.finding import Severity
from trustgate.policy.model import Line, Policy

if TYPE_CHECKING:
    from trustgate.policy.lanes import Lane, Reviewer


def plain(policy: Policy) -> dict[str, Any]:
    """The effective policy as JSON values, without where each part came from."""
    raising = policy.raising
    return {
        "preset": policy.preset,
        "advise": policy.advise,
        "origins": {
            "open_weights": raising.open_weights,
            "unclear_weights": raising.unclear_weights,
            "hosting": sorted(host.value for host in raising.hosting),
            "home_jurisdictions": sorted(raising.home_jurisdictions),
            "agents": sorted(raising.agents),
            "models": sorted(raising.models),
            "vendors": sorted(raising.vendors),
            "providers": sorted(raising.providers),
            "every_change": raising.every_change.label,
        },
        "attribution": {
            "require": policy.require_attribution,
            "trust_at_least": policy.attribution_trust.label,
            "trailer": policy.trailer,
        },
        "required_checks": sorted(policy.required_checks),
        "limits": {"touch_threshold": policy.touch_threshold, "exception_days": policy.exception_days},
        "online": list(policy.online),
        "people": {
            "accounts": sorted(policy.people),
            "forge_approvals": policy.forge_approvals,
            "allow_self_approval": policy.self_approval,
        },
        "boundaries": {
            item.boundary: {"paths": sorted(item.paths), "symbols": sorted(item.symbols)} for item in policy.listed
        },
        "rules": {"boundaries": sorted(policy.team_rules)},
        "reviewer": plain_reviewer(policy.reviewer) if policy.reviewer else None,
        "data": {
            "default": policy.data.default if policy.data else "internal",
            "public": sorted(policy.data.public) if policy.data else [],
            "private": sorted(policy.data.private) if policy.data else [],
            "phi": sorted(policy.data.phi) if policy.data else [],
        },
        "packages": {
            "private": sorted(policy.private_names),
            "cooldown_days": policy.cooldown_days,
            "cooldown_exclude": sorted(policy.cooldown_exclude),
            "trusted": [
                {"name": p.name, "reason": p.reason, "owner": p.owner, "expires": p.expires.isoformat()}
                for p in policy.packages
            ],
        },
        "lines": [plain_line(line) for line in policy.lines],
        "exceptions": [
            {
                "id": e.id,
                "rule": e.rule,
                "fingerprint": e.fingerprint,
                "path": e.path,
                "reason": e.reason,
                "owner": e.owner,
                "expires": e.expires.isoformat(),
            }
            for e in policy.exceptions
        ],
    }


def plain_reviewer(reviewer: Reviewer) -> dict[str, Any]:
    """`[reviewer]` as JSON values: money in micro-dollars, rates in micro-dollars for a million tokens."""
    return {
        "require_class": reviewer.require_class,
        "require_independence": reviewer.require_independence,
        "budget_microdollars": dict(reviewer.budget._asdict()),
        "lanes": [plain_lane(lane) for lane in reviewer.lanes],
    }


def plain_lane(lane: Lane) -> dict[str, Any]:
    shown = lane._asdict()
    shown["hosts"] = sorted(lane.hosts)
    shown["response_models"] = sorted(lane.response_models)
    from trustgate.prices import RATES

    rates = lane.prices
    shown["prices"] = {key: getattr(rates, key) for key in RATES} if rates else None
    return shown


def plain_line(line: Line) -> dict[str, Any]:
    match = line.match
    conditions: dict[str, Any] = {
        "rule": list(match.rules),
        "analyzer": list(match.analyzers),
        "kind": list(match.kinds),
        "boundary": list(match.boundaries),
        "confidence": [c.label for c in match.confidences],
        "severity_at_least": Severity(match.severity_at_least).label if match.severity_at_least else "",
        "path": list(match.paths),
        "above_threshold": match.above_threshold,
        "with_lane": match.with_lane,
    }
    return {
        "id": line.id,
        "match": {key: value for key, value in conditions.items() if value},
        "commit": line.commit.label,
        "unknown": line.unknown.label,
        "raised": line.raised.label,
        "clearable": line.clearable,
        "accept": "fingerprint" if line.fingerprint_only else "any",
        "why": line.why,
    }


def digest_of(policy: Policy) -> str:
    """Hex sha256 over the effective policy: equal for two files that mean the same."""
    import json

    from trustgate.digest import hex_digest

    text = json.dumps(plain(policy), sort_keys=True, separators=(",", ":"))
    return hex_digest("sha256", text.encode())
