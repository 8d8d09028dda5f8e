"""Flaw rules that are not as they must be are refused with file and rule named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from trustgate.analyzers.flaws.rules import load_rules
from trustgate.errors import ConfigError
from trustgate.finding import Confidence, Location
from trustgate.rulebook import Rulebook, load_rulebook

GOOD: dict[str, Any] = {
    "id": "a-flaw",
    "needs": [["one", "two"], ["three"]],
    "severity": "high",
    "confidence": "medium",
    "boundary": "injection",
    "title": "t",
    "message": "m",
    "tip": "p",
}


def book(stem: str, *tables: Mapping[str, Any], languages: Sequence[str] = ("python",)) -> Rulebook:
    return Rulebook({"flaws": {stem: {"languages": languages, "rule": tables}}}, "digest")


WRONG = {
    "certain": {"confidence": "high"},
    "of no boundary": {"boundary": "elsewhere"},
    "of no severity": {"severity": "terrible"},
    "with needs that are no lists": {"needs": [1]},
}


def test_the_shipped_rules_load() -> None:
    rulebook = load_rulebook()
    assert len(load_rules(rulebook, "bandit")) >= 10
    found = load_rules(rulebook, "semgrep")
    assert len(found) >= 60
    for language in ("python", "javascript", "typescript", "tsx", "go", "java"):
        assert len([rule for rule in found if language in rule.languages]) >= 12


def test_each_engine_gets_its_own() -> None:
    assert [rule.code for rule in load_rules(book("python", GOOD), "semgrep")] == ["a-flaw"]
    assert load_rules(book("python", GOOD), "bandit") == ()
    (rule,) = load_rules(book("bandit", {**GOOD, "code": "B1"}), "bandit")
    assert (rule.code, rule.languages) == ("B1", {"python"})


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_rule_that_is_wrong_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"rules/flaws/python\.toml: a-flaw"):
        load_rules(book("python", {**GOOD, **change}), "semgrep")


def test_rules_of_no_language_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"rules/flaws/python\.toml: a-flaw"):
        load_rules(book("python", GOOD, languages=()), "semgrep")


@pytest.mark.parametrize("missing", GOOD)
def test_a_rule_that_lacks_something_is_refused(missing: str) -> None:
    with pytest.raises(ConfigError, match=r"rules/flaws/python\.toml"):
        load_rules(book("python", {key: value for key, value in GOOD.items() if key != missing}), "semgrep")


def test_one_word_of_each_group_is_needed() -> None:
    (rule,) = load_rules(book("python", GOOD), "semgrep")
    assert rule.wants("python", b"two three")
    assert not rule.wants("python", b"one two")
    assert not rule.wants("javascript", b"two three")


def test_a_finding_is_never_surer_than_its_rule() -> None:
    (rule,) = load_rules(book("python", GOOD), "semgrep")
    made = [rule.finding(Location("a.py"), "f", "x", sure, ()).confidence for sure in Confidence]
    assert made == [Confidence.LOW, Confidence.MEDIUM, Confidence.MEDIUM]
