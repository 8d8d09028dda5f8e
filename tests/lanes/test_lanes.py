"""Lanes against real servers on loopback, both flavours, one behaviour at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stub_lanes import GOOD, KEY, SCHEMA, Stub, lane_toml

from trustgate.errors import ConfigError
from trustgate.ledger.book import Ledger
from trustgate.reviewer.asking import Outcome, Prompt, Reply, Usage
from trustgate.reviewer.lanes import Lanes

APIS = ("anthropic", "openai")
NONE: frozenset[str] = frozenset()
Start = Callable[..., Stub]
AskerOf = Callable[..., Lanes]


def ask(asker: Lanes, prompt: Prompt, data_class: str = "internal", exclude: frozenset[str] = NONE) -> Reply:
    return asker.ask(prompt, data_class=data_class, exclude_families=exclude)


# ------------------------------------------------------------------ what leaves, and what comes back


@pytest.mark.parametrize("api", APIS)
def test_an_answer_with_its_usage_and_its_cost(api: str, start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start(api)
    reply = ask(asker_of(lane_toml("main", stub)), prompt)
    assert (reply.outcome, reply.answer) == (Outcome.ANSWERED, {"decision": "confirm", "quote": "x = 1"})
    assert (reply.lane, reply.model, reply.family, reply.host) == ("main", "claude-opus-4-7", "claude", stub.url[7:])
    assert reply.usage == Usage(100, 40, 10, 20)
    assert reply.cost_microdollars == 100 * 5 + 20 + 63 + 20 * 25  # rounded up
    assert (reply.sent, reply.below_class) == (True, False)


def test_what_anthropic_is_sent(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("anthropic")
    ask(asker_of(lane_toml("main", stub, "max_output_tokens = 600")), prompt)
    (seen,) = stub.seen
    assert (seen.method, seen.path) == ("POST", "/v1/messages")
    assert (seen.headers["x-api-key"], seen.headers["anthropic-version"]) == (KEY, "2023-06-01")
    assert "authorization" not in seen.headers
    assert set(seen.body) == {"model", "max_tokens", "system", "messages", "output_config"}
    assert (seen.body["max_tokens"], seen.body["system"]) == (600, "You review.")
    assert seen.body["messages"] == [{"role": "user", "content": "0001 + x = 1"}]
    sent = seen.body["output_config"]["format"]
    assert sent["type"] == "json_schema"
    assert sent["schema"]["additionalProperties"] is False
    assert "maxLength" not in str(sent)  # refused there; checked here


def test_what_an_openai_server_is_sent(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("openai")
    ask(asker_of(lane_toml("main", stub)), prompt)
    (seen,) = stub.seen
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in seen.headers
    assert set(seen.body) == {"model", "max_tokens", "messages", "response_format", "stream"}
    assert [message["role"] for message in seen.body["messages"]] == ["system", "user"]
    sent = seen.body["response_format"]
    assert (sent["type"], sent["json_schema"]["strict"], sent["json_schema"]["name"]) == ("json_schema", True, "answer")
    assert sent["json_schema"]["schema"]["required"] == SCHEMA["required"]


def test_a_server_at_home_is_sent_the_lengths_too(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("openai", model="qwen2.5-coder:7b")
    toml = lane_toml(
        "home", stub, 'self_hosted = true\nallow_below_class = true\nkey_variable = "NO_KEY"', "qwen2.5-coder:7b"
    )
    reply = ask(asker_of(toml.replace('key_variable = "NO_KEY"', "")), prompt)
    assert (reply.outcome, reply.below_class, reply.cost_microdollars) == (Outcome.ANSWERED, True, None)
    assert "maxLength" in str(stub.seen[0].body["response_format"])
    assert "authorization" not in stub.seen[0].headers


@pytest.mark.parametrize("api", APIS)
def test_nothing_else_leaves(api: str, start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    """The bytes that arrive are our headers, the fixed text, the packet and the schema."""
    stub = start(api)
    environ = {"REVIEW_KEY": KEY, "OTHER_TOKEN": "CANARY-environment"}
    ask(asker_of(lane_toml("main", stub), environ), prompt)
    received = bytes(stub.received)
    assert b"CANARY-environment" not in received
    assert received.count(KEY.encode()) == 1
    names = {line.split(b":")[0].lower() for line in received.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]}
    assert names <= {
        b"host", b"accept", b"connection", b"accept-encoding", b"user-agent", b"content-type", b"content-length",
        b"x-api-key", b"anthropic-version", b"authorization",
    }  # fmt: skip


# ------------------------------------------------------------------ each fault its own outcome

FAULTS = {
    # behaviour: outcome, requests made
    "limited_long": (Outcome.HTTP_ERROR, 1),
    "failing": (Outcome.HTTP_ERROR, 2),
    "unauthorised": (Outcome.HTTP_ERROR, 1),
    "redirect": (Outcome.HTTP_ERROR, 1),
    "half": (Outcome.UNREACHABLE, 1),
    "wrong_model": (Outcome.WRONG_MODEL, 1),
    "refusal": (Outcome.REFUSED, 1),
    "sorry": (Outcome.REFUSED, 1),
    "prose": (Outcome.PROSE, 2),
    "empty": (Outcome.EMPTY, 1),
    "cut": (Outcome.TRUNCATED, 1),
    "over_context": (Outcome.OVER_CONTEXT, 1),
    "bad_shape": (Outcome.SCHEMA, 2),
    "injected": (Outcome.SCHEMA, 2),
    "oversized": (Outcome.TOO_LARGE, 1),
    "bomb": (Outcome.TOO_LARGE, 1),
    "not_json": (Outcome.HTTP_ERROR, 1),
    "noise": (Outcome.HTTP_ERROR, 1),
}


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("behave", FAULTS)
def test_a_fault_has_its_own_outcome(
    api: str, behave: str, start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger
) -> None:
    expected, requests = FAULTS[behave]
    stub = start(api, behave)
    reply = ask(asker_of(lane_toml("main", stub)), prompt)
    assert (reply.outcome, reply.answer) == (expected, None)
    assert len(stub.seen) == requests
    assert [row["outcome"] for row in ledger.rows()] == [expected.value] * requests
    assert reply.detail.startswith("main: ")
    assert KEY not in reply.detail
    assert KEY not in str(ledger.rows())


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("behave", ["echo", "echo_error"])
def test_a_key_that_a_provider_sends_back_is_kept_nowhere(
    api: str, behave: str, start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger
) -> None:
    reply = ask(asker_of(lane_toml("main", start(api, behave))), prompt)
    assert reply.outcome is (Outcome.ANSWERED if behave == "echo" else Outcome.HTTP_ERROR)
    assert KEY not in str(reply)
    assert KEY not in str(ledger.rows())


def test_of_several_answers_none_is_chosen(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    assert ask(asker_of(lane_toml("main", start("openai", "two"))), prompt).outcome is Outcome.HTTP_ERROR


def test_a_server_that_hangs_is_left_at_the_deadline(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("anthropic", "hanging")
    began = time.monotonic()
    reply = ask(asker_of(lane_toml("main", stub, "deadline = 1")), prompt)
    assert reply.outcome is Outcome.TIMEOUT
    assert time.monotonic() - began < 2.5
    assert reply.cost_microdollars is None  # it may have been read and billed


def test_a_slow_answer_in_time_is_an_answer(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    reply = ask(asker_of(lane_toml("main", start("openai", "slow"))), prompt)
    assert reply.outcome is Outcome.ANSWERED
    assert 0.3 <= reply.seconds < 3


def test_nobody_listens(start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger) -> None:
    stub = start()
    toml = lane_toml("main", stub).replace(stub.url, "http://127.0.0.1:9")
    reply = ask(asker_of(toml), prompt)
    assert (reply.outcome, reply.sent, reply.host, reply.cost_microdollars) == (Outcome.UNREACHABLE, False, "", 0)
    assert len(ledger.rows()) == 2  # one retry


def test_a_certificate_that_nobody_signed_is_not_trusted(
    start: Start, asker_of: AskerOf, prompt: Prompt, certificate: Path
) -> None:
    stub = start(certificate=certificate)
    reply = ask(asker_of(lane_toml("main", stub)), prompt)
    assert (reply.outcome, reply.sent) == (Outcome.UNREACHABLE, False)
    assert bytes(stub.received) == b""


def test_an_inner_authority_can_be_named(start: Start, asker_of: AskerOf, prompt: Prompt, certificate: Path) -> None:
    stub = start(certificate=certificate)
    reply = ask(asker_of(lane_toml("main", stub, f'ca_file = "{certificate}"')), prompt)
    assert reply.outcome is Outcome.ANSWERED


def test_a_redirect_gets_no_key(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    other = start("anthropic")
    stub = start("anthropic", "redirect", headers={"X-Elsewhere": f"{other.url}/v1/messages"})
    assert ask(asker_of(lane_toml("main", stub)), prompt).outcome is Outcome.HTTP_ERROR
    assert bytes(other.received) == b""


def test_a_proxy_of_the_environment_is_not_used(
    start: Start, asker_of: AskerOf, prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(asker_of(lane_toml("main", start())), prompt).outcome is Outcome.ANSWERED


# ------------------------------------------------------------------ retries


@pytest.mark.parametrize("first", ["limited", "failing"])
def test_a_passing_fault_is_tried_once_more(first: str, start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("anthropic", [first, "good"])
    began = time.monotonic()
    reply = ask(asker_of(lane_toml("main", stub)), prompt)
    assert (reply.outcome, len(stub.seen)) == (Outcome.ANSWERED, 2)
    assert (time.monotonic() - began >= 1) is (first == "limited")  # as long as the server asked for


def test_an_answer_of_no_use_is_asked_for_once_more(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("openai", ["bad_shape", "good"])
    reply = ask(asker_of(lane_toml("main", stub)), prompt)
    assert (reply.outcome, len(stub.seen)) == (Outcome.ANSWERED, 2)
    assert reply.usage == Usage(200, 80, 20, 40)  # both were billed
    assert reply.cost_microdollars == 2 * 1083


def test_a_lane_is_asked_three_times_at_most(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("anthropic", ["failing", "prose", "failing", "good"])
    assert ask(asker_of(lane_toml("main", stub)), prompt).outcome is Outcome.HTTP_ERROR
    assert len(stub.seen) == 3


@pytest.mark.parametrize(
    "wait",
    ["-5", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999999999999", "١", "Fri, 31 Dec 9999 23:59:59 GMT"],
)
def test_no_retry_after_keeps_us_past_the_deadline(wait: str, start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("anthropic", "failing", headers={"Retry-After": wait} if wait.isascii() else {})
    began = time.monotonic()
    reply = ask(asker_of(lane_toml("main", stub, "deadline = 5")), prompt)
    assert reply.outcome is Outcome.HTTP_ERROR
    assert time.monotonic() - began < 5
    assert len(stub.seen) <= 2


# ------------------------------------------------------------------ the next lane


def test_the_next_lane_is_asked_when_the_first_is_down(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    down, up = start("anthropic", "failing"), start("openai")
    reply = ask(asker_of(lane_toml("first", down) + lane_toml("second", up)), prompt)
    assert (reply.outcome, reply.lane) == (Outcome.ANSWERED, "second")
    assert (len(down.seen), len(up.seen)) == (2, 1)


def test_the_first_lane_is_enough(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    one, two = start("anthropic"), start("openai")
    assert ask(asker_of(lane_toml("first", one) + lane_toml("second", two)), prompt).lane == "first"
    assert two.seen == []


def test_every_reason_is_told_when_no_lane_answers(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    toml = lane_toml("first", start("anthropic", "refusal")) + lane_toml("second", start("openai", "failing"))
    reply = ask(asker_of(toml), prompt)
    assert (reply.outcome, reply.lane) == (Outcome.HTTP_ERROR, "second")
    assert "first: the model refused" in reply.detail
    assert "second: " in reply.detail


@pytest.mark.parametrize(
    ("behave", "asked"),
    [
        pytest.param("refusal", False, id="a refusal that the change may have baited"),
        pytest.param("sorry", False, id="an apology"),
        pytest.param("cut", False, id="an answer that was cut"),
        pytest.param("prose", False, id="prose"),
        pytest.param("bomb", False, id="an endless answer"),
        pytest.param("failing", True, id="a fault of the moment"),
        pytest.param("unauthorised", True, id="a key that is no longer good"),
    ],
)
def test_a_change_can_not_choose_the_weaker_lane(
    behave: str, asked: bool, start: Start, asker_of: AskerOf, prompt: Prompt
) -> None:
    strong, weak = start("anthropic", behave), start("openai", model="gpt-5-mini")
    toml = lane_toml("strong", strong) + lane_toml("weak", weak, "allow_below_class = true", "gpt-5-mini")
    reply = ask(asker_of(toml), prompt)
    assert bool(weak.seen) is asked
    assert (reply.outcome is Outcome.ANSWERED, reply.below_class) == (asked, asked)


def test_a_refusal_goes_on_to_a_lane_of_the_same_class(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    toml = lane_toml("one", start("anthropic", "refusal")) + lane_toml(
        "two", start("openai", model="gpt-5.5"), "", "gpt-5.5"
    )
    assert ask(asker_of(toml), prompt).lane == "two"


# ------------------------------------------------------------------ what each lane may carry


@pytest.mark.parametrize(
    ("data_class", "lane"), [("public", "free"), ("internal", "paid"), ("private", "home"), ("phi", "clinic")]
)
def test_data_goes_no_further_than_its_class(
    data_class: str, lane: str, start: Start, asker_of: AskerOf, prompt: Prompt
) -> None:
    stubs = {name: start("anthropic") for name in ("free", "paid", "home", "clinic")}
    home = "self_hosted = true\nallow_below_class = true\n"
    toml = (
        lane_toml("free", stubs["free"], 'free_tier = true\ndata_class = "public"')
        + lane_toml("paid", stubs["paid"])
        + lane_toml("home", stubs["home"], home + 'data_class = "private"')
        + lane_toml("clinic", stubs["clinic"], home + 'data_class = "phi"')
    )
    assert ask(asker_of(toml), prompt, data_class).lane == lane
    assert [name for name, stub in stubs.items() if stub.seen] == [lane]


def test_data_that_no_lane_may_carry_stays(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start()
    reply = ask(asker_of(lane_toml("main", stub)), prompt, "private")
    assert (reply.outcome, reply.sent, reply.cost_microdollars) == (Outcome.NO_LANE, False, 0)
    assert bytes(stub.received) == b""


def test_private_data_stays_at_home_when_home_is_down(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    """Fail-over never leaves the data class."""
    paid, home = start("anthropic"), start("openai", "failing")
    toml = lane_toml("paid", paid) + lane_toml(
        "home", home, 'self_hosted = true\nallow_below_class = true\ndata_class = "private"'
    )
    assert ask(asker_of(toml), prompt, "private").outcome is Outcome.HTTP_ERROR
    assert bytes(paid.received) == b""


@pytest.mark.parametrize(
    ("exclude", "strict", "expected"),
    [
        pytest.param({"claude"}, False, "gpt", id="another family reviews it"),
        pytest.param({"gpt"}, False, "claude", id="the order holds among the others"),
        pytest.param({"claude", "gpt"}, False, "claude", id="every family wrote it, and policy does not mind"),
        pytest.param({"claude", "gpt"}, True, "", id="every family wrote it, and policy minds"),
        pytest.param(set(), True, "claude", id="nobody is known to have written it"),
    ],
)
def test_a_family_does_not_review_itself(
    exclude: set[str], strict: bool, expected: str, start: Start, asker_of: AskerOf, prompt: Prompt
) -> None:
    one, two = start("anthropic"), start("openai", model="gpt-5.5")
    toml = f"[reviewer]\nrequire_independence = {str(strict).lower()}\n"
    toml += lane_toml("claude", one) + lane_toml("gpt", two, "", "gpt-5.5")
    reply = ask(asker_of(toml), prompt, exclude=frozenset(exclude))
    assert reply.lane == expected
    assert (reply.outcome is Outcome.NO_LANE) is (expected == "")


def test_the_independent_lane_that_is_down_is_not_replaced_by_the_author(
    start: Start, asker_of: AskerOf, prompt: Prompt
) -> None:
    one, two = start("anthropic"), start("openai", "failing", model="gpt-5.5")
    toml = lane_toml("claude", one) + lane_toml("gpt", two, "", "gpt-5.5")
    assert ask(asker_of(toml), prompt, exclude=frozenset({"claude"})).outcome is Outcome.HTTP_ERROR
    assert one.seen == []


@pytest.mark.parametrize(("more", "word"), [({"offline": True}, "offline"), ({"stage": "commit"}, "commit stage")])
def test_nothing_is_asked_offline_or_at_the_commit_stage(
    more: dict[str, Any], word: str, start: Start, asker_of: AskerOf, prompt: Prompt
) -> None:
    stub = start()
    reply = ask(asker_of(lane_toml("main", stub), **more), prompt)
    assert (reply.outcome, reply.sent) == (Outcome.OFFLINE, False)
    assert word in reply.detail
    assert bytes(stub.received) == b""


# ------------------------------------------------------------------ keys and names


@pytest.mark.parametrize(
    ("key", "word"),
    [(None, "is not set"), ("", "is not set"), ("sk-a\nX-Evil: 1", "characters"), ("sk-é", "characters")],
)
def test_a_key_that_can_not_be_sent_asks_nobody(
    key: str | None, word: str, start: Start, asker_of: AskerOf, prompt: Prompt
) -> None:
    stub = start()
    reply = ask(asker_of(lane_toml("main", stub), {} if key is None else {"REVIEW_KEY": key}), prompt)
    assert (reply.outcome, reply.sent) == (Outcome.NO_LANE, False)
    assert word in reply.detail
    assert "REVIEW_KEY" in reply.detail
    assert not key or key not in reply.detail
    assert bytes(stub.received) == b""


def test_the_dated_form_of_a_name_is_the_same_model(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    reply = ask(asker_of(lane_toml("main", start("anthropic", "dated_model"))), prompt)
    assert (reply.outcome, reply.model) == (Outcome.ANSWERED, "claude-opus-4-7-20260416")


def test_another_name_counts_when_policy_lists_it(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    toml = lane_toml("main", start("anthropic", "wrong_model"), 'response_models = ["claude-haiku-4-5"]')
    assert ask(asker_of(toml), prompt).outcome is Outcome.ANSWERED


def test_quota_headers_are_kept(start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger) -> None:
    ask(asker_of(lane_toml("main", start("anthropic", "quota"))), prompt)
    assert ledger.rows()[0]["quota"] == {"anthropic-ratelimit-tokens-remaining": "12000"}


# ------------------------------------------------------------------ the ledger, the budget and kept answers


def test_a_row_holds_what_was_asked_and_what_it_cost(
    start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger
) -> None:
    stub = start("openai")
    ask(asker_of(lane_toml("main", stub)), prompt)
    (row,) = ledger.rows()
    assert (row["scope"]["run"], row["scope"]["pull_request"]) == ("run1", "repo#7")
    assert (row["lane"], row["api"], row["host"], row["outcome"]) == ("main", "openai", stub.url[7:], "answered")
    assert row["tokens"] == {
        "fresh": 100, "cache_read": 40, "cache_write_5m": 10, "cache_write_1h": 0, "output": 20
    }  # fmt: skip
    assert row["usage"]["prompt_tokens_details.cached_tokens"] == 40
    assert (row["cost_microdollars"], row["cost_source"], row["price_version"]) == (1083, "list", "policy")
    assert (row["http_status"], row["stop_reason"], row["response_id"]) == (200, "stop", "chatcmpl-01")
    assert len(row["prompt_hash"]) == len(row["schema_hash"]) == 64
    for text in ("You review.", "0001 + x = 1", "x = 1", KEY):
        assert text not in str(row)


@pytest.mark.parametrize("scope", ["run", "pull_request", "day"])
def test_a_budget_is_set_aside_before_the_call(
    scope: str, start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger
) -> None:
    """Two calls fit: the first is settled at 1,083 millionths, and the worst case of one is some 26,000."""
    stub = start("anthropic")
    asker = asker_of(
        f"[reviewer.budget]\nrun = 9\n{scope} = 0.0276\n".replace("run = 9\nrun", "run") + lane_toml("main", stub)
    )
    outcomes = [ask(asker, prompt).outcome for _ in range(3)]
    assert outcomes == [Outcome.ANSWERED, Outcome.ANSWERED, Outcome.OVER_BUDGET]
    assert len(stub.seen) == 2
    assert [row["outcome"] for row in ledger.rows()] == ["answered", "answered", "over_budget"]
    assert ledger.spent("run", "run1") == 2 * 1083


def test_a_call_that_may_have_been_billed_stays_set_aside(
    start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger
) -> None:
    asker = asker_of(lane_toml("main", start("anthropic", "hanging"), "deadline = 1"))
    assert ask(asker, prompt).cost_microdollars is None
    assert ledger.spent("run", "run1") > 20_000


def test_a_model_without_a_price_is_over_budget(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    stub = start("anthropic", model="claude-opus-9")
    bare = lane_toml("main", stub, "", "claude-opus-9")
    bare = "".join(line for line in bare.splitlines(keepends=True) if not line.startswith("prices"))
    reply = ask(asker_of(bare), prompt)
    assert reply.outcome is Outcome.OVER_BUDGET
    assert "prices" in reply.detail
    assert bytes(stub.received) == b""
    free_hand = "[reviewer.budget]\nunlimited = ['run', 'pull_request', 'day']\n"
    reply = ask(asker_of(free_hand + bare), prompt)
    assert (reply.outcome, reply.cost_microdollars) == (Outcome.ANSWERED, None)


def test_a_ledger_that_fails_stops_the_money(start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger) -> None:
    stub = start()
    asker = asker_of(lane_toml("main", stub))
    ledger._base._connection.execute("DROP TABLE spending")
    reply = ask(asker, prompt)
    assert (reply.outcome, reply.sent) == (Outcome.OVER_BUDGET, False)
    assert bytes(stub.received) == b""


def test_an_answer_that_passed_its_checks_is_kept(
    start: Start, asker_of: AskerOf, prompt: Prompt, ledger: Ledger, tmp_path: Path
) -> None:
    from trustgate.store import Store

    stub = start("anthropic")
    with Store(tmp_path / "cache") as cache:
        asker = asker_of(lane_toml("main", stub), cache=cache)
        counts = {"lane": "main", "model": "m", "verdict": "block", "flags": 1, "cleared": 0, "added": 0}
        first = ask(asker, prompt)
        asker.judged(prompt.packet_id[:12], **counts, quote_failures=1, sound=False)
        ask(asker, prompt)
        assert len(stub.seen) == 2  # the first did not pass
        asker.judged(prompt.packet_id[:12], **counts, quote_failures=0, sound=True)
        third = ask(asker, prompt)
        assert len(stub.seen) == 2
        assert (third.outcome, third.answer, third.model) == (Outcome.ANSWERED, first.answer, "claude-opus-4-7")
        assert (third.sent, third.cost_microdollars, third.host) == (False, 0, "")
        for other in (
            replace(prompt, packet_id="cd" * 32),
            replace(prompt, system="You review well."),
            replace(prompt, user="0001 + x = 2"),
            replace(prompt, vote=2),
        ):
            before = len(stub.seen)
            ask(asker, other)
            assert len(stub.seen) == before + 1
    assert [row.get("cost_source") for row in ledger.rows()][4] == "cache"
    assert ledger.verify().fault is None


# ------------------------------------------------------------------ what is refused when lanes are opened


@pytest.mark.parametrize(
    ("lane", "words"),
    [
        pytest.param(
            'base_url = "https://api.anthropic.com"\nmodel = "claude-haiku-4-5"',
            ["standard", "frontier", "allow_below_class"],
            id="a smaller model than policy wants",
        ),
        pytest.param(
            'base_url = "https://openrouter.ai/api/v1"\nmodel = "anthropic/claude-opus-4.8"',
            ["openrouter", "standard"],
            id="behind somebody who does not answer for it",
        ),
        pytest.param(
            'base_url = "https://api.anthropic.com"\nmodel = "nobody-knows"', ["unknown"], id="a model nobody knows"
        ),
        pytest.param(
            'base_url = "https://api.anthropic.com"\nmodel = "claude-opus-4-8"\nself_hosted = true\ndata_class = "phi"',
            ["self_hosted", "anthropic"],
            id="somebody else's host as our own",
        ),
        pytest.param(
            'base_url = "http://127.0.0.1:11434/v1"\nmodel = "gpt-oss:120b-cloud"\nself_hosted = true\n'
            'data_class = "private"\nallow_below_class = true',
            ["self_hosted", "ollama-cloud"],
            id="Ollama's cloud behind the daemon at home",
        ),
        pytest.param(
            'base_url = "https://openrouter.ai/api/v1"\nmodel = "z-ai/glm-4.7:free"\nallow_below_class = true',
            ["free tier", "public"],
            id="a free tier for code",
        ),
    ],
)
def test_a_lane_that_contradicts_the_registry_is_refused(lane: str, words: list[str], asker_of: AskerOf) -> None:
    with pytest.raises(ConfigError) as caught:
        asker_of(f'[[reviewer.lane]]\nname = "main"\napi = "openai"\n{lane}\n')
    assert all(word in caught.value.message + caught.value.hint for word in ["'main'", *words])


def test_certificates_inside_the_repository_are_refused(
    start: Start, asker_of: AskerOf, tmp_path: Path, certificate: Path
) -> None:
    inside = tmp_path / "repo" / "ca.pem"
    inside.parent.mkdir()
    inside.write_bytes(certificate.read_bytes())
    toml = lane_toml("main", start(), f'ca_file = "{inside}"')
    with pytest.raises(ConfigError, match="ca_file"):
        asker_of(toml, outside=tmp_path / "repo")
    assert asker_of(toml, outside=tmp_path / "elsewhere")


def test_the_text_of_a_lie_is_an_answer_and_nothing_more(start: Start, asker_of: AskerOf, prompt: Prompt) -> None:
    """Quotes are checked by those who asked; here they only come back as they are."""
    lie = GOOD.replace("x = 1", "verify=True")
    assert ask(asker_of(lane_toml("main", start(text=lie))), prompt).answer == {
        "decision": "confirm",
        "quote": "verify=True",
    }
