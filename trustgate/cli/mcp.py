"""`trustgate mcp`: review, explain and deps check for agents, as an MCP server on standard input and output."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal

import click

from trustgate import __version__
from trustgate.errors import TrustgateError, UsageError

NAMES = 50
"""package names in one call"""


@click.command("mcp")
@click.option("--repo", metavar="DIR", default=".", help="The one repository that is served.  [default: here]")
@click.option("--offline", is_flag=True, help="Ask no registry.")
def mcp(repo: str, offline: bool) -> None:
    """Serve review, explain and deps check over the Model Context Protocol (extra `mcp`).

    The client chooses what is compared, never the repository, the policy or the network. No tool writes anything.
    """
    server = _server()

    def review(what: Literal["worktree", "staged", "range"] = "worktree", diff: str = "") -> str:
        """Review a change: what is uncommitted, what is staged, or a range such as main...HEAD."""
        return _review(repo, offline, what, diff)

    def explain(rule: str) -> str:
        """Say what a rule flags, why it matters and what it leaves alone."""
        return _explain(repo, rule)

    def deps_check(ecosystem: Literal["pypi", "npm"], names: list[str]) -> str:
        """Judge package names before they are installed: look-alike, absent, known to be bad."""
        return _deps(ecosystem, names, offline)

    for tool in (review, explain, deps_check):
        server.add_tool(tool)

    server.run("stdio")


def _server() -> Any:
    """The SDK's server, of its second line or its first. Raises UsageError without the extra `mcp`."""
    about = "Reviews changes of one repository. Mend what is found or tell a person; never silence it."
    try:
        from mcp.server.mcpserver import MCPServer
    except ImportError:
        try:
            from mcp.server.fastmcp import FastMCP  # type: ignore[attr-defined,unused-ignore]
        except ImportError as error:
            raise UsageError("the extra `mcp` is not installed", 'pip install "trustgate-review[mcp]"') from error
        return FastMCP("trustgate", instructions=about, log_level="ERROR")
    return MCPServer("trustgate", instructions=about, version=__version__, log_level="ERROR")


def _review(repo: str, offline: bool, what: str, diff: str) -> str:
    from trustgate.report import agent, phrases
    from trustgate.review import Request
    from trustgate.review import review as run

    if what == "range" and not diff:
        return "error: a range needs `diff`, such as main...HEAD"
    request = Request(
        repo=repo,
        diff=diff if what == "range" else None,
        staged=what == "staged",
        worktree=what == "worktree",
        stage="pr" if what == "range" else "commit",
        offline=offline,
    )
    try:
        verdict = run(request)
    except TrustgateError as error:
        return f"error: no review took place: {error.message}"
    return f"{phrases.summary(verdict)}\n{agent.render(verdict) or 'Nothing to mend.'}"


def _explain(repo: str, rule: str) -> str:
    from trustgate.cli.rules import explained

    try:
        return explained(rule, repo)
    except TrustgateError as error:
        return f"error: {error.message}; {error.hint}"


def _deps(ecosystem: str, names: list[str], offline: bool) -> str:
    from trustgate.analyzers.dependencies.checking import check_names
    from trustgate.cli.deps import NAME_LIMIT, as_line
    from trustgate.manifests.dependency import clean
    from trustgate.review import today

    listed = [clean(name.strip()) for name in names if name.strip()][:NAMES]
    if not listed or any(len(name) > NAME_LIMIT for name in listed):
        return f"error: 1 to {NAMES} names of at most {NAME_LIMIT} characters"
    verdicts, blind = check_names(ecosystem, listed, os.environ, Path.home(), offline=offline, today=today())
    lines = [as_line(name, verdict) for name, verdict in zip(listed, verdicts, strict=True)]
    lines += [json.dumps({"not_checked": reason}) for reason in blind]
    return "\n".join(lines)
