"""What attempts cost, added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Sum(NamedTuple):
    """Attempts, and micro-dollars of those whose cost is known."""

    attempts: int
    answered: int
    microdollars: int
    of_unknown_cost: int

    @property
    def cost(self) -> str:
        """`$0.0123, and 1 of unknown cost`."""
        more = f", and {self.of_unknown_cost} of unknown cost" if self.of_unknown_cost else ""
        return dollars(self.microdollars) + more


def total(rows: Iterable[Mapping[str, Any]]) -> Sum:
    """Over the attempts among `rows`; judgements and damaged rows count for nothing."""
    mine = [row for row in rows if row.get("kind") == "attempt"]
    costs = [row.get("cost_microdollars") for row in mine]
    known = [cost for cost in costs if isinstance(cost, int)]
    answered = sum(row.get("outcome") == "answered" for row in mine)
    return Sum(len(mine), answered, sum(known), len(costs) - len(known))


def dollars(amount: object) -> str:
    return f"${amount / 1e6:.4f}" if isinstance(amount, int) else "cost not known"
