"""The examples inside a boundary rule, run: what it must flag and what it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trustgate.analyzers import boundaries
from trustgate.analyzers.context import Context
from trustgate.changes.changeset import CommitInfo
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.finding import Finding
from trustgate.rulebook import EXAMPLE_KEYS, Rulebook


def rules_flagged(example: Mapping[str, Any], rulebook: Rulebook) -> set[str]:
    """Ids of the boundary rules that find something in the change of one example."""
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    for part in (example, example.get("beside")):
        if part:
            before |= {part["path"]: _bytes(part["before"])} if "before" in part else {}
            after[part["path"]] = _bytes(part["after"])
    message = example.get("message", "")
    commits = (CommitInfo("c1", (), "a", "a@example.org", "a", "a@example.org", message),) if message else ()
    change = change_between(before, after, commits)
    views = tuple(FileView(file, change) for file in change.files)
    found = boundaries.analyze(Context(change, views, rulebook))
    return {outcome.rule for outcome in found if isinstance(outcome, Finding)}


def wrong_examples(table: Mapping[str, Any], rulebook: Rulebook) -> Iterator[str]:
    """A sentence for each example of a rule that does not hold, and for each kind of which it has none."""
    for key in EXAMPLE_KEYS:
        wanted = key == "flags"
        if not table.get(key):
            yield f"has no [[{key}]]: add an example that it {'flags' if wanted else 'leaves alone'}"
        for number, example in enumerate(table.get(key, ()), 1):
            if (table["id"] in rules_flagged(example, rulebook)) is not wanted:
                name = f" ({example['name']!r})" if "name" in example else ""
                yield f"[[{key}]] {number}{name}: {'is not flagged' if wanted else 'is flagged'}"


def _bytes(text: str) -> bytes:
    return text.lstrip("\n").encode("utf-8", "surrogateescape")
