"""`trustgate agent-hook`: reviews the work tree for a coding agent, in the form that the agent's hooks expect."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import EXIT_BLIND, TrustgateError

if TYPE_CHECKING:
    from trustgate.verdict import Verdict

INPUT = 8 * 1024 * 1024
"""bytes of an event that are read"""
FEEDBACK = 2
"""the exit code by which most agents' hooks hand standard error back to the model"""


LETTERS = 4096
"""characters of a path that is followed (PATH_MAX of Linux)"""
ENDS = ("Stop", "SubagentStop")
HEARD = (*ENDS, "PostToolUse")
"""events of which `block` means that the agent hears the reason; of others it would undo a person's prompt or a call"""


class _WrongCall(click.UsageError):
    exit_code = EXIT_BLIND


class _AgentHook(Grouped):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _WrongCall(error.format_message(), error.ctx) from error


@click.command("agent-hook", cls=_AgentHook)
@click.argument("agent", type=click.Choice(["claude-code", "generic"]))
@click.option("--repo", metavar="DIR", help="The repository.  [default: the event's folder, else here]")
def agent_hook(agent: str, repo: str | None) -> None:
    """Review the work tree and hand the findings back to the agent that is at work.

    `claude-code` reads the event of a Stop or PostToolUse hook from standard input and answers in JSON. `generic` needs
    no event: exit code 0 when there is nothing to mend, 2 with the findings on standard error, 3 when it could not
    judge. To an agent 2 means `mend this`, so a wrong call of this command is 3 too.
    """
    event = _event() if agent == "claude-code" else {}
    try:
        said = _findings(repo or _folder(event), event)
    except TrustgateError as error:
        _give_up(agent, f"trustgate could not judge the change: {error.message}")
        sys.exit(0 if agent == "claude-code" else EXIT_BLIND)
    if agent == "claude-code":
        if said and event.get("hook_event_name") in HEARD and not event.get("stop_hook_active"):
            click.echo(json.dumps({"decision": "block", "reason": said}))
        elif said:
            click.echo(json.dumps({"systemMessage": "trustgate: findings are left; see `trustgate review`"}))
        return
    if said:
        click.echo(said, nl=False, err=True)
        sys.exit(FEEDBACK)


def _folder(event: dict[str, Any]) -> str:
    """Where the agent is; the project it was started in where that is in no repository."""
    from trustgate.review import top_of

    here, project = _text(event, "cwd"), os.environ.get("CLAUDE_PROJECT_DIR", "")
    return project if project and (not here or top_of(here) is None) else here or "."


def _findings(folder: str, event: dict[str, Any]) -> str:
    """What is to be mended: of the edited file after an edit, of the whole work tree otherwise."""
    from trustgate.report import agent
    from trustgate.review import Request, review, top_of

    verdict: Verdict = review(Request(repo=folder, worktree=True, stage="commit", offline=True))
    given = event.get("tool_input") if event.get("hook_event_name") == "PostToolUse" else None
    edited = _text(given, "file_path") or _text(given, "notebook_path")
    top = top_of(folder)
    if not edited or top is None:
        return agent.render(verdict)
    path = Path(os.path.realpath(Path(folder, edited)))  # unlike resolve(), it bears a link to itself
    return agent.render(verdict, path.relative_to(top).as_posix()) if path.is_relative_to(top) else ""


def _event() -> dict[str, Any]:
    data = sys.stdin.buffer.read(INPUT + 1)
    try:
        event = json.loads(data) if len(data) <= INPUT else None
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        click.echo("trustgate: standard input holds no event of the agent", err=True)
        click.echo("  next: this is for an agent's hook to call; by hand, `trustgate review` says the same", err=True)
        sys.exit(EXIT_BLIND)
    return event


def _text(value: object, key: str) -> str:
    """A path of the event; empty for what cannot be one: too long, with NUL, or not in Unicode."""
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, str) or len(found) > LETTERS or "\0" in found:
        return ""
    return found if found.encode("utf-8", "replace").decode() == found else ""


def _give_up(agent: str, why: str) -> None:
    """An agent must not be held up by our fault, and must not take it for a pass: the person is told."""
    from trustgate.escape import terminal

    if agent == "claude-code":
        click.echo(json.dumps({"systemMessage": terminal(why)}))
    else:
        click.echo(terminal(why), err=True)
