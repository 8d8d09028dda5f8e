"""`trustgate eval run`: the reviewer on pairs of a bad change and its harmless twin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustgate.cli.grouped import Commands

if TYPE_CHECKING:
    from trustgate.evaluation.measure import Run, Score
    from trustgate.evaluation.pairs import Pair
    from trustgate.policy.model import Policy
    from trustgate.reviewer.asking import Asker
    from trustgate.rulebook import Rulebook


@click.group("eval", cls=Commands)
def evaluate() -> None:
    """Measure the reviewer."""


@evaluate.command("run")
@click.option(
    "--pairs", "folder", metavar="DIR", default="evals/reviewer/pairs", show_default=True, help="Folder of the pairs."
)
@click.option(
    "--reviewer",
    type=click.Choice(["honest", "liar", "lane"]),
    default="honest",
    show_default=True,
    help="A stub that knows the truth, a stub that clears everything with true quotes, or the policy's own lanes.",
)
@click.option("--repo", metavar="DIR", default=".", help="The repository whose policy has the lanes.  [default: here]")
@click.option("--verbose", is_flag=True, help="A line for each pair.")
def run(folder: str, reviewer: str, repo: str, verbose: bool) -> None:
    """Judge every pair with the rules alone and with a reviewer, and print what the reviewer was good for.

    Figures of a stub prove the checks and the plumbing; they say nothing of any model.
    """
    from trustgate.evaluation.measure import score
    from trustgate.evaluation.pairs import load_pairs
    from trustgate.review import rulebook

    pairs = load_pairs(Path(folder))
    book = rulebook(repo)
    policy, asker_for = _asker_for(reviewer, book, repo)
    found, rows = score(pairs, asker_for, policy, book)
    if verbose:
        for row in rows:
            click.echo(_row(*row))
    click.echo(_text(found, reviewer), nl=False)


def _asker_for(reviewer: str, book: Rulebook, repo: str) -> tuple[Policy, Callable[[Pair, str], Asker]]:
    from trustgate.errors import UsageError
    from trustgate.evaluation.stubs import Honest, Liar
    from trustgate.policy.load import shipped_policy
    from trustgate.reviewer.drawing import canary_pool

    pool = canary_pool(book)
    if reviewer == "honest":
        return shipped_policy(book), lambda pair, side: Honest(side == "bad", pair.guard, pool)
    if reviewer == "liar":
        return shipped_policy(book), lambda _pair, _side: Liar(pool)
    from trustgate.changes.git import Git
    from trustgate.policy.places import head_reader
    from trustgate.review import configuration, top_of
    from trustgate.reviewer.desk import Desk
    from trustgate.reviewer.queue import repository_id

    with Git.open(repo) as git:
        policy, _ = configuration(head_reader(git), book)
        name, head = repository_id(git.place.common_dir), git.place.head
    desk = Desk(policy, book, repository=name, head=head, stage="pr", offline=False, outside=top_of(repo))
    asker = click.get_current_context().with_resource(desk).asker
    if asker is None:
        raise UsageError("--reviewer lane: the policy has no reviewer lane", "add a [[reviewer.lane]], or take a stub")
    return policy, lambda _pair, _side: asker


def _row(pair: Pair, bad: Run, benign: Run) -> str:
    sides = (
        f"{name} {run.floor.decision.label} -> {run.final.decision.label}"
        for name, run in (("bad", bad), ("benign", benign))
    )
    return f"{pair.category:16} {pair.id:26} {'; '.join(sides)}"


def _text(found: Score, reviewer: str) -> str:
    """Figures with their denominators, one a line."""
    cost = "unknown" if found.cost_microdollars is None else f"${found.cost_microdollars / 1e6:.4f}"
    stayed = ", ".join(f"{code} {count}" for code, count in found.unreviewed.most_common()) or "none"
    alone, together = f"{found.floor_correct}/{found.pairs}", f"{found.correct}/{found.pairs}"
    times = [
        f"{name} p50 {_at(values, 50):.3f}, p95 {_at(values, 95):.3f}"
        for name, values in (("whole", found.seconds), ("making packets", found.overhead))
    ]
    lines = [
        f"reviewer: {reviewer}; {found.pairs} pairs",
        f"pairwise correct: rules alone {alone}, with the reviewer {together}",
        f"bad changes stopped by the rules alone: {found.floor_recall}/{found.pairs}",
        f"wrong clears: {found.wrong_clears} changes, {found.bad_flags_cleared} flags",
        f"flags of harmless changes cleared: {found.benign_cleared}/{found.benign_flags}",
        f"unreviewed flags by reason: {stayed}",
        f"packets: {found.packets}; input tokens p50 {_at(found.tokens, 50):.0f}, most {_at(found.tokens, 100):.0f}",
        f"cost: {cost}",
        f"seconds a change: {'; '.join(times)}",
    ]
    return "\n".join(lines) + "\n"


def _at(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile; 0 for none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0
