"""The facts of one past review as JSON values: enough to run `decide()` again under another policy.

A record is read back from a cache, so anything that does not have the right shape is no record (ValueError).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from trustgate.attribution.origin import Attribution, Evidence, Hosting, LineRange, Origin, OriginClass, Trust
from trustgate.finding import Confidence, Finding, Kind, Location, NotChecked, Severity, Side, Skip

SPACE = "review"
"""the space of the store that holds records"""
FORM = 1
"""number of this form; a record of another form is no record"""


class ReviewFacts(NamedTuple):
    """What a review knew before policy was asked. Secrets are already redacted in the findings."""

    diff_base: str
    head: str
    stage: str
    findings: tuple[Finding, ...]
    attribution: Attribution
    skips: tuple[Skip, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    has_lane: bool = False
    anything_changed: bool = True


def record_key(diff_base: str, head: str, rules_digest: str, engine: str) -> str:
    """The key of a record: object ids of both sides, digest of the shipped rulebook, version of trustgate.

    The repository's own rules and listed places are those of the base, which its id tells already.
    """
    return f"{diff_base}:{head}:{rules_digest}:{engine}"


def to_record(facts: ReviewFacts) -> dict[str, Any]:
    return {
        "form": FORM,
        "diff_base": facts.diff_base,
        "head": facts.head,
        "stage": facts.stage,
        "has_lane": facts.has_lane,
        "anything_changed": facts.anything_changed,
        "findings": [_finding(finding) for finding in facts.findings],
        "attribution": {
            "origins": [_origin(origin) for origin in facts.attribution.origins],
            "default": list(facts.attribution.default),
            "lines": [[item.path, item.start, item.end, item.origin] for item in facts.attribution.lines],
            "files": [[path, list(names)] for path, names in facts.attribution.files],
        },
        "skips": [[skip.analyzer, skip.reason, skip.path, skip.error] for skip in facts.skips],
        "not_checked": [[item.what, item.reason] for item in facts.not_checked],
    }


def from_record(value: Any) -> ReviewFacts:
    """Raises ValueError for anything that `to_record` did not make."""
    try:
        if value["form"] != FORM:
            raise ValueError(f"a record of form {value['form']!r}")
        named = value["attribution"]
        return ReviewFacts(
            diff_base=_text(value["diff_base"]),
            head=_text(value["head"]),
            stage=_text(value["stage"]),
            has_lane=bool(value["has_lane"]),
            anything_changed=bool(value["anything_changed"]),
            findings=tuple(_read_finding(item) for item in value["findings"]),
            attribution=Attribution(
                origins=tuple(_read_origin(item) for item in named["origins"]),
                default=_texts(named["default"]),
                lines=tuple(LineRange(_text(p), int(a), int(b), _text(o)) for p, a, b, o in named["lines"]),
                files=tuple((_text(path), _texts(names)) for path, names in named["files"]),
            ),
            skips=tuple(Skip(_text(a), _text(r), _text(p), bool(error)) for a, r, p, error in value["skips"]),
            not_checked=tuple(NotChecked(_text(what), _text(reason)) for what, reason in value["not_checked"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a record of a review: {error}") from error


def _finding(finding: Finding) -> dict[str, Any]:
    at = finding.location
    return {
        "rule": finding.rule,
        "analyzer": finding.analyzer,
        "kind": finding.kind.value,
        "severity": int(finding.severity),
        "confidence": int(finding.confidence),
        "location": [at.path, at.side.value, at.line, at.end_line, at.column, at.end_column],
        "title": finding.title,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
        "boundary": finding.boundary,
        "score": finding.score,
        "symbol": finding.symbol,
        "tip": finding.tip,
        "evidence": list(finding.evidence),
    }


def _read_finding(value: Any) -> Finding:
    path, side, line, end_line, column, end_column = value["location"]
    return Finding(
        rule=_text(value["rule"]),
        analyzer=_text(value["analyzer"]),
        kind=Kind(value["kind"]),
        severity=Severity(value["severity"]),
        confidence=Confidence(value["confidence"]),
        location=Location(_text(path), Side(side), int(line), int(end_line), int(column), int(end_column)),
        title=_text(value["title"]),
        message=_text(value["message"]),
        fingerprint=_text(value["fingerprint"]),
        boundary=_text(value["boundary"]),
        score=int(value["score"]),
        symbol=_text(value["symbol"]),
        tip=_text(value["tip"]),
        evidence=_texts(value["evidence"]),
    )


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "id": origin.id,
        "class": origin.origin_class.value,
        "agent": origin.agent,
        "model": origin.model,
        "family": origin.family,
        "vendor": origin.vendor,
        "vendor_jurisdiction": origin.vendor_jurisdiction,
        "open_weights": origin.open_weights,
        "license": origin.license,
        "provider": origin.provider,
        "hosting": origin.hosting.value,
        "jurisdiction": origin.jurisdiction,
        "trust": int(origin.trust),
        "evidence": [[item.kind, item.detail, item.commit] for item in origin.evidence],
        "commits": list(origin.commits),
    }


def _read_origin(value: Any) -> Origin:
    weights = value["open_weights"]
    if weights is not None and not isinstance(weights, bool):
        raise ValueError("open_weights is neither true, false nor null")
    return Origin(
        id=_text(value["id"]),
        origin_class=OriginClass(value["class"]),
        agent=_text(value["agent"]),
        model=_text(value["model"]),
        family=_text(value["family"]),
        vendor=_text(value["vendor"]),
        vendor_jurisdiction=_text(value["vendor_jurisdiction"]),
        open_weights=weights,
        license=_text(value["license"]),
        provider=_text(value["provider"]),
        hosting=Hosting(value["hosting"]),
        jurisdiction=_text(value["jurisdiction"]),
        trust=Trust(value["trust"]),
        evidence=tuple(
            Evidence(_text(kind), _text(detail), _text(commit)) for kind, detail, commit in value["evidence"]
        ),
        commits=_texts(value["commits"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"not a string: {value!r}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"not a list: {value!r}")
    return tuple(_text(item) for item in value)
