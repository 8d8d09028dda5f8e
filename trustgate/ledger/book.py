"""The ledger: rows that only grow, each chained to the one before, and the money that they used.

The chain shows a row that was changed, taken out or put in, and the record of its end one that was cut off. Whoever can
write the file can also make it anew: keep the hash that `trustgate ledger verify` prints elsewhere to be sure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from trustgate.ledger.rows import Attempt, Judgement, Scope, is_row
from trustgate.store import Database, StoreError

if TYPE_CHECKING:
    from trustgate.store import Connection

FILE = "ledger.sqlite3"
START = "0" * 64
"""what the first row is chained to"""
MIGRATIONS = (
    """
    CREATE TABLE rows (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL);
    CREATE TABLE ending (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL);
    CREATE TABLE spending (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        day TEXT NOT NULL, run TEXT NOT NULL, pull_request TEXT NOT NULL, microdollars INTEGER NOT NULL
    );
    CREATE INDEX spending_day ON spending (day);
    CREATE INDEX spending_run ON spending (run);
    CREATE INDEX spending_pull_request ON spending (pull_request)
    """,
)


class Limits(NamedTuple):
    """Micro-dollars; None: no limit."""

    run: int | None = None
    pull_request: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class OverBudget:
    """Why no money could be reserved, in one sentence."""

    reason: str


class Fault(NamedTuple):
    """The first place at which the ledger is not what was written."""

    seq: int
    reason: str


class Checked(NamedTuple):
    """What `verify` found."""

    rows: int
    ending: str
    """hash of the last row"""
    fault: Fault | None = None


class Ledger:
    """An open ledger. One object belongs to one thread; any number of processes may write to the file."""

    def __init__(self, folder: Path, *, make: bool = True) -> None:
        """Open or make the ledger in `folder`. Raises StoreError; with `make` False also where there is none."""
        self._base = Database(folder, FILE, MIGRATIONS, "ledger", make=make)
        self.path = self._base.path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._base.close()

    # ------------------------------------------------------------------ money

    def reserve(self, amount: int, scope: Scope, limits: Limits, day: str) -> int | OverBudget:
        """Set micro-dollars aside before a call; the number of the reservation, for `settle`.

        What is never settled (a crash) stays counted in full. `day` is the UTC date.
        """
        places = (
            ("run", scope.run, limits.run),
            ("pull_request", scope.pull_request, limits.pull_request),
            ("day", day, limits.day),
        )

        def write(connection: Connection) -> int | OverBudget:
            for column, key, limit in places:
                if limit is None or not key:
                    continue
                spent = _spent(connection, column, key)
                if spent + amount > limit:
                    what = column.replace("_", " ")
                    return OverBudget(
                        f"the budget of this {what} is ${limit / 1e6:.4f}, used or set aside ${spent / 1e6:.4f},"
                        f" and the call may cost ${amount / 1e6:.4f}"
                    )
            done = connection.execute(
                "INSERT INTO spending (day, run, pull_request, microdollars) VALUES (?, ?, ?, ?)",
                (day, scope.run, scope.pull_request, amount),
            )
            return int(done.lastrowid or 0)

        return self._base.write(write)

    def settle(self, reservation: int, attempt: Attempt) -> None:
        """Write the row of a call, and count what it cost in place of what was set aside.

        A cost that is not known leaves the reservation as it is.
        """

        def write(connection: Connection) -> None:
            _append(connection, attempt.as_json())
            if reservation and attempt.cost_microdollars is not None:
                connection.execute(
                    "UPDATE spending SET microdollars = ? WHERE number = ?", (attempt.cost_microdollars, reservation)
                )

        self._base.write(write)

    def spent(self, column: str, key: str) -> int:
        """Micro-dollars used or set aside of one `run`, `pull_request` or `day`."""
        return self._base.read(lambda connection: _spent(connection, column, key))

    # ------------------------------------------------------------------ rows

    def add(self, row: Attempt | Judgement) -> None:
        """Write a row that no money hangs on."""
        self._base.write(lambda connection: _append(connection, row.as_json()))

    def rows(self, last: int = 0) -> list[dict[str, Any]]:
        """Rows in order, with `seq` and `hash`; `last` of them where it is not 0. Raises StoreError."""

        def read(connection: Connection) -> list[dict[str, Any]]:
            found = connection.execute(
                "SELECT seq, body, hash FROM rows ORDER BY seq DESC LIMIT ?", (last or -1,)
            ).fetchall()
            return [{**_parsed(body), "seq": seq, "hash": str(hash_)} for seq, body, hash_ in reversed(found)]

        return self._base.read(read)

    def verify(self, contains: str = "") -> Checked:
        """Walk the chain. `contains` is a hash printed earlier, which the chain must still hold."""

        def read(connection: Connection) -> Checked:
            rows = connection.execute("SELECT seq, body, hash FROM rows ORDER BY seq")
            end = connection.execute("SELECT seq, hash FROM ending").fetchone() or (0, START)
            return _walk(rows, (end[0], end[1]), contains)

        return self._base.read(read)


def _spent(connection: Connection, column: str, key: str) -> int:
    queries = {
        "run": "SELECT sum(microdollars) FROM spending WHERE run = ?",
        "pull_request": "SELECT sum(microdollars) FROM spending WHERE pull_request = ?",
        "day": "SELECT sum(microdollars) FROM spending WHERE day = ?",
    }
    return int(connection.execute(queries[column], (key,)).fetchone()[0] or 0)


def _append(connection: Connection, row: Mapping[str, Any]) -> None:
    seq, before = connection.execute("SELECT seq, hash FROM ending").fetchone() or (0, START)
    if not isinstance(seq, int) or not isinstance(before, str):
        raise StoreError("the ledger's record of its end was edited", "`trustgate ledger verify` names the place")
    body = json.dumps(row, sort_keys=True, separators=(",", ":"), allow_nan=False)
    chained = _chained(before, seq + 1, body)
    connection.execute("INSERT INTO rows (seq, body, hash) VALUES (?, ?, ?)", (seq + 1, body, chained))
    connection.execute("INSERT OR REPLACE INTO ending (only_one, seq, hash) VALUES (1, ?, ?)", (seq + 1, chained))


def _chained(before: str, seq: int, body: str) -> str:
    return hashlib.sha256(f"{before}\n{seq}\n{body}".encode()).hexdigest()


def _walk(rows: Iterator[tuple[Any, Any, Any]], end: tuple[object, object], contains: str) -> Checked:
    before, count, seen = START, 0, contains in ("", START)
    for seq, body, found in rows:
        if seq != count + 1:
            return Checked(count, before, Fault(count + 1, f"row {count + 1} is missing; the next is {seq}"))
        if not isinstance(body, str) or found != _chained(before, seq, body):
            return Checked(count, before, Fault(seq, f"row {seq} is not what was written, or not where it was"))
        before, count = str(found), seq
        seen = seen or before == contains
    if (count, before) != end:
        return Checked(count, before, Fault(count + 1, f"the ledger ended at row {end[0]!r}, and has {count} rows"))
    if not seen:
        return Checked(count, before, Fault(count, f"no row has the hash {contains[:64]}: this is another ledger"))
    return Checked(count, before)


def _parsed(body: object) -> dict[str, Any]:
    """A row as JSON; one that was damaged is an empty one, which `verify` names."""
    try:
        value = json.loads(body, parse_constant=_no_number) if isinstance(body, str) else None
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) and is_row(value) else {"kind": "damaged"}


def _no_number(name: str) -> None:
    raise ValueError(name)
