"""Writes the tables of rules into the pages that hold them: `python docs/rule_tables.py`. A test fails for a stale one.

A table stands between `<!-- rules: FAMILY -->`, or `<!-- rules: boundaries auth -->`, and `<!-- /rules -->`.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from trustgate.finding import Confidence, Finding, Kind, Location, Severity
from trustgate.policy.decide import line_for
from trustgate.policy.load import shipped_policy
from trustgate.rulebook import Described, describe, load_rulebook

DOCS = Path(__file__).parent
TABLE = re.compile(r"(<!-- rules: (\w+)(?: ([\w-]+))? -->\n)(.*?)(<!-- /rules -->)", re.S)
ENGINES = {
    "bandit": "Python, by bandit",
    "python": "Python, by Semgrep",
    "javascript": "JavaScript and TypeScript, by Semgrep",
    "go": "Go, by Semgrep",
    "java": "Java, by Semgrep",
}
"""heading for each file of `rules/flaws/` that holds a list of rules"""
KINDS = ("touch", "weakening", "flaw")
BOOK = load_rulebook()
RULES = describe(BOOK)
POLICY = shipped_policy(BOOK)


def table(family: str, boundary: str | None) -> str:
    """Markdown: a table, for flaws one an engine and language."""
    found = [rule for rule in RULES.values() if rule.family == family and boundary in (None, rule.boundary)]
    if family == "flaws":
        order = list(ENGINES)
        found.sort(key=lambda rule: (order.index(Path(rule.file).stem), rule.boundary, rule.id))
        parts = groupby(found, key=lambda rule: Path(rule.file).stem)
        return "\n".join(f"### {ENGINES[stem]}\n\n{rows(list(group), 'boundary')}" for stem, group in parts)
    if family == "boundaries":
        found.sort(key=lambda rule: (KINDS.index(rule.kind), rule.id))
        return rows(found, "kind")
    return rows(found, "")


def rows(rules: list[Described], second: str) -> str:
    middle = {"kind": "kind | ", "boundary": "boundary | ", "": ""}[second]
    judged = rules[0].family != "reviewer"  # what a reviewer finds is judged by its quotes: docs/reviewer.md
    columns = " at the commit | unknown origin | raised |" if judged else ""
    out = [f"| rule | {middle}severity, confidence | what it says |{columns}"]
    out.append("|" + " --- |" * (out[0].count("|") - 1))
    for rule in rules:
        about = {"kind": "switch-off" if rule.kind == "flaw" else rule.kind, "boundary": rule.boundary, "": ""}[second]
        does = "".join(f" {action.label} |" for action in actions(rule)) if judged else ""
        title = rule.title.replace("|", "\\|")
        cells = f"{about} | " if second else ""
        out.append(f"| `{rule.id}` | {cells}{rule.severity}, {rule.confidence} | {title} |{does}")
    return "\n".join(out) + "\n"


def actions(rule: Described) -> tuple:
    """What the shipped policy makes of a finding at the rule's own confidence, without a reviewer lane."""
    finding = Finding(
        rule.id, rule.family, Kind(rule.kind), Severity[rule.severity.upper()], Confidence[rule.confidence.upper()],
        Location("src/app.py"), "", "", "", rule.boundary,
    )  # fmt: skip
    line = line_for(POLICY, finding, has_lane=False)
    return line.commit, line.unknown, line.raised


def renewed(text: str) -> str:
    return TABLE.sub(lambda found: f"{found[1]}\n{table(found[2], found[3])}\n{found[5]}", text)


if __name__ == "__main__":
    for page in DOCS.rglob("*.md"):
        before = page.read_text(encoding="utf-8")
        if renewed(before) != before:
            page.write_text(renewed(before), encoding="utf-8")
            print(page.relative_to(DOCS.parent))
