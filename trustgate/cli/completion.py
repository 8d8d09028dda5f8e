"""`trustgate completion`: the lines by which a shell completes commands and options."""

from __future__ import annotations

import click

from trustgate.cli.grouped import Grouped


@click.command("completion", cls=Grouped)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell: `eval "$(trustgate completion bash)"` in its start-up file."""
    from click.shell_completion import get_completion_class

    from trustgate.cli.root import cli

    found = get_completion_class(shell)
    assert found is not None  # one of the choices, all of which click has
    click.echo(found(cli, {}, "trustgate", "_TRUSTGATE_COMPLETE").source())
