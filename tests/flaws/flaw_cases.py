"""The flaw rules with their examples and samples, and the analyzer run on a change that is built in memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from trustgate.analyzers import flaws
from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.flaws.rules import load_rules
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.finding import Finding
from trustgate.rulebook import EXAMPLE_KEYS, load_rulebook, parse_rule_file, rule_files, shipped_root

BOOK = load_rulebook()
FOLDER = shipped_root() / "rules" / "flaws"
FILES = {
    Path(name).stem: parse_rule_file(name, data)
    for name, data in rule_files(shipped_root()).items()
    if name.startswith("flaws/")
}
BANDIT = FILES["bandit"]
SEMGREP = {table["id"]: (stem, table) for stem in FILES if stem != "bandit" for table in FILES[stem]["rule"]}
"""by id: the file of the language and the table in it"""
TABLES: list[dict[str, Any]] = [*BANDIT["rule"], *(table for _, table in SEMGREP.values())]
RULES = {rule.id: rule for engine in ("bandit", "semgrep") for rule in load_rules(BOOK, engine)}
NAMES = [table["id"] for table in TABLES]
EXAMPLES = [
    pytest.param(table["id"], key, example, id=f"{table['id']}-{key}-{number}")
    for table in TABLES
    for key in EXAMPLE_KEYS
    for number, example in enumerate(table.get(key, ()))
]


def context_of(before: Mapping[str, str | bytes], after: Mapping[str, str | bytes]) -> Context:
    change = change_between(_bytes(before), _bytes(after))
    return Context(change, tuple(FileView(item, change) for item in change.files), BOOK)


def outcomes(before: Mapping[str, str | bytes], after: Mapping[str, str | bytes]) -> list[Outcome]:
    return list(flaws.analyze(context_of(before, after)))


def findings(before: Mapping[str, str | bytes], after: Mapping[str, str | bytes]) -> list[Finding]:
    """Findings; anything that was not checked, or went wrong, fails the test that asks."""
    found = outcomes(before, after)
    assert [item for item in found if not isinstance(item, Finding)] == []
    return [item for item in found if isinstance(item, Finding)]


def rules(before: Mapping[str, str | bytes], after: Mapping[str, str | bytes]) -> set[str]:
    return {finding.rule for finding in findings(before, after)}


def _bytes(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {
        path: text.lstrip("\n").encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        for path, text in files.items()
    }


def sample_of(rule: str) -> Path:
    return next(path for path in sorted(FOLDER.glob(f"{rule}.*")) if path.suffix != ".yaml")


def annotated(rule: str, word: str) -> set[int]:
    """Lines below a `ruleid: ID` or `ok: ID` comment."""
    lines = sample_of(rule).read_text().split("\n")
    return {number + 1 for number, line in enumerate(lines, 1) if line.strip("\t #/") == f"{word}: {rule}"}


def sample_path(rule: str) -> str:
    """Where a sample stands in a change that is built of it: not below `rules/`, and no test."""
    return f"src/{sample_of(rule).name}"
