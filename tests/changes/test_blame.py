"""Which commit of a range introduced a line, and which lines a commit added."""

from __future__ import annotations

import pytest

from trustgate.changes.added import added_lines
from trustgate.changes.blame import Blamed, blame
from trustgate.changes.git import Git
from trustgate.errors import CannotJudge


def test_lines_by_the_commit_that_introduced_them(repo):
    base = repo.commit({"a": "1\n2\n3\n"}, "base")
    one = repo.commit({"a": "1\nnew\n2\n3\n"}, "one")
    two = repo.commit({"a": "1\nnew\n2\nother\nmore\n"}, "two")
    with Git.open(str(repo.path)) as git:
        assert blame(git, base, two, "a") == (Blamed(one, "a", 2, 2, 1), Blamed(two, "a", 4, 4, 2))
        assert blame(git, one, two, "a") == (Blamed(two, "a", 4, 4, 2),)
        assert [found.commit for found in blame(git, git.empty_tree, two, "a")] == [base, one, base, two]


def test_a_renamed_file_keeps_the_lines_of_its_old_name(repo):
    body = "".join(f"line {n}\n" for n in range(40))
    base = repo.commit({"a b\té": body}, "base")
    one = repo.commit({"a b\té": body + "added\n"}, "one")
    repo.git("mv", "a b\té", "new")
    two = repo.commit({}, "two")
    with Git.open(str(repo.path)) as git:
        assert blame(git, base, two, "new") == (Blamed(one, "a b\té", 41, 41, 1),)


def test_lines_from_a_merged_root_are_of_the_range(repo):
    base = repo.commit({"a": "1\n"}, "base")
    repo.git("checkout", "-q", "--orphan", "other")
    repo.git("rm", "-q", "-rf", ".")
    root = repo.commit({"b": "2\n"}, "another beginning")
    repo.checkout("main")
    repo.git("merge", "-q", "--allow-unrelated-histories", "-m", "both", "other")
    with Git.open(str(repo.path)) as git:
        assert blame(git, base, repo.head, "b") == (Blamed(root, "b", 1, 1, 1),)


def test_moved_lines_keep_their_origin_when_asked(repo):
    one, two = ("".join(f"{word} is long enough to be told from others {n}\n" for n in range(4)) for word in "ab")
    base = repo.commit({"a": one + two}, "base")
    head = repo.commit({"a": two + one}, "move")
    with Git.open(str(repo.path)) as git:
        assert blame(git, base, head, "a", moved=True) == ()
        assert sum(found.length for found in blame(git, base, head, "a")) == 4


def test_a_file_that_is_not_there(repo):
    base, head = repo.commit({"a": "1\n"}), repo.commit({"a": "2\n"})
    with Git.open(str(repo.path)) as git, pytest.raises(CannotJudge):
        blame(git, base, head, "b")


def test_the_repository_says_nothing_of_how_to_blame(repo):
    base = repo.commit({"a": "1\n"}, "base")
    head = repo.commit({"a": "2\n"}, "head")
    repo.write({"ignore": f"{head}\n"})
    repo.git("config", "blame.ignoreRevsFile", "ignore")
    with Git.open(str(repo.path)) as git:
        assert blame(git, base, head, "a") == (Blamed(head, "a", 1, 1, 1),)


def test_added_lines(repo):
    first = repo.commit({"a": "1\n2\n"}, "first")
    looks = repo.commit({"a": f"1\n2\n++ b/x\n@@ -1 +1 @@\n{'a' * 40}\n\n", "b é": "1\n"}, "lines like git's own")
    gone = repo.commit({"a": None}, "gone")
    repo.branch("side", first)
    repo.commit({"c": "1\n"}, "side")
    repo.checkout("main")
    merge = repo.merge("side")
    with Git.open(str(repo.path)) as git:
        found = added_lines(git, [looks, first, gone, merge, looks])
    assert found == {
        looks: {"a": (range(3, 7),), "b é": (range(1, 2),)},
        first: {"a": (range(1, 3),)},
        gone: {},
        merge: {"c": (range(1, 2),)},
    }


def test_added_lines_of_what_is_not_there(repo):
    repo.commit({"a": "1\n"})
    with Git.open(str(repo.path)) as git, pytest.raises(CannotJudge):
        added_lines(git, ["9" * 40])
