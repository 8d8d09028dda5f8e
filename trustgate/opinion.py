"""What a reviewer or a person thinks of findings, after our own checks. Values only; the staged hook never loads them.

The words of an opinion come from a model: hostile until escaped, redacted and clipped already.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from trustgate.finding import Finding

CLEARED, CONFIRMED, PENDING = "cleared", "confirmed", "pending"
"""standings: checked and fine, checked and bad, and everything else"""
REVIEWER, PERSON = "reviewer", "person"


class Quote(NamedTuple):
    """Text that code found in what was sent."""

    text: str
    path: str
    line: int
    """1-based; of the side that `sign` names"""
    sign: str
    """`+` added, `-` removed, a blank for an unchanged line"""


class Opinion(NamedTuple):
    """One opinion on one finding. Only `decide()` lets it count, and only where policy marks the line clearable."""

    standing: str
    code: str
    """why the standing is what it is: the model's reason when it counts, else the check that failed"""
    authority: str
    """REVIEWER or PERSON"""
    review: str
    """id of the Review it belongs to"""
    quotes: tuple[Quote, ...] = ()


class FlagReview(NamedTuple):
    """An opinion with the finding it is about, as reports show it."""

    finding: str
    """fingerprint; empty for a reason about the change as a whole"""
    rule: str
    path: str
    line: int
    opinion: Opinion


class Review(NamedTuple):
    """One packet: what left, to whom, and what came back. No code and no prompt text but the quotes."""

    id: str
    outcome: str
    """`answered`, a lane's failure, or why nothing was sent: see docs/reviewer.md"""
    detail: str
    data_class: str
    sent: bool = False
    """whether any byte left this machine"""
    lane: str = ""
    model: str = ""
    host: str = ""
    below_class: bool = False
    """reviewed by a model below the class that policy requires"""
    files: tuple[str, ...] = ()
    """paths whose lines were in the packet"""
    lines: int = 0
    """lines of the repository in the packet"""
    bytes: int = 0
    """of the whole prompt, in UTF-8"""
    redactions: int = 0
    votes: int = 0
    flags: tuple[FlagReview, ...] = ()
    not_sent: tuple[str, ...] = ()
    """places of the change that did not go with this packet, in words"""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_microdollars: int | None = None
    """None when no price is known"""
    seconds: float = 0.0


class Reviewed(NamedTuple):
    """Everything that reviewers said of one change."""

    opinions: Mapping[Finding, Opinion] = MappingProxyType({})
    about_change: Mapping[str, Opinion] = MappingProxyType({})
    """by policy line of a reason without a finding"""
    additions: tuple[Finding, ...] = ()
    reviews: tuple[Review, ...] = ()
    notes: tuple[str, ...] = ()


NOTHING = Reviewed()
