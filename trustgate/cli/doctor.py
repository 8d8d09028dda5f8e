"""`trustgate doctor`: what this installation can do here, and what it lacks."""

from __future__ import annotations

import os
import sys

import click

from trustgate.errors import EXIT_BLIND

SIGNS = {"ok": "+", "absent": "-", "wrong": "!"}


@click.command("doctor")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
def doctor(repo: str) -> None:
    """Say what this installation can do here: versions, engines, ages of data, hook, policy, keys by name.

    `+` is there, `-` is absent (by choice, or not set up yet), `!` is wrong and makes the exit code 3.
    """
    from trustgate.adoption.state import look
    from trustgate.changes.git import Git
    from trustgate.escape import terminal
    from trustgate.review import rulebook, today

    with Git.open(repo) as git:
        lines = list(look(git, rulebook(repo), os.environ, today()))
    group = ""
    for line in lines:
        if line.group != group:
            click.echo(f"{line.group}:")
            group = line.group
        click.echo(f"  {SIGNS[line.state]} {terminal(line.what)}: {terminal(line.detail)}")
    click.echo("in CI: the merge base, the forge's policy and the network decide; `trustgate ci` says what it used")
    sys.exit(EXIT_BLIND if any(line.state == "wrong" for line in lines) else 0)
