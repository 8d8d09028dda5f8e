"""Changes that turn the tools against their users: our own files, hidden text, git's files, agents, workflows."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.integrity.route import checks
from trustgate.analyzers.integrity.subject import Names, Subject
from trustgate.analyzers.rule import RuleSet

NAME = "integrity"


def analyze(context: Context) -> Iterator[Outcome]:
    """Findings of every family for every changed file, whatever kind of file it is."""
    rules = RuleSet(context.rulebook, "integrity", NAME)
    names = Names(context)
    for view in context.files:
        subject = Subject(context, view, rules, names)
        for check in checks(subject):
            yield from check(subject)
