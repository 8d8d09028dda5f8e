"""Model rules against their own examples, and what the examples cannot say."""

from __future__ import annotations

from typing import Any

import pytest
from rule_walk import between, change_of, examples, findings, rule_tables

from trustgate.analyzers import models as analyzer
from trustgate.finding import Confidence, Kind


def rows(key: str) -> list[Any]:
    return [pytest.param(rule, example, id=label) for label, rule, example in examples("models", key)]


def test_every_rule_has_examples_of_both_kinds_and_a_code() -> None:
    tables = dict(rule_tables("models"))
    assert [name for name, table in tables.items() if not table.get("flags") or not table.get("leaves_alone")] == []
    assert all(table["code"].startswith("MDL") and table["id"] == name for name, table in tables.items())


@pytest.mark.parametrize(("rule", "example"), rows("leaves_alone"))
def test_leaves_alone(rule: str, example: dict[str, Any]) -> None:
    assert rule not in {finding.rule for finding in findings(analyzer, change_of(example))}


@pytest.mark.parametrize(("rule", "example"), rows("flags"))
def test_flags(rule: str, example: dict[str, Any]) -> None:
    found = [finding for finding in findings(analyzer, change_of(example)) if finding.rule == rule]
    assert found
    assert {finding.kind for finding in found} == {Kind.MODEL}
    assert {finding.location.path for finding in found} == {example["path"]}


LOAD = "from transformers import AutoModel\nm = AutoModel.from_pretrained(\n    'acme/bert',\n    device='cpu',\n)\n"


def test_a_call_over_several_lines_is_one_finding_on_the_changed_line() -> None:
    pinned = LOAD.replace("'cpu'", "'cpu', revision='0123456789abcdef0123456789abcdef01234567'")
    (found,) = between(analyzer, {"a.py": pinned.encode()}, {"a.py": LOAD.encode()})
    assert (found.rule, found.location.line) == ("unpinned-model", 4)


def test_what_was_so_before_is_not_said_again() -> None:
    assert between(analyzer, {"a.py": LOAD.replace("cpu", "gpu").encode()}, {"a.py": LOAD.encode()}) == []


def test_tests_load_toy_models_by_any_name() -> None:
    (found,) = between(analyzer, {}, {"tests/test_a.py": LOAD.encode()})
    assert found.confidence is Confidence.LOW
