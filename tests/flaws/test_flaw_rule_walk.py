"""Every flaw rule proves itself: examples of both kinds, and for Semgrep a pattern file and an annotated sample.

This is what can be said without the engines; test_deep_walk.py runs them.
"""

from __future__ import annotations

from typing import Any

import pytest
from flaw_cases import BANDIT, BOOK, EXAMPLES, FOLDER, NAMES, RULES, SEMGREP, TABLES, annotated

from trustgate.rulebook import EXAMPLE_KEYS, describe
from trustgate.syntax.paths import language_of


def test_rule_walk_ids_are_unique() -> None:
    assert len(NAMES) == len(set(NAMES)) == len(RULES)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_rule_walk_every_rule_has_examples_of_both_kinds(table: dict[str, Any]) -> None:
    for key in EXAMPLE_KEYS:
        assert table.get(key), f"{table['id']} has no example that it {key.replace('_', ' ')}"


@pytest.mark.parametrize("stem", [path.stem for path in sorted(FOLDER.iterdir())])
def test_rule_walk_every_semgrep_rule_has_its_three_files(stem: str) -> None:
    if stem == "bandit":
        assert [path.suffix for path in FOLDER.glob("bandit.*")] == [".toml"]
        return
    assert {".toml", ".yaml"} < {path.suffix for path in FOLDER.glob(f"{stem}.*")}
    assert annotated(stem, "ruleid"), f"the sample of {stem} has no line that it must flag"
    assert annotated(stem, "ok"), f"the sample of {stem} has no line that it must leave alone"


@pytest.mark.parametrize("stem", SEMGREP)
def test_rule_walk_pattern_file_says_what_the_rule_says(stem: str) -> None:
    import yaml

    (pattern,) = yaml.safe_load((FOLDER / f"{stem}.yaml").read_text())["rules"]
    spoken = {"javascript": {"javascript"}, "typescript": {"typescript", "tsx"}, "python": {"python"}}
    assert pattern["id"] == stem
    assert set().union(*(spoken[name] for name in pattern["languages"])) == RULES[stem].languages
    assert {"metadata", "fix", "fix-regex"} & set(pattern) == set(), (
        "words stand in the .toml, and nothing is rewritten"
    )


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
