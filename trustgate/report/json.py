"""`trustgate.report/1`: the verdict as one JSON object, as CONTRACT and the published schema say.

Keys are sorted, text is ASCII with `\\u` escapes, so a lone surrogate (a byte that was not UTF-8) comes back as it was.
Everything but the seconds is byte-identical for an identical verdict.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trustgate import __version__
from trustgate.attribution.origin import Origin
from trustgate.verdict import Judged, OriginShare, Verdict

if TYPE_CHECKING:
    from trustgate.opinion import Review

SCHEMA = "trustgate.report/1"


def render(verdict: Verdict) -> str:
    """Indented by two blanks, with a line feed at the end."""
    return json.dumps(as_object(verdict), sort_keys=True, indent=2, allow_nan=False) + "\n"


def line(verdict: Verdict) -> str:
    """The same object on one line, for JSON lines; without a line feed."""
    return json.dumps(as_object(verdict), sort_keys=True, separators=(",", ":"), allow_nan=False)


def as_object(verdict: Verdict) -> dict[str, Any]:
    """Lists whose order carries no meaning are sorted here; findings, origins and stages keep the verdict's order."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "trustgate", "version": __version__},
        "stage": verdict.stage,
        "diff_base": verdict.diff_base,
        "trusted_base": verdict.trusted_base,
        "head": verdict.head,
        "policy_digest": verdict.policy_digest,
        "rules_digest": verdict.rules_digest,
        "exit_code": verdict.exit_code,
        "decision": verdict.decision.label,
        "complete": verdict.complete,
        "reasons": [
            {"finding": reason.finding, "policy_line": reason.policy_line, "action": reason.action.label}
            for reason in verdict.reasons
        ],
        "origins": [_share(share) for share in verdict.origins],
        "findings": [_finding(item) for item in verdict.findings],
        "skips": [
            {"analyzer": analyzer, "path": path, "reason": reason, "error": error}
            for analyzer, path, reason, error in sorted((s.analyzer, s.path, s.reason, s.error) for s in verdict.skips)
        ],
        "not_checked": [
            {"what": what, "reason": reason} for what, reason in sorted((n.what, n.reason) for n in verdict.not_checked)
        ],
        "mechanical": [
            {"path": path, "line": first, "end_line": last, "proof": proof}
            for path, first, last, proof in sorted((m.path, m.line, m.end_line, m.proof) for m in verdict.mechanical)
        ],
        "reviews": [_review(item) for item in verdict.reviews],
        "stages": [
            {"name": run.name, "status": run.status, "seconds": round(run.seconds, 6), "detail": run.detail}
            for run in verdict.stages
        ],
        "coverage": {
            "files_seen": verdict.files_seen,
            "files_analysed": verdict.files_analysed,
            "files_not_analysed": [
                {"path": path, "reason": reason}
                for path, reason in sorted((item.path, item.reason) for item in verdict.not_analysed)
            ],
        },
    }


def origin_object(origin: Origin, raised: bool) -> dict[str, Any]:
    """An origin as `attribute` prints it: the fields of CONTRACT without the line counts."""
    return {
        "id": origin.id,
        "class": origin.origin_class.value,
        "raised": raised,
        "agent": origin.agent,
        "model": origin.model,
        "provider": origin.provider,
        "hosting": origin.hosting.value,
        "jurisdiction": origin.jurisdiction,
        "trust": origin.trust.label,
        "evidence": [{"kind": e.kind, "detail": e.detail, "commit": e.commit} for e in origin.evidence],
        "commits": list(origin.commits),
    }


def _share(share: OriginShare) -> dict[str, Any]:
    return {
        **origin_object(share.origin, share.raised),
        "lines_added": share.lines_added,
        "lines_removed": share.lines_removed,
    }


def _finding(item: Judged) -> dict[str, Any]:
    found = item.finding
    where = found.location
    return {
        "rule": found.rule,
        "analyzer": found.analyzer,
        "kind": found.kind.value,
        "boundary": found.boundary,
        "severity": found.severity.label,
        "confidence": found.confidence.label,
        "score": found.rank,
        "path": where.path,
        "side": where.side.value,
        "line": where.line,
        "end_line": where.end_line,
        "column": where.column,
        "end_column": where.end_column,
        "symbol": found.symbol,
        "title": found.title,
        "message": found.message,
        "tip": found.tip,
        "evidence": list(found.evidence),
        "fingerprint": found.fingerprint,
        "origin": item.origin,
        "action": item.action.label,
        "clearable": item.clearable,
        "suppressed_by": item.suppressed_by,
        "cleared_by": item.cleared_by,
    }


def _review(item: Review) -> dict[str, Any]:
    flags = [
        {
            "finding": flag.finding,
            "rule": flag.rule,
            "path": flag.path,
            "line": flag.line,
            "standing": flag.opinion.standing,
            "code": flag.opinion.code,
            "authority": flag.opinion.authority,
            "quotes": [quote._asdict() for quote in flag.opinion.quotes],
        }
        for flag in item.flags
    ]
    values = item._asdict() | {"flags": flags, "files": list(item.files), "not_sent": list(item.not_sent)}
    return values | {"seconds": round(item.seconds, 6)}
