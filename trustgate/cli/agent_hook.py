"""`trustgate agent-hook`: reviews the work tree for a coding agent, in the form that the agent's hooks expect."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trustgate.errors import EXIT_BLIND, EXIT_USAGE, TrustgateError

if TYPE_CHECKING:
    from trustgate.verdict import Verdict

INPUT = 8 * 1024 * 1024
"""bytes of an event that are read"""
FEEDBACK = 2
"""the exit code by which most agents' hooks hand standard error back to the model"""


@click.command("agent-hook")
@click.argument("agent", type=click.Choice(["claude-code", "generic"]))
@click.option("--repo", metavar="DIR", help="The repository.  [default: the event's folder, else here]")
def agent_hook(agent: str, repo: str | None) -> None:
    """Review the work tree and hand the findings back to the agent that is at work.

    `claude-code` reads the event of a Stop or PostToolUse hook from standard input and answers in JSON. `generic` needs
    no event: exit code 0 when there is nothing to mend, 2 with the findings on standard error.
    """
    event = _event() if agent == "claude-code" else {}
    folder = repo or _text(event, "cwd") or os.environ.get("CLAUDE_PROJECT_DIR") or "."
    try:
        said = _findings(folder, event)
    except TrustgateError as error:
        _give_up(agent, f"trustgate could not judge the change: {error.message}")
        sys.exit(0 if agent == "claude-code" else EXIT_BLIND)
    if agent == "claude-code":
        if said and event.get("stop_hook_active") is not True:
            click.echo(json.dumps({"decision": "block", "reason": said}))
        elif said:
            click.echo(json.dumps({"systemMessage": "trustgate: findings are left; see `trustgate review`"}))
        return
    if said:
        click.echo(said, nl=False, err=True)
        sys.exit(FEEDBACK)


def _findings(folder: str, event: dict[str, Any]) -> str:
    """What is to be mended: of the edited file after an edit, of the whole work tree otherwise."""
    from trustgate.report import agent
    from trustgate.review import Request, review, top_of

    verdict: Verdict = review(Request(repo=folder, worktree=True, stage="commit", offline=True))
    edited = _text(event.get("tool_input"), "file_path") if event.get("hook_event_name") == "PostToolUse" else ""
    top = top_of(folder)
    if not edited or top is None:
        return agent.render(verdict)
    path = Path(folder, edited).resolve()
    return agent.render(verdict, path.relative_to(top).as_posix()) if path.is_relative_to(top) else ""


def _event() -> dict[str, Any]:
    data = sys.stdin.buffer.read(INPUT + 1)
    try:
        event = json.loads(data) if len(data) <= INPUT else None
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        click.echo("trustgate: standard input holds no event of the agent", err=True)
        sys.exit(EXIT_USAGE if not data else EXIT_BLIND)
    return event


def _text(value: object, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) and "\0" not in found else ""


def _give_up(agent: str, why: str) -> None:
    """An agent must not be held up by our fault, and must not take it for a pass: the person is told."""
    if agent == "claude-code":
        click.echo(json.dumps({"systemMessage": why}))
    else:
        click.echo(why, err=True)
