"""The decision: findings, origins and skips in, judged findings and an exit code out. Pure, and monotone.

Monotone means: one more finding, origin or skip never makes the decision or the exit code milder, a riskier origin
never makes an action milder, an exception touches nothing but the findings it names, and an opinion makes milder only
the one finding it is about, where the policy line and `unclearable.py` allow its authority to clear it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from trustgate.attribution.origin import Attribution, Origin
from trustgate.errors import EXIT_BLIND, EXIT_FOUND, EXIT_OK, EXIT_PENDING
from trustgate.finding import Finding, NotChecked, Skip
from trustgate.globs import path_matches
from trustgate.policy.exceptions import acceptance
from trustgate.policy.model import ATTRIBUTION_REQUIRED, EVERY_RAISED_CHANGE, Line, Match, Policy
from trustgate.policy.raising import change_origins, declared_as_a_whole, has_record, is_raised, origins_at, strictest
from trustgate.policy.unclearable import never_by_model
from trustgate.record import NamedTuple
from trustgate.verdict import Action, Decision, Judged, Reason

if TYPE_CHECKING:
    from trustgate.opinion import Opinion

NO_LINE = Line(
    "no-line", Match(), Action.NOTE, Action.ESCALATE, Action.ESCALATE, "The policy has no line for this finding."
)
"""only reached by a policy without its catch-all line, which the loader does not make"""


class Judgement(NamedTuple):
    judged: tuple[Judged, ...]
    """worst action first, then severity, confidence, path, line"""
    decision: Decision
    exit_code: int
    would_have: int
    """the exit code before the `advise` preset turned it into 0"""
    complete: bool
    reasons: tuple[Reason, ...]
    skips: tuple[Skip, ...]
    """those handed in, and one for each required check that was not made"""
    notes: tuple[str, ...]
    """lines for the report: exceptions that name a finding and do not count"""
    raised: frozenset[str]
    """ids of the raised origins"""


def decide(
    policy: Policy,
    findings: Iterable[Finding],
    attribution: Attribution,
    stage: str,
    *,
    today: date,
    has_lane: bool = False,
    skips: Iterable[Skip] = (),
    not_checked: Iterable[NotChecked] = (),
    anything_changed: bool = True,
    opinions: Mapping[Finding, Opinion] = MappingProxyType({}),
    about_change: Mapping[str, Opinion] = MappingProxyType({}),
) -> Judgement:
    """Judge one change at `stage` (commit, push or pr). `today` is the UTC day on which exceptions must still count.

    `opinions` are those of reviewers and people on single findings, `about_change` by policy line of a reason without
    one.
    """
    raised = frozenset(origin.id for origin in attribution.origins if is_raised(policy.raising, origin))
    judged, notes = [], set()
    for finding in findings:
        line = line_for(policy, finding, has_lane)
        origin = strictest(origins_at(attribution, finding.location), raised)
        accepted_by, refused = acceptance(
            policy.exceptions, finding, fingerprint_only=line.fingerprint_only, line=line.id, today=today
        )
        if accepted_by:
            judged.append(Judged(finding, Action.SILENT, line.id, origin.id, "", accepted_by))
            continue
        action = line.commit if stage == "commit" else line.raised if origin.id in raised else line.unknown
        who = "person" if line.clearable == "reviewer" and never_by_model(finding) else line.clearable
        action, cleared_by = _weighed(action, who, opinions.get(finding))
        judged.append(Judged(finding, action, line.id, origin.id, who, cleared_by=cleared_by))
        if refused:
            notes.add(refused)
    judged.sort(key=_rank)
    reasons = [
        Reason(j.finding.fingerprint, j.policy_line, j.action, _why(policy, j.policy_line), j.origin, j.clearable)
        for j in judged
        if j.action >= Action.WARN
    ]
    if anything_changed:
        reasons += _still_standing(_about_the_change(policy, attribution, raised), about_change)
    reasons.sort(key=lambda reason: -reason.action)
    all_skips = (*skips, *_required(policy, not_checked))
    complete = not any(skip.error for skip in all_skips)
    decision = max((_decision(reason.action) for reason in reasons), default=Decision.ALLOW)
    if not complete:
        decision = max(decision, Decision.WARN)  # blind is not clean
    would_have = exit_code(decision, complete, stage)
    return Judgement(
        judged=tuple(judged),
        decision=decision,
        exit_code=EXIT_OK if policy.advise else would_have,
        would_have=would_have,
        complete=complete,
        reasons=tuple(reasons),
        skips=all_skips,
        notes=tuple(sorted(notes)),
        raised=raised,
    )


def _weighed(action: Action, clearable: str, opinion: Opinion | None) -> tuple[Action, str]:
    """The action after an opinion, and the id of the review that cleared. Confirmed is found; only a clear lowers."""
    if opinion is None or action < Action.ESCALATE:
        return action, ""
    if opinion.standing == "confirmed":
        return Action.BLOCK, ""
    if opinion.standing == "cleared" and opinion.authority in _MAY_CLEAR[clearable]:
        return Action.NOTE, opinion.review
    return action, ""


_MAY_CLEAR = {"": (), "person": ("person",), "reviewer": ("person", "reviewer")}


def _still_standing(reasons: list[Reason], about_change: Mapping[str, Opinion]) -> list[Reason]:
    kept = []
    for reason in reasons:
        action, _ = _weighed(reason.action, reason.clearable, about_change.get(reason.policy_line))
        if action >= Action.WARN:
            kept.append(reason._replace(action=action))
    return kept


def exit_code(decision: Decision, complete: bool, stage: str) -> int:
    """The code of CONTRACT: block before could-not-judge before pending; the commit stage waits for no review."""
    if decision is Decision.BLOCK:
        return EXIT_FOUND
    if not complete:
        return EXIT_BLIND
    if decision is Decision.ESCALATE and stage != "commit":
        return EXIT_PENDING
    return EXIT_OK


def line_for(policy: Policy, finding: Finding, has_lane: bool) -> Line:
    """The first line that matches."""
    for line in policy.lines:
        if _holds(line.match, finding, policy.touch_threshold, has_lane):
            return line
    return NO_LINE


def _holds(match: Match, finding: Finding, threshold: int, has_lane: bool) -> bool:
    return (
        (not match.rules or finding.rule in match.rules)
        and (not match.analyzers or finding.analyzer in match.analyzers)
        and (not match.kinds or finding.kind in match.kinds)
        and (not match.boundaries or finding.boundary in match.boundaries)
        and (not match.confidences or finding.confidence in match.confidences)
        and finding.severity >= match.severity_at_least
        and (not match.above_threshold or finding.score >= threshold)
        and (not match.with_lane or has_lane)
        and (not match.paths or any(path_matches(glob, finding.location.path) for glob in match.paths))
    )


def _about_the_change(policy: Policy, attribution: Attribution, raised: frozenset[str]) -> list[Reason]:
    reasons = []
    origins = change_origins(attribution)
    risky = [origin for origin in origins if origin.id in raised]
    if risky and policy.raising.every_change > Action.SILENT:
        why = "Every change of a raised origin gets a second look."
        reasons.append(Reason("", EVERY_RAISED_CHANGE, policy.raising.every_change, why, risky[0].id, "reviewer"))
    bare: list[Origin] = [origin for origin in origins if not has_record(policy, origin)]
    if policy.require_attribution and bare and not declared_as_a_whole(policy, origins):
        why = "No record says who or what wrote this change, and the policy requires one."
        reasons.append(Reason("", ATTRIBUTION_REQUIRED, Action.ESCALATE, why, bare[0].id, "reviewer"))
    return reasons


def _required(policy: Policy, not_checked: Iterable[NotChecked]) -> list[Skip]:
    return [
        Skip("policy", f"required check was not made: {item.what}: {item.reason}")
        for item in not_checked
        if item.what.replace(":", " ").split(" ", 1)[0] in policy.required_checks
    ]


def _why(policy: Policy, line_id: str) -> str:
    line = policy.line(line_id)
    return line.why if line else NO_LINE.why


def _decision(action: Action) -> Decision:
    if action is Action.BLOCK:
        return Decision.BLOCK
    if action is Action.ESCALATE:
        return Decision.ESCALATE
    return Decision.WARN if action is Action.WARN else Decision.ALLOW


def _rank(judged: Judged) -> tuple[object, ...]:
    finding = judged.finding
    at = finding.location
    return (
        -judged.action,
        -finding.severity,
        -finding.confidence,
        at.path,
        at.line,
        at.column,
        at.side,
        finding.rule,
        finding.fingerprint,
        repr(finding),
    )
