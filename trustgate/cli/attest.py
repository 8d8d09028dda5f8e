"""`trustgate attest`: record who or what wrote a commit, and exchange records with a remote."""

from __future__ import annotations

import sys

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import UsageError


@click.command("attest", cls=Grouped)
@click.argument("rev", metavar="[REV]", required=False)
@click.option("--backend", metavar="AGENT:MODEL@PROVIDER", help="Declare by hand what wrote the commit.")
@click.option("--no-ai", is_flag=True, help="Declare by hand that no model took part.")
@click.option("--push", metavar="REMOTE", help="Push the records to REMOTE, merging what others pushed.")
@click.option("--fetch", metavar="REMOTE", help="Fetch the records of REMOTE and merge them into ours.")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
def attest(rev: str | None, backend: str | None, no_ai: bool, push: str | None, fetch: str | None, repo: str) -> None:
    """Record what this machine sees of who wrote the commit REV (HEAD unless given).

    The record names the running agent, every backend that its settings can reach, and what says so. It is bound to the
    commit, its tree, parents and patch, signed with your ssh key of git where that asks for nothing, and lies in
    refs/notes/trustgate. It proves what this machine saw, not which model answered.
    """
    from trustgate.attribution.binding import REF
    from trustgate.changes.exchange import fetch_notes, push_notes
    from trustgate.changes.git import Git
    from trustgate.cli.recording import record_commit

    exchange = push is not None or fetch is not None
    if exchange and (rev or backend or no_ai):
        raise UsageError("--push and --fetch exchange records and make none", "run the two one after the other")
    if backend and no_ai:
        raise UsageError("--backend and --no-ai contradict each other", "give one of them")
    with Git.open(repo) as git:
        if not exchange:
            done = record_commit(git, rev or "HEAD", backend=backend, no_ai=no_ai)
            _say(done.line)
            for item in done.unread:
                _say(item)
        if fetch is not None:
            _say(f"{REF}: {'merged what was new' if fetch_notes(git, fetch, REF).merged else 'nothing new'}")
        if push is not None:
            pushed = push_notes(git, push, REF)
            more = ", with what others pushed merged" if pushed.merged else ""
            _say(f"{REF}: {f'pushed{more}' if pushed.tip else 'there are no records to push'}")
    sys.exit(0)


def _say(text: str) -> None:
    from trustgate.escape import terminal

    click.echo(f"trustgate: {terminal(text)}")
