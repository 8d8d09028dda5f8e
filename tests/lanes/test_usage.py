"""Two ways of counting tokens, brought to one: disjoint, and adding up, or not known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stub_lanes import USAGE

from trustgate.ledger.rows import numbers, printable
from trustgate.prices import Tokens
from trustgate.reviewer import anthropic, openai
from trustgate.reviewer.asking import Outcome
from trustgate.reviewer.calling import WIRES
from trustgate.reviewer.wire import same_model

COUNT = st.integers(0, 10**6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
NAMES = (
    "error", "type", "message", "code", "choices", "content", "usage", "stop_reason", "finish_reason", "refusal", "text",
    "model", "id", "input_tokens", "output_tokens", "prompt_tokens", "completion_tokens", "cache_creation", "cost",
    "prompt_tokens_details", "cached_tokens", "end_turn", "stop",
)  # fmt: skip
WORDS = st.sampled_from(NAMES)
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=40,
)


def test_the_same_call_is_the_same_in_both() -> None:
    assert anthropic.tokens_of(USAGE["anthropic"]) == openai.tokens_of(USAGE["openai"]) == Tokens(100, 40, 10, 0, 20)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        pytest.param({"input_tokens": 1, "output_tokens": 2}, Tokens(1, 0, 0, 0, 2), id="nothing cached"),
        pytest.param(
            {"input_tokens": 1, "cache_read_input_tokens": 48, "output_tokens": 2},
            Tokens(1, 48, 0, 0, 2),
            id="as llama.cpp tells it",
        ),
        pytest.param(
            {"input_tokens": 1, "cache_creation_input_tokens": 9, "output_tokens": 2},
            Tokens(1, 0, 9, 0, 2),
            id="written without its life: five minutes",
        ),
        pytest.param(
            {
                "input_tokens": 1, "cache_creation_input_tokens": 9, "output_tokens": 2,
                "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 3},
            },
            Tokens(1, 0, 4, 5, 2),
            id="written with some of it untold: the dearer",
        ),
        pytest.param(
            {
                "input_tokens": 1, "cache_creation_input_tokens": 2, "output_tokens": 2,
                "cache_creation": {"ephemeral_5m_input_tokens": 4},
            },
            None,
            id="parts above their sum",
        ),
        pytest.param({"input_tokens": -1, "output_tokens": 2}, None, id="less than nothing"),
        pytest.param({"input_tokens": True, "output_tokens": 2}, None, id="true"),
        pytest.param({"input_tokens": "1", "output_tokens": 2}, None, id="a word"),
        pytest.param({"input_tokens": 1}, None, id="no output"),
        pytest.param(None, None, id="nothing"),
    ],
)  # fmt: skip
def test_anthropic_counts_cached_tokens_apart(usage: object, expected: Tokens | None) -> None:
    assert anthropic.tokens_of(usage) == expected


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        pytest.param(
            {"prompt_tokens": 47, "completion_tokens": 3, "total_tokens": 50, "prompt_tokens_details": {"cached_tokens": 46}},
            Tokens(1, 46, 0, 0, 3),
            id="as llama.cpp tells it",
        ),
        pytest.param(
            {
                "prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 20,
                "completion_tokens_details": {"reasoning_tokens": 7},
            },
            Tokens(10, 0, 0, 0, 10),
            id="reasoning on top, by the total",
        ),
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 99}, None, id="a total that does not add up"
        ),
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 11}},
            None,
            id="more cached than there was",
        ),
        pytest.param({"prompt_tokens": 10, "completion_tokens": 3, "prompt_tokens_details": None}, Tokens(10, output=3), id="null"),
        pytest.param({"prompt_tokens": 1.5, "completion_tokens": 3}, None, id="half a token"),
        pytest.param([], None, id="a list"),
    ],
)  # fmt: skip
def test_openai_counts_cached_tokens_inside(usage: object, expected: Tokens | None) -> None:
    assert openai.tokens_of(usage) == expected


@given(COUNT, COUNT, COUNT, COUNT)
def test_both_ways_agree_on_any_call(fresh: int, read: int, written: int, output: int) -> None:
    inside = {
        "prompt_tokens": fresh + read + written,
        "completion_tokens": output,
        "prompt_tokens_details": {"cached_tokens": read, "cache_write_tokens": written},
    }
    apart = {
        "input_tokens": fresh,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": written,
        "output_tokens": output,
    }
    assert openai.tokens_of(inside) == anthropic.tokens_of(apart) == Tokens(fresh, read, written, 0, output)


@given(JSON | BODIES, st.sampled_from(sorted(WIRES)), st.sampled_from(["openrouter", "anthropic", "unknown"]))
def test_any_body_has_a_reading(body: object, api: str, provider: str) -> None:
    for reading in (WIRES[api].read(body, provider=provider), WIRES[api].error(body)):
        assert reading.outcome in Outcome
        assert isinstance(reading.text, str)
        assert isinstance(reading.model, str)
        assert reading.outcome is not Outcome.ANSWERED or reading.text.strip()
        assert reading.cost_microdollars is None or reading.cost_microdollars >= 0


@given(JSON)
def test_only_numbers_of_a_usage_are_kept(value: object) -> None:
    for name, item in numbers(value).items():
        assert isinstance(item, int | float)
        assert len(name) < 300
        assert name.isascii()


@given(st.text())
def test_a_provider_s_text_is_kept_as_plain_ascii(text: str) -> None:
    kept = printable(text)
    assert len(kept) <= 200
    assert kept.isascii()
    assert not kept or kept.isprintable()


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"cost": 0.0325}, 32500),
        ({"cost": 0}, 0),
        ({"cost": -1}, None),
        ({"cost": True}, None),
        ({"cost": 1e400}, None),
        ({}, None),
    ],
)
def test_openrouter_says_what_it_takes(usage: dict[str, Any], expected: int | None) -> None:
    body = {"model": "m", "usage": usage, "choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]}
    assert openai.read(body, provider="openrouter").cost_microdollars == expected
    assert openai.read(body, provider="elsewhere").cost_microdollars is None


@pytest.mark.parametrize(
    ("requested", "answered", "same"),
    [
        ("claude-opus-4-7", "claude-opus-4-7", True),
        ("claude-opus-4-7", "claude-opus-4-7-20260416", True),
        ("gpt-5.5", "gpt-5.5-2026-04-24", True),
        ("gpt-5.5", "gpt-5.5-mini", False),
        ("gpt-5.5", "gpt-5.5-mini-2026-04-24", False),
        ("claude-opus-4-7", "claude-opus-4-7-latest", False),
        ("claude-opus-4-7", "claude-opus-4", False),
        ("claude-opus-4-7-20260416", "claude-opus-4-7", False),
        ("m", "", False),
    ],
)
def test_the_model_that_answers_is_the_one_that_was_asked(requested: str, answered: str, same: bool) -> None:
    assert same_model(requested, answered, ()) is same
    assert same_model(requested, answered, (answered,))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"type": "invalid_request_error", "message": "prompt is too long: 9 > 8"}, Outcome.OVER_CONTEXT),
        ({"code": 400, "type": "exceed_context_size_error", "message": "…"}, Outcome.OVER_CONTEXT),
        ({"code": "context_length_exceeded", "message": "…"}, Outcome.OVER_CONTEXT),
        ({"code": "content_filter", "message": "…"}, Outcome.REFUSED),
        ({"type": "rate_limit_error", "message": "…"}, Outcome.HTTP_ERROR),
        ("model not found", Outcome.HTTP_ERROR),
    ],
)
def test_an_error_object_is_read_by_its_words(error: object, expected: Outcome) -> None:
    reading = openai.error({"error": error})
    assert reading.outcome is expected
    assert " " not in reading.error_type
