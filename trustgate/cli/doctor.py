"""`trustgate doctor`: what this installation can do here, what it lacks, and what CI will do otherwise."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from trustgate.cli.form import text_or_json
from trustgate.cli.grouped import Grouped
from trustgate.errors import EXIT_BLIND

if TYPE_CHECKING:
    from trustgate.adoption.line import Line

SIGNS = {"ok": "+", "absent": "-", "differs": "~", "wrong": "!"}
SCHEMA = "trustgate.doctor/1"


@click.command("doctor", cls=Grouped)
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@text_or_json
@click.option("--verbose", is_flag=True, help="A line for each thing that is in order, too.")
def doctor(repo: str, form: str, verbose: bool) -> None:
    """Say what this installation can do here, what it lacks, and what CI will do otherwise.

    `+` is in order, `-` is absent (by choice, or not set up yet), `~` is otherwise in CI than here, `!` is wrong. The
    exit code is 3 when something is wrong, else 0. Of keys, only the names are said.
    """
    from trustgate.adoption.state import look
    from trustgate.changes.git import Git
    from trustgate.review import rulebook, today

    with Git.open(repo) as git:
        lines = list(look(git, rulebook(repo), os.environ, today()))
    code = EXIT_BLIND if any(line.state == "wrong" for line in lines) else 0
    if form == "json":
        items = [line._asdict() for line in lines]
        click.echo(json.dumps({"schema": SCHEMA, "exit_code": code, "lines": items}, sort_keys=True, indent=2))
    else:
        click.echo("\n".join(_text(lines, verbose)))
    sys.exit(code)


def _text(lines: list[Line], verbose: bool) -> Iterator[str]:
    from trustgate.escape import terminal

    for group in dict.fromkeys(line.group for line in lines):
        yield f"{group}:"
        mine = [line for line in lines if line.group == group]
        fine = [line for line in mine if line.state == "ok"]
        if fine and not verbose:
            yield f"  + {terminal('; '.join(_brief(line) for line in fine))}"
        for line in mine:
            if line.state != "ok" or verbose:
                yield f"  {SIGNS[line.state]} {terminal(line.what)}: {terminal(line.detail)}"
    wrong = sum(line.state == "wrong" for line in lines)
    yield f"{wrong} wrong: mend what `!` says" if wrong else "nothing is wrong"


def _brief(line: Line) -> str:
    """What is in order, with its detail where that is a number, a name or a day."""
    return f"{line.what}: {line.detail}" if len(line.detail) <= BRIEF else line.what


BRIEF = 40
"""characters of a detail that is said of a thing in order; `--verbose` says all"""
