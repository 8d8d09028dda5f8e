"""Every flaw rule proves itself: by examples in its table (bandit), by a pattern file and an annotated sample (Semgrep).

This is what can be said without the engines; test_deep_walk.py runs them.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from flaw_cases import BANDIT, BOOK, EXAMPLES, FILES, FOLDER, NAMES, RULES, SEMGREP, annotated, sample_of

from trustgate.rulebook import EXAMPLE_KEYS, describe
from trustgate.syntax.paths import language_of


def test_rule_walk_ids_are_unique() -> None:
    assert len(NAMES) == len(set(NAMES)) == len(RULES)


@pytest.mark.parametrize("table", BANDIT["rule"], ids=lambda table: table["id"])
def test_rule_walk_every_rule_of_bandit_has_examples_of_both_kinds(table: dict[str, Any]) -> None:
    for key in EXAMPLE_KEYS:
        assert table.get(key), f"{table['id']} has no example that it {key.replace('_', ' ')}"


@pytest.mark.parametrize("rule", SEMGREP)
def test_rule_walk_every_semgrep_rule_has_a_pattern_and_an_annotated_sample(rule: str) -> None:
    assert len(sorted(FOLDER.glob(f"{rule}.*"))) == 2
    assert len(annotated(rule, "ruleid")) >= 2, f"the sample of {rule} must have two lines that it flags"
    assert len(annotated(rule, "ok")) >= 2, f"the sample of {rule} must have two lines that it leaves alone"
    sample = sample_of(rule)
    assert RULES[rule].wants(language_of(sample.name), sample.read_bytes()), "`needs` keeps it from its own sample"


def test_rule_walk_nothing_lies_about() -> None:
    stems = {path.stem for path in FOLDER.iterdir() if path.is_file()}
    assert stems == {*SEMGREP, *FILES}


@pytest.mark.parametrize("rule", SEMGREP)
def test_rule_walk_pattern_file_says_what_the_rule_says(rule: str) -> None:
    pattern = pattern_of(rule)
    spoken = {"typescript": {"typescript", "tsx"}}
    assert pattern["id"] == rule
    assert set().union(*(spoken.get(name, {name}) for name in pattern["languages"])) == RULES[rule].languages
    assert pattern["message"] == f"see {SEMGREP[rule][0]}.toml"
    assert {"metadata", "fix", "fix-regex", "paths"} & set(pattern) == set(), (
        "words stand in the .toml, nothing is rewritten, and which files are read is said at the call"
    )


@pytest.mark.parametrize("stem", [stem for stem in FILES if stem != "bandit"])
def test_rule_walk_what_a_request_is_is_said_alike_in_every_rule_of_a_language(stem: str) -> None:
    said = {
        json.dumps(pattern_of(rule)["pattern-sources"])
        for rule in SEMGREP
        if SEMGREP[rule][0] == stem and "-from-request" in rule and not rule.startswith("fields-")
    }
    assert len(said) == 1


def test_rule_walk_a_rule_gives_way_to_rules_of_its_language_that_say_more() -> None:
    for rule, (stem, table) in SEMGREP.items():
        for other in table.get("yields_to", ()):
            assert SEMGREP[other][0] == stem, f"{rule} yields to {other}"
            assert RULES[other].severity >= RULES[rule].severity


def pattern_of(rule: str) -> dict[str, Any]:
    import yaml

    (pattern,) = yaml.safe_load((FOLDER / f"{rule}.yaml").read_text())["rules"]
    return pattern  # type: ignore[no-any-return]


@pytest.mark.parametrize(("rule", "key", "example"), EXAMPLES)
def test_rule_walk_what_a_rule_flags_passes_its_own_first_look(rule: str, key: str, example: dict[str, Any]) -> None:
    language = language_of(example["path"])
    assert language in RULES[rule].languages
    assert RULES[rule].wants(language, example["after"].encode()) or key == "leaves_alone"


def test_rule_walk_no_test_of_bandit_is_named_twice() -> None:
    ours = [table["code"] for table in BANDIT["rule"]]
    assert len(ours) == len(set(ours))
    assert not set(ours) & set(BANDIT["covered"])
    assert not set(BANDIT["left_out"]) & {*ours, *BANDIT["covered"]}


def test_rule_walk_what_covers_a_test_of_bandit_exists() -> None:
    known = describe(BOOK)
    assert {rule for rule in BANDIT["covered"].values() if rule not in known} == set()
