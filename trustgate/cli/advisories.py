"""`trustgate advisories`: the advisory database of this machine, brought in from OSV's records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from trustgate.cli.grouped import Commands
from trustgate.errors import CannotJudge, UsageError

EXPORTS = "https://osv-vulnerabilities.storage.googleapis.com"
"""where OSV puts a zip of all records of an ecosystem: `ECOSYSTEM/all.zip` (https://google.github.io/osv.dev/data/)"""
EXPORT_LIMIT = 1024 * 1024 * 1024
"""bytes of one zip"""
DEADLINE = 900.0
"""seconds for one zip"""


@click.group("advisories", cls=Commands)
def advisories() -> None:
    """The published advisories that changed pins are matched with, offline."""


@advisories.command("update")
@click.option("--from", "source", metavar="PATH", help="A zip, folder or file of OSV records, instead of the network.")
@click.option(
    "--ecosystem",
    "names",
    type=click.Choice(["pypi", "npm", "golang", "cargo"]),
    multiple=True,
    help="Which exports to fetch.  [default: pypi, npm]",
)
@click.option("--url", metavar="URL", default=EXPORTS, help="Where the exports are, such as a mirror.")
def update(source: str | None, names: tuple[str, ...], url: str) -> None:
    """Replace the database by OSV's records, out of a file or of OSV's exports. Exit code 0, or 3 when that failed."""
    from trustgate.advisories.database import folder, write_database
    from trustgate.advisories.importing import read_records

    today = datetime.now(UTC).date()
    if source is not None:
        if names:
            raise UsageError(
                "--ecosystem is for the network", "--from takes every ecosystem that its records are about"
            )
        path = Path(source)
        if not path.exists():
            raise UsageError(f"{source} does not exist", "name a zip, folder or file of OSV records")
        count = write_database(read_records(path), today)
    else:
        count = _fetched(names or ("pypi", "npm"), url.rstrip("/"), today)
    click.echo(f"{count} advisories of {today} in {folder()}")


def _fetched(names: tuple[str, ...], url: str, today: date) -> int:
    import io
    from itertools import chain
    from urllib.parse import quote, urlsplit

    from trustgate.advisories.database import write_database
    from trustgate.advisories.importing import read_zip
    from trustgate.advisories.osv import OSV_NAMES
    from trustgate.transport import Request, Transport

    hosts = frozenset({(urlsplit(url).hostname or "").lower()})
    with Transport(hosts, deadline=DEADLINE, read=60.0, size_limit=EXPORT_LIMIT) as transport:
        zips = [transport.send(Request(f"{url}/{quote(OSV_NAMES[name])}/all.zip")).body for name in names]
    return write_database(chain.from_iterable(read_zip(io.BytesIO(data)) for data in zips), today)


@advisories.command("status")
def status() -> None:
    """Say of which day the database is, and how many records it has."""
    from trustgate.advisories.database import UPDATE, folder, open_database

    database = open_database()
    if database is None:
        raise CannotJudge(f"no advisory database in {folder()}", UPDATE)
    with database:
        click.echo(f"{database.records} advisories of {database.made}")
