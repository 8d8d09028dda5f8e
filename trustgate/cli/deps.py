"""`trustgate deps check` and `trustgate deps diff`: judge package names, list what a change pulls in."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustgate.cli.grouped import Commands
from trustgate.errors import EXIT_BLIND, EXIT_FOUND, EXIT_OK, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trustgate.analyzers.dependencies.names import NameVerdict

NAME_LIMIT = 300
"""characters; registries allow less"""


@click.group("deps", cls=Commands)
def deps() -> None:
    """Judge package names; list what a change pulls in."""


@deps.command("check")
@click.option("--ecosystem", type=click.Choice(["pypi", "npm"]), required=True, help="Whose names these are.")
@click.option("--offline", is_flag=True, help="Use the bundled lists only; ask no registry.")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", hidden=True)
@click.argument("names", nargs=-1, metavar="[NAME...|-]")
def check(ecosystem: str, offline: bool, form: str, names: tuple[str, ...]) -> None:
    """Say of each NAME whether it looks like another one, exists, or is known to be malicious. `-` reads names.

    One JSON object a line. Exit code 0, 1 when a name is blocked, 3 when the registry was asked and did not answer.
    """
    del form
    listed = _names(names)
    from trustgate.analyzers.dependencies.checking import check_names

    verdicts, blind = check_names(
        ecosystem, listed, os.environ, Path.home(), offline=offline, today=datetime.now(UTC).date()
    )
    for given, verdict in zip(listed, verdicts, strict=True):
        click.echo(as_line(given, verdict))
    for reason in blind:
        click.echo(f"trustgate: not checked: {reason}", err=True)
    if any(verdict.verdict == "block" for verdict in verdicts):
        sys.exit(EXIT_FOUND)
    sys.exit(EXIT_BLIND if any("unreachable" in reason for reason in blind) else EXIT_OK)


def _names(given: Sequence[str]) -> list[str]:
    """The names of the command line, or of standard input, one a line. Raises UsageError."""
    lines: Sequence[str] = given
    if tuple(given) == ("-",):
        lines = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").split("\n")
    names = [line.strip() for line in lines if line.strip()]
    if not names:
        raise UsageError("no name was given", "trustgate deps check --ecosystem pypi requests")
    long = next((name for name in names if len(name) > NAME_LIMIT), None)
    if long is not None:
        raise UsageError(f"a name of {len(long)} characters is no package name")
    from trustgate.manifests.dependency import clean

    return [clean(name) for name in names]


def as_line(given: str, verdict: NameVerdict) -> str:
    return json.dumps(
        {
            "schema": "trustgate.deps-check/1",
            "ecosystem": verdict.ecosystem,
            "name": given,
            "verdict": verdict.verdict,
            "target": verdict.target or None,
            "signals": [{"id": one.id, "detail": one.detail} for one in verdict.signals],
            "checked": list(verdict.checked),
            "not_checked": list(verdict.not_checked),
        },
        sort_keys=True,
    )


@deps.command("diff")
@click.option("--diff", metavar="RANGE", help="A, A..B or A...B, as in `trustgate review`.")
@click.option("--staged", is_flag=True, help="What is staged for commit.")
@click.option("--worktree", is_flag=True, help="What differs from HEAD.  [default]")
@click.option("--patch", metavar="FILE", help="A unified diff in a file, or - for standard input.")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option("--format", "form", type=click.Choice(["json"]), default="json", hidden=True)
def diff(diff: str | None, staged: bool, worktree: bool, patch: str | None, repo: str, form: str) -> None:
    """List the dependencies that a change adds, removes and moves, direct ones first.

    A JSON array. Exit code 0, or 3 when a manifest could not be read; it is named on standard error.
    """
    from trustgate.analyzers.dependencies.delta import dependency_changes
    from trustgate.changes.opening import open_change
    from trustgate.escape import terminal
    from trustgate.finding import Skip
    from trustgate.review import rulebook

    del form
    with open_change(repo, diff, staged, worktree, patch) as change:
        found, missed = dependency_changes(change, rulebook(repo).family("dependencies").get("import-undeclared", {}))
    click.echo(json.dumps([item.as_json() for item in found], indent=2, sort_keys=True))
    for item in missed:
        click.echo(f"trustgate: not read: {terminal(item.reason)}", err=True)
    sys.exit(EXIT_BLIND if any(isinstance(item, Skip) and item.error for item in missed) else EXIT_OK)
