"""What a packet is asked with and what comes back: the one interface between packets and the lanes that carry them.

Frozen: lanes implement `Asker`, the session uses it, and neither knows more of the other than this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol


class DataClass(IntEnum):
    """How far content may travel, widest first. A packet has the highest class of anything in it."""

    PUBLIC = 0
    """any lane, free tiers included"""
    INTERNAL = 1
    """code as such: a paid or own lane"""
    PRIVATE = 2
    """self-hosted lanes only"""
    PHI = 3
    """protected health information: self-hosted lanes that policy marks for it"""

    @property
    def label(self) -> str:
        return self.name.lower()


class Outcome(StrEnum):
    """How one prompt ended. Only `ANSWERED` carries an answer; every other one is an unreviewed packet."""

    ANSWERED = "answered"
    """parsed JSON came back from the requested model, finished; its content is unchecked"""
    REFUSED = "refused"
    TRUNCATED = "truncated"
    """the output cap cut it"""
    EMPTY = "empty"
    OVER_CONTEXT = "over_context"
    PROSE = "prose"
    """text that is not JSON"""
    WRONG_MODEL = "wrong_model"
    """the response names another model than the request"""
    SCHEMA = "schema"
    """JSON of another shape, after the one retry"""
    UNREACHABLE = "unreachable"
    """no connection: name, route or TLS"""
    HTTP_ERROR = "http_error"
    OVER_BUDGET = "over_budget"
    OFFLINE = "offline"
    NO_LANE = "no_lane"
    """no lane may carry this data class, or every allowed family is excluded"""
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    """the response passed the size cap"""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question, whole: nothing else is sent beside it."""

    system: str
    """our fixed, versioned text; nothing of the repository is in it"""
    user: str
    """the packet, redacted"""
    schema_name: str
    schema: dict[str, object]
    """JSON Schema of the answer, without references"""
    max_output_tokens: int
    packet_id: str
    """hex digest that names the packet in the ledger and in the answer"""
    vote: int = 1
    """1, or 2 for the second question that a clear of a high flag needs"""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one attempt in disjoint classes: their sum is all that was billed."""

    fresh: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    """reasoning included"""

    @property
    def input(self) -> int:
        return self.fresh + self.cache_read + self.cache_write


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one prompt, after fail-over. Text fields come from outside: hostile until escaped."""

    outcome: Outcome
    answer: object | None = None
    """parsed JSON, unchecked; None unless `outcome` is `ANSWERED`"""
    lane: str = ""
    """name of the lane that gave it, or that was tried last"""
    model: str = ""
    """the model that the response names"""
    family: str = ""
    """model family of the registry; empty when it is unknown"""
    detail: str = ""
    """one sentence for people"""
    usage: Usage = Usage()
    cost_microdollars: int | None = None
    """None when no dated price is known; never 0 for unknown"""
    host: str = ""
    """host that the packet went to, empty when nothing was sent"""
    below_class: bool = False
    """the lane's class is below the one that policy requires"""
    seconds: float = 0.0
    """wall time, retries included"""
    sent: bool = True
    """False when no byte of the packet left this machine"""


class Asker(Protocol):
    """Carries one prompt to the first lane that may have it, and fails over inside the same data class.

    `ask` never raises for anything a provider does: each failure is an `Outcome`.
    """

    def ask(self, prompt: Prompt, *, data_class: str, exclude_families: frozenset[str]) -> Reply:
        """`data_class` is a `DataClass.label`; lanes of an excluded family are used only when policy allows it."""
        ...
