"""Every dependency rule proves itself: it flags each `flags` example and keeps quiet on each `leaves_alone` example."""

from __future__ import annotations

from typing import Any

import pytest

from trustgate.finding import Finding, Skip
from trustgate.rulebook import parse_rule_file, rule_files, shipped_root

RULES = {
    name: parse_rule_file(name, data)
    for name, data in rule_files(shipped_root()).items()
    if name.startswith("dependencies/")
}
EXAMPLES = [
    pytest.param(table["id"], key, example, id=f"{table['id']}: {key}: {example['name']}")
    for table in RULES.values()
    for key in ("leaves_alone", "flags")
    for example in table.get(key, ())
]


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_examples_of_both_kinds(name: str) -> None:
    table = RULES[name]
    assert name == f"dependencies/{table['id']}.toml"
    assert not [key for key in ("title", "message", "tip") if "{" in table[key]]
    assert table["flags"]
    assert table["leaves_alone"]


@pytest.mark.parametrize(("rule", "key", "example"), EXAMPLES)
def test_example(rule: str, key: str, example: dict[str, Any], run: Any, configured: Any) -> None:
    sides = [{example["path"]: example[side]} if side in example else {} for side in ("before", "after")]
    outcomes = run(*sides, offline=rule != "dependency-absent", private_names=("private-*",))
    found = [one for one in outcomes if isinstance(one, Finding) and one.rule == rule]
    assert bool(found) is (key == "flags"), outcomes
    assert not [one for one in outcomes if isinstance(one, Skip)], outcomes
    for one in found:
        assert one.location.line > 0
        assert "{" not in one.title + one.message + one.tip
        assert "pw" not in one.title + one.message + str(one.evidence)
    if rule != "dependency-absent":
        assert configured.asked == []
