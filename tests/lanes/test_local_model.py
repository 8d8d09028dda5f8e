"""Both adapters against a real model on this machine: real tokens, a real grammar, real faults. It judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from local_model import MODEL, local_model, missing
from stub_lanes import Stub, lane_toml

from trustgate.ledger.book import Ledger
from trustgate.reviewer.asking import Outcome, Prompt, Reply, Usage
from trustgate.reviewer.lanes import Lanes

REASON = missing()
pytestmark = [pytest.mark.localmodel, pytest.mark.skipif(bool(REASON), reason=REASON or "-")]

SCHEMA: dict[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["decision", "line"],
    "properties": {
        "decision": {"type": "string", "enum": ["confirm", "clear", "unsure"]},
        "line": {"type": "integer", "minimum": 1, "maximum": 9},
    },
}
PROMPT = Prompt(
    "You review one line of code. Answer in JSON.", "1 + x = eval(request.body)", "answer", SCHEMA, 60, "ab" * 16
)
HOME = 'self_hosted = true\nallow_below_class = true\ndata_class = "phi"\ndeadline = 60'


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with local_model() as url:
        yield url


@pytest.fixture
def lane(address: str, asker_of: Callable[..., Lanes]) -> Callable[..., Lanes]:
    """`lane(api, model=…)`: the local model behind one of the adapters, without a key and without a price."""

    def make(api: str, more: str = HOME, model: str = MODEL) -> Lanes:
        toml = lane_toml("local", Stub(api, url=address), more, model).replace('key_variable = "REVIEW_KEY"\n', "")
        return asker_of(toml, {})

    return make


def ask(asker: Lanes, prompt: Prompt = PROMPT, data_class: str = "phi") -> Reply:
    return asker.ask(prompt, data_class=data_class, exclude_families=frozenset())


def test_an_answer_in_the_shape_that_was_asked(lane: Callable[..., Lanes], ledger: Ledger) -> None:
    reply = ask(lane("openai"))
    assert reply.outcome is Outcome.ANSWERED, reply.detail
    answer: Any = reply.answer
    assert set(answer) == {"decision", "line"}
    assert answer["decision"] in ("confirm", "clear", "unsure")
    assert (reply.model, reply.below_class, reply.cost_microdollars) == (MODEL, True, None)
    assert reply.usage.output > 5
    (row,) = ledger.rows()
    assert (row["outcome"], row["cost_microdollars"], row["stop_reason"]) == ("answered", None, "stop")
    assert row["usage"]["total_tokens"] == reply.usage.input + reply.usage.output


def test_the_two_conventions_of_one_server_come_to_the_same(lane: Callable[..., Lanes], ledger: Ledger) -> None:
    """OpenAI's count holds the cached tokens, Anthropic's does not; the prompt is equal, and so is its whole."""
    ask(lane("openai"))
    inside = ask(lane("openai")).usage
    apart = ask(lane("anthropic"), replace(PROMPT, max_output_tokens=2)).usage
    assert inside.cache_read > 0
    assert apart.cache_read > 0
    assert inside.input == apart.input
    assert isinstance(inside, Usage)
    raw = [row["usage"] for row in ledger.rows()]
    assert raw[1]["prompt_tokens"] == inside.input
    assert raw[-1]["input_tokens"] < apart.input


def test_prose_where_the_server_does_not_hold_the_schema(lane: Callable[..., Lanes], ledger: Ledger) -> None:
    """This server takes no schema on the Anthropic flavour: whatever the model says there is no answer."""
    reply = ask(lane("anthropic"))
    assert reply.outcome in (Outcome.PROSE, Outcome.TRUNCATED, Outcome.SCHEMA, Outcome.EMPTY, Outcome.REFUSED)
    assert reply.answer is None
    assert reply.sent
    assert reply.usage.output > 0
    outcomes = [row["outcome"] for row in ledger.rows()]
    assert len(outcomes) == (2 if outcomes[0] in ("prose", "schema") else 1)


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_an_answer_that_is_cut(api: str, lane: Callable[..., Lanes]) -> None:
    reply = ask(lane(api), replace(PROMPT, max_output_tokens=4))
    assert (reply.outcome, reply.answer) == (Outcome.TRUNCATED, None)
    assert reply.usage.output == 4


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_a_packet_that_is_too_long(api: str, lane: Callable[..., Lanes]) -> None:
    reply = ask(lane(api), replace(PROMPT, user="1 + x = 1\n" * 5000))
    assert reply.outcome is Outcome.OVER_CONTEXT, reply.detail


def test_a_model_that_was_not_asked_for(lane: Callable[..., Lanes]) -> None:
    """The server has one model and answers for any name; the name in the answer tells."""
    assert ask(lane("openai", model="smollm2-1.7b-instruct")).outcome is Outcome.WRONG_MODEL


def test_its_class_and_family_are_what_the_registry_says(lane: Callable[..., Lanes]) -> None:
    (candidate,) = lane("openai").candidates
    assert (candidate.model_class, candidate.below_class, candidate.family) == ("small", True, "")
