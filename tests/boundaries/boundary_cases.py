"""Builds a change of files in memory and runs the boundaries analyzer on it."""

from __future__ import annotations

from collections.abc import Mapping

from trustgate.analyzers import boundaries
from trustgate.analyzers.context import Context, Outcome
from trustgate.changes.changeset import CommitInfo
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.finding import Finding
from trustgate.rulebook import load_rulebook

BOOK = load_rulebook()


def outcomes(before: Mapping[str, str], after: Mapping[str, str], message: str = "") -> list[Outcome]:
    commits = (CommitInfo("c1", (), "a", "a@example.org", "a", "a@example.org", message),) if message else ()
    change = change_between(
        {path: text.lstrip("\n").encode("utf-8", "surrogateescape") for path, text in before.items()},
        {path: text.lstrip("\n").encode("utf-8", "surrogateescape") for path, text in after.items()},
        commits,
    )
    return list(boundaries.analyze(Context(change, tuple(FileView(f, change) for f in change.files), BOOK)))


def findings(before: Mapping[str, str], after: Mapping[str, str], message: str = "") -> list[Finding]:
    return [outcome for outcome in outcomes(before, after, message) if isinstance(outcome, Finding)]


def rules(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Ids of the rules that are no touch."""
    return {finding.rule for finding in findings(before, after) if not finding.rule.startswith("touch-")}
