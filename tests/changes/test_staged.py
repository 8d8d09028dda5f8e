"""The index against HEAD."""

from __future__ import annotations

import subprocess
import sys

import pytest

from trustgate.changes.changeset import Hunk, Status
from trustgate.changes.git import Git
from trustgate.changes.staged import read_staged
from trustgate.errors import CannotJudge


@pytest.fixture
def staged(repo):
    doors = []

    def ask(index_file=None):
        doors.append(Git.open(str(repo.path), index_file=index_file))
        return read_staged(doors[-1])

    yield ask
    for door in doors:
        door.close()


def paths(change):
    return [file.path for file in change.files]


def test_nothing_staged(repo, staged):
    repo.commit({"a": "1\n"})
    repo.write({"a": "2\n", "untracked": "x"})
    change = staged()
    assert change.files == () and change.head == "index" and change.commits == ()
    assert change.diff_base == change.trusted_base == repo.head


def test_judges_the_index_not_the_disk(repo, staged):
    repo.commit({"a": "1\n"})
    repo.stage({"a": "staged\n"})
    repo.write({"a": "on disk\n"})
    change = staged()
    assert change.read(change.files[0].new_id) == b"staged\n" == change.head_file("a")
    assert change.base_file("a") == b"1\n" and change.base_paths() == {"a"}


def test_rename_and_deletion(repo, staged):
    text = "".join(f"{n}\n" for n in range(30))
    repo.commit({"a": text, "gone": "x\n"})
    repo.git("mv", "a", "b")
    repo.git("rm", "-q", "gone")
    renamed, gone = staged().files
    assert (renamed.status, renamed.old_path, renamed.hunks) == (Status.RENAMED, "a", ())
    assert (gone.status, gone.hunks) == (Status.DELETED, (Hunk(1, 1, 0, 0),))


def test_no_commit_yet(repo, staged):
    assert staged().files == ()
    repo.stage({"a": "1\n"})
    change = staged()
    assert paths(change) == ["a"] and change.notes == ("no commit yet: compared with the empty tree",)
    assert change.base_file("a") is None


def test_intent_to_add_is_not_staged(repo, staged):
    repo.commit({"a": "1\n"})
    repo.write({"new": "x\n"})
    repo.git("add", "-N", "new")
    assert staged().files == ()


def test_unmerged(repo, staged):
    repo.commit({"a": "1\n"})
    repo.branch("other")
    repo.commit({"a": "2\n"})
    repo.checkout("main")
    repo.commit({"a": "3\n"})
    repo.git("merge", "-q", "other", check=False)
    with pytest.raises(CannotJudge, match="a: not merged yet"):
        staged()


def test_split_index(repo, staged):
    repo.commit({"a": "1\n", "b": "1\n"})
    repo.git("update-index", "--split-index")
    repo.stage({"b": "2\n"})
    assert list((repo.path / ".git").glob("sharedindex.*"))
    assert paths(staged()) == ["b"]


def test_sparse_index(repo, staged):
    repo.commit({"in/a": "1\n", "out/b": "1\n", "c": "1\n"})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    repo.stage({"in/a": "2\n"})
    assert paths(staged()) == ["in/a"]


@pytest.mark.parametrize("committed", ["bad.py", "good.py"])
def test_index_of_a_partial_commit(repo, tmp_path, committed):
    """`git commit FILE` hands its hooks a temporary index that holds that file only."""
    repo.commit({"bad.py": "1\n", "good.py": "1\n"})
    repo.write({"bad.py": "pickle\n", "good.py": "2\n"})
    script = (
        "import os, sys\n"
        "from trustgate.changes.git import Git\n"
        "from trustgate.changes.staged import read_staged\n"
        "with Git.open('.', index_file=os.environ.get('GIT_INDEX_FILE')) as git:\n"
        f"    open({str(tmp_path / 'seen')!r}, 'w').write(' '.join(f.path for f in read_staged(git).files))\n"
    )
    hook = repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!{sys.executable}\n{script}")
    hook.chmod(0o755)
    repo.git("commit", "-qm", "x", committed)
    assert (tmp_path / "seen").read_text() == committed


def test_neither_gitpython_nor_anything_heavy_is_imported(repo):
    repo.commit({"a": "1\n"})
    repo.stage({"a": "2\n"})
    script = (
        "import sys\n"
        "from trustgate.changes.git import Git\n"
        "from trustgate.changes.staged import read_staged\n"
        f"with Git.open({str(repo.path)!r}) as git:\n"
        "    change = read_staged(git)\n"
        "    assert change.read(change.files[0].new_id) == b'2\\n'\n"
        "heavy = {'git', 'gitdb', 'difflib', 'asyncio', 'json', 'logging', 'yaml', 'importlib.metadata', 'socket'}\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_takes_four_git_processes(repo, tmp_path, monkeypatch):
    repo.commit({"a": "1\n"})
    repo.stage({"a": "2\n"})
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\nexec {real} "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
    with Git.open(str(repo.path)) as git:
        change = read_staged(git)
        change.read(change.files[0].old_id), change.read(change.files[0].new_id), change.base_file("trustgate.toml")
    assert len((tmp_path / "calls").read_text().splitlines()) == 4
