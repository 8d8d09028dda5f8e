"""The store: kept, shared, damaged, and never inside the repository under review."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from trustgate.errors import ConfigError
from trustgate.finding import Confidence, Finding, Kind, Location, Severity
from trustgate.store import FILE, MIGRATIONS, Store, StoreError, cache_dir


def finding(fingerprint: str, rule: str = "weak-cipher", path: str = "a.py") -> Finding:
    return Finding(rule, "t", Kind.FLAW, Severity.LOW, Confidence.LOW, Location(path), "t", "m", fingerprint)


def test_keeps_json_between_openings(tmp_path: Path) -> None:
    value = {"a": [1, None, "caf\udce9"], "b": {"c": True}}
    with Store(tmp_path) as store:
        assert store.get("s", "k") is None
        assert store.put("s", "k", value)
    with Store(tmp_path) as store:
        assert store.get("s", "k") == value
        assert store.get("other", "k") is None
        store.put("s", "k", 2)
        assert store.get("s", "k") == 2
        store.forget("s")
        assert store.get("s", "k") is None
        assert store.notes == []


def test_many_in_one_go_and_what_is_too_large_is_left(tmp_path: Path) -> None:
    with Store(tmp_path, largest=20) as store:
        assert store.put_many("s", (("small", 1), ("large", "x" * 30))) == 1
        assert not store.put("s", "large", "x" * 30)
        assert (store.get("s", "small"), store.get("s", "large")) == (1, None)


def test_remembers_findings_by_the_beginning_of_a_fingerprint(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.remember([finding("ab" * 32), finding("abac" * 16, path="caf\udce9"), finding("cd" * 32)])
        store.remember([finding("ab" * 32)])
        store.remember([])
        assert store.recall("ab") == [
            ("ab" * 32, "weak-cipher", "a.py"),
            ("abac" * 16, "weak-cipher", "caf\udce9"),
        ]
        assert store.recall("ab" * 32) == [("ab" * 32, "weak-cipher", "a.py")]
        assert store.recall("ef") == []


def test_forgets_the_oldest_findings(tmp_path: Path) -> None:
    with Store(tmp_path, most_findings=2) as store:
        for digit in "abcd":
            store.remember([finding(digit * 64)])
        assert [row[0][0] for digit in "abcd" for row in store.recall(digit)] == ["c", "d"]


def test_is_wal_private_and_numbered(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "cache"
    with Store(folder):
        connection = sqlite3.connect(folder / FILE)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        connection.close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", ["noise", "short", "header", "emptied"])
def test_a_damaged_file_is_set_aside(damage: str, tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        for number in range(50):
            store.put("s", str(number), "x" * 500)
    path = tmp_path / FILE
    data = path.read_bytes()
    if damage == "emptied":
        connection = sqlite3.connect(path)
        connection.execute("DROP TABLE entries")
        connection.commit()
        connection.close()
    else:
        torn = {"noise": b"not a database" * 500, "short": data[:4096], "header": b"\xff" * 100 + data[100:]}
        path.write_bytes(torn[damage])
    with Store(tmp_path) as store:
        assert store.get("s", "1") is None
        assert store.put("s", "1", "again")
        assert store.get("s", "1") == "again"
        assert len(store.notes) == 1
        assert "damaged" in store.notes[0]
    assert (tmp_path / f"{FILE}.corrupt-1").exists()


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="newer trustgate"):
        Store(tmp_path)
    assert not list(tmp_path.glob("*.corrupt*"))


def test_a_value_that_is_no_json_counts_as_absent(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put("s", "k", 1)
        connection = sqlite3.connect(tmp_path / FILE)
        connection.execute("UPDATE entries SET value = 'torn'")
        connection.commit()
        connection.close()
        assert store.get("s", "k") is None


def _write(folder: str, number: int) -> bool:
    with Store(Path(folder)) as store:
        return all(store.put("s", f"{number}-{row}", row) for row in range(10)) and not store.notes


def test_many_processes_begin_and_write_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(6) as pool:
        assert all(pool.starmap(_write, [(str(tmp_path), number) for number in range(12)]))
    with Store(tmp_path) as store:
        assert all(store.get("s", f"{number}-{row}") == row for number in range(12) for row in range(10))


def test_a_folder_that_can_not_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can not be used"):
        Store(tmp_path / "file")
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    with pytest.raises(StoreError, match="other users"):
        Store(shared)
    (tmp_path / "taken" / FILE).mkdir(parents=True)
    with pytest.raises(StoreError, match=FILE):
        Store(tmp_path / "taken")


def test_the_folder_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", str(tmp_path / "c"))
    assert cache_dir() == tmp_path / "c"
    assert cache_dir(tmp_path / "repository") == tmp_path / "c"
    monkeypatch.delenv("TRUSTGATE_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir().is_relative_to(tmp_path / "xdg") or os.name != "posix"


@pytest.mark.parametrize("named", ["cache", "repository/cache", "link/cache"])
def test_a_folder_inside_the_repository_is_refused(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (tmp_path / "link").symlink_to(repository)
    monkeypatch.setenv("TRUSTGATE_CACHE_DIR", named if named == "cache" else str(tmp_path / named))
    with pytest.raises(ConfigError, match="absolute" if named == "cache" else "inside the repository"):
        cache_dir(repository)
