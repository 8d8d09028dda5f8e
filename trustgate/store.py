"""The one door to SQLite: a cache of JSON values and of past findings, and records that must not be lost.

A cache costs time when it is lost and must never cost more: a file that is not a sound database is set aside and a new
one begun. A record (`Database`: the ledger, the queue) is never set aside; a file that can not be used is an error.
What is read from either is as trusted as the file, so its folder is ours alone and never inside the repository under
review.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from trustgate.errors import CannotJudge, ConfigError

if TYPE_CHECKING:
    import sqlite3
    from sqlite3 import Connection as Connection  # noqa: PLC0414 - for those who hand `Database` work

    from trustgate.finding import Finding

T = TypeVar("T")

CACHE_VARIABLE = "TRUSTGATE_CACHE_DIR"
STATE_VARIABLE = "TRUSTGATE_STATE_DIR"
FILE = "store.sqlite3"
WAIT = 5.0
"""seconds to wait for another process that writes"""
LARGEST = 16 * 1024 * 1024
"""bytes of one JSON value; a larger one is not kept"""
MOST_FINDINGS = 200_000
"""findings remembered for `trustgate accept`; the oldest go first"""

MIGRATIONS = (
    """
    CREATE TABLE entries (
        space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (space, key)
    ) WITHOUT ROWID;
    CREATE TABLE findings (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        fingerprint TEXT NOT NULL, rule TEXT NOT NULL, path TEXT NOT NULL, UNIQUE (fingerprint, rule, path)
    );
    """,
)
"""SQL of each version in order; `PRAGMA user_version` holds how many have run. Append only."""


class StoreError(CannotJudge):
    """The cache can not be used, and a review goes on without it; or a record can not, and it does not."""


def cache_dir(outside: Path | None = None) -> Path:
    """The folder of the cache: TRUSTGATE_CACHE_DIR, else the user's cache folder. Not made here.

    `outside` is the root of the repository under review. Raises ConfigError where the folder lies inside it or is
    relative: a change could then bring its own cache along.
    """
    return _folder("cache", CACHE_VARIABLE, outside)


def state_dir(outside: Path | None = None) -> Path:
    """The folder of ledger and queue: TRUSTGATE_STATE_DIR, else the user's state folder. As `cache_dir` otherwise."""
    return _folder("state", STATE_VARIABLE, outside)


def _folder(kind: str, variable: str, outside: Path | None) -> Path:
    named = os.environ.get(variable)
    if named:
        if not Path(named).is_absolute():
            raise ConfigError(f"{variable} is not an absolute path: {named}", "give it from the root: /…")
        folder = Path(named)
    else:
        folder = _user_folder(kind) / "trustgate"
    if outside is not None and folder.resolve().is_relative_to(outside.resolve()):
        raise ConfigError(
            f"the {kind} folder {folder} lies inside the repository under review",
            f"set {variable} to a folder outside it",
        )
    return folder


def _user_folder(kind: str) -> Path:
    """A folder of the user's. On Linux by the XDG Base Directory Specification, without loading a library for it."""
    if sys.platform == "linux":
        named = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
        default = {"cache": ".cache", "state": ".local/state"}[kind]
        return Path(named) if named.startswith("/") else Path.home() / default
    import platformdirs

    return Path(platformdirs.user_cache_dir() if kind == "cache" else platformdirs.user_state_dir())


class Store:
    """An open store. One object belongs to one thread; any number of processes may have the same file open."""

    def __init__(self, folder: Path, *, largest: int = LARGEST, most_findings: int = MOST_FINDINGS) -> None:
        """Open or make the store in `folder`. Raises StoreError when that can not be done."""
        self._largest, self._most_findings = largest, most_findings
        self.path = folder / FILE
        self.notes: list[str] = []
        """what the user should know of the store: a file that was set aside"""
        _prepare(folder, "cache", CACHE_VARIABLE)
        self._inode = 0
        self._connection = self._sound()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def get(self, space: str, key: str) -> Any:
        """The JSON value kept under `key`, or None. A value that does not parse counts as absent."""

        def read(connection: sqlite3.Connection) -> Any:
            row = connection.execute("SELECT value FROM entries WHERE space = ? AND key = ?", (space, key)).fetchone()
            return row[0] if row else None

        text = self._run(read, "BEGIN")
        if not isinstance(text, str):
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None

    def get_many(self, space: str, keys: Sequence[str]) -> dict[str, Any]:
        """The JSON values of those of the keys that have one, read in one transaction."""

        def read(connection: sqlite3.Connection) -> list[Any]:
            rows: list[Any] = []
            for start in range(0, len(keys), 500):  # SQLite takes 999 parameters in its oldest builds
                some = keys[start : start + 500]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, value FROM entries WHERE space = ? AND key IN ({marks})"  # noqa: S608
                rows += connection.execute(query, (space, *some)).fetchall()
            return rows

        found = {}
        for key, text in self._run(read, "BEGIN"):
            try:
                found[str(key)] = json.loads(text)
            except (ValueError, RecursionError, TypeError):
                continue  # counts as absent, as in `get`
        return found

    def put(self, space: str, key: str, value: Any) -> bool:
        """Keep a JSON value, in place of one under the same key. False when it is too large to keep."""
        return self.put_many(space, ((key, value),)) == 1

    def put_many(self, space: str, items: Iterable[tuple[str, Any]]) -> int:
        """Keep values in one transaction; how many were kept."""
        rows = []
        for key, value in items:
            text = json.dumps(value, sort_keys=True, separators=(",", ":"))  # ASCII: lone surrogates survive
            if len(text) <= self._largest:
                rows.append((space, key, text))

        def write(connection: sqlite3.Connection) -> int:
            connection.executemany("INSERT OR REPLACE INTO entries (space, key, value) VALUES (?, ?, ?)", rows)
            return len(rows)

        return self._run(write)

    def forget(self, space: str) -> None:
        """Drop every value of a space."""
        self._run(lambda connection: connection.execute("DELETE FROM entries WHERE space = ?", (space,)))

    def remember(self, findings: Iterable[Finding]) -> None:
        """Keep fingerprint, rule and path of findings that were shown, so that a fingerprint alone names one."""
        rows = [(f.fingerprint, f.rule, _ascii(f.location.path)) for f in findings]
        if not rows:
            return

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO findings (fingerprint, rule, path) VALUES (?, ?, ?)", rows)
            connection.execute(
                "DELETE FROM findings WHERE number <= (SELECT max(number) FROM findings) - ?", (self._most_findings,)
            )

        self._run(write)

    def recall(self, prefix: str) -> list[tuple[str, str, str]]:
        """(fingerprint, rule, path) of remembered findings whose fingerprint begins with `prefix`, at most 20."""

        def read(connection: sqlite3.Connection) -> list[Any]:
            return connection.execute(
                "SELECT fingerprint, rule, path FROM findings WHERE fingerprint >= ? AND fingerprint < ?"
                " ORDER BY fingerprint, rule, path LIMIT 20",
                (prefix, prefix + "g"),
            ).fetchall()

        return [(str(found), str(rule), _from_ascii(str(path))) for found, rule, path in self._run(read, "BEGIN")]

    # ------------------------------------------------------------------ opening, and setting a broken file aside

    def _sound(self) -> sqlite3.Connection:
        """A connection to a sound, migrated file; a file that is not sound is set aside once."""
        import sqlite3

        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            if _passing(error):
                raise StoreError(f"the cache {self.path} can not be used: {error}", f"set {CACHE_VARIABLE}") from error
            self._set_aside(error)
        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"the cache {self.path} can not be made: {error}", f"set {CACHE_VARIABLE}") from error

    def _open(self) -> sqlite3.Connection:
        if self.path.exists():
            self._inode = self.path.stat().st_ino  # also of a file that can not be opened: it is the one to set aside
        connection = _connect(self.path, MIGRATIONS, "cache", CACHE_VARIABLE)
        self._inode = self.path.stat().st_ino
        return connection

    def _run(self, work: Callable[[sqlite3.Connection], T], begin: str = "BEGIN IMMEDIATE") -> T:
        """Do `work` in one transaction; on a corrupt file set it aside and do it on a new one."""
        import sqlite3

        for fresh in (False, True):
            try:
                with _transaction(self._connection, begin):
                    return work(self._connection)
            except sqlite3.DatabaseError as error:
                if fresh or _passing(error):
                    raise StoreError(f"the cache {self.path} can not be used: {error}") from error
                self._connection.close()
                self._set_aside(error)
                self._connection = self._sound()
        raise AssertionError("unreachable")

    def _set_aside(self, fault: Exception) -> None:
        """Rename the file, unless another process has already put a new one in its place."""
        import fcntl

        try:
            with (self.path.parent / "store.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.path.exists() and self.path.stat().st_ino == self._inode:
                    aside = self._unused()
                    self.path.rename(aside)
                    for tail in ("-wal", "-shm"):
                        self.path.with_name(FILE + tail).unlink(missing_ok=True)
                    self.notes.append(f"the cache was damaged ({fault}) and begun again; the old file is {aside}")
        except OSError as error:
            raise StoreError(
                f"the damaged cache {self.path} can not be set aside: {error.strerror}", "remove it"
            ) from error

    def _unused(self) -> Path:
        """The first free name of ten; the last is used again, so that damage can not fill a disk."""
        names = [self.path.with_name(f"{FILE}.corrupt-{number}") for number in range(1, 11)]
        return next((name for name in names if not name.exists()), names[-1])


class Database:
    """A record in a file of its own: migrated, in WAL, never set aside. One object belongs to one thread.

    Every transaction is on disk when it is said to be (`synchronous = FULL`): money and evidence hang on it.
    """

    def __init__(self, folder: Path, file: str, migrations: tuple[str, ...], what: str, *, make: bool = True) -> None:
        """Open the file `file` in `folder`, or make it where `make` says so. `what` names it in messages.

        Raises StoreError, also for a file that is no sound database.
        """
        import sqlite3

        self.path, self._what = folder / file, what
        if make:
            _prepare(folder, "state", STATE_VARIABLE)
        elif not self.path.is_file():
            raise StoreError(f"there is no {what} at {self.path}", f"is {STATE_VARIABLE} right?")
        try:
            self._connection = _connect(self.path, migrations, what, STATE_VARIABLE, full=True)
        except (sqlite3.Error, OSError) as error:
            raise self._fault(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in one transaction that no other process can come between. Raises StoreError."""
        return self._run(work, "BEGIN IMMEDIATE")

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` on one unchanging state. Raises StoreError."""
        return self._run(work, "BEGIN")

    def _run(self, work: Callable[[sqlite3.Connection], T], begin: str) -> T:
        import sqlite3

        try:
            with _transaction(self._connection, begin):
                return work(self._connection)
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> StoreError:
        return StoreError(
            f"the {self._what} {self.path} can not be used: {error}", "keep a copy, then move it away to begin anew"
        )


def _prepare(folder: Path, kind: str, variable: str) -> None:
    """Make the folder; StoreError when others could write in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = folder.stat()
    except OSError as error:
        raise StoreError(f"the {kind} folder {folder} can not be used: {error.strerror}", f"set {variable}") from error
    if status.st_uid != os.getuid() or status.st_mode & 0o002:
        raise StoreError(f"the {kind} folder {folder} can be written by other users", f"set {variable}")


def _connect(
    path: Path, migrations: tuple[str, ...], what: str, variable: str, *, full: bool = False
) -> sqlite3.Connection:
    """A connection to a migrated file. Raises sqlite3.Error, and StoreError for a file of a newer version."""
    import sqlite3

    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
        connection.execute(f"PRAGMA synchronous = {'FULL' if full else 'NORMAL'}")
        _migrate(connection, migrations, f"{what} {path}", variable)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, migrations: tuple[str, ...], what: str, variable: str) -> None:
    if _version(connection) == len(migrations):
        return
    with _transaction(connection):
        done = _version(connection)  # again, now that nobody else can migrate
        if done > len(migrations):
            raise StoreError(
                f"the {what} was written by a newer trustgate (version {done})",
                f"install the newer one, or name another folder in {variable}",
            )
        for script in migrations[done:]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations):d}")  # a pragma takes no parameters


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _passing(error: Exception) -> bool:
    """Whether the fault is of the moment (locked, read-only, disk full), so that the file is not to blame."""
    import sqlite3

    if str(error).startswith("no such "):
        return False  # a table is gone: the file is not what its version number says
    return isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError | sqlite3.IntegrityError)


def _patiently(work: Callable[[], object]) -> None:
    """Do `work`, again while another process holds the file: SQLite does not wait by itself for a change of journal."""
    import sqlite3
    import time

    until = time.monotonic() + WAIT
    while True:
        try:
            work()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _ascii(path: str) -> str:
    """SQLite text is UTF-8, a path may hold lone surrogates: kept as a JSON string."""
    return json.dumps(path)


def _from_ascii(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text
