"""`trustgate init`: policy, hook and workflow for a repository, shown as a diff before anything is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import EXIT_FOUND, UsageError
from trustgate.report.phrases import counted

if TYPE_CHECKING:
    from trustgate.adoption.plan import Advice, Step
    from trustgate.changes.git import Git

HOOKS = ("pre-commit", "prepare-commit-msg", "post-commit", "pre-push")
"""with --hooks; without, the first alone"""


@click.command("init", cls=Grouped)
@click.option("--repo", metavar="DIR", default=".", help="The repository.  [default: here]")
@click.option(
    "--preset",
    type=click.Choice(["advise", "standard", "strict"]),
    default="advise",
    show_default=True,
    help="What a new trustgate.toml starts with: advise stops nothing, standard blocks, strict asks more.",
)
@click.option(
    "--hooks", is_flag=True, help="All four git hooks: review, trailer, record, push.  [default: review alone]"
)
@click.option("--workflow/--no-workflow", default=None, help="The GitHub workflow.  [default: where .github is there]")
@click.option("--action", default="", metavar="OWNER/REPO@COMMIT", help="Use the action instead of the package.")
@click.option("--check", is_flag=True, help="Only say what is missing: exit code 1 when something is.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--remove", is_flag=True, help="Take the git hooks out again, and put back those that stood there before."
)
def init(
    repo: str, preset: str, hooks: bool, workflow: bool | None, action: str, check: bool, yes: bool, remove: bool
) -> None:
    """Set a repository up: trustgate.toml, the commit hook, the workflow.

    Shows what it would write and asks first. What is there already is left alone, so it can be run again.
    """
    from trustgate.adoption.plan import Advice, Step, shown, write
    from trustgate.changes.git import Git
    from trustgate.policy.places import top_of

    if remove:
        _remove(repo, yes)
        return
    with Git.open(repo) as git:
        top = top_of(git)
        plan = list(planned(git, top, preset, hooks, workflow, action))
    missing = [step for step in plan if isinstance(step, Step) and not step.done]
    advice = [step for step in plan if isinstance(step, Advice)]
    if check:
        for what in [step.what for step in missing] + [item.what for item in advice]:
            click.echo(f"missing: {what}")
        click.echo("nothing is missing" if not (missing or advice) else "`trustgate init` writes what is missing")
        sys.exit(EXIT_FOUND if missing or advice else 0)
    for step in missing:
        click.echo(shown(step, top), nl=False)
    _say(advice)
    if not missing:
        click.echo("Everything else is there." if advice else "Everything is there; nothing was written.")
        return
    _confirm(yes, f"Write {counted(len(missing), 'file')}?", "written")
    for step in missing:
        write(step)
        click.echo(f"wrote {step.what}")
    click.echo("\nThe policy counts once it is on the target branch. Try it now: trustgate review --staged")


def _remove(repo: str, yes: bool) -> None:
    from trustgate.adoption.git_hooks import removals
    from trustgate.adoption.plan import Advice, Removal, remove
    from trustgate.changes.git import Git
    from trustgate.escape import path

    with Git.open(repo) as git:
        plan = list(removals(git, HOOKS))
    going = [step for step in plan if isinstance(step, Removal)]
    for step in going:
        back = f", and {step.back.name} comes back" if step.back else ""
        click.echo(f"remove {path(str(step.path))}{back}")
    _say([item for item in plan if isinstance(item, Advice)])
    if going:
        _confirm(yes, f"Remove {counted(len(going), 'hook')}?", "removed")
    for step in going:
        remove(step)
        click.echo(f"removed {step.what}")
    click.echo(
        "No hook of ours is there."
        if not plan
        else "trustgate.toml, .trustgate/ and the workflow are yours to keep or delete."
    )


def _say(advice: list[Advice]) -> None:
    from trustgate.escape import visible

    for item in advice:
        click.echo(f"\nTo do by hand, {item.what}:\n{visible(item.text, chr(10))}")


def _confirm(yes: bool, question: str, done: str) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"nothing was {done}: there is no terminal to ask on", "--yes does what is shown")
    click.confirm(f"\n{question}", abort=True)


def planned(
    git: Git, top: Path, preset: str, hooks: bool, workflow: bool | None, action: str
) -> Iterator[Step | Advice]:
    from trustgate.adoption import git_hooks, policy_file, pre_commit
    from trustgate.adoption import workflow as github

    yield from policy_file.steps(top, preset)
    if hooks or not (top / pre_commit.CONFIG).exists():
        yield from git_hooks.steps(git, HOOKS if hooks else HOOKS[:1])
    else:
        yield pre_commit.step(top)
        yield from pre_commit.installed(git)
    if workflow or (workflow is None and (top / ".github").is_dir()) or action:
        yield github.step(top, action)
