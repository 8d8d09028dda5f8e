"""Records travel: fetched, merged and pushed, also when two push at the same time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from trustgate.changes.exchange import fetch_notes, push_notes
from trustgate.changes.git import Git
from trustgate.changes.notes import notes_tip, read_notes
from trustgate.changes.notes_adding import add_notes
from trustgate.errors import CannotJudge, UsageError

REF = "refs/notes/trustgate"


@pytest.fixture
def clones(make_repo, tmp_path):
    """Three clones of one bare repository with one commit."""
    first = make_repo("first")
    first.commit({"f.py": "1\n"})
    first.git("clone", "-q", "--bare", ".", str(tmp_path / "hub.git"))
    found = []
    for name in ("a", "b", "c"):
        first.git("clone", "-q", str(tmp_path / "hub.git"), str(tmp_path / name))
        found.append(make_repo(name, "--existing"))
    return found


def add(repo, line, commit=None):
    with Git.open(str(repo.path)) as git:
        return add_notes(git, REF, {commit or repo.head: line}, "m")


def push(repo):
    with Git.open(str(repo.path)) as git:
        return push_notes(git, "origin", REF)


def lines(repo):
    with Git.open(str(repo.path)) as git:
        fetch_notes(git, "origin", REF)
        return read_notes(git, REF, [repo.head]).texts.get(repo.head, b"").split()


def test_a_third_clone_sees_what_two_pushed_one_after_the_other(clones):
    a, b, c = clones
    add(a, b"from-a"), add(b, b"from-b")
    assert push(a).merged is False
    assert push(b).merged is True
    assert lines(c) == lines(a) == [b"from-a", b"from-b"]


def test_many_that_push_at_the_same_time_lose_nothing(clones):
    a, b, c = clones
    code = (
        "import sys; from trustgate.changes.git import Git; from trustgate.changes.exchange import push_notes\n"
        "from trustgate.changes.notes_adding import add_notes\n"
        "with Git.open(sys.argv[1]) as git:\n"
        "    for n in range(3):\n"
        f"        add_notes(git, {REF!r}, {{sys.argv[2]: f'{{sys.argv[3]}}-{{n}}'.encode()}}, 'm')\n"
        f"        push_notes(git, 'origin', {REF!r})\n"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(repo.path), repo.head, name])
        for repo, name in ((a, "a"), (b, "b"))
    ]
    assert [run.wait() for run in runs] == [0, 0]
    assert lines(c) == [b"a-0", b"a-1", b"a-2", b"b-0", b"b-1", b"b-2"]


def test_nothing_to_push_and_nothing_to_fetch(clones):
    assert push(clones[0]) == ("", False)
    with Git.open(str(clones[0].path)) as git:
        assert fetch_notes(git, "origin", REF) == ("", False)


def test_fetching_leaves_no_other_ref_behind_and_takes_no_branch(clones):
    a, b, _ = clones
    a.commit({"g.py": "1\n"})
    a.git("push", "-q", "origin", "main")
    add(a, b"x"), push(a)
    before = b.git("for-each-ref")
    assert lines(b) == []
    after = set(b.git("for-each-ref").splitlines()) - set(before.splitlines())
    assert [line.split()[-1] for line in after] == [REF]


def test_a_push_runs_no_hook_and_pushes_nothing_else(clones, tmp_path):
    a, _, _ = clones
    hook = a.path / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
    hook.chmod(0o755)
    a.commit({"g.py": "1\n"})
    add(a, b"x"), push(a)
    assert not (tmp_path / "ran").exists()
    assert a.git("ls-remote", "origin", "refs/heads/main").split()[0] != a.head


@pytest.mark.parametrize("remote", ["", "--upload-pack=touch x", "a\nb"])
def test_odd_remotes_are_refused(clones, remote):
    add(clones[0], b"x")
    with Git.open(str(clones[0].path)) as git, pytest.raises(UsageError):
        push_notes(git, remote, REF)


def test_a_remote_that_is_not_there_is_told(clones, tmp_path):
    add(clones[0], b"x")
    with Git.open(str(clones[0].path)) as git, pytest.raises(CannotJudge, match="fetched"):
        push_notes(git, str(tmp_path / "nowhere.git"), REF)


def test_a_remote_that_refuses_is_not_asked_for_ever(clones, tmp_path):
    hook = tmp_path / "hub.git" / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    add(clones[0], b"x")
    with Git.open(str(clones[0].path)) as git, pytest.raises(CannotJudge, match="could not be pushed"):
        push_notes(git, "origin", REF)
    with Git.open(str(clones[0].path)) as git:
        assert notes_tip(git, REF)
