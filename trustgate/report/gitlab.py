"""GitLab's Code Quality report: a JSON array, one entry a finding, as GitLab documents its "report format".

The widget shows entries on the new side only, so a removed guard stands on the nearest line that is left.
"""

from __future__ import annotations

import hashlib
import json

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
    anchors = dict(verdict.anchors)
    entries = [_entry(item, anchors) for item in (*full, *notes)[:ENTRIES]]
    return json.dumps(entries, indent=2, sort_keys=True) + "\n"


def _entry(item: Judged, anchors: dict[str, int]) -> dict[str, object]:
    found = item.finding
    where = found.location
    line = where.line
    gone = ""
    if phrases.removed(item):
        line = anchors.get(f"{found.fingerprint}@{where.line}", 1)
        gone = f" (removed line {where.line})" if where.line else " (removed)"
    return {
        "type": "issue",
        "check_name": found.rule,
        "description": phrases.clip(escape.visible(f"{item.action.label}: {found.title}{gone}"), DESCRIPTION),
        "categories": ["Security"],
        "severity": "blocker" if item.action is Action.BLOCK else _SEVERITY.get(found.severity, "info"),
        "fingerprint": hashlib.sha256(f"{found.fingerprint}@{where.side.value}{where.line}".encode()).hexdigest(),
        "location": {"path": escape.visible(where.path), "lines": {"begin": max(1, line)}},
    }
