"""Origins that the forge vouches for: an app's account wrote the commit, and the forge verified its signature."""

from __future__ import annotations

from trustgate.attribution.origin import Attribution, Origin, Trust


def with_forge(attribution: Attribution, verified: frozenset[str]) -> Attribution:
    """`attribution` with the trust `forge` where every commit of an origin is in `verified` and its author is the
    evidence. What a trailer says stays what somebody typed, on whatever commit."""
    if not verified:
        return attribution
    return attribution._replace(origins=tuple(_weighed(origin, verified) for origin in attribution.origins))


def _weighed(origin: Origin, verified: frozenset[str]) -> Origin:
    bound = bool(origin.commits) and all(commit in verified for commit in origin.commits)
    by_author = any(item.kind == "author" and item.commit in verified for item in origin.evidence)
    return origin._replace(trust=Trust.FORGE) if bound and by_author and origin.trust < Trust.FORGE else origin
