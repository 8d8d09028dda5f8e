"""The advisories on this machine: packages to OSV records, with the day they were brought in. A store of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from trustgate.advisories.osv import Advisory, distinct
from trustgate.errors import CannotJudge
from trustgate.store import FILE, Store, cache_dir

ABOUT = "advisories"
BATCH = 2000
"""packages written in one transaction"""
OLD = 30
"""days after which the report says how old the database is"""
UPDATE = "`trustgate advisories update` makes one"


class Pin(NamedTuple):
    ecosystem: str
    name: str
    version: str


class Database:
    """An open database. Use as a context manager."""

    def __init__(self, store: Store, made: date, records: int) -> None:
        self._store = store
        self.made = made
        """the day on which the records were brought in"""
        self.records = records

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def of(self, pins: Iterable[Pin]) -> dict[Pin, list[Advisory]]:
        """Advisories of each pin that has any."""
        wanted: dict[str, dict[str, list[Pin]]] = {}
        for pin in pins:
            wanted.setdefault(pin.ecosystem, {}).setdefault(pin.name, []).append(pin)
        found: dict[Pin, list[Advisory]] = {}
        for ecosystem, names in wanted.items():
            for name, value in self._store.get_many(_space(ecosystem), tuple(names)).items():
                records = [Advisory.from_json(one) for one in value]
                for pin in names[name]:
                    hits = distinct([one for one in records if one.affects(ecosystem, pin.version)])
                    if hits:
                        found[pin] = hits
        return found


def folder() -> Path:
    """Where the database is: a folder in the cache. Raises ConfigError."""
    return cache_dir() / "advisories"


def open_database(where: Path | None = None) -> Database | None:
    """The database, None where there is none yet. Raises CannotJudge for one that cannot be used."""
    place = where or folder()
    if not (place / FILE).is_file():
        return None
    store = Store(place)
    about = store.get(ABOUT, "about")
    if store.notes or not isinstance(about, dict):
        store.close()
        raise CannotJudge("the advisory database is damaged", UPDATE)
    return Database(store, date.fromisoformat(str(about["made"])), int(about["records"]))


def write_database(records: Iterator[tuple[str, str, Advisory]], made: date, where: Path | None = None) -> int:
    """Replace the database by these records, and return how many there were. Raises CannotJudge where there is none."""
    packages: dict[tuple[str, str], list[Advisory]] = {}
    count = 0
    for ecosystem, name, advisory in records:
        packages.setdefault((ecosystem, name), []).append(advisory)
        count += 1
    if not count:
        raise CannotJudge("no advisory was found there", "name OSV's JSON records, or a zip of them")
    ecosystems = sorted({ecosystem for ecosystem, _ in packages})
    with Store(where or folder()) as store:
        before = store.get(ABOUT, "about")
        store.forget(ABOUT)  # until the end there is no database rather than half of one
        for ecosystem in {*ecosystems, *(before.get("ecosystems", ()) if isinstance(before, dict) else ())}:
            store.forget(_space(ecosystem))
        for ecosystem in ecosystems:
            rows = [
                (name, [one.as_json() for one in found])
                for (kind, name), found in packages.items()
                if kind == ecosystem
            ]
            for start in range(0, len(rows), BATCH):
                _put(store, ecosystem, rows[start : start + BATCH])
        store.put(ABOUT, "about", {"made": made.isoformat(), "records": count, "ecosystems": ecosystems})
    return count


def _put(store: Store, ecosystem: str, rows: Sequence[tuple[str, object]]) -> None:
    if store.put_many(_space(ecosystem), rows) != len(rows):
        raise CannotJudge("a package has more advisories than can be kept")


def _space(ecosystem: str) -> str:
    return f"osv:{ecosystem}"
