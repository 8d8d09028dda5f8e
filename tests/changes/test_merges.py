"""Merges are judged by what differs from git's automatic merge."""

from __future__ import annotations

import pytest

from trustgate.changes.changeset import Hunk
from trustgate.changes.git import Git
from trustgate.changes.merges import before_merge
from trustgate.changes.ranges import commit_change, read_range
from trustgate.changes.staged import read_staged
from trustgate.changes.worktree import read_worktree
from trustgate.errors import CannotJudge

BODY = "".join(f"line {n}\n" for n in range(12))
GUARDED = BODY.replace("line 3\n", "line 3\nrequire_admin()\n")


@pytest.fixture
def forked(repo):
    """`main` adds a guard and a file; `pr` changes the end of the same file; HEAD is `pr`."""
    repo.commit({"app.py": BODY, "other.py": "1\n"})
    repo.branch("pr")
    repo.commit({"app.py": BODY + "end\n", "mine.py": "mine\n"}, "pr")
    repo.checkout("main")
    repo.commit({"app.py": GUARDED, "theirs.py": "theirs\n"}, "guard")
    repo.checkout("pr")
    return repo


def judge(repo, function, *args):
    with Git.open(str(repo.path)) as git:
        change = function(git, *args)
        return change, {file.path: file.hunks for file in change.files}


def test_clean_merge_has_nothing_to_judge(forked):
    merge = forked.merge("main")
    change, files = judge(forked, commit_change, merge)
    assert files == {}
    assert change.notes == ("merge: 2 files came from the other side unchanged",)
    assert change.diff_base == forked.git("rev-parse", "HEAD^1")


def test_resolution_that_drops_a_guard(forked):
    merge = forked.merge("main", {"app.py": BODY + "end\n"})
    with Git.open(str(forked.path)) as git:
        change = commit_change(git, merge)
        (file,) = change.files
        assert (file.path, file.hunks) == ("app.py", (Hunk(5, 1, 4, 0),))
        assert b"require_admin()" in change.read(file.old_id)
        assert change.notes == ("merge: 1 file came from the other side unchanged",)


def test_parent_of_a_merge_as_range(forked):
    forked.merge("main", {"app.py": BODY + "end\n"})
    change, files = judge(forked, read_range, "HEAD~1")
    assert list(files) == ["app.py"] and len(change.commits) == 1


def test_range_over_a_merge_is_the_net_change(forked):
    """T-C01: against the target branch the dropped guard is a removed line."""
    forked.merge("main", {"app.py": BODY + "end\n"})
    _, files = judge(forked, read_range, "main...pr")
    assert files == {"app.py": (Hunk(5, 1, 4, 0), Hunk(13, 0, 13, 1)), "mine.py": (Hunk(0, 0, 1, 1),)}


def test_edit_slipped_into_a_merge(forked):
    merge = forked.merge("main", {"other.py": "evil\n"})
    assert judge(forked, commit_change, merge)[1] == {"other.py": (Hunk(1, 1, 1, 1),)}


def test_conflict_is_compared_with_its_markers(repo):
    repo.commit({"a": "1\n"})
    repo.branch("other")
    repo.commit({"a": "2\n"})
    repo.checkout("main")
    repo.commit({"a": "3\n"})
    merge = repo.merge("other", {"a": "3\n"})
    with Git.open(str(repo.path)) as git:
        (file,) = commit_change(git, merge).files
        assert file.hunks == (Hunk(1, 1, 0, 0), Hunk(3, 3, 1, 0))
        assert b"<<<<<<<" in git.objects.read(file.old_id)


@pytest.mark.parametrize("read", [read_staged, read_worktree])
def test_pending_merge(forked, read):
    forked.git("merge", "-q", "--no-commit", "--no-ff", "main")
    change, files = judge(forked, read)
    assert files == {} and change.notes == ("merge: 2 files came from the other side unchanged",)
    forked.stage({"app.py": BODY + "end\n"})
    assert judge(forked, read)[1] == {"app.py": (Hunk(5, 1, 4, 0),)}


def test_merge_driver_and_attributes_are_not_used(forked, tmp_path):
    forked.git("config", "merge.x.driver", f"touch {tmp_path}/marker; true")
    forked.write({".git/info/attributes": "* merge=x\n"})
    merge = forked.git("commit-tree", forked.git("rev-parse", "HEAD^{tree}"), "-p", "HEAD", "-p", "main", "-m", "ours")
    _, files = judge(forked, commit_change, merge)
    assert set(files) == {"app.py", "theirs.py"}
    assert not (tmp_path / "marker").exists()


def test_octopus_is_compared_with_the_first_parent(repo):
    repo.commit({"a": "1\n"})
    for name in ("one", "two"):
        repo.branch(name, "main")
        repo.commit({name: f"{name}\n"})
    repo.checkout("main")
    repo.git("merge", "-q", "--no-ff", "one", "two", "-m", "octopus")
    change, files = judge(repo, commit_change, "HEAD")
    assert change.notes == ("merge of 3 parents: compared with the first parent",) and set(files) == {"one", "two"}
    assert len(judge(repo, read_range, "HEAD~1")[0].commits) == 3


def test_git_before_merge_tree(forked, tmp_path, monkeypatch):
    merge = forked.merge("main")
    import shutil

    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\ncase "$*" in *--write-tree*) exit 129;; esac\nexec {shutil.which("git")} "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
    change, files = judge(forked, commit_change, merge)
    assert "git is older than 2.38" in change.notes[0] and set(files) == {"app.py", "theirs.py"}


def test_shallow_parents_cannot_be_merged(forked, tmp_path, make_repo):
    merge = forked.merge("main")
    forked.git("clone", "-q", "--depth=2", f"file://{forked.path}", str(tmp_path / "shallow"))
    with Git.open(str(tmp_path / "shallow")) as git, pytest.raises(CannotJudge, match="no common ancestor") as caught:
        commit_change(git, merge)
    assert "--unshallow" in caught.value.hint


def test_unreadable_merge_head(forked):
    forked.write({".git/MERGE_HEAD": "garbage\n"})
    with Git.open(str(forked.path)) as git, pytest.raises(CannotJudge, match="MERGE_HEAD"):
        read_staged(git)


def test_missing_parent(forked):
    with Git.open(str(forked.path)) as git, pytest.raises(CannotJudge, match="a parent of the merge"):
        before_merge(git, git.place.head, ("1" * 40,))
