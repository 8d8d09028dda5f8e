"""`policy test`: cases kept beside the policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from policy_samples import TODAY

from trustgate.errors import ConfigError
from trustgate.policy.cases import parse_cases, run_cases
from trustgate.policy.model import Policy

CASES = b"""
[[case]]
name = "a looser check in crypto waits"
finding = { rule = "guard-removed", kind = "weakening", boundary = "crypto" }
expect = "escalate"
line = "weakening-core"

[[case]]
name = "the same from an aggregator, at medium confidence"
finding = { rule = "guard-removed", kind = "weakening", boundary = "crypto", confidence = "medium" }
origin = { hosting = "aggregator", open_weights = true }
expect = "note"

[[case]]
name = "a hot touch with a lane"
finding = { rule = "touch-auth", kind = "touch", boundary = "auth", score = 90 }
has_lane = true
stage = "commit"
expect = "silent"
"""


def test_says_which_case_came_to_something_else(policy_of: Callable[..., Policy]) -> None:
    outcomes = run_cases(policy_of(), parse_cases("cases.toml", CASES), TODAY)
    assert [(o.right, o.action.label) for o in outcomes] == [(True, "escalate"), (False, "escalate"), (True, "silent")]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[[cases]]\n",
        CASES.replace(b'"weakening"', b'"weakness"'),
        CASES.replace(b'expect = "note"', b'expects = "note"'),
        CASES.replace(b"aggregator", b"agregator"),
        CASES.replace(b'stage = "commit"', b'stage = "deploy"'),
        CASES.replace(b"finding = { rule", b"found = { rule"),
    ],
    ids=["none", "another table", "no such kind", "no such key", "no such host", "no such stage", "no finding"],
)
def test_a_case_that_can_not_be_read_is_no_pass(text: bytes) -> None:
    with pytest.raises(ConfigError, match=r"cases\.toml"):
        parse_cases("cases.toml", text)
