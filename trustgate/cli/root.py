"""The `trustgate` command and the table of its sub-commands, each imported only when it runs."""

from __future__ import annotations

from importlib import import_module

import click

from trustgate import __version__
from trustgate.cli.grouped import Commands

COMMANDS = {
    "init": ("trustgate.cli.init", "init", "Set a repository up: policy, hook, workflow."),
    "doctor": ("trustgate.cli.doctor", "doctor", "Say what this installation can do here, and what it lacks."),
    "review": ("trustgate.cli.review", "review", "Review a change and decide: allow, warn, escalate or block."),
    "audit": ("trustgate.cli.audit", "audit", "Review each commit of a range on its own, as JSON lines."),
    "report": ("trustgate.cli.report", "report", "Sum up a range by who wrote it, and what reviews cost."),
    "ci": ("trustgate.cli.ci", "ci", "Review what a GitHub event is about."),
    "attribute": ("trustgate.cli.attribute", "attribute", "Say who or what wrote each commit, on what evidence."),
    "attest": ("trustgate.cli.attest", "attest", "Record who or what wrote a commit; push and fetch records."),
    "hook": ("trustgate.cli.git_hook", "hook", "Run as a git hook: post-commit, prepare-commit-msg, pre-push."),
    "deps": ("trustgate.cli.deps", "deps", "Judge package names; list what a change pulls in."),
    "models": ("trustgate.cli.models", "models", "Pin model weights, verify them, say when they moved."),
    "advisories": ("trustgate.cli.advisories", "advisories", "Keep the advisories that pins are matched with."),
    "approve": ("trustgate.cli.approve", "approve", "Sign off findings of one change that wait for a person."),
    "accept": ("trustgate.cli.accept", "accept", "Write an exception for one finding."),
    "queue": ("trustgate.cli.queue", "queue", "List and finish reviews that wait for a model to answer."),
    "ledger": ("trustgate.cli.ledger", "ledger", "Show, check or export what reviews by models cost."),
    "policy": ("trustgate.cli.policy", "policy", "Try a policy on past decisions or on cases."),
    "config": ("trustgate.cli.config", "config", "Check, show or describe the configuration."),
    "rules": ("trustgate.cli.rules", "rules", "List the rules."),
    "explain": ("trustgate.cli.rules", "explain", "Explain one rule, with its examples."),
    "agent-hook": ("trustgate.cli.agent_hook", "agent_hook", "Review the work tree for a coding agent's hook."),
    "mcp": ("trustgate.cli.mcp", "mcp", "Serve review, explain and deps check to agents over MCP."),
    "completion": ("trustgate.cli.completion", "completion", "Print the completion script of a shell."),
    "eval": ("trustgate.cli.eval", "evaluate", "Measure the reviewer on pairs of changes."),
    "schema": ("trustgate.cli.schema", "schema", "Print the JSON Schema of an output."),
}


SECTIONS = {
    "Review a change": ("review", "audit", "attribute", "report", "explain"),
    "Set up": ("init", "doctor", "ci", "hook", "agent-hook", "mcp", "completion"),
    "Dependencies": ("deps", "advisories"),
    "Models": ("models",),
    "People and reviewer": ("approve", "accept", "attest", "queue", "ledger"),
    "Policy and rules": ("policy", "config", "rules", "schema"),
    "Measure us": ("eval",),
}
"""how `--help` lists the commands; each stands once"""


class LazyGroup(Commands):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in SECTIONS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for title, names in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{width}}", COMMANDS[name][2]) for name in names])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("\nStart with `trustgate review` in a repository; `trustgate COMMAND --help` has examples.\n")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="trustgate")
def cli() -> None:
    """A gate between a code change and its merge.

    Exit codes: 0 allow or warn, 1 block, 2 wrong usage or configuration, 3 could not judge, 4 pending.
    """
