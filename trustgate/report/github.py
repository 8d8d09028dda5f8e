"""GitHub workflow commands: annotations on the changed lines, worst first and within the caps of a step."""

from __future__ import annotations

import os
from collections.abc import Mapping

from trustgate import escape
from trustgate.finding import Location, Side
from trustgate.report import phrases
from trustgate.verdict import Action, Judged, Verdict

CAP = 10
"""errors, and warnings, that GitHub shows for a step (reviewdog issue 411, zizmor's documentation)"""
MESSAGE = 1_000


def render(verdict: Verdict) -> str:
    """Blocks as errors, escalations and warnings as warnings; the last line is the summary with all the counts.

    A finding on a removed line is shown at its anchor on the new side.
    """
    place = phrases.standing(verdict)
    lines = []
    headline = phrases.headline(verdict)
    room = {"error": CAP, "warning": CAP}
    if headline:
        level = "warning" if verdict.complete else "error"
        room[level] -= 1
        lines.append(_command(level, {"title": "trustgate"}, headline))
    for reason in phrases.whole(verdict):
        level = "error" if reason.action is Action.BLOCK else "warning"
        room[level] -= 1
        title = f"trustgate: {reason.action.label}[{reason.policy_line}]"
        lines.append(_command(level, {"title": title}, reason.why))
    full, _ = phrases.shown(verdict)
    hidden = []
    for item in full:
        level = "error" if item.action is Action.BLOCK else "warning"
        if room[level] > 0:
            room[level] -= 1
            lines.append(_annotation(level, item, *place(item)))
        else:
            hidden.append(item)
    if hidden:
        lines.append(f"trustgate: not annotated: {phrases.counts(hidden)}; the job summary has them")
    lines.append(f"trustgate: {phrases.summary(verdict)}")
    return "\n".join(lines) + "\n"


def guarded(text: str) -> str:
    """`text` for the log of a step, between commands that switch workflow commands off and on again.

    The token is random: text that does not know it cannot switch them on.
    """
    token = f"trustgate-{os.urandom(16).hex()}"
    end = "" if text.endswith("\n") else "\n"
    return f"::stop-commands::{token}\n{text}{end}::{token}::\n"


def failure(message: str, hint: str = "") -> str:
    """The annotation of a run in which no review took place."""
    said = f"no review took place: {message}" + (f"\n{hint}" if hint else "")
    return _command("error", {"title": "trustgate"}, said) + "\n"


def _annotation(level: str, item: Judged, path: str, line: int) -> str:
    found = item.finding
    said = found.title if not found.message or found.message == found.title else f"{found.title}\n{found.message}"
    gone = f" (removed line {found.location.line})" if phrases.removed(item) and found.location.line else ""
    title = f"trustgate: {item.action.label}[{found.rule}]{gone}"
    return _command(level, {**_place(found.location, path, line), "title": title}, said)


def _place(where: Location, path: str, line: int) -> dict[str, str]:
    if where.side is Side.OLD or where.line < 1:
        return {"file": path, "line": str(max(1, line))}
    place = {"file": path, "line": str(line), "endLine": str(max(line, where.end_line))}
    if where.end_line <= where.line:  # GitHub takes columns only where start and end line are the same
        place |= {"col": str(where.column), "endColumn": str(max(where.column, where.end_column))}
    return place


def _command(level: str, properties: Mapping[str, str], message: str) -> str:
    pairs = ",".join(f"{key}={escape.annotation_property(value)}" for key, value in properties.items())
    return f"::{level} {pairs}::{escape.annotation_data(phrases.clip(message, MESSAGE))}"
