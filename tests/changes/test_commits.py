"""Commit objects, the well-formed ones through GitPython and the others byte by byte."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.changes.commits import commit_info, commits_of, parse_commit
from trustgate.changes.git import Git
from trustgate.errors import CannotJudge

HEAD = b"author A U Thor <author@example.com> 1700000000 +0100\ncommitter C O <c@example.com> 1700000001 +0000\n"


@pytest.fixture
def commit_bytes(repo):
    """Writes a commit object as given after its `tree` line, and reads it back."""
    repo.commit({"a": "1\n"})
    tree = repo.git("rev-parse", "HEAD^{tree}").encode()

    def make(rest):
        raw = b"tree " + tree + b"\n" + rest
        oid = repo.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
        with Git.open(str(repo.path)) as git:
            return commit_info(git, oid)

    return make


def test_range_is_oldest_first(repo):
    base = repo.commit({"a": "1\n"}, "base")
    repo.commit({"a": "2\n"}, "one")
    repo.branch("side")
    repo.commit({"b": "1\n"}, "side")
    repo.checkout("main")
    repo.commit({"a": "3\n"}, "two")
    repo.merge("side")
    with Git.open(str(repo.path)) as git:
        commits = commits_of(git, base, repo.head)
        assert commits[0].message == "one\n" and commits[-1].message == "merge side\n"
        assert {c.message.strip() for c in commits} == {"one", "two", "side", "merge side"}
        assert len(commits[-1].parents) == 2
        assert len(commits_of(git, git.empty_tree, repo.head)) == 5


def test_fields(commit_bytes):
    info = commit_bytes(HEAD + b"\nSubject\n\nBody \xc3\xa9\n\nCo-Authored-By: X <x@example.com>\n")
    assert (info.author_name, info.author_email) == ("A U Thor", "author@example.com")
    assert (info.committer_name, info.committer_email, info.time) == ("C O", "c@example.com", 1700000001)
    assert info.message == "Subject\n\nBody é\n\nCo-Authored-By: X <x@example.com>\n" and info.parents == ()


@pytest.mark.parametrize(
    ("rest", "author", "message"),
    [
        pytest.param(HEAD + b"encoding ISO-8859-1\n\ncaf\xe9\n", "A U Thor", "café\n", id="latin-1"),
        pytest.param(HEAD + b"\ncaf\xe9\n", "A U Thor", "caf\udce9\n", id="no-encoding-said"),
        pytest.param(HEAD + b"encoding utf-7\n\n+AGE-\n", "A U Thor", "+AGE-\n", id="utf-7-is-not-decoded"),
        pytest.param(HEAD + b"encoding no-such\n\ncaf\xe9\n", "A U Thor", "caf\udce9\n", id="bogus-encoding"),
        pytest.param(HEAD + b"encoding zlib\n\nx\n", "A U Thor", "x\n", id="codec-that-is-no-text"),
        pytest.param(HEAD + b"encoding cp037\n\nx\n", "A U Thor", "x\n", id="codec-that-is-not-ascii-based"),
        pytest.param(HEAD + b"gpgsig -----BEGIN\n x\n -----END\n\nsigned\n", "A U Thor", "signed\n", id="signature"),
        pytest.param(b"committer C O <c@example.com> 1 +0000\n\nx\n", "", "x\n", id="no-author"),
        pytest.param(b"author\ncommitter\n\nx\n", "", "x\n", id="empty-people"),
        pytest.param(b"author Nobody\ncommitter <> 5\n\nx", "Nobody", "x", id="no-address"),
        pytest.param(b"author X <a@b> 99999999999999999999999 +0\n\nx", "X", "x", id="absurd-date"),
        pytest.param(b"author \xff <a@b> 1 +0000\ncommitter C <c@d> 1 +0000\n\nx", "\udcff", "x", id="undecodable-name"),
        pytest.param(HEAD, "A U Thor", "", id="no-message"),
        pytest.param(HEAD + b"\n\n\n\n", "A U Thor", "\n\n\n", id="blank-message"),
        pytest.param(HEAD + b"x-odd header\n folded\n\nauthor Evil <e@v> 1 +0000\n", "A U Thor", "author Evil <e@v> 1 +0000\n", id="head-like-message"),
        pytest.param(HEAD.replace(b"A U Thor", b"A\x00B"), "A\0B", "", id="nul"),
    ],
)  # fmt: skip
def test_odd_commits(commit_bytes, rest, author, message):
    info = commit_bytes(rest)
    assert (info.author_name, info.message) == (author, message)


@pytest.mark.parametrize("rest", [HEAD + b"\nS\n", HEAD + b"\n", HEAD + b"\n \n\nx\n\n\n", HEAD + b"gpgsig x\n y\n\nz\n",
                                  HEAD.replace(b"A U Thor", b" A  U ") + b"\nx\n", HEAD.replace(b"A U Thor ", b"") + b"\nx\n"])  # fmt: skip
def test_both_readers_agree(commit_bytes, rest):
    info = commit_bytes(rest)
    assert "git" in sys.modules
    assert parse_commit(info.id, b"tree " + b"0" * 40 + b"\n" + rest) == info


@given(st.binary(max_size=300))
def test_any_bytes(raw):
    info = parse_commit("0" * 40, raw)
    assert info.id == "0" * 40


def test_missing_and_not_a_commit(repo):
    repo.commit({"a": "1\n"})
    with Git.open(str(repo.path)) as git:
        with pytest.raises(CannotJudge, match="not in this clone"):
            commit_info(git, "1" * 40)
        with pytest.raises(CannotJudge, match="a blob, not a commit"):
            commit_info(git, repo.git("rev-parse", "HEAD:a"))


def test_environment_is_as_before(repo, monkeypatch):
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_PYTHON_GIT_EXECUTABLE", "/bin/false")
    repo.commit({"a": "1\n"})
    before = dict(os.environ)
    with Git.open(str(repo.path)) as git:
        assert commit_info(git, repo.head).message == "change\n"
    assert dict(os.environ) == before
