"""Every dependency rule proves itself: it flags each `flags` example and keeps quiet on each `leaves_alone` example."""

from __future__ import annotations

import re
from typing import Any

import pytest

from trustgate.finding import Finding, Skip
from trustgate.rulebook import load_rulebook, parse_rule_file, rule_files, shipped_root

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

SEEN = re.compile(r"(?P<what>\S.*\S), (?P<when>[^,;]*\b(?:19|20)\d\d\b[^;]*); (?P<source>\S+)")
SOURCE = re.compile(r"https://[\w.-]+\.\w+/\S+|[\w.-]+/[\w.-]+@[0-9a-f]{40}")
REGISTRY_HOST = re.compile(
    r"\b(?:npmjs|npmmirror|yarnpkg|pypi|pythonhosted)\.(?!example\b)[a-z]{2,}\b|\bpypi\.python\.", re.IGNORECASE
)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_was_seen_in_the_world(name: str) -> None:
    seen = [example["seen"] for example in RULES[name]["flags"] if "seen" in example]
    assert seen
    for text in seen:
        parts = SEEN.fullmatch(text)
        assert parts, f"not 'what happened, when; source': {text}"
        assert SOURCE.fullmatch(parts["source"]), f"neither an https address nor owner/repo@commit: {parts['source']}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("it happened once; https://news.example/story", id="no year"),
        pytest.param("it happened, May 2020", id="no source"),
        pytest.param("it happened, May 2020; someone told me", id="a source in words"),
        pytest.param("it happened, May 2020; http://news.example/story", id="not https"),
        pytest.param("it happened, May 2020; owner/repo@0123abc", id="a short commit id"),
    ],
)
def test_what_counts_as_no_source(text: str) -> None:
    parts = SEEN.fullmatch(text)
    assert not (parts and SOURCE.fullmatch(parts["source"]))


@pytest.mark.parametrize("name", RULES)
def test_no_rule_names_the_host_of_a_registry(name: str) -> None:
    assert not REGISTRY_HOST.search((shipped_root() / "rules" / name).read_text())
    for example in (*RULES[name]["flags"], *RULES[name]["leaves_alone"]):
        assert set(example) <= {"name", "seen", "path", "before", "after", "beside"}


@pytest.mark.parametrize("owner", ["npmjs", "yarnpkg", "pypi", "pythonhosted"])
def test_the_host_of_a_registry_is_seen(owner: str) -> None:
    assert REGISTRY_HOST.search(f"https://files.{owner}.org/otter.tgz")
    assert not REGISTRY_HOST.search(f"https://{owner}.example/otter.tgz")


def test_the_proof_is_left_out_of_the_rulebook() -> None:
    for table in load_rulebook().family("dependencies").values():
        assert not set(table) & {"flags", "leaves_alone", "seen"}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_examples_of_both_kinds(name: str) -> None:
    table = RULES[name]
    assert name == f"dependencies/{table['id']}.toml"
    assert not [key for key in ("title", "message", "tip") if "{" in table[key]]
    assert table["flags"]
    assert table["leaves_alone"]


@pytest.mark.parametrize(("rule", "key", "example"), EXAMPLES)
def test_example(rule: str, key: str, example: dict[str, Any], run: Any, configured: Any) -> None:
    beside = example.get("beside", {})
    sides = [{**beside, example["path"]: example[side]} if side in example else beside for side in ("before", "after")]
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
