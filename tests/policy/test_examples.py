"""The commented example says what the program does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from trustgate.policy.canonical import plain
from trustgate.policy.model import Policy

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "examples" / "trustgate.toml").read_text()
SAMPLES = ("[packages.trusted]", "[line]", "boundaries.auth", "[reviewer.lane]")


def uncommented(text: str) -> str:
    """The example with every setting in force: comment marks go where what follows is TOML."""
    return re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", text)


def test_the_example_loads_as_it_is(policy_of: Callable[..., Policy]) -> None:
    assert policy_of(EXAMPLE).preset == "advise"


def test_its_comments_are_the_shipped_settings(policy_of: Callable[..., Policy]) -> None:
    text = uncommented(EXAMPLE)
    for name in SAMPLES:  # samples of what a team could add: everything else is as shipped
        text = re.sub(rf"(?ms)^\[{re.escape(name)}\].*?(?=^\[|^#|\Z)", "", text)
    assert "[origins]" in text
    assert plain(policy_of(text)) == plain(policy_of('preset = "advise"'))


def test_its_samples_load(policy_of: Callable[..., Policy]) -> None:
    policy = policy_of(uncommented(EXAMPLE).replace("2030-01-31", "2030-12-31"))
    assert policy.lines[0].id == "payments"
    assert policy.packages[0].name == "pypi:acme-core"
    assert [item.boundary for item in policy.listed] == ["auth"]


def test_every_setting_is_in_the_example(policy_of: Callable[..., Policy]) -> None:
    for name, _source in policy_of().sources:
        assert re.search(rf"(?m)^# {re.escape(name.split('.')[-1])} = ", EXAMPLE), name
