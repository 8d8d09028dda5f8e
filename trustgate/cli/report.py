"""`trustgate report`: what the commits of a range came to, by who wrote them, and what their reviews cost."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import click

from trustgate.cli.form import text_or_json
from trustgate.cli.grouped import Grouped
from trustgate.errors import EXIT_BLIND, EXIT_OK, UsageError

if TYPE_CHECKING:
    from trustgate.ledger.sums import Sum
    from trustgate.policy.model import Policy


class Asked(NamedTuple):
    """What the report is about."""

    commits: Sequence[str]
    since: str
    """UTC, ISO 8601: the oldest committer date"""
    until: str
    repository: str
    """hex digest, as the ledger names it"""
    policy: Policy
    """in force at HEAD"""


@click.command("report", cls=Grouped)
@click.argument("span", metavar="[RANGE]", required=False)
@click.option(
    "--last", type=click.IntRange(1), default=100, show_default=True, help="Commits, where no RANGE is given."
)
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@text_or_json
def report(span: str | None, last: int, repo: str, jobs: int, form: str) -> None:
    """Sum up a range by who wrote it: commits, lines, what was found and stopped, what reviews cost.

    RANGE is A..B, or A for A..HEAD; without one, the last commits of HEAD. Each commit is reviewed on its own, offline.
    Exit code 0 when every commit could be judged, 3 otherwise.
    """
    from trustgate.audit import audit
    from trustgate.cli.commit_bar import commit_bar
    from trustgate.overview.exceptions import lasting
    from trustgate.overview.tally import SCHEMA, overview
    from trustgate.overview.text import render
    from trustgate.review import today

    asked = _asked(repo, span, last)
    lines, faults = [], []
    with commit_bar("report", len(asked.commits)) as step:
        for done in audit(repo, asked.commits, True, jobs):
            step()
            if done.fault:
                faults.append(done.commit)
                click.echo(f"trustgate: {done.commit}: {done.fault}", err=True)
            else:
                lines.append(done.line)
    made, spent = overview(map(json.loads, lines)), _money(asked)
    exceptions = lasting(asked.policy.exceptions, today())
    if form == "text":
        click.echo(render(made, (asked.since[:10], asked.until[:10]), spent, exceptions), nl=False)
    else:
        document = {"schema": SCHEMA, "since": asked.since, "until": asked.until, "not_judged": faults}
        document |= made.as_json() | {"reviews": spent and spent._asdict(), "exceptions": exceptions.as_json()}
        click.echo(json.dumps(document, indent=2, sort_keys=True))
    if faults:
        click.echo(f"trustgate: {len(faults)} of {len(asked.commits)} commits could not be judged", err=True)
    sys.exit(EXIT_BLIND if faults else EXIT_OK)


def _asked(repo: str, span: str | None, last: int) -> Asked:
    from trustgate.changes.commits import read_commits
    from trustgate.changes.git import Git
    from trustgate.changes.revisions import commits_in, last_commits
    from trustgate.policy.places import head_reader
    from trustgate.review import configuration
    from trustgate.reviewer.queue import repository_id
    from trustgate.rulebook import load_rulebook

    with Git.open(repo) as git:
        commits = commits_in(git, span) if span is not None else last_commits(git, last)
        if not commits:
            raise UsageError(f"{span}: no commit is in this range", "write A..B, or A for A..HEAD")
        times = [commit.time for commit in read_commits(git, commits)]
        policy, _ = configuration(head_reader(git), load_rulebook())
        return Asked(commits, _iso(min(times)), _iso(max(times)), repository_id(git.place.common_dir), policy)


def _iso(seconds: int) -> str:
    """A date that no calendar has is the last one of ours."""
    return datetime.fromtimestamp(max(0, min(seconds, 253_402_300_799)), UTC).isoformat(timespec="seconds")


def _money(asked: Asked) -> Sum | None:
    """What this repository's reviews cost since the oldest commit; None where nothing was ever written down here."""
    from trustgate.ledger.book import FILE, Ledger
    from trustgate.ledger.sums import total
    from trustgate.store import state_dir

    if not (state_dir() / FILE).exists():
        return None
    with Ledger(state_dir(), make=False) as opened:
        rows = opened.rows()
    return total(
        row
        for row in rows
        if row.get("scope", {}).get("repository") == asked.repository and str(row.get("at", "")) >= asked.since
    )
