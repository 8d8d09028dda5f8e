"""What many reviewed commits came to, by who wrote them: a pure fold over `trustgate.report/1` objects, one a commit.

It counts what rules and policy said. That is no measure of a backend's worth: who gets the hard parts has more of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SCHEMA = "trustgate.overview/1"
STOPPED = ("escalate", "block")
TOLD = ("warn", *STOPPED)
"""actions that somebody reads about"""
WHO = ("class", "agent", "model", "provider", "hosting", "jurisdiction")
"""fields of an origin that make one backend"""
NO_BOUNDARY = ("", "verification")
"""checks and tests are a boundary of the rules, and not a place where an attacker comes in"""


@dataclass(slots=True)
class Backend:
    """One who wrote, as `who` says in the order of WHO. A commit with two backends counts for both."""

    who: tuple[str, ...]
    raised: bool = False
    """policy is stricter with it"""
    commits: int = 0
    stopped: int = 0
    """commits that waited for a review or were blocked, whoever of their backends was the reason"""
    lines_added: int = 0
    lines_removed: int = 0
    told: Counter[str] = field(default_factory=Counter)
    """findings at `warn` or above by kind, of lines that this backend may have written"""

    def as_json(self) -> dict[str, Any]:
        return {
            **dict(zip(WHO, self.who, strict=True)),
            "raised": self.raised,
            "commits": self.commits,
            "stopped": self.stopped,
            "lines_added": self.lines_added,
            "lines_removed": self.lines_removed,
            "findings": dict(sorted(self.told.items())),
        }


@dataclass(slots=True)
class Overview:
    """Counts over the commits that were judged."""

    commits: int = 0
    incomplete: int = 0
    """judged, though an analyzer was blind somewhere"""
    decisions: Counter[str] = field(default_factory=Counter)
    backends: dict[tuple[str, ...], Backend] = field(default_factory=dict)
    touched: Counter[str] = field(default_factory=Counter)
    """commits by boundary that they touch"""
    weakened: Counter[str] = field(default_factory=Counter)
    """commits by boundary with a weakening at `warn` or above"""
    rules: Counter[str] = field(default_factory=Counter)
    """findings at `warn` or above"""

    def by_lines(self) -> list[Backend]:
        """Most added lines first."""
        return sorted(self.backends.values(), key=lambda item: (-item.lines_added, -item.commits, item.who))

    def as_json(self) -> dict[str, Any]:
        return {
            "commits": self.commits,
            "incomplete": self.incomplete,
            "decisions": {name: self.decisions[name] for name in ("allow", *TOLD)},
            "backends": [item.as_json() for item in self.by_lines()],
            "boundaries": [
                {"boundary": name, "touched": self.touched[name], "weakened": self.weakened[name]}
                for name in sorted(self.touched | self.weakened)
            ],
            "rules": [{"rule": name, "findings": number} for name, number in _most_first(self.rules)],
        }


def overview(reports: Iterable[Mapping[str, Any]]) -> Overview:
    """Fold the reports of single commits."""
    made = Overview()
    for report in reports:
        _add(made, report)
    return made


def _add(made: Overview, report: Mapping[str, Any]) -> None:
    made.commits += 1
    made.decisions[report["decision"]] += 1
    made.incomplete += not report["complete"]
    backends: dict[str, Backend] = {}
    for origin in report["origins"]:
        who = tuple(origin[name] for name in WHO)
        known = any(backend.who == who for backend in backends.values())
        backend = backends[origin["id"]] = made.backends.setdefault(who, Backend(who))
        backend.raised = backend.raised or origin["raised"]
        if known:  # the same backend on other evidence: the same lines
            continue
        backend.commits += 1
        backend.stopped += report["decision"] in STOPPED
        backend.lines_added += origin["lines_added"]
        backend.lines_removed += origin["lines_removed"]
    touched, weakened = set(), set()
    for finding in report["findings"]:
        if finding["boundary"] not in NO_BOUNDARY:
            touched.add(finding["boundary"])
        if finding["action"] not in TOLD:
            continue
        made.rules[finding["rule"]] += 1
        if finding["origin"] in backends:
            backends[finding["origin"]].told[finding["kind"]] += 1
        if finding["kind"] == "weakening" and finding["boundary"] not in NO_BOUNDARY:
            weakened.add(finding["boundary"])
    made.touched.update(touched)
    made.weakened.update(weakened)


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
