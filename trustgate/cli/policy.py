"""`trustgate policy test|replay`: try a policy before it is in force."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustgate.cli.grouped import Commands
from trustgate.errors import EXIT_BLIND, EXIT_FOUND, EXIT_OK

if TYPE_CHECKING:
    from trustgate.changes.git import Git
    from trustgate.policy.model import Policy
    from trustgate.policy.record import ReviewFacts
    from trustgate.policy.replay import Replayed
    from trustgate.rulebook import Rulebook


@click.group("policy", cls=Commands)
def policy() -> None:
    """Try a policy on past decisions or on cases."""


@policy.command("test")
@click.argument("file", metavar="FILE")
@click.option("--policy", "config", metavar="FILE", help="Another trustgate.toml.  [default: the work tree's]")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
def test(file: str, config: str | None, repo: str) -> None:
    """Run the cases of FILE against the policy; exit code 1 when one comes to something else."""
    from trustgate.changes.git import Git
    from trustgate.escape import terminal
    from trustgate.policy.cases import parse_cases, run_cases
    from trustgate.policy.load import today_utc
    from trustgate.policy.places import read_file
    from trustgate.rulebook import load_rulebook

    cases = parse_cases(file, read_file(Path(file)))
    with Git.open(repo) as git:
        judged_by = _edited(git, load_rulebook(), config)
    outcomes = run_cases(judged_by, cases, today_utc())
    wrong = [outcome for outcome in outcomes if not outcome.right]
    for outcome in wrong:
        wanted = f"{outcome.case.expect.label}{f' by {outcome.case.line}' if outcome.case.line else ''}"
        click.echo(
            f"{terminal(outcome.case.name)}: {outcome.action.label} by {outcome.line}, expected {terminal(wanted)}"
        )
    click.echo(f"{len(outcomes)} cases, {len(wrong)} not as expected")
    sys.exit(EXIT_FOUND if wrong else EXIT_OK)


@policy.command("replay")
@click.argument("span", metavar="RANGE")
@click.option("--policy", "config", metavar="FILE", help="The new trustgate.toml.  [default: the work tree's]")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option(
    "--stage",
    type=click.Choice(["commit", "push", "pr"]),
    default="pr",
    show_default=True,
    help="Which policy column decides.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="How it is printed.",
)
def replay(span: str, config: str | None, repo: str, stage: str, form: str) -> None:
    """Say which decisions on the commits of RANGE the new policy would alter.

    The policy in force at HEAD and the new one judge the facts of past reviews, which `trustgate audit RANGE` keeps.
    Exit code 0, or 3 when a commit of the range has no kept review.
    """
    from trustgate.changes.git import Git
    from trustgate.changes.revisions import commits_in
    from trustgate.policy.load import today_utc
    from trustgate.policy.places import head_reader
    from trustgate.policy.replay import replay as run
    from trustgate.review import configuration
    from trustgate.rulebook import load_rulebook
    from trustgate.store import Store, cache_dir

    book = load_rulebook()
    with Git.open(repo) as git, Store(cache_dir(Path(git.place.top) if git.place.top else None)) as store:
        old, _whole = configuration(head_reader(git), book)
        new = _edited(git, book, config)
        commits = commits_in(git, span)
        outcome = run(commits, _kept(git, store.get, book), old, new, today=today_utc(), stage=stage)
    click.echo(_jsonl(outcome) if form == "jsonl" else _text(outcome, span, old, new), nl=False)
    if outcome.missing:
        click.echo(
            f"trustgate: not cached: {len(outcome.missing)} commits: run `trustgate audit {span}` first", err=True
        )
    sys.exit(EXIT_BLIND if outcome.missing else EXIT_OK)


def _edited(git: Git, book: Rulebook, config: str | None) -> Policy:
    """The policy being worked on: a named file, or the work tree's, with the work tree's exceptions."""
    from trustgate.policy.places import head_reader, read_file, worktree_reader
    from trustgate.review import configuration

    reader = worktree_reader(Path(git.place.top)) if git.place.top else head_reader(git)
    if config is None:
        return configuration(reader, book)[0]
    return configuration(reader, book, config=read_file(Path(config)), config_name=config)[0]


def _kept(git: Git, get: Callable[[str, str], object], book: Rulebook) -> Callable[[str], ReviewFacts | None]:
    from trustgate import __version__
    from trustgate.changes.trees import parents_of
    from trustgate.policy.record import SPACE, from_record, record_key

    def facts_of(commit: str) -> ReviewFacts | None:
        parents = parents_of(git, commit)
        value = get(SPACE, record_key(parents[0] if parents else git.empty_tree, commit, book.digest, __version__))
        if value is None:
            return None
        try:
            return from_record(value)
        except ValueError:
            return None  # another form, or a damaged cache: as good as not kept

    return facts_of


def _text(outcome: Replayed, span: str, old: Policy, new: Policy) -> str:
    from trustgate.escape import terminal

    out = [f"policy {old.digest[:12]} (HEAD) -> {new.digest[:12]} on {terminal(span)}"]
    for item in outcome.altered:
        out.append(f"{item.commit[:12]}  {item.before} -> {item.after}")
        out += [f"              {terminal(line)}" for line in item.lines]
    out += [f"{commit[:12]}  not cached" for commit in outcome.missing]
    out.append(f"{len(outcome.altered)} altered, {outcome.same} the same, {len(outcome.missing)} not cached")
    return "\n".join(out) + "\n"


def _jsonl(outcome: Replayed) -> str:
    rows: list[dict[str, object]] = [
        {"commit": item.commit, "status": "altered", "before": item.before, "after": item.after, "lines": item.lines}
        for item in outcome.altered
    ]
    rows += [{"commit": commit, "status": "not-cached"} for commit in outcome.missing]
    rows.append(
        {"status": "total", "altered": len(outcome.altered), "same": outcome.same, "not_cached": len(outcome.missing)}
    )
    return "".join(json.dumps({"schema": "trustgate.replay/1", **row}, sort_keys=True) + "\n" for row in rows)
