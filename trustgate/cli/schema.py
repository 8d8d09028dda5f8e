"""`trustgate schema NAME`: the published JSON Schema of an output."""

from __future__ import annotations

import click

from trustgate.cli.grouped import Grouped
from trustgate.errors import UsageError
from trustgate.report.schema import names
from trustgate.report.schema import schema as schema_text


@click.command("schema", cls=Grouped)
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """Print the JSON Schema of the output NAME; without a name, the names there are."""
    if name is None:
        click.echo("\n".join(names()))
        return
    if name not in names():
        raise UsageError(f"no schema is named {name!r}", f"there are: {', '.join(names())}")
    click.echo(schema_text(name), nl=False)
