"""GitLab's Code Quality report: a JSON array, one entry a finding, as GitLab documents its "report format".

The widget shows entries on the new side only, so a removed guard stands on the nearest line that is left.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from trustgate import escape
from trustgate.finding import Severity
from trustgate.report import phrases
from trustgate.verdict import Action, Judged, Verdict

ENTRIES = 25_000
DESCRIPTION = 500
_SEVERITY = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "major",
    Severity.MEDIUM: "minor",
    Severity.LOW: "info",
}


def render(verdict: Verdict) -> str:
    """The findings at note and above, worst first; what blocks has the severity `blocker`."""
    full, notes = phrases.shown(verdict)
    place = phrases.standing(verdict)
    seen: Counter[str] = Counter()
    entries = [_entry(item, *place(item), seen) for item in (*full, *notes)[:ENTRIES]]
    return json.dumps(entries, indent=2, sort_keys=True) + "\n"


def _entry(item: Judged, path: str, line: int, seen: Counter[str]) -> dict[str, object]:
    found = item.finding
    gone = ""
    if phrases.removed(item):
        gone = f" (removed line {found.location.line})" if found.location.line else " (removed)"
    return {
        "type": "issue",
        "check_name": found.rule,
        "description": phrases.clip(escape.visible(f"{item.action.label}: {found.title}{gone}"), DESCRIPTION),
        "categories": ["Security"],
        "severity": "blocker" if item.action is Action.BLOCK else _SEVERITY.get(found.severity, "info"),
        "fingerprint": _fingerprint(found.fingerprint, seen),
        "location": {"path": escape.visible(path), "lines": {"begin": max(1, line)}},
    }


def _fingerprint(own: str, seen: Counter[str]) -> str:
    """Of entries with one fingerprint the widget shows the first only, so each has its own.

    No line number is part of it: what only moved is neither new nor resolved there.
    """
    seen[own] += 1
    return hashlib.sha256(f"{own}:{seen[own]}".encode("utf-8", "surrogateescape")).hexdigest()
