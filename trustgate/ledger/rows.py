"""The two kinds of rows of the ledger, as frozen values and as JSON. Nothing of a packet or an answer is in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from trustgate.prices import Tokens

LONGEST = 200
"""characters of a text that a provider sent"""
MOST_USAGE = 60
"""numbers kept of one raw usage"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a call belongs to, and is paid from."""

    run: str = ""
    pull_request: str = ""
    """`REPOSITORY#NUMBER`, or empty outside of a forge"""
    repository: str = ""
    """hex digest that names the repository, never its address or path"""
    commit: str = ""
    """the head under review"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to one lane, or a lane that was passed over. Strings of a provider are cut and printable ASCII."""

    at: str
    """UTC, ISO 8601 with milliseconds"""
    scope: Scope
    packet_id: str
    vote: int
    attempt: int
    """1 for the first call of a lane for this prompt"""
    lane: str
    api: str
    provider: str
    host: str
    data_class: str
    requested_model: str
    prompt_hash: str
    schema_hash: str
    max_output_tokens: int
    outcome: str
    response_model: str = ""
    response_id: str = ""
    stop_reason: str = ""
    http_status: int = 0
    error_type: str = ""
    retry_after: float = 0.0
    """seconds that the provider asked for"""
    quota: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    usage: Mapping[str, float] = field(default_factory=dict)
    """the provider's own numbers, by dotted name"""
    tokens: Tokens = field(default_factory=Tokens)
    price_version: str = ""
    cost_microdollars: int | None = None
    cost_source: str = ""
    """`list` price, `provider` (its own figure), `cache` (kept answer, 0), or empty where unknown"""
    estimated: bool = False
    below_class: bool = False
    sent: bool = True

    def as_json(self) -> dict[str, Any]:
        plain = asdict(self)
        plain["tokens"] = self.tokens._asdict()
        return {"kind": "attempt", **plain}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checks made of one packet's answers."""

    at: str
    scope: Scope
    packet_id: str
    lane: str
    model: str
    verdict: str
    floor_flags: int = 0
    cleared: int = 0
    added: int = 0
    quote_failures: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"kind": "judgement", **asdict(self)}


_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "int | None": (int, type(None)),
}
"""what JSON has for a field, by its annotation; for any other an object"""


def is_row(value: object) -> bool:
    """Whether JSON has the shape of a row, as this version or an earlier one writes it: a file may have been edited."""
    kind = {"attempt": Attempt, "judgement": Judgement}.get(str(value.get("kind"))) if isinstance(value, dict) else None
    if kind is None or not isinstance(value, dict):
        return False
    for field_ in fields(kind):
        found, wanted = value.get(field_.name), _TYPES.get(str(field_.type), (dict,))
        if field_.name in value and not (isinstance(found, wanted) and isinstance(found, bool) <= (wanted == (bool,))):
            return False
    scope, tokens = value.get("scope", {}), value.get("tokens", {})
    if not isinstance(scope, dict) or not isinstance(tokens, dict):
        return False
    texts, counts = scope.values(), tokens.values()
    return all(isinstance(text, str) for text in texts) and all(type(count) is int for count in counts)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def printable(text: object) -> str:
    """A provider's text as far as it is kept: printable ASCII, cut; the empty string for what is no text."""
    if not isinstance(text, str):
        return ""
    return "".join(char if " " <= char <= "~" else "?" for char in text[:LONGEST])


def numbers(value: object, prefix: str = "", depth: int = 0) -> dict[str, float]:
    """The numbers of a raw usage object by dotted name; whatever is no number is left out, so no text gets in."""
    found: dict[str, float] = {}
    if not isinstance(value, dict) or depth > 3:
        return found
    for key, item in list(value.items())[:MOST_USAGE]:
        name = f"{prefix}{printable(key)[:60]}"
        if isinstance(item, dict):
            found |= numbers(item, f"{name}.", depth + 1)
        elif isinstance(item, int | float) and not isinstance(item, bool) and abs(item) < 1e15:
            found[name] = item
    return dict(list(found.items())[:MOST_USAGE])
