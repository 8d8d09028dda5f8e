"""`trustgate mcp`: review, explain and deps check for agents, as an MCP server on standard input and output."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal

import click

from trustgate import __version__
from trustgate.cli.grouped import Grouped
from trustgate.errors import TrustgateError, UsageError
from trustgate.escape import terminal

NAMES = 50
"""package names in one call"""
TEXT = 1000
"""characters of a range or of a rule's name"""
AT_ONCE = 2
"""calls that are worked on at the same time; more wait"""


@click.command("mcp", cls=Grouped)
@click.option("--repo", metavar="DIR", default=".", help="The one repository that is served.  [default: here]")
@click.option("--offline", is_flag=True, help="Ask no registry.")
def mcp(repo: str, offline: bool) -> None:
    """Serve review, explain and deps check to agents, over the Model Context Protocol (extra `mcp`).

    The client chooses what is compared, never the repository, the policy or the network. No tool writes anything.
    """
    server, tool_error = _sdk()
    from anyio import CapacityLimiter, to_thread

    slots = CapacityLimiter(AT_ONCE)

    async def answer(run: Callable[..., str], *given: object) -> str:
        """In a thread, so that the server hears a cancellation meanwhile; a thread that nobody waits for runs out."""
        try:
            return await to_thread.run_sync(partial(run, *given), abandon_on_cancel=True, limiter=slots)
        except TrustgateError as error:
            hint = f"; {error.hint}" if error.hint else ""
            raise tool_error(terminal(f"{error.message}{hint}")) from error

    async def review(what: Literal["worktree", "staged", "range"] = "worktree", diff: str = "") -> str:
        """Review a change: what is uncommitted, what is staged, or a range such as main...HEAD."""
        return await answer(_review, repo, offline, what, diff)

    async def explain(rule: str) -> str:
        """Say what a rule flags, why it matters and what it leaves alone."""
        return await answer(_explain, repo, rule)

    async def deps_check(ecosystem: Literal["pypi", "npm"], names: list[str]) -> str:
        """Judge package names before they are installed: look-alike, absent, known to be bad."""
        return await answer(_deps, ecosystem, names, offline)

    for tool in (review, explain, deps_check):
        server.add_tool(tool)

    server.run("stdio")


def _sdk() -> tuple[Any, type[Exception]]:
    """The SDK's server and its error of a tool, of its second line or its first.

    Raises UsageError without the extra `mcp`.
    """
    about = "Reviews changes of one repository. Mend what is found or tell a person; never silence it."
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError:
        try:
            from mcp.server.fastmcp import FastMCP  # type: ignore[attr-defined,unused-ignore]
            from mcp.server.fastmcp.exceptions import ToolError as FirstError  # type: ignore[import-not-found,unused-ignore]
        except ImportError as error:
            raise UsageError("the extra `mcp` is not installed", 'pip install "trustgate-review[mcp]"') from error
        return FastMCP("trustgate", instructions=about, log_level="ERROR"), FirstError
    return MCPServer("trustgate", instructions=about, version=__version__, log_level="ERROR"), ToolError


def _review(repo: str, offline: bool, what: str, diff: str) -> str:
    from trustgate.report import agent, phrases
    from trustgate.review import Request
    from trustgate.review import review as run

    if what == "range" and not diff:
        raise UsageError("a range needs `diff`", "such as main...HEAD")
    request = Request(
        repo=repo,
        diff=_plain("diff", diff) if what == "range" else None,
        staged=what == "staged",
        worktree=what == "worktree",
        stage="pr" if what == "range" else "commit",
        offline=offline,
    )
    try:
        verdict = run(request)
    except TrustgateError as error:
        raise UsageError(f"no review took place: {error.message}", error.hint) from error
    return f"{phrases.summary(verdict)}\n{agent.render(verdict) or 'Nothing to mend.'}"


def _explain(repo: str, rule: str) -> str:
    from trustgate.cli.rules import explained

    return explained(_plain("rule", rule), repo)


def _deps(ecosystem: str, names: list[str], offline: bool) -> str:
    from trustgate.analyzers.dependencies.checking import check_names
    from trustgate.cli.deps import NAME_LIMIT, as_line
    from trustgate.manifests.dependency import clean
    from trustgate.review import today

    listed = [clean(name.strip()) for name in names if name.strip()]
    if not 0 < len(listed) <= NAMES or any(len(name) > NAME_LIMIT for name in listed):
        raise UsageError(f"1 to {NAMES} names of at most {NAME_LIMIT} characters in one call")
    verdicts, blind = check_names(ecosystem, listed, os.environ, Path.home(), offline=offline, today=today())
    lines = [as_line(name, verdict) for name, verdict in zip(listed, verdicts, strict=True)]
    lines += [json.dumps({"not_checked": reason}) for reason in blind]
    return "\n".join(lines)


def _plain(what: str, text: str) -> str:
    """Raises UsageError for what no range and no rule is called: very long, or not characters at all."""
    if len(text) > TEXT or not text.isprintable():
        raise UsageError(f"`{what}` is not one line of at most {TEXT} characters")
    return text
