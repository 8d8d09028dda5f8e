"""How many exceptions a repository lives with, and which end soon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from trustgate.policy.model import Accepted

SOON = 30
"""days before its end in which an exception is named"""


class Lasting(NamedTuple):
    held: int
    """in force on the day asked about"""
    ended: int
    ending: tuple[Accepted, ...]
    """in force and ending within SOON days, the first to end first"""

    def as_json(self) -> dict[str, Any]:
        ending = [
            {"exception": item.id, "owner": item.owner, "expires": item.expires.isoformat()} for item in self.ending
        ]
        return {"held": self.held, "ended": self.ended, "ending": ending}


def lasting(exceptions: Iterable[Accepted], day: date) -> Lasting:
    every = tuple(exceptions)
    held = [item for item in every if item.expires >= day]
    soon = sorted(
        (item for item in held if (item.expires - day).days <= SOON), key=lambda item: (item.expires, item.id)
    )
    return Lasting(len(held), len(every) - len(held), tuple(soon))
