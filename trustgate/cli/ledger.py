"""`trustgate ledger show|verify|export`: what reviews by models cost and came to."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import click

from trustgate.cli.grouped import Commands
from trustgate.errors import EXIT_FOUND, EXIT_OK


@click.group("ledger", cls=Commands)
def ledger() -> None:
    """Show, check or export what reviews by models cost."""


@ledger.command("show")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many rows.")
def show(last: int) -> None:
    """Show the last rows, and what every lane has cost since the ledger began."""
    with _open() as opened:
        rows = opened.rows()
    for row in rows[-last:]:
        click.echo(_line(row))
    if rows:
        click.echo("")
    for line in totals(rows):
        click.echo(line)


@ledger.command("verify")
@click.option("--contains", metavar="HASH", default="", help="A hash that an earlier run printed, to be found again.")
def verify(contains: str) -> None:
    """Check that the ledger is what was written, row by row. Exit code 0, or 1 with the first row that is not.

    A ledger that is not there, or can not be read, is exit code 3.
    """
    with _open() as opened:
        checked = opened.verify(contains)
    if checked.fault:
        click.echo(f"not intact: {checked.fault.reason}")
        sys.exit(EXIT_FOUND)
    click.echo(f"intact: {checked.rows} rows, ending with {checked.ending}")
    sys.exit(EXIT_OK)


@ledger.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", hidden=True)
@click.option("--last", type=click.IntRange(1), default=None, help="How many rows.  [default: all]")
def export(form: str, last: int | None) -> None:
    """Print rows as JSON lines, under OpenTelemetry's names for generative AI. Neither code nor prompts are in them."""
    from trustgate.ledger.export import exported

    del form
    with _open() as opened:
        rows = opened.rows(last or 0)
    for row in rows:
        click.echo(json.dumps(exported(row), sort_keys=True))


def _open() -> Any:
    from trustgate.ledger.book import Ledger
    from trustgate.store import state_dir

    return Ledger(state_dir(), make=False)


def _line(row: Mapping[str, Any]) -> str:
    from trustgate.escape import terminal
    from trustgate.ledger.sums import dollars

    at, lane = terminal(str(row.get("at", ""))[:19]), terminal(str(row.get("lane", "")))
    if row.get("kind") == "judgement":
        told = f"cleared {row.get('cleared')} of {row.get('floor_flags')}, added {row.get('added')}"
        return f"{at}  {lane:<16} {terminal(str(row.get('verdict')))}: {told}"
    tokens = row.get("tokens", {})
    into = sum(int(tokens.get(name, 0)) for name in ("fresh", "cache_read", "cache_write_5m", "cache_write_1h"))
    return (
        f"{at}  {lane:<16} {terminal(str(row.get('outcome', '?'))):<12} {terminal(str(row.get('requested_model')))}"
        f"  {into} in, {tokens.get('output', 0)} out, {row.get('seconds')} s, {dollars(row.get('cost_microdollars'))}"
    )


def totals(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line a lane and model: attempts, answers, tokens, money known, and how often it is not."""
    from trustgate.escape import terminal
    from trustgate.ledger.sums import total

    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.get("kind") == "attempt":
            groups[str(row.get("lane")), str(row.get("requested_model"))].append(row)
    lines = []
    for (lane, model), attempts in sorted(groups.items()):
        made = total(attempts)
        lines.append(
            f"{terminal(lane)} ({terminal(model)}): {made.attempts} attempts, {made.answered} answered, {made.cost}"
        )
    return lines or ["no attempt yet"]
