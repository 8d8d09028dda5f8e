"""A command whose `--help` shows its options in named groups, in the order in which people need them, and examples."""

from __future__ import annotations

from typing import ClassVar

import click


class Grouped(click.Command):
    """Subclass it with `groups`: title to names of parameters. What no group names is shown last, under `Other`."""

    groups: ClassVar[dict[str, tuple[str, ...]]] = {}
    examples: ClassVar[tuple[str, ...]] = ()
    """command lines that run as they stand in a repository; a test runs them"""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and param.name is not None:
                records[param.name] = record
        for title, names in self.groups.items():
            rows = [records.pop(name) for name in names if name in records]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
        if records:
            with formatter.section("Other" if self.groups else "Options"):
                formatter.write_dl(list(records.values()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section("Examples" if len(self.examples) > 1 else "Example"):
                for line in self.examples:
                    formatter.write(f"{' ' * formatter.current_indent}{line}\n")
