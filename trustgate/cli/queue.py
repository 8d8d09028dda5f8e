"""`trustgate queue list|show|run`: changes that wait for a reviewer."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from trustgate.cli.form import text_or_json
from trustgate.cli.grouped import Commands
from trustgate.errors import EXIT_BLIND, EXIT_FOUND, EXIT_OK, EXIT_PENDING, EXIT_USAGE, TrustgateError, UsageError

if TYPE_CHECKING:
    from trustgate.reviewer.queue import Entry

WORST_FIRST = (EXIT_USAGE, EXIT_FOUND, EXIT_BLIND, EXIT_PENDING, EXIT_OK)


@click.group("queue", cls=Commands)
def queue() -> None:
    """List and finish reviews that wait for a model to answer."""


@queue.command("list")
@click.option("--all", "everything", is_flag=True, help="Finished ones too.")
@text_or_json
def list_(everything: bool, form: str) -> None:
    """List what waits, of every repository on this machine, oldest first. Exit code 0."""
    from trustgate.reviewer.queue import Queue
    from trustgate.store import state_dir

    with Queue(state_dir()) as opened:
        entries = opened.all() if everything else opened.pending()
    if form == "json":
        value = {"schema": "trustgate.queue/1", "entries": [as_object(entry) for entry in entries]}
        click.echo(json.dumps(value, indent=2, sort_keys=True))
        return
    for entry in entries:
        click.echo(_line(entry))
    click.echo(f"{len(entries)} {'in the queue' if everything else 'waiting'}")


@queue.command("show")
@click.argument("entry_id", metavar="ID")
def show(entry_id: str) -> None:
    """Show one entry: the change by its object ids, and the findings that wait. ID may be its beginning."""
    from trustgate.escape import terminal
    from trustgate.reviewer.queue import Queue
    from trustgate.store import state_dir

    with Queue(state_dir()) as opened:
        entry = _one(opened.find(entry_id), entry_id)
    change = entry.change
    click.echo(_line(entry))
    for name in ("diff_base", "trusted_base", "head", "stage", "policy_digest"):
        click.echo(f"  {name:<13} {terminal(str(getattr(change, name)))}")
    for packet in change.packets:
        click.echo(f"  packet        {terminal(packet)}")
    for finding in change.findings:
        where = terminal(f"{finding.path}:{finding.line}" if finding.line else finding.path)
        click.echo(f"  {terminal(finding.rule)}  {where}  {terminal(finding.fingerprint[:16])}")


@queue.command("run")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
def run(repo: str) -> None:
    """Review again what waits of this repository: packets are made anew from its objects, and reviewers asked.

    The exit code is the worst of the reviews', 0 when nothing waited.
    """
    from trustgate.changes.git import Git
    from trustgate.escape import terminal
    from trustgate.reviewer.queue import Queue, repository_id
    from trustgate.store import state_dir

    with Git.open(repo) as git:
        name, top = repository_id(git.place.common_dir), git.place.top
    codes = [EXIT_OK]
    with Queue(state_dir(_path(top))) as opened:
        entries = opened.pending(name)
        for entry in entries:
            try:
                decision, code, outcome = _again(entry, repo)
            except TrustgateError as error:
                opened.missed(entry.id, "failed")
                click.echo(f"trustgate: {entry.id}: {terminal(error.message)}", err=True)
                codes.append(EXIT_BLIND)
                continue
            codes.append(code)
            if outcome:
                opened.missed(entry.id, outcome)
            else:
                opened.done(entry.id, decision)
            click.echo(f"{entry.id}  {entry.change.head[:12]}  {'still waiting' if outcome else decision}")
    click.echo(f"{len(entries)} tried")
    sys.exit(next(code for code in WORST_FIRST if code in codes))


def _again(entry: Entry, repo: str) -> tuple[str, int, str]:
    """Decision and exit code of the review of an entry, and the word for why it waits on, empty when it does not."""
    from trustgate.review import Request, review
    from trustgate.verdict import Decision

    change = entry.change
    verdict = review(
        Request(
            repo=repo,
            diff=f"{change.diff_base}..{change.head}",
            trusted_base=change.trusted_base,
            stage=change.stage,
        )
    )
    waits = verdict.decision is Decision.ESCALATE
    return verdict.decision.label, verdict.exit_code, "pending" if waits else ""


def as_object(entry: Entry) -> dict[str, Any]:
    change = entry.change
    return {
        "id": entry.id,
        "repository": change.repository,
        "diff_base": change.diff_base,
        "trusted_base": change.trusted_base,
        "head": change.head,
        "stage": change.stage,
        "policy_digest": change.policy_digest,
        "packets": list(change.packets),
        "findings": [item._asdict() for item in change.findings],
        "outcome": entry.outcome,
        "created": entry.created,
        "tried": entry.tried,
        "last_tried": entry.last_tried or None,
        "decision": entry.decision or None,
    }


def _line(entry: Entry) -> str:
    from trustgate.escape import terminal

    state = entry.decision or f"waiting ({entry.outcome}, tried {entry.tried} times)"
    count = len(entry.change.findings)
    return f"{entry.id}  {entry.change.head[:12]}  {count} findings  since {entry.created[:16]}  {terminal(state)}"


def _one(found: list[Entry], entry_id: str) -> Entry:
    if len(found) != 1:
        raise UsageError(
            f"{entry_id}: {len(found) or 'no'} entries begin so", "`trustgate queue list --all` prints every id"
        )
    return found[0]


def _path(top: str) -> Any:
    from pathlib import Path

    return Path(top) if top else None
