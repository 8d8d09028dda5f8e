"""Model rules against their own examples, and what the examples cannot say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_walk import between, change_of, examples, findings, rule_tables

from trustgate.analyzers import models as analyzer
from trustgate.analyzers.models.lock import LockFault, read_lock
from trustgate.analyzers.models.python_calls import calls_of
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
    (found,) = between(analyzer, {"a.py": LOAD.replace("cpu", "gpu").encode()}, {"a.py": LOAD.encode()})
    assert (found.rule, found.location.line) == ("unpinned-model", 4)


def test_tests_load_toy_models_by_any_name() -> None:
    (found,) = between(analyzer, {}, {"tests/test_a.py": LOAD.encode()})
    assert found.confidence is Confidence.LOW


def test_a_source_that_does_not_parse_is_read_by_brackets_and_less_sure() -> None:
    text = "from transformers import AutoModel\nm = AutoModel.from_pretrained('acme/bert', trust_remote_code=True)\ndef (:\n"
    found = between(analyzer, {}, {"a.py": text.encode()})
    assert {(item.rule, item.confidence) for item in found} == {
        ("unpinned-model", Confidence.MEDIUM),
        ("remote-code-model", Confidence.MEDIUM),
    }


def test_deep_nesting_falls_back() -> None:
    assert calls_of("x = " + "(" * 5000 + ")" * 5000)[1] is True


@given(st.text(max_size=300))
def test_any_source_is_read(text: str) -> None:
    calls, _by_brackets = calls_of(text)
    assert all(call.line >= 1 for call in calls)


@given(st.text(max_size=300))
def test_any_lock_is_read_or_refused(text: str) -> None:
    try:
        models = read_lock(text)
    except LockFault as fault:
        assert str(fault)
    else:
        assert all(name == model.name for name, model in models.items())


@pytest.mark.parametrize(
    "text", ["model = 1\n", "[[model]]\n", '[[model]]\nname = "a"\n[[model]]\nname = "A"\n', "model = [1]\n"]
)
def test_a_lock_that_is_none_says_so(text: str) -> None:
    with pytest.raises(LockFault):
        read_lock(text)
