"""SARIF 2.1.0 as GitHub code scanning takes it; the exit code does not depend on this file.

Limits and required fields: OASIS SARIF 2.1.0 and GitHub's "SARIF support for code scanning" (25,000 results a run,
1,024 characters a rule description, all four numbers of a region, only the first location of a result).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trustgate import __version__, escape
from trustgate.finding import Confidence, NotChecked, Severity, Skip
from trustgate.report import phrases
from trustgate.verdict import Action, Judged, Verdict

RESULTS = 5_000
"""GitHub takes 25,000 and stores 5,000 of them, not the worst ones (github/docs issue 38085): so we cut"""
NOTIFICATIONS = 1_000
DESCRIPTION = 1_024
"""characters of a rule's description"""
MESSAGE = 2_000
_LEVELS = {Action.BLOCK: "error", Action.ESCALATE: "warning", Action.WARN: "warning", Action.NOTE: "note"}
_SECURITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "3.0"}
"""middle of GitHub's bands: over 9.0 critical, 7.0-8.9 high, 4.0-6.9 medium, 0.1-3.9 low"""
_PROBLEM = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "recommendation",
}


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a rule says of itself, from the catalogue; without it a finding's own title stands in."""

    short: str
    full: str = ""
    help: str = ""


def render(
    verdict: Verdict,
    *,
    rules: Mapping[str, RuleText] | None = None,
    limit: int = RESULTS,
) -> str:
    """Notes and above, worst first; silent findings stay out, accepted ones carry their suppression.

    A finding on a removed line is shown at its anchor on the new side, or on line 1.
    """
    place = phrases.standing(verdict)
    items = [item for item in phrases.ranked(verdict) if item.action is not Action.SILENT or item.suppressed_by]
    kept = items[:limit]
    names = list(dict.fromkeys(item.finding.rule for item in kept))
    index = {name: number for number, name in enumerate(names)}
    seen: Counter[str] = Counter()
    results = [
        _result(
            item, index[item.finding.rule], seen, place(item), phrases.opinion(verdict, item) if item.cleared_by else ""
        )
        for item in kept
    ]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "trustgate",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(name, kept, (rules or {}).get(name)) for name in names],
                    }
                },
                "automationDetails": {"id": f"trustgate/{verdict.stage}/"},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(verdict, len(items) - len(kept))],
                "results": results,
                "properties": {
                    "decision": verdict.decision.label,
                    "diffBase": verdict.diff_base,
                    "trustedBase": verdict.trusted_base,
                    "head": verdict.head,
                    "policyDigest": verdict.policy_digest,
                    "rulesDigest": verdict.rules_digest,
                },
            }
        ],
    }
    return json.dumps(log, sort_keys=True, indent=1, allow_nan=False) + "\n"


def _text(text: str, limit: int = MESSAGE) -> str:
    """Never empty: GitHub rejects an empty message."""
    return phrases.clip(escape.sarif_message(text), limit) or "-"


def _rule(name: str, items: list[Judged], text: RuleText | None) -> dict[str, Any]:
    mine = [item.finding for item in items if item.finding.rule == name]
    first = mine[0]
    severity: Severity = max(item.severity for item in mine)
    confidence: Confidence = max(item.confidence for item in mine)
    text = text or RuleText(first.title, first.message, first.tip)
    return {
        "id": escape.visible(name),
        "shortDescription": {"text": _text(text.short, DESCRIPTION)},
        "fullDescription": {"text": _text(text.full or text.short, DESCRIPTION)},
        "help": {"text": _text(text.help or f"Run `trustgate explain {name}`.")},
        "properties": {
            "precision": confidence.label,
            "problem.severity": _PROBLEM[severity],
            "security-severity": _SECURITY[severity],
            "tags": list(dict.fromkeys(tag for tag in ("security", first.kind.value, first.boundary) if tag)),
        },
    }


def _result(item: Judged, rule: int, seen: Counter[str], place: tuple[str, int], said_of: str = "") -> dict[str, Any]:
    found = item.finding
    seen[found.fingerprint] += 1
    said = found.title if not found.message or found.message == found.title else f"{found.title}. {found.message}"
    result: dict[str, Any] = {
        "ruleId": escape.visible(found.rule),
        "ruleIndex": rule,
        "level": _LEVELS.get(item.action, "none"),
        "message": {"text": _text(said)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": escape.sarif_uri(place[0]) or ".", "uriBaseId": "%SRCROOT%"},
                    "region": _region(item, place[1]),
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{found.fingerprint}:{seen[found.fingerprint]}"},
        "properties": {
            "action": item.action.label,
            "analyzer": found.analyzer,
            "confidence": found.confidence.label,
            "line": found.location.line,
            "origin": item.origin,
            "policyLine": escape.visible(item.policy_line),
            "severity": found.severity.label,
            "side": found.location.side.value,
        },
    }
    if found.symbol:
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": escape.visible(found.symbol)}]
    if item.suppressed_by:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": _text(f"exception {item.suppressed_by}")}
        ]
    if item.cleared_by:
        words = f"cleared in review {item.cleared_by}: {said_of}" if said_of else f"cleared in review {item.cleared_by}"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": _text(words)}]
    return result


def _region(item: Judged, line: int) -> dict[str, int]:
    where = item.finding.location
    if phrases.removed(item) or where.line < 1:
        line = max(1, line)
        return {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 2}
    last, column = max(where.line, where.end_line), max(1, where.column)
    end = max(where.end_column, column + 1 if last == where.line else 1)
    return {"startLine": where.line, "startColumn": column, "endLine": last, "endColumn": end}


def _invocation(verdict: Verdict, cut: int) -> dict[str, Any]:
    said = [_notification(skip) for skip in sorted(verdict.skips, key=lambda skip: (not skip.error, skip.analyzer))]
    said += [_notification(item) for item in verdict.not_checked]
    more = len(said) - NOTIFICATIONS
    said = said[:NOTIFICATIONS]
    for number, what in ((cut, "findings"), (more, "notifications")):
        if number > 0:
            said.append({"level": "warning", "message": {"text": f"{number} more {what} are not in this file"}})
    return {
        "executionSuccessful": verdict.complete,
        "exitCode": verdict.exit_code,
        "toolExecutionNotifications": said,
    }


def _notification(item: Skip | NotChecked) -> dict[str, Any]:
    if isinstance(item, NotChecked):
        return {"level": "note", "message": {"text": _text(f"not checked: {item.what} ({item.reason})")}}
    note: dict[str, Any] = {
        "level": "error" if item.error else "note",
        "message": {"text": _text(f"{item.analyzer}: {item.reason}")},
    }
    if item.path:
        uri = {"uri": escape.sarif_uri(item.path), "uriBaseId": "%SRCROOT%"}
        note["locations"] = [{"physicalLocation": {"artifactLocation": uri}}]
    return note
