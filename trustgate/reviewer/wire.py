"""What the two API flavours have in common: a prompt becomes one request, a response body one reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from trustgate.policy.lanes import Lane
from trustgate.prices import Tokens
from trustgate.reviewer.asking import Outcome, Prompt


@dataclass(frozen=True, slots=True)
class Call:
    """What is posted. `headers` hold the key: never printed, never kept."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a response says. `ANSWERED` means finished text; whether that is JSON of the shape is not looked at yet."""

    outcome: Outcome
    text: str = ""
    model: str = ""
    response_id: str = ""
    stop_reason: str = ""
    usage: object = None
    """as the provider sent it"""
    tokens: Tokens | None = None
    """None where the provider says nothing that adds up"""
    cost_microdollars: int | None = None
    """the provider's own figure, where it gives one"""
    error_type: str = ""
    """the provider's word for a fault; never its sentence, which may quote the request"""
    status: int = 0
    """a status that the body carries under a good one, 0 for none"""


class Wire(Protocol):
    """One API flavour, as a module: stateless, no I/O."""

    def call(self, lane: Lane, provider: str, prompt: Prompt, key: str) -> Call: ...

    def read(self, body: object, *, provider: str) -> Reading:
        """The reading of a body that came with status 200. Raises nothing, whatever the body."""
        ...

    def error(self, body: object) -> Reading:
        """The reading of a body that came with any other status."""
        ...


MALFORMED = Reading(Outcome.HTTP_ERROR, error_type="malformed")
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_OVER = (
    "prompt is too long", "context_length_exceeded", "maximum context length", "exceed_context_size", "context window",
    "context size", "too many tokens", "input is too long",
)  # fmt: skip
_REFUSED = ("content_filter", "content_policy", "safety")


def fault(detail: object) -> Reading:
    """The reading of an error object (`{"type", "code", "message"}`). Its words decide, and only the type is kept."""
    if isinstance(detail, str):
        detail = {"message": detail}
    if not isinstance(detail, dict):
        return MALFORMED
    words = [detail.get(key) for key in ("code", "type")]
    kind = next((word for word in words if isinstance(word, str) and _WORD.fullmatch(word)), "")
    said = " ".join(str(item)[:2000] for item in (*words, detail.get("message")) if isinstance(item, str)).lower()
    outcome = Outcome.HTTP_ERROR
    if any(phrase in said for phrase in _OVER):
        outcome = Outcome.OVER_CONTEXT
    elif any(phrase in kind.lower() for phrase in _REFUSED):
        outcome = Outcome.REFUSED
    code = detail.get("code")
    status = code if isinstance(code, int) and not isinstance(code, bool) and 400 <= code < 600 else 0
    return Reading(outcome, error_type=kind, status=status)


def count(value: object) -> int:
    """A number of tokens; 0 where nothing is said, ValueError for what is no number of tokens."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
        raise ValueError("no number of tokens")
    return value


def text_of(parts: object) -> str:
    """The text of a message: a string, or the text blocks of a list."""
    if isinstance(parts, str):
        return parts
    if not isinstance(parts, list):
        return ""
    texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
    return "".join(text for text in texts if isinstance(text, str))


def word(value: object) -> str:
    return value if isinstance(value, str) else ""


def same_model(requested: str, answered: str, others: tuple[str, ...]) -> bool:
    """Whether a response names the model that was asked for: by its name, that name with the day of its release behind
    it (`-20260416` as Anthropic dates aliases, `-2026-04-16` as OpenAI does), or a name that policy lists."""
    if answered == requested or answered in others:
        return True
    tail = answered.removeprefix(requested)
    return tail != answered and bool(re.fullmatch(r"-20\d{6}|-20\d\d-\d\d-\d\d", tail))
