"""Which past decisions a policy change would alter: `decide()` on the facts of past reviews, with two policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from trustgate.policy.decide import Judgement, decide
from trustgate.policy.model import Policy
from trustgate.policy.record import ReviewFacts


class Altered(NamedTuple):
    """One commit that the new policy decides in another way."""

    commit: str
    before: str
    """decision, or decision and exit code where only the code differs"""
    after: str
    lines: tuple[str, ...]
    """policy lines whose actions differ, as `line: action -> action (times)`"""


class Replayed(NamedTuple):
    altered: tuple[Altered, ...]
    same: int
    """commits that both policies decide alike"""
    missing: tuple[str, ...]
    """commits without a cached review"""


def replay(
    commits: Iterable[str],
    facts_of: Callable[[str], ReviewFacts | None],
    old: Policy,
    new: Policy,
    *,
    today: date,
    stage: str = "pr",
) -> Replayed:
    """Judge each commit twice at `stage`, in the given order."""
    altered, missing, same = [], [], 0
    for commit in commits:
        facts = facts_of(commit)
        if facts is None:
            missing.append(commit)
            continue
        before, after = (judge(policy, facts, stage, today) for policy in (old, new))
        if (before.decision, before.exit_code) == (after.decision, after.exit_code):
            same += 1
        else:
            altered.append(Altered(commit, _outcome(before), _outcome(after), _moves(before, after)))
    return Replayed(tuple(altered), same, tuple(missing))


def judge(policy: Policy, facts: ReviewFacts, stage: str, today: date) -> Judgement:
    return decide(
        policy,
        facts.findings,
        facts.attribution,
        stage,
        today=today,
        has_lane=facts.has_lane,
        skips=facts.skips,
        not_checked=facts.not_checked,
        anything_changed=facts.anything_changed,
    )


def _outcome(judgement: Judgement) -> str:
    return f"{judgement.decision.label} (exit {judgement.exit_code})"


def _moves(before: Judgement, after: Judgement) -> tuple[str, ...]:
    """Lines that explain the difference: per finding in a fixed order, then reasons about the whole change."""
    counts: dict[str, int] = {}
    pairs = zip(_by_finding(before), _by_finding(after), strict=True)
    moves = [(old[1], old[2], new[1], new[2]) for old, new in pairs if old[2] != new[2]]
    whole = [{r.policy_line: r.action.label for r in j.reasons if not r.finding} for j in (before, after)]
    for line in sorted({*whole[0], *whole[1]}):
        if whole[0].get(line) != whole[1].get(line):
            moves.append((line, whole[0].get(line, "silent"), line, whole[1].get(line, "silent")))
    for old_line, old_action, new_line, new_action in moves:
        name = new_line if new_line == old_line else f"{old_line} -> {new_line}"
        text = f"{name}: {old_action} -> {new_action}"
        counts[text] = counts.get(text, 0) + 1
    return tuple(text if times == 1 else f"{text} ({times} findings)" for text, times in sorted(counts.items()))


def _by_finding(judgement: Judgement) -> list[tuple[str, str, str]]:
    rows = ((repr(item.finding), item.policy_line, item.action.label) for item in judgement.judged)
    return sorted(rows, key=lambda row: row[0])
