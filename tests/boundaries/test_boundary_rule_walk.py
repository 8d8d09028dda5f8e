"""Every boundary rule proves itself: it has examples of both kinds, flags the one and leaves the other alone."""

from __future__ import annotations

from typing import Any

import pytest
from boundary_cases import BOOK

from trustgate.analyzers.boundaries.examples import rules_flagged
from trustgate.rulebook import EXAMPLE_KEYS, parse_rule_file, rule_files, shipped_root

RULES = {
    name: parse_rule_file(name, data)
    for name, data in rule_files(shipped_root()).items()
    if name.startswith("boundaries/")
}
CASES = [
    pytest.param(table["id"], key, example, id=f"{table['id']}-{key}-{number}")
    for table in RULES.values()
    for key in EXAMPLE_KEYS
    for number, example in enumerate(table.get(key, ()))
]


@pytest.mark.parametrize("name", RULES)
def test_rule_walk_every_rule_has_examples_of_both_kinds(name: str) -> None:
    table = RULES[name]
    assert table.get("flags"), f"{name} has no example that it flags"
    assert table.get("leaves_alone"), f"{name} has no example that it leaves alone"


@pytest.mark.parametrize(("rule", "key", "example"), CASES)
def test_rule_walk_example(rule: str, key: str, example: dict[str, Any]) -> None:
    assert (rule in rules_flagged(example, BOOK)) is (key == "flags")
