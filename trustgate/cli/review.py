"""`trustgate review`: one change in, one verdict out."""

from __future__ import annotations

import sys
import time

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import UsageError
from trustgate.report import FORMATS
from trustgate.review import Request


@click.command("review", cls=Grouped)
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
@click.option(
    "--review",
    "mode",
    type=click.Choice(["auto", "never", "require"]),
    default="auto",
    help="Send what is escalated to a reviewer lane: when there is one, never, or fail without one.  [default: auto]",
)
@click.option("--show-packet", is_flag=True, help="Print exactly what would leave for a reviewer, and send nothing.")
@click.option("--pr-body", metavar="FILE", help="The text of the pull request, or - for standard input.")
@click.option("--verbose", is_flag=True, help="Show every finding, silent ones too, with all its evidence.")
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
    mode: str,
    show_packet: bool,
    pr_body: str | None,
    verbose: bool,
) -> None:
    """Review a change and decide: allow, warn, escalate or block.

    Without a range, the work tree is reviewed. Policy, rules and exceptions come from the trusted base, never from the
    change itself.
    """
    from trustgate.cli.hook import from_hook, show
    from trustgate.cli.waiting import waiting
    from trustgate.review import review as run

    if pr_body is not None:
        from trustgate.cli.body import read_body

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
        review=mode,
        with_diff=any(name == "html" for name, _ in targets),
        pr_body=read_body(pr_body) if pr_body is not None else "",
    )
    if staged:
        request = from_hook(request, stage)
    if show_packet:
        sys.exit(_packets(request))
    with waiting() as step:
        verdict = run(request, progress=step)
    show(request, verdict, targets, began, verbose=verbose)
    sys.exit(verdict.exit_code)


def _packets(request: Request) -> int:
    """Print the packets; the exit code is that of the verdict without any reviewer."""
    from trustgate.review import show_packets

    verdict, text = show_packets(request)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    return verdict.exit_code


def _target(item: str) -> tuple[str, str]:
    name, given, target = item.partition("=")
    if given and not target:
        raise UsageError(f"--format {item}: no file is named", f"--format {name}=FILE, or --format {name}")
    if name not in FORMATS:
        raise UsageError(f"--format {name}: no such format", f"one of {', '.join(FORMATS)}")
    return name, target
