"""What opening the lanes costs, and says: nothing heavy before something is asked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest
from stub_lanes import SCOPE, Stub, lane_toml

from trustgate.policy.model import Policy
from trustgate.reviewer.candidates import candidates_of
from trustgate.reviewer.opening import open_asker, warnings_of
from trustgate.rulebook import Rulebook

HEAVY = {"httpx", "pydantic", "ssl", "sqlite3", "socket", "http", "asyncio", "xllamacpp", "anthropic", "openai"}
LANE = '[[reviewer.lane]]\nname = "main"\napi = "anthropic"\nbase_url = "https://api.anthropic.com"\nmodel = "claude-opus-4-7"\n'
TODAY = date(2026, 11, 21)


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        (sys.executable, "-c", f"{code}\nimport sys, json; print(json.dumps(sorted(sys.modules)))"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_lanes_loads_nothing_heavy() -> None:
    loaded = loaded_by("import trustgate.reviewer.opening")
    assert "trustgate.reviewer.lanes" in loaded
    assert HEAVY & loaded == set()


def test_a_policy_with_a_lane_costs_the_hook_no_reviewer() -> None:
    """The staged hook reads the policy, and its budget is 0.13 CPU seconds."""
    code = (
        "from trustgate.policy.load import load_policy\nfrom trustgate.rulebook import load_rulebook\n"
        f"policy = load_policy(lambda path: None, load_rulebook(), None, config={LANE.encode()!r})\nassert policy.has_lane"
    )
    loaded = loaded_by(code)
    assert not any(name.startswith(("trustgate.reviewer", "trustgate.ledger")) for name in loaded)
    assert (HEAVY | {"dataclasses", "decimal", "trustgate.transport", "trustgate.store"}) & loaded == set()


def test_without_a_lane_there_is_no_asker(
    policy_of: Callable[[str], Policy], rulebook: Rulebook, ledger: object, start: Callable[..., Stub]
) -> None:
    for text in ("", '[reviewer]\nrequire_class = "standard"'):
        assert open_asker(policy_of(text), rulebook, {}, ledger, SCOPE) is None  # type: ignore[arg-type]
    stub = start()
    asker = open_asker(policy_of(lane_toml("main", stub)), rulebook, {}, ledger, SCOPE)  # type: ignore[arg-type]
    assert asker is not None
    asker.close()
    assert stub.seen == []


@pytest.mark.parametrize(
    ("more", "day", "word"),
    [
        pytest.param("", TODAY, "", id="a price that was checked"),
        pytest.param("", date(2027, 6, 1), "over 90 days", id="a price that is old"),
        pytest.param('model = "claude-opus-9"', TODAY, "no price is known", id="a model without a price"),
        pytest.param("prices = { input = 1, output = 2 }", date(2027, 6, 1), "", id="the team's own price"),
    ],
)
def test_a_price_that_is_old_or_not_there_is_said(
    more: str, day: date, word: str, policy_of: Callable[[str], Policy], rulebook: Rulebook
) -> None:
    text = LANE if not more.startswith("model") else LANE.replace('model = "claude-opus-4-7"', more)
    policy = policy_of(text + ("" if more.startswith("model") else more))
    assert policy.reviewer is not None
    warnings = warnings_of(candidates_of(policy.reviewer, rulebook, day), day)
    assert [word in warning for warning in warnings] == ([True] if word else [])


@pytest.mark.parametrize(
    ("base_url", "model", "expected"),
    [
        ("https://api.anthropic.com", "claude-opus-4-7-20260416", ("anthropic", "claude", "frontier", True)),
        ("https://api.openai.com/v1", "gpt-5.5-2026-04-24", ("openai", "gpt", "frontier", True)),
        (
            "https://us-east5-aiplatform.googleapis.com",
            "claude-opus-4-8",
            ("google-vertex", "claude", "frontier", False),
        ),
    ],
)
def test_a_lane_is_what_the_registry_knows(
    base_url: str, model: str, expected: tuple[object, ...], policy_of: Callable[[str], Policy], rulebook: Rulebook
) -> None:
    policy = policy_of(LANE.replace("https://api.anthropic.com", base_url).replace("claude-opus-4-7", model))
    assert policy.reviewer is not None
    (one,) = candidates_of(policy.reviewer, rulebook, TODAY)
    assert (one.provider, one.family, one.model_class, one.rates is not None) == expected
