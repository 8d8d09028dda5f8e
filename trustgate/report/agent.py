"""The verdict for the agent that wrote the change: what to mend, in few words.

How a finding is accepted is left out on purpose: accepting is for people.
"""

from __future__ import annotations

from trustgate import escape
from trustgate.report import phrases
from trustgate.verdict import Judged, Verdict

FINDINGS = 20
TEXT = 400
"""characters of a finding's message and of its tip"""


def render(verdict: Verdict, path: str = "") -> str:
    """Findings at warn and above, of one file where `path` is given; empty when there is nothing to mend."""
    full, _ = phrases.shown(verdict)
    meant = [item for item in full if not path or item.finding.location.path == path]
    blind = [skip for skip in verdict.skips if skip.error and (not path or skip.path == path)]
    if not meant and not blind:
        return ""
    lines = ["trustgate looked at the uncommitted change and found:"]
    lines += [_line(item) for item in meant[:FINDINGS]]
    if meant[FINDINGS:]:
        lines.append(f"- and {len(meant) - FINDINGS} more")
    lines += [
        f"- could not judge {escape.terminal(s.path)}: {escape.terminal(s.reason)[:TEXT]}" for s in blind[:FINDINGS]
    ]
    lines.append("Mend these, or tell the person you work for why they must stay. Do not silence the check.")
    return "\n".join(lines) + "\n"


def _line(item: Judged) -> str:
    found = item.finding
    place = escape.path(found.location.path) + phrases.position(found.location)
    gone = " (removed)" if phrases.removed(item) else ""
    said = [found.title, found.message if found.message != found.title else "", found.tip]
    text = " ".join(escape.terminal(phrases.clip(part, TEXT)) for part in said if part)
    return f"- {item.action.label} [{found.rule}] {place}{gone}: {text}"
