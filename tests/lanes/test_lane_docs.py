"""The page on lanes: every sample loads and opens, every key and command is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from trustgate.cli.ledger import ledger as ledger_commands
from trustgate.cli.queue import queue as queue_commands
from trustgate.policy.lanes import Budget, Lane
from trustgate.policy.model import Policy
from trustgate.reviewer.candidates import candidates_of
from trustgate.rulebook import Rulebook

PAGE = (Path(__file__).parents[2] / "docs" / "lanes.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_a_sample_can_be_used(number: int, policy_of: Callable[[str], Policy], rulebook: Rulebook) -> None:
    policy = policy_of(SAMPLES[number])
    assert policy.reviewer is not None
    assert candidates_of(policy.reviewer, rulebook, date(2026, 11, 21))
    assert policy.reviewer.budget == Budget()


def test_every_key_has_its_row() -> None:
    assert set(re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE)) == set(Lane._fields)


def test_every_command_is_named() -> None:
    for name, group in (("ledger", ledger_commands), ("queue", queue_commands)):
        for command in group.commands:
            assert f"trustgate {name} {command}" in PAGE
