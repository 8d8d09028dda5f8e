"""The queue: what is put off is found again, finished later, and holds no code."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trustgate.review import Request, review
from trustgate.reviewer.queue import FILE, Change, Queue, Waiting, repository_id, waiting_change

GUARDED = "def drop(r, db):\n    require_admin(r.user)\n    db.drop(r)\n"
UNGUARDED = GUARDED.replace("    require_admin(r.user)\n", "")
CHANGE = Change(
    "r" * 64,
    "a" * 40,
    "b" * 40,
    "c" * 40,
    "pr",
    "d" * 64,
    ("p1",),
    (Waiting("guard-removed", "f" * 64, "a\udcff.py", 3),),
)
Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_change_waits_is_tried_and_is_done(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        entry = queue.enqueue(CHANGE, "unreachable")
        assert (entry.change, entry.tried, entry.decision) == (CHANGE, 0, "")
        queue.missed(entry.id, "timeout")
        (again,) = queue.pending()
        assert (again.outcome, again.tried) == ("timeout", 1)
        queue.done(entry.id, "allow")
        assert queue.pending() == []
        assert [(one.decision, one.tried) for one in queue.all()] == [("allow", 2)]
        assert queue.find(entry.id[:6])[0].id == entry.id
        assert queue.find("%") == queue.find("zz") == []


def test_the_same_change_is_one_entry(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        first = queue.enqueue(CHANGE, "unreachable")
        assert queue.enqueue(CHANGE, "over_budget").id == first.id
        assert [entry.outcome for entry in queue.pending()] == ["over_budget"]
        queue.enqueue(CHANGE._replace(head="e" * 40), "unreachable")
        queue.enqueue(CHANGE._replace(repository="q" * 64), "unreachable")
        assert len(queue.pending()) == 3
        assert len(queue.pending("r" * 64)) == 2


@pytest.mark.parametrize("head", ["index", "worktree", "", "C" * 40, "--upload-pack=x"])
def test_only_commits_are_put_off(head: str, tmp_path: Path) -> None:
    """A row that somebody wrote by hand is not run either."""
    with Queue(tmp_path) as queue:
        with pytest.raises(ValueError, match="only commits"):
            queue.enqueue(CHANGE._replace(head=head), "unreachable")
        queue.enqueue(CHANGE, "unreachable")
    raw = sqlite3.connect(tmp_path / FILE)
    with raw:
        raw.execute("UPDATE entries SET body = replace(body, ?, ?)", ("c" * 40, head))
    raw.close()
    with Queue(tmp_path) as queue:
        assert queue.all() == []


def test_a_damaged_row_is_left_out(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        queue.enqueue(CHANGE, "unreachable")
    for body in ("{", "[]", "null", '{"findings": 3}', "[" * 5000):
        raw = sqlite3.connect(tmp_path / FILE)
        with raw:
            raw.execute("UPDATE entries SET body = ?", (body,))
        raw.close()
        with Queue(tmp_path) as queue:
            assert queue.all() == []


@pytest.fixture
def put_off(repo: Any, tmp_path: Path) -> Any:
    """A repository whose last commit removes a guard, with that change in the queue."""
    repo.commit({"app/auth.py": GUARDED}, "start")
    repo.commit({"app/auth.py": UNGUARDED}, "drop it")
    verdict = review(Request(repo=str(repo.path), diff="HEAD~1..HEAD", offline=True))
    change = waiting_change(verdict, repository_id(str(repo.path / ".git")), ["p" * 12])
    assert change is not None
    with Queue(tmp_path) as queue:
        queue.enqueue(change, "unreachable")
    return repo


def test_an_entry_holds_places_and_no_code(put_off: Any, tmp_path: Path, trustgate: Run) -> None:
    data = b"".join(file.read_bytes() for file in tmp_path.glob(f"{FILE}*"))
    assert b"guard-removed" in data
    assert b"app/auth.py" in data
    for text in (b"require_admin", b"db.drop", str(put_off.path).encode()):
        assert text not in data
    shown = trustgate("queue", "list").stdout
    assert "waiting (unreachable" in shown
    assert shown.endswith("1 waiting\n")
    value = json.loads(trustgate("queue", "list", "--format", "json").stdout)
    (entry,) = value["entries"]
    assert entry["findings"][0]["path"] == "app/auth.py"
    text = trustgate("queue", "show", entry["id"][:8]).stdout
    assert put_off.head in text
    assert "app/auth.py:1" in text or "app/auth.py:2" in text
    assert trustgate("queue", "show", "ffff0000ffff").returncode == 2


def test_a_change_that_still_waits_stays_in_the_queue(put_off: Any, trustgate: Run) -> None:
    done = trustgate("queue", "run", "--repo", str(put_off.path))
    assert (done.returncode, "still waiting" in done.stdout) == (4, True), done.stderr
    assert "tried 1 times" in trustgate("queue", "list").stdout


def test_a_change_that_is_decided_leaves_the_queue(repo: Any, tmp_path: Path, trustgate: Run) -> None:
    """The review of a change that nothing escalates any more; with a reviewer the lead's tests finish the rest."""
    base = repo.commit({"a.py": "x = 1\n"}, "start")
    head = repo.commit({"a.py": "x = 2\n"}, "calm")
    change = CHANGE._replace(
        repository=repository_id(str(repo.path / ".git")), diff_base=base, trusted_base=base, head=head
    )
    with Queue(tmp_path) as queue:
        queue.enqueue(change, "unreachable")
    done = trustgate("queue", "run", "--repo", str(repo.path))
    assert (done.returncode, "allow" in done.stdout) == (0, True), done.stderr
    assert trustgate("queue", "list").stdout == "0 waiting\n"
    assert "allow" in trustgate("queue", "list", "--all").stdout


def test_a_change_whose_objects_are_gone_is_said_and_stays(repo: Any, tmp_path: Path, trustgate: Run) -> None:
    repo.commit({"a.py": "x = 1\n"}, "start")
    with Queue(tmp_path) as queue:
        queue.enqueue(CHANGE._replace(repository=repository_id(str(repo.path / ".git"))), "unreachable")
    done = trustgate("queue", "run", "--repo", str(repo.path))
    assert done.returncode == 3
    assert done.stderr
    assert trustgate("queue", "list").stdout.endswith("1 waiting\n")


def test_other_repositories_are_left_alone(repo: Any, tmp_path: Path, trustgate: Run) -> None:
    repo.commit({"a.py": "x = 1\n"}, "start")
    with Queue(tmp_path) as queue:
        queue.enqueue(CHANGE, "unreachable")
    done = trustgate("queue", "run", "--repo", str(repo.path))
    assert (done.returncode, done.stdout) == (0, "0 tried\n")
