"""Chat completions as OpenAI defined them and many serve them (`POST …/chat/completions`), strict JSON schema.

https://platform.openai.com/docs/api-reference/chat ; OpenRouter's additions: https://openrouter.ai/docs
"""

from __future__ import annotations

from typing import Any

from trustgate.policy.lanes import Lane
from trustgate.prices import Tokens, micro
from trustgate.reviewer.asking import Outcome, Prompt
from trustgate.reviewer.shape import NOTES, without
from trustgate.reviewer.wire import MALFORMED, Call, Reading, count, fault, text_of, word

_STOPS = {"stop": Outcome.ANSWERED, "content_filter": Outcome.REFUSED, "error": Outcome.HTTP_ERROR}
"""every other reason means that the answer is not finished"""
_REASONERS = ("openai", "azure-openai")
"""providers that want the cap under its newer name; servers of open weights know the older one"""
_LENGTHS = frozenset({"minLength", "maxLength"})


def call(lane: Lane, provider: str, prompt: Prompt, key: str) -> Call:
    headers = {"content-type": "application/json", "accept": "application/json"}
    if key:
        headers["authorization"] = f"Bearer {key}"
    # Lengths of strings help a grammar to come to an end; hosted strict modes do not all take them.
    schema = without(prompt.schema, NOTES if lane.self_hosted else NOTES | _LENGTHS)
    cap = "max_completion_tokens" if provider in _REASONERS else "max_tokens"
    body: dict[str, Any] = {
        "model": lane.model,
        cap: min(prompt.max_output_tokens, lane.max_output_tokens),
        "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": prompt.schema_name, "strict": True, "schema": schema},
        },
        "stream": False,
    }
    if provider == "openai":
        body["store"] = False
    if provider == "openrouter":
        # Without the first a host behind it may ignore the schema; the second leaves out hosts that store prompts.
        body["provider"] = {"require_parameters": True, "data_collection": "deny"}
        body["usage"] = {"include": True}
    return Call(f"{lane.base_url}/chat/completions", headers, body)


def read(body: object, *, provider: str) -> Reading:
    if not isinstance(body, dict) or (body.get("error") is not None and not body.get("choices")):
        return error(body)
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and len(choices) == 1 else None  # one was asked for
    if not isinstance(choice, dict) or not isinstance(choice.get("message"), dict):
        return MALFORMED
    message, stop = choice["message"], word(choice.get("finish_reason"))
    text = text_of(message.get("content"))
    outcome = _STOPS.get(stop, Outcome.TRUNCATED)
    if message.get("refusal"):
        outcome = Outcome.REFUSED
    elif outcome is Outcome.ANSWERED and not text.strip():
        outcome = Outcome.EMPTY
    return Reading(
        outcome,
        text=text,
        model=word(body.get("model")),
        response_id=word(body.get("id")),
        stop_reason=stop,
        usage=body.get("usage"),
        tokens=tokens_of(body.get("usage")),
        cost_microdollars=_billed(body.get("usage")) if provider == "openrouter" else None,
    )


def error(body: object) -> Reading:
    if not isinstance(body, dict):
        return MALFORMED
    detail = body.get("error", body)
    return fault(detail if detail is not None else body)


def tokens_of(usage: object) -> Tokens | None:
    """Disjoint counts: `prompt_tokens` holds the cached ones too, and they must not come to more than it.

    Reasoning is inside `completion_tokens`, except where the total says that it comes on top (xAI).
    """
    if not isinstance(usage, dict) or usage.get("prompt_tokens") is None or usage.get("completion_tokens") is None:
        return None
    into, out = usage.get("prompt_tokens_details"), usage.get("completion_tokens_details")
    into, out = (details if isinstance(details, dict) else {} for details in (into, out))
    try:
        prompt, output = count(usage["prompt_tokens"]), count(usage["completion_tokens"])
        cached, written = count(into.get("cached_tokens")), count(into.get("cache_write_tokens"))
        reasoning, total = count(out.get("reasoning_tokens")), count(usage.get("total_tokens"))
    except ValueError:
        return None
    if total and total == prompt + output + reasoning:
        output += reasoning
    elif total and total != prompt + output:
        return None
    if cached + written > prompt:
        return None
    tokens = Tokens(prompt - cached - written, cached, written, 0, output)
    assert tokens.input == prompt
    return tokens


def _billed(usage: object) -> int | None:
    """OpenRouter's own figure, in dollars."""
    cost = usage.get("cost") if isinstance(usage, dict) else None
    if isinstance(cost, bool) or not isinstance(cost, int | float):
        return None
    try:
        return micro(cost)
    except ValueError:
        return None
