"""What waits for a reviewer: which change, which findings, since when. Hashes and places only, no code.

`trustgate queue run` takes an entry, makes the packet anew from the repository and asks again. An entry is bound to
object ids, so what is finished later is what was put off.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from trustgate.changes.place import is_oid
from trustgate.ledger.rows import now
from trustgate.store import Database
from trustgate.verdict import Action, Verdict

if TYPE_CHECKING:
    from trustgate.store import Connection

FILE = "queue.sqlite3"
MOST_DONE = 1000
"""finished entries that are kept; the oldest go first"""
MIGRATIONS = (
    """
    CREATE TABLE entries (
        id TEXT PRIMARY KEY, repository TEXT NOT NULL, body TEXT NOT NULL, outcome TEXT NOT NULL,
        created TEXT NOT NULL, tried INTEGER NOT NULL, last_tried TEXT NOT NULL, decision TEXT NOT NULL
    );
    CREATE INDEX entries_repository ON entries (repository)
    """,
)
_COLUMNS = "id, repository, body, outcome, created, tried, last_tried, decision"


class Waiting(NamedTuple):
    """A finding that was put off."""

    rule: str
    fingerprint: str
    path: str
    line: int


class Change(NamedTuple):
    """What is to be reviewed, by object ids."""

    repository: str
    """hex digest, see `repository_id`"""
    diff_base: str
    trusted_base: str
    head: str
    stage: str
    policy_digest: str
    packets: tuple[str, ...]
    findings: tuple[Waiting, ...]

    @property
    def id(self) -> str:
        """16 hex digits: the same change put off twice is one entry."""
        parts = (self.repository, self.diff_base, self.trusted_base, self.head, self.stage)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Entry(NamedTuple):
    id: str
    change: Change
    outcome: str
    """why no opinion came: an `Outcome`, or the word for what failed"""
    created: str
    """UTC, ISO 8601"""
    tried: int
    last_tried: str
    decision: str
    """empty while it waits, then the decision it came to"""


class Queue:
    """An open queue. One object belongs to one thread; any number of processes may have the file open."""

    def __init__(self, folder: Path, *, make: bool = True) -> None:
        """Open or make the queue in `folder`. Raises StoreError; with `make` False also where there is none."""
        self._base = Database(folder, FILE, MIGRATIONS, "queue", make=make)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def enqueue(self, change: Change, outcome: str) -> Entry:
        """Put a change off. One that waits already keeps its place, and one that was done waits again.

        Raises ValueError for a change that is not named by object ids: see `waiting_change`.
        """
        body = _body(change)
        if _change(change.repository, body) is None:
            raise ValueError("only commits can wait")

        def write(connection: Connection) -> None:
            connection.execute(
                f"INSERT INTO entries ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, 0, '', '')"  # noqa: S608 - a constant
                " ON CONFLICT (id) DO UPDATE SET body = excluded.body, outcome = excluded.outcome, decision = ''",
                (change.id, change.repository, body, outcome, now()),
            )
            connection.execute(
                "DELETE FROM entries WHERE decision != '' AND id NOT IN"
                " (SELECT id FROM entries WHERE decision != '' ORDER BY last_tried DESC, id LIMIT ?)",
                (MOST_DONE,),
            )

        self._base.write(write)
        (entry,) = self.find(change.id)
        return entry

    def pending(self, repository: str = "") -> list[Entry]:
        """What waits, oldest first; of one repository where it is named."""
        return [entry for entry in self.all(repository) if not entry.decision]

    def all(self, repository: str = "") -> list[Entry]:
        query = f"SELECT {_COLUMNS} FROM entries WHERE ? IN ('', repository) ORDER BY created, id"  # noqa: S608
        return self._entries(query, repository)

    def find(self, beginning: str) -> list[Entry]:
        """Entries whose id begins so, at most 10."""
        query = f"SELECT {_COLUMNS} FROM entries WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT 10"  # noqa: S608
        return self._entries(query, beginning)

    def done(self, entry_id: str, decision: str) -> None:
        self._tried(entry_id, None, decision)

    def missed(self, entry_id: str, outcome: str) -> None:
        """Tried again, and still no opinion."""
        self._tried(entry_id, outcome, "")

    def _tried(self, entry_id: str, outcome: str | None, decision: str) -> None:
        self._base.write(
            lambda connection: connection.execute(
                "UPDATE entries SET tried = tried + 1, last_tried = ?, outcome = coalesce(?, outcome), decision = ?"
                " WHERE id = ?",
                (now(), outcome, decision, entry_id),
            )
        )

    def _entries(self, query: str, value: str) -> list[Entry]:
        rows: list[Any] = self._base.read(lambda connection: connection.execute(query, (value,)).fetchall())
        found = []
        for entry_id, repository, body, outcome, created, tried, last_tried, decision in rows:
            change = _change(str(repository), body)
            if change is not None:
                found.append(Entry(str(entry_id), change, outcome, created, int(tried), last_tried, decision))
        return found


def repository_id(git_dir: str) -> str:
    """A name for a repository that tells nothing of it: the digest of the place of its shared git folder."""
    return hashlib.sha256(str(Path(git_dir).resolve()).encode("utf-8", "surrogateescape")).hexdigest()


def waiting_change(verdict: Verdict, repository: str, packets: Iterable[str] = ()) -> Change | None:
    """The change of a verdict as the queue keeps it; None for index and work tree, which have no lasting name."""
    if not all(is_oid(name) for name in (verdict.diff_base, verdict.trusted_base, verdict.head)):
        return None
    findings = tuple(
        Waiting(item.finding.rule, item.finding.fingerprint, item.finding.location.path, item.finding.location.line)
        for item in verdict.findings
        if item.action is Action.ESCALATE
    )
    return Change(
        repository,
        verdict.diff_base,
        verdict.trusted_base,
        verdict.head,
        verdict.stage,
        verdict.policy_digest,
        tuple(packets),
        findings,
    )


def _body(change: Change) -> str:
    return json.dumps({**change._asdict(), "findings": [list(item) for item in change.findings]}, sort_keys=True)


def _change(repository: str, body: object) -> Change | None:
    """A kept change, or None for a row that is not what we write."""
    try:
        value = json.loads(body) if isinstance(body, str) else None
        if not isinstance(value, dict):
            return None
        base, trusted, head = (str(value[key]) for key in ("diff_base", "trusted_base", "head"))
        findings = tuple(Waiting(str(r), str(f), str(p), int(n)) for r, f, p, n in value["findings"])
        packets = tuple(str(item) for item in value["packets"])
        stage, digest = str(value["stage"]), str(value["policy_digest"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not all(is_oid(name) for name in (base, trusted, head)):
        return None
    return Change(repository, base, trusted, head, stage, digest, packets, findings)
