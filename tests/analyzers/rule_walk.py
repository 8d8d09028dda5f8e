"""Turns the examples of a rule file into change sets and runs one analyzer over them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from trustgate.analyzers.context import Analyzer, Context, Settings
from trustgate.changes.changeset import MODE_SUBMODULE, ChangeSet
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.finding import Finding
from trustgate.rulebook import load_rulebook, shipped_root

RULEBOOK = load_rulebook()


def rule_tables(family: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted((shipped_root() / "rules" / family).glob("*.toml")):
        yield file.stem, tomllib.loads(file.read_text(encoding="utf-8"))


def examples(family: str, key: str) -> list[tuple[str, str, dict[str, Any]]]:
    """`(spoken id, rule, example)` of every rule of the family."""
    return [
        (f"{stem}: {example['name']}", stem, example)
        for stem, table in rule_tables(family)
        for example in table.get(key, ())
    ]


def change_of(example: dict[str, Any]) -> ChangeSet:
    path = example["path"]
    base = {name: text.encode("utf-8", "surrogatepass") for name, text in example.get("base", {}).items()}
    before, after = dict(base), dict(base)
    if "before" in example:
        before[path] = example["before"].encode()
    if "after" in example:
        after[path] = example["after"].encode()
    change = change_between(before, after)
    modes = {key: int(example[key], 8) for key in ("old_mode", "new_mode") if key in example}
    if not modes:
        return change
    files = []
    for file in change.files:
        changed = file._replace(**modes) if file.path == path else file
        if MODE_SUBMODULE in modes.values():
            changed = changed._replace(old_id=example.get("before", "0" * 40), new_id=example["after"], hunks=())
        files.append(changed)
    return change._replace(files=tuple(files))


def findings(analyzer: Analyzer, change: ChangeSet, settings: Settings | None = None) -> list[Finding]:
    views = tuple(FileView(file, change) for file in change.files)
    context = Context(change, views, RULEBOOK, settings or Settings())
    return [outcome for outcome in analyzer.analyze(context) if isinstance(outcome, Finding)]


def between(analyzer: Analyzer, before: dict[str, bytes], after: dict[str, bytes]) -> list[Finding]:
    return findings(analyzer, change_between(before, after))
