"""From a policy to an `Asker`: the lanes of the trusted base, compared with the registry; None where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from trustgate.errors import ConfigError
from trustgate.ledger.book import Ledger
from trustgate.ledger.rows import Scope
from trustgate.policy.model import Policy
from trustgate.prices import age_warning
from trustgate.reviewer.answers import Answers
from trustgate.reviewer.candidates import Candidate, candidates_of
from trustgate.reviewer.lanes import Lanes
from trustgate.rulebook import Rulebook
from trustgate.store import Store


def open_asker(
    policy: Policy,
    rulebook: Rulebook,
    environ: Mapping[str, str],
    ledger: Ledger,
    scope: Scope,
    *,
    stage: str = "pr",
    offline: bool = False,
    outside: Path | None = None,
    cache: Store | None = None,
    today: date | None = None,
) -> Lanes | None:
    """The lanes of a policy; None where it has none. Opens no connection and reads no key.

    `outside` is the root of the repository under review, `cache` where answers are kept. Raises ConfigError for a lane
    that contradicts what is known of its host, its class, or that reads certificates from the repository.
    """
    reviewer = policy.reviewer
    if reviewer is None or not reviewer.lanes:
        return None
    for lane in reviewer.lanes:
        if lane.ca_file and outside and Path(lane.ca_file).resolve().is_relative_to(outside.resolve()):
            raise ConfigError(
                f"reviewer lane {lane.name!r}: ca_file lies inside the repository under review",
                "keep certificate authorities outside of it",
            )
    why = ""
    if offline:
        why = "offline by choice"
    elif stage == "commit":
        why = "no model is asked at the commit stage"
    return Lanes(
        candidates_of(reviewer, rulebook, today or datetime.now(UTC).date()),
        environ,
        ledger,
        scope,
        budget=reviewer.budget,
        strict=reviewer.require_independence,
        offline=why,
        answers=Answers(cache) if cache else None,
    )


def warnings_of(candidates: tuple[Candidate, ...], today: date | None = None) -> tuple[str, ...]:
    """What people should know of lanes before they rely on figures: prices that are old, or not known at all."""
    day = today or datetime.now(UTC).date()
    found = []
    for candidate in candidates:
        lane = candidate.lane
        if candidate.rates is None and not lane.self_hosted:
            found.append(f"lane {lane.name}: no price is known for {lane.model} at {candidate.provider}")
        elif candidate.rates is not None and (old := age_warning(candidate.rates, day)):
            found.append(f"lane {lane.name}: {old}")
    return tuple(found)
