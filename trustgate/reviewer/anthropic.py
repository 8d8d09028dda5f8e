"""Anthropic Messages (`POST /v1/messages`): structured output by `output_config.format`.

https://platform.claude.com/docs/en/api/messages
"""

from __future__ import annotations

from trustgate.policy.lanes import Lane
from trustgate.prices import Tokens
from trustgate.reviewer.asking import Outcome, Prompt
from trustgate.reviewer.shape import NOTES, SIZES, without
from trustgate.reviewer.wire import MALFORMED, Call, Reading, count, fault, text_of, word

VERSION = "2023-06-01"
_STOPS = {
    "end_turn": Outcome.ANSWERED,
    "stop_sequence": Outcome.ANSWERED,
    "refusal": Outcome.REFUSED,
    "model_context_window_exceeded": Outcome.OVER_CONTEXT,
}
"""every other reason means that the answer is not finished"""


def call(lane: Lane, provider: str, prompt: Prompt, key: str) -> Call:
    del provider
    headers = {"content-type": "application/json", "accept": "application/json", "anthropic-version": VERSION}
    if key:
        headers["x-api-key"] = key
    body = {
        "model": lane.model,
        "max_tokens": min(prompt.max_output_tokens, lane.max_output_tokens),
        "system": prompt.system,
        "messages": [{"role": "user", "content": prompt.user}],
        "output_config": {"format": {"type": "json_schema", "schema": without(prompt.schema, SIZES | NOTES)}},
    }
    return Call(f"{lane.base_url.removesuffix('/v1')}/v1/messages", headers, body)


def read(body: object, *, provider: str) -> Reading:
    del provider
    if not isinstance(body, dict) or body.get("type") == "error":
        return error(body)
    stop = word(body.get("stop_reason"))
    outcome = _STOPS.get(stop, Outcome.TRUNCATED)
    text = text_of(body.get("content"))
    if outcome is Outcome.ANSWERED and not text.strip():
        outcome = Outcome.EMPTY
    return Reading(
        outcome,
        text=text,
        model=word(body.get("model")),
        response_id=word(body.get("id")),
        stop_reason=stop,
        usage=body.get("usage"),
        tokens=tokens_of(body.get("usage")),
    )


def error(body: object) -> Reading:
    return fault(body.get("error")) if isinstance(body, dict) else MALFORMED


def tokens_of(usage: object) -> Tokens | None:
    """Disjoint counts: `input_tokens` leaves out what was read from or written to the cache.

    Written tokens whose life is not told are counted as the dearer kind.
    """
    if not isinstance(usage, dict) or usage.get("input_tokens") is None or usage.get("output_tokens") is None:
        return None
    parts = usage.get("cache_creation")
    parts = parts if isinstance(parts, dict) else None
    try:
        fresh, output = count(usage["input_tokens"]), count(usage["output_tokens"])
        cache_read = count(usage.get("cache_read_input_tokens"))
        written = count(usage.get("cache_creation_input_tokens"))
        five = count(parts.get("ephemeral_5m_input_tokens")) if parts else written
        hour = count(parts.get("ephemeral_1h_input_tokens")) if parts else 0
    except ValueError:
        return None
    if five + hour > written:
        return None
    tokens = Tokens(fresh, cache_read, five, written - five, output)
    assert tokens.input == fresh + cache_read + written
    return tokens
