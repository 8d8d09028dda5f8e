"""Commands whose `--help` shows options in named groups and ends with examples, and groups that know a near name."""

from __future__ import annotations

import difflib

import click


class Grouped(click.Command):
    """Groups and examples stand in `helps.py`. What no group names is shown last, under `Other`."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from trustgate.cli.helps import GROUPS

        groups = GROUPS.get(words(ctx), {})
        records = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and param.name is not None and record[1]:  # an argument is in the usage line
                records[param.name] = record
        for title, names in groups.items():
            rows = [records.pop(name) for name in names if name in records]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
        if records:
            with formatter.section("Other" if groups else "Options"):
                formatter.write_dl(list(records.values()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from trustgate.cli.helps import EXAMPLES

        lines = EXAMPLES.get(words(ctx), ())
        if lines:
            with formatter.section("Examples" if len(lines) > 1 else "Example"):
                for line in lines:
                    formatter.write(f"{' ' * formatter.current_indent}{line}\n")


class Commands(click.Group):
    """A group of `Grouped` commands."""

    command_class = Grouped

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=2) if args else []
            if not near:
                raise
            name = args[0][:100]
            raise click.UsageError(f"No such command {name!r}. Did you mean {' or '.join(near)}?", ctx) from error


def words(ctx: click.Context) -> str:
    """The words of a command after the program's name: `models pin`."""
    return ctx.command_path.partition(" ")[2]
