"""Thousands of commits at once: the same answers as one by one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from trustgate.changes import commits, objects
from trustgate.changes.commits import commit_info, read_commits, stream_commits
from trustgate.changes.git import Git
from trustgate.errors import CannotJudge


@pytest.fixture
def many(repo):
    """Ids of 250 commits, the odd ones with a body and without a final line break."""
    script = b"".join(
        b"commit refs/heads/main\ncommitter C O <c@example.com> 1700000000 +0000\ndata %d\n%s\n" % (len(text), text)
        for text in (b"commit %d\n\nbody" % n if n % 2 else b"commit %d\n" % n for n in range(250))
    )
    subprocess.run(("git", "fast-import", "--quiet"), cwd=repo.path, input=script, check=True)
    return repo.git("rev-list", "--reverse", "main").split()


def test_in_bulk_as_one_by_one(repo, many):
    with Git.open(str(repo.path)) as git:
        bulk = read_commits(git, many)
        assert len(bulk) > commits.BULK
        assert bulk == tuple(commit_info(git, oid) for oid in many)


def test_what_is_not_there_is_none_and_the_rest_is_read(repo, many):
    tree = repo.git("rev-parse", "main^{tree}")
    asked = [many[0], "9" * 40, "not an id", tree, many[1], many[0]]
    with Git.open(str(repo.path)) as git:
        found = [(oid, commit and commit.id) for oid, commit in stream_commits(git, asked)]
        assert found == [
            (many[0], many[0]), ("9" * 40, None), ("not an id", None), (tree, None), (many[1], many[1]),
            (many[0], many[0]),
        ]  # fmt: skip
        assert git.objects.read(tree) == b""  # the pipe is in step


def test_a_missing_commit_among_many_is_named(repo, many):
    with Git.open(str(repo.path)) as git, pytest.raises(CannotJudge, match="9" * 40):
        read_commits(git, [*many, "9" * 40])


def test_a_large_object_is_read_by_itself(repo, many, monkeypatch):
    monkeypatch.setattr(objects, "MANY_LIMIT", 200)
    big = repo.commit({}, "x" * 1000)
    with Git.open(str(repo.path)) as git:
        found = dict(stream_commits(git, [many[0], big, many[1]]))
        assert [found[oid].message[:1] for oid in (many[0], big, many[1])] == ["c", "x", "c"]


def test_a_damaged_object_is_an_error(repo, many):
    path = Path(repo.path, ".git", "objects")
    one, other = repo.commit({"a": "1"}, "one"), repo.commit({"a": "2"}, "other")
    source, target = (path / oid[:2] / oid[2:] for oid in (one, other))
    target.chmod(0o600)
    target.write_bytes(source.read_bytes())
    with Git.open(str(repo.path)) as git, pytest.raises(CannotJudge):
        dict(stream_commits(git, [many[0], other]))
