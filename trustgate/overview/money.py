"""What models were asked about one repository, and what that cost: sums over rows of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Money(NamedTuple):
    """Attempts from this machine; micro-dollars of those whose cost is known."""

    attempts: int
    answered: int
    microdollars: int
    of_unknown_cost: int


def money(rows: Iterable[Mapping[str, Any]], repository: str, since: str) -> Money:
    """Sums over the attempts for `repository` from `since` on (UTC, ISO 8601). Damaged rows count for nothing."""
    mine = [
        row
        for row in rows
        if row.get("kind") == "attempt"
        and row.get("scope", {}).get("repository") == repository
        and str(row.get("at", "")) >= since
    ]
    costs = [row.get("cost_microdollars") for row in mine]
    known = [cost for cost in costs if isinstance(cost, int)]
    answered = sum(row.get("outcome") == "answered" for row in mine)
    return Money(len(mine), answered, sum(known), len(costs) - len(known))
