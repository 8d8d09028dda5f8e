"""The name of a patch: the same after a rebase, another for any other byte."""

from __future__ import annotations

import pytest

from trustgate.changes.git import Git
from trustgate.changes.patch_id import patch_id

TEXT = "".join(f"line {n}\n" for n in range(30))


def name(repo, old, new):
    with Git.open(str(repo.path)) as git:
        return patch_id(git, old, new)


def changed(repo, text, path="f.py", base=TEXT):
    """Name of the patch of one commit that makes `text` of `base`."""
    before = repo.commit({path: base}, "base")
    return name(repo, before, repo.commit({path: text}, "change"))


def test_a_cherry_picked_commit_keeps_it(repo):
    first = repo.commit({"f.py": TEXT, "g.py": "x\n"})
    repo.branch("side")
    picked = repo.commit({"f.py": TEXT.replace("line 20", "LINE 20"), "new.py": "new\n"})
    repo.checkout("main")
    tip = repo.commit({"f.py": "above\n" + TEXT, "g.py": "y\n"})
    repo.git("cherry-pick", picked)
    assert repo.head != picked
    assert name(repo, tip, repo.head) == name(repo, first, picked) != ""


OTHERS = {
    "another line": TEXT.replace("line 20\n", "LINE 21\n"),
    "another indentation": TEXT.replace("line 20\n", " LINE 20\n"),
    "a blank at the end": TEXT.replace("line 20\n", "LINE 20 \n"),
    "another place": TEXT.replace("line 10\n", "LINE 20\n"),
    "another ending": TEXT.replace("line 20\n", "LINE 20\r\n"),
    "one line more": TEXT.replace("line 20\n", "LINE 20\nLINE 20\n"),
    "no end of line at the end": TEXT.replace("line 20", "LINE 20").removesuffix("\n"),
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_any_other_change_has_another(repo, text):
    assert changed(repo, text) != changed(repo, TEXT.replace("line 20", "LINE 20"))


def test_another_path_or_mode_has_another(repo):
    wanted = changed(repo, TEXT.replace("line 20", "LINE 20"))
    assert changed(repo, TEXT.replace("line 20", "LINE 20"), path="g.py") != wanted
    base = repo.commit({"h.sh": "x\n"})
    repo.git("update-index", "--chmod=+x", "h.sh")
    first = name(repo, base, repo.commit())
    assert first not in ("", wanted)


def test_moving_lines_between_removed_and_added_is_seen(repo):
    assert changed(repo, "b\n", base="a\n") != changed(repo, "a\n", base="b\n")


def test_binary_files_count_by_their_contents(repo):
    base = repo.commit({"x.bin": b"\0" * 300_000})
    one = name(repo, base, repo.commit({"x.bin": b"\0" * 300_000 + b"1"}))
    repo.git("reset", "-q", "--hard", base)
    assert one != name(repo, base, repo.commit({"x.bin": b"\0" * 300_000 + b"2"})) != ""


def test_first_commit_and_nothing(repo):
    first = repo.commit({"f.py": TEXT})
    with Git.open(str(repo.path)) as git:
        assert len(patch_id(git, git.empty_tree, first)) == 64
        assert patch_id(git, first, first) == ""
