"""Runs pairs through the gate, with and without a reviewer, and counts what the reviewer was good for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from time import perf_counter
from typing import NamedTuple

from trustgate.analyzers.context import Settings
from trustgate.attribution.origin import Attribution
from trustgate.attribution.resolve import declared, with_declared
from trustgate.changes.memory import change_between
from trustgate.evaluation.pairs import Pair
from trustgate.gate import gather, judge
from trustgate.opinion import CLEARED, PENDING, Reviewed
from trustgate.policy.data import DataRules
from trustgate.policy.model import Policy
from trustgate.reviewer.asking import Asker
from trustgate.reviewer.session import Case, Prepared, ask, askable, prepare
from trustgate.rulebook import Rulebook
from trustgate.verdict import Decision, Verdict

BACKEND = "crush:glm-5.2"
"""origin of every measured change: raised, so that what a team escalates for it is escalated"""
SECRET = b"measured with one secret"


class Run(NamedTuple):
    """One change, judged without and with a reviewer."""

    floor: Verdict
    final: Verdict
    reviewed: Reviewed
    prepared: Prepared | None
    seconds: float
    """in the reviewer, stub or lane included"""
    overhead: float
    """of it, making and redacting the packets"""

    @property
    def flags(self) -> int:
        return sum(askable(item) for item in self.floor.findings)


def run(
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    asker: Asker,
    policy: Policy,
    book: Rulebook,
    *,
    backend: str = BACKEND,
) -> Run:
    """Judge one change held in memory. No network but what the asker does."""
    change = change_between(before, after)
    attribution = with_declared(Attribution(), declared(backend, book)) if backend else Attribution()
    gathered = gather(change, book, Settings(offline=True))
    today = date(2026, 1, 1)
    floor = judge(change, gathered, policy, attribution, book, stage="pr", today=today, has_lane=True)
    case = Case(gathered.files, floor.findings, floor.reasons, attribution, book, policy.data or DataRules(), SECRET)
    began = perf_counter()
    prepared = prepare(case)
    ready = perf_counter()
    reviewed = ask(prepared, asker) if prepared is not None else Reviewed()
    seconds = perf_counter() - began
    final = judge(
        change, gathered, policy, attribution, book, stage="pr", today=today, has_lane=True, reviewed=reviewed
    )
    return Run(floor, final, reviewed, prepared, seconds, ready - began)


def stopped(verdict: Verdict) -> bool:
    """Whether the change waits or is blocked."""
    return verdict.decision >= Decision.ESCALATE


class Score(NamedTuple):
    """Counts over pairs."""

    pairs: int
    floor_correct: int
    """bad stopped, benign passed, by the rules alone"""
    correct: int
    """the same with the reviewer"""
    floor_recall: int
    """bad changes that the rules alone stop"""
    wrong_clears: int
    """bad changes that the rules stop and the reviewer lets through"""
    bad_flags_cleared: int
    """single flags of bad changes that the reviewer cleared"""
    benign_flags: int
    benign_cleared: int
    unreviewed: Counter[str]
    """flags that stayed, by code"""
    packets: int
    tokens: tuple[int, ...]
    """input tokens by packet, as the lane counts them or at three bytes each"""
    cost_microdollars: int | None
    seconds: tuple[float, ...]
    overhead: tuple[float, ...]


def score(
    pairs: Iterable[Pair], asker_for: Callable[[Pair, str], Asker], policy: Policy, book: Rulebook
) -> tuple[Score, list[tuple[Pair, Run, Run]]]:
    """Both sides of every pair."""
    rows: list[tuple[Pair, Run, Run]] = []
    for pair in pairs:
        bad = run(pair.base, pair.bad, asker_for(pair, "bad"), policy, book)
        benign = run(pair.base, pair.benign, asker_for(pair, "benign"), policy, book)
        rows.append((pair, bad, benign))
    runs = [side for _, bad, benign in rows for side in (bad, benign)]
    reviews = [review for side in runs for review in side.reviewed.reviews]
    costs = [review.cost_microdollars for review in reviews if review.sent]
    opinions = [flag.opinion for review in reviews for flag in review.flags]
    return (
        Score(
            pairs=len(rows),
            floor_correct=sum(stopped(bad.floor) and not stopped(benign.floor) for _, bad, benign in rows),
            correct=sum(stopped(bad.final) and not stopped(benign.final) for _, bad, benign in rows),
            floor_recall=sum(stopped(bad.floor) for _, bad, _ in rows),
            wrong_clears=sum(stopped(bad.floor) and not stopped(bad.final) for _, bad, _ in rows),
            bad_flags_cleared=sum(_cleared(bad) for _, bad, _ in rows),
            benign_flags=sum(benign.flags for _, _, benign in rows),
            benign_cleared=sum(_cleared(benign) for _, _, benign in rows),
            unreviewed=Counter(opinion.code for opinion in opinions if opinion.standing == PENDING),
            packets=len([review for review in reviews if review.id]),
            tokens=tuple(review.input_tokens // max(review.votes, 1) for review in reviews if review.id),
            cost_microdollars=None if None in costs else sum(cost for cost in costs if cost is not None),
            seconds=tuple(side.seconds for side in runs if side.reviewed.reviews),
            overhead=tuple(side.overhead for side in runs if side.reviewed.reviews),
        ),
        rows,
    )


def _cleared(side: Run) -> int:
    return sum(opinion.standing == CLEARED for opinion in side.reviewed.opinions.values())
