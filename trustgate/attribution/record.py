"""An origin as JSON shows it (CONTRACT, `origins`). Texts are as hostile as they came; JSON escapes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trustgate.attribution.origin import Attribution, Origin
from trustgate.attribution.strictness import strictness

if TYPE_CHECKING:
    from trustgate.attribution.shares import Shares

SCHEMA = "trustgate.attribution/1"
LINES_SCHEMA = "trustgate.attribution-lines/1"

Raised = Callable[[Origin], bool]
"""whether a policy raises the bar for an origin"""


def origin_record(origin: Origin, raised: Raised | None = None) -> dict[str, Any]:
    """The fields of one origin; `raised` is false where no policy is asked."""
    return {
        "id": origin.id,
        "class": str(origin.origin_class),
        "raised": raised(origin) if raised else False,
        "agent": origin.agent,
        "model": origin.model,
        "family": origin.family,
        "vendor": origin.vendor,
        "vendor_jurisdiction": origin.vendor_jurisdiction,
        "open_weights": origin.open_weights,
        "license": origin.license,
        "provider": origin.provider,
        "hosting": str(origin.hosting),
        "jurisdiction": origin.jurisdiction,
        "trust": origin.trust.label,
        "evidence": [{"kind": e.kind, "detail": e.detail, "commit": e.commit} for e in origin.evidence],
        "commits": list(origin.commits),
    }


def attribution_record(attribution: Attribution, commit: str, raised: Raised | None = None) -> dict[str, Any]:
    """One line of `trustgate attribute`: the strictest origin (the first of equals), and all of them."""
    origins = [origin for origin in attribution.origins if origin.id in attribution.default]
    worst = max(origins, key=strictness)
    return {
        "schema": SCHEMA,
        "commit": commit,
        "origin": origin_record(worst, raised),
        "all": [origin_record(origin, raised) for origin in origins],
    }


def shares_record(shares: Shares, base: str, head: str) -> dict[str, Any]:
    """The line that `trustgate attribute --lines` adds; `share` is of all counted lines, with four decimals."""
    return {
        "schema": LINES_SCHEMA,
        "base": base,
        "head": head,
        "lines": shares.lines,
        "files": shares.files,
        "shares": [
            {"lines": item.lines, "share": round(item.lines / shares.lines, 4), "origin": origin_record(item.origin)}
            for item in shares.shares
        ],
        "unread": [{"path": path, "reason": reason} for path, reason in shares.unread],
    }
