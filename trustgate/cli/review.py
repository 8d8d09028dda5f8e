"""`trustgate review`: one change in, one verdict out."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustgate.errors import UsageError
from trustgate.report import FORMATS
from trustgate.review import Request

if TYPE_CHECKING:
    from trustgate.verdict import Verdict


@click.command("review")
@click.option(
    "--diff", metavar="RANGE", help="A, A..B or A...B; A alone means: what HEAD has since its merge base with A."
)
@click.option("--staged", is_flag=True, help="What is staged for commit.")
@click.option(
    "--worktree", is_flag=True, help="What differs from HEAD, staged or not, untracked files included.  [default]"
)
@click.option("--patch", metavar="FILE", help="A unified diff in a file, or - for standard input.")
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option(
    "--stage",
    type=click.Choice(["commit", "push", "pr"]),
    help="Which policy column decides.  [default: commit with --staged, else pr]",
)
@click.option(
    "--format",
    "formats",
    metavar="NAME[=FILE]",
    multiple=True,
    help=f"{', '.join(FORMATS)}; repeat for several.  [default: text]",
)
@click.option("--offline", is_flag=True, help="Ask no registry and no other service.")
@click.option(
    "--config", metavar="FILE", help="Another trustgate.toml; one inside the repository is read from the trusted base."
)
@click.option(
    "--backend",
    metavar="AGENT:MODEL@PROVIDER",
    help="Declare what wrote the change. A declaration can only raise the bar.",
)
def review(
    diff: str | None,
    staged: bool,
    worktree: bool,
    patch: str | None,
    repo: str,
    stage: str | None,
    formats: tuple[str, ...],
    offline: bool,
    config: str | None,
    backend: str | None,
) -> None:
    """Review a change and decide: allow, warn, escalate or block.

    Without a range, the work tree is reviewed. Policy, rules and exceptions come from the trusted base, never from the
    change itself.
    """
    from trustgate.review import review as run

    began = time.monotonic()
    targets = [_target(item) for item in formats or ("text",)]
    request = Request(
        repo=repo,
        diff=diff,
        staged=staged,
        worktree=worktree,
        patch=patch,
        stage=stage or ("commit" if staged else "pr"),
        offline=offline,
        config=config,
        backend=backend,
    )
    if staged:
        request = _from_hook(request, stage)
    verdict = run(request)
    if staged and verdict.files_seen == 0 and request.staged:
        click.echo("trustgate: nothing is staged, so nothing was reviewed", err=True)
    for name, target in targets:
        _write(name, target, verdict, time.monotonic() - began, repo)
    sys.exit(verdict.exit_code)


def _from_hook(request: Request, stage: str | None) -> Request:
    """The pre-commit framework hands a range over in its environment at pre-push and with --from-ref/--to-ref."""

    old, new = os.environ.get("PRE_COMMIT_FROM_REF", ""), os.environ.get("PRE_COMMIT_TO_REF", "")
    if not (old and new):
        return request
    return request._replace(staged=False, diff=f"{old}...{new}", stage=stage or "push")


def _target(item: str) -> tuple[str, str]:
    name, _, target = item.partition("=")
    if name not in FORMATS:
        raise UsageError(f"--format {name}: no such format", f"one of {', '.join(FORMATS)}")
    return name, target


def _write(name: str, target: str, verdict: Verdict, seconds: float, repo: str) -> None:
    from trustgate.report import render

    color = not target and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = render(name, verdict, color=color, seconds=seconds)
    if target:
        from trustgate.report.file import write_report

        write_report(Path(target), text, repository=Path(repo))
    elif text:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
