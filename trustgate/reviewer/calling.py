"""One call to one lane: a prompt goes out, an outcome comes back, and nothing a provider does raises."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from trustgate.policy.lanes import Lane
from trustgate.reviewer import anthropic, openai
from trustgate.reviewer.asking import Outcome, Prompt
from trustgate.reviewer.candidates import Candidate
from trustgate.reviewer.shape import fault_of, parse_json
from trustgate.reviewer.wire import MALFORMED, Reading, Wire, same_model
from trustgate.transport import (
    Forbidden,
    NotConnected,
    NotTrusted,
    Request,
    Response,
    TimedOut,
    TooLarge,
    Transport,
    TransportError,
)

WIRES: Mapping[str, Wire] = MappingProxyType({"anthropic": anthropic, "openai": openai})
ANSWER_LIMIT = 1024 * 1024
"""bytes of one response after decompression; an answer of 64,000 tokens has about a quarter of that"""
SHORTEST_KEY = 8
"""characters; a shorter one is a placeholder (`none`, `x`) that stands in ordinary text"""
CONNECT = 10.0
"""seconds to wait for a connection"""
RETRIED = frozenset({408, 409, 429, *range(500, 600)})
EVERY_STATUS = tuple(range(100, 600))
"""all are answers to us: a redirect is one that is not followed"""
_SORRY = re.compile(
    r"(?:i['’]?m |i am )?(?:very |really )?sorry|i (?:can['’]?t|cannot|can not|won['’]?t|will not) |"
    r"i(?:['’]m| am) (?:unable|not able)|as an ai\b",
    re.IGNORECASE,
)
_QUOTA = ("ratelimit", "retry-after", "quota")


@dataclass(frozen=True, slots=True)
class Step:
    """What one call came to."""

    outcome: Outcome
    detail: str
    answer: object | None = None
    reading: Reading = MALFORMED
    status: int = 0
    retry_after: float = 0.0
    """seconds, 0 where nothing usable was said"""
    quota: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    sent: bool = True
    again: bool = False
    """the fault is one that may pass by itself"""


def transport_for(lane: Lane) -> Transport:
    return Transport(
        frozenset(lane.hosts),
        deadline=lane.deadline,
        connect=min(CONNECT, lane.deadline),
        read=lane.deadline,
        size_limit=ANSWER_LIMIT,
        ca_file=lane.ca_file or None,
        trust_env=lane.proxy_from_environment,
    )


def fault_of_key(key: str) -> str:
    """Why a key can not be sent, without showing any of it; empty when it can."""
    if not key:
        return "is not set"
    if len(key) > 4096 or not all("!" <= char <= "~" for char in key):
        return "holds characters that no key has"
    return ""


def call_once(candidate: Candidate, prompt: Prompt, key: str, transport: Transport, seconds: float) -> Step:
    """One request within `seconds`."""
    began = time.monotonic()
    step = _step(candidate, prompt, key, transport, seconds)
    return replace(step, seconds=time.monotonic() - began)


def request_bytes(candidate: Candidate, prompt: Prompt) -> int:
    """The size of the body that `call_once` will post."""
    return len(_content(WIRES[candidate.lane.api].call(candidate.lane, candidate.provider, prompt, "").body))


def _content(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()


def _step(candidate: Candidate, prompt: Prompt, key: str, transport: Transport, seconds: float) -> Step:
    lane, wire = candidate.lane, WIRES[candidate.lane.api]
    call = wire.call(lane, candidate.provider, prompt, key)
    request = Request(
        call.url, "POST", call.headers, _content(call.body), accept=EVERY_STATUS, deadline=max(seconds, 0.01)
    )
    try:
        response = transport.send(request)
    except TooLarge as error:
        return Step(Outcome.TOO_LARGE, _clean(error, key))
    except TimedOut as error:
        return Step(Outcome.TIMEOUT, _clean(error, key))
    except NotConnected as error:
        again = not isinstance(error, Forbidden | NotTrusted)
        return Step(Outcome.UNREACHABLE, _clean(error, key), sent=False, again=again)
    except TransportError as error:  # a connection that broke, an encoding nobody asked for
        return Step(Outcome.UNREACHABLE, _clean(error, key))
    return _answered(candidate, prompt, wire, response, key)


def _answered(candidate: Candidate, prompt: Prompt, wire: Wire, response: Response, key: str) -> Step:
    lane = candidate.lane
    body: object = None
    try:
        body = _parsed(response.body.decode("utf-8"), key)
    except ValueError:
        reading = MALFORMED
    else:
        reading = wire.read(body, provider=candidate.provider) if response.status == 200 else wire.error(body)
    status = reading.status or response.status
    step = Step(
        reading.outcome,
        "",
        reading=reading,
        status=status,
        retry_after=_wait(response.headers.get("retry-after", "")),
        quota=_quota(response.headers, key),
    )
    if status != 200 or reading.outcome is Outcome.HTTP_ERROR:
        kind = f" ({reading.error_type})" if reading.error_type else ""
        told = " with a redirect, which is not followed" if 300 <= status < 400 else kind
        outcome = reading.outcome if status >= 400 or status == 200 else Outcome.HTTP_ERROR
        again = outcome is Outcome.HTTP_ERROR and status in RETRIED
        return replace(step, outcome=outcome, detail=f"{_host(lane)} answered {status}{told}", again=again)
    if not same_model(lane.model, reading.model, lane.response_models):
        return replace(step, outcome=Outcome.WRONG_MODEL, detail=f"{lane.model} was asked and another model answered")
    if reading.outcome is not Outcome.ANSWERED:
        return replace(step, detail=_UNFINISHED.get(reading.outcome, "the answer is not finished"))
    try:
        answer = _parsed(reading.text.strip(), key)
    except ValueError:
        if _SORRY.match(reading.text.strip()):
            return replace(step, outcome=Outcome.REFUSED, detail=_UNFINISHED[Outcome.REFUSED])
        return replace(step, outcome=Outcome.PROSE, detail="the answer is not JSON")
    if wrong := fault_of(answer, prompt.schema):
        return replace(step, outcome=Outcome.SCHEMA, detail=f"the answer has another shape: {wrong}")
    return replace(step, outcome=Outcome.ANSWERED, detail="answered", answer=answer)


_UNFINISHED = {
    Outcome.REFUSED: "the model refused to review",
    Outcome.TRUNCATED: "the answer was cut before its end",
    Outcome.EMPTY: "the answer holds no text",
    Outcome.OVER_CONTEXT: "the packet is longer than the model can read",
}


def _host(lane: Lane) -> str:
    return lane.base_url.partition("://")[2].partition("/")[0]


def _clean(error: TransportError, key: str) -> str:
    """A transport error's text, without the key should it ever stand in it."""
    return _keyless(error.message, key)


def _keyless(text: str, key: str) -> str:
    return text.replace(key, "<key>") if len(key) >= SHORTEST_KEY else text


def _parsed(text: str, key: str) -> object:
    """One JSON value, without the key should a provider send it back. Raises ValueError."""
    value: object = parse_json(text)
    try:
        plain = json.dumps(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    clean = _keyless(plain, key)
    return value if clean == plain else parse_json(clean)


def _wait(text: str) -> float:
    """Seconds of a `Retry-After` (RFC 9110, 10.2.3): a number or a date; 0 for what is neither, and for the past."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(text[:64]).timestamp() - time.time())
    except (OverflowError, ValueError, OSError):
        return 0.0


def _quota(headers: Mapping[str, str], key: str) -> dict[str, str]:
    """The headers that say how much may still be asked, cut to what they may hold."""
    from trustgate.ledger.rows import printable

    names = [name for name in headers if any(part in name for part in _QUOTA)]
    return {printable(_keyless(name, key))[:60]: printable(_keyless(headers[name], key))[:60] for name in names[:20]}
