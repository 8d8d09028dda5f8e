"""The work tree against HEAD, hidden edits included."""

from __future__ import annotations

import os
import socket

import pytest

from trustgate.changes.changeset import MODE_EXEC, MODE_LINK, MODE_SUBMODULE, Hunk, Status
from trustgate.changes.disk import read_file
from trustgate.changes.git import Git
from trustgate.changes.worktree import read_worktree, uncommitted_count
from trustgate.errors import CannotJudge, UsageError


@pytest.fixture
def seen(repo):
    doors = []

    def ask():
        doors.append(Git.open(str(repo.path)))
        return read_worktree(doors[-1])

    yield ask
    for door in doors:
        door.close()


def paths(change):
    return [file.path for file in change.files]


class TestLeavesAlone:
    def test_clean(self, repo, seen):
        repo.commit({"a": "1\n", "d/b": "2\n"})
        change = seen()
        assert change.files == () and change.notes == () and change.head == "worktree"

    def test_touched(self, repo, seen):
        repo.commit({"a": "1\n"})
        os.utime(repo.path / "a", (1, 1))
        assert seen().files == ()

    def test_other_line_ends_only(self, repo, seen):
        repo.commit({"a": "1\n2\n"})
        repo.write({"a": "1\r\n2\r\n"})
        assert seen().files == ()

    def test_ignored(self, repo, seen, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
        (tmp_path / "xdg" / "git").mkdir(parents=True)
        (tmp_path / "xdg" / "git" / "ignore").write_text("*.swp\n")
        repo.commit({".gitignore": "*.o\n"})
        repo.write({"x.o": "", "x.swp": "", "x.local": "", ".git/info/exclude": "*.local\n"})
        assert seen().files == ()

    def test_users_own_excludes_file(self, repo, seen, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.delenv("XDG_CONFIG_HOME")
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / ".gitconfig").write_text("[core]\n\texcludesFile = ~/ignored\n")
        (tmp_path / "home" / "ignored").write_text("*.mine\n")
        repo.commit({"a": "1\n"})
        repo.write({"x.mine": "", "x.other": "x\n"})
        assert paths(seen()) == ["x.other"]

    def test_sparse_checkout(self, repo, seen):
        repo.commit({"in/a": "1\n", "out/b": "1\n"})
        repo.git("sparse-checkout", "set", "in")
        assert not (repo.path / "out").exists()
        assert seen().files == () and seen().notes == ()

    def test_untracked_pipe(self, repo, seen):
        repo.commit({"a": "1\n"})
        os.mkfifo(repo.path / "pipe")
        assert seen().files == ()

    def test_mode_where_the_file_system_has_none(self, repo, seen):
        repo.commit({"a": "1\n"})
        (repo.path / "a").chmod(0o755)
        assert seen().files[0].new_mode == MODE_EXEC
        repo.git("config", "core.fileMode", "false")
        assert seen().files == ()

    def test_submodule_that_is_not_checked_out(self, repo, seen):
        repo.commit({"a": "1\n"})
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
        (repo.path / "sub").mkdir()
        repo.git("commit", "-qm", "x")
        assert seen().files == ()


class TestFlags:
    def test_staged_unstaged_and_untracked(self, repo, seen):
        repo.commit({"staged": "1\n", "dirty": "1\n", "gone": "9\n"})
        repo.stage({"staged": "2\n"})
        repo.write({"dirty": "2\n", "new/file": "n\n", "gone": None})
        change = seen()
        assert {file.path: file.status.value for file in change.files} == {
            "staged": "M", "dirty": "M", "gone": "D", "new/file": "A",
        }  # fmt: skip
        assert change.head_file("dirty") == b"2\n" and change.head_file("gone") is None
        assert change.head_file("new/file") == b"n\n" and change.base_file("dirty") == b"1\n"
        assert change.read(change.files[0].new_id) == b"2\n"
        assert repo.git("status", "--porcelain") == " M dirty\n D gone\nM  staged\n?? new/"

    def test_rename_that_git_was_not_told_of(self, repo, seen):
        repo.commit({"old": "".join(f"{n}\n" for n in range(20))})
        (repo.path / "old").rename(repo.path / "new")
        (file,) = seen().files
        assert (file.status, file.old_path, file.path) == (Status.RENAMED, "old", "new")

    @pytest.mark.parametrize("bit", ["assume-unchanged", "skip-worktree"])
    def test_hidden_edits(self, repo, seen, bit):
        repo.commit({"a": "1\n", "b": "1\n"})
        repo.git("update-index", f"--{bit}", "a", "b")
        repo.write({"a": "pickle\n"})
        change = seen()
        assert paths(change) == ["a"] and change.notes == (f"marked {bit} and different on disk: a",)

    def test_stat_information_that_lies(self, repo, seen):
        repo.commit({"a": "1\n"})
        before = (repo.path / "a").stat()
        repo.write({"a": "2\n"})
        os.utime(repo.path / "a", ns=(before.st_atime_ns, before.st_mtime_ns))
        assert paths(seen()) == ["a"]  # size and mtime agree; ctime does not

    def test_other_line_ends_and_an_edit(self, repo, seen):
        repo.commit({"a": "1\n2\n3\n"})
        repo.write({"a": "1\r\nX\r\n3\r\n"})
        (file,) = seen().files
        assert file.hunks == (Hunk(2, 1, 2, 1),)

    def test_no_commit_yet(self, repo, seen):
        repo.write({"a": "1\n"})
        repo.stage({"b": "1\n"})
        change = seen()
        assert paths(change) == ["a", "b"] and change.notes == ("no commit yet: compared with the empty tree",)

    def test_tracked_file_becomes_a_pipe(self, repo, seen):
        repo.commit({"a": "1\n"})
        (repo.path / "a").unlink()
        os.mkfifo(repo.path / "a")
        change = seen()
        assert change.files[0].status is Status.DELETED
        assert change.notes == ("a is a pipe on disk: judged as deleted",)

    def test_links_are_not_followed(self, repo, seen, tmp_path):
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "f").write_text("CANARY\n")
        repo.commit({"d/f": "1\n", "a": "1\n"})
        repo.git("update-index", "--assume-unchanged", "d/f")
        (repo.path / "d" / "f").unlink()
        (repo.path / "d").rmdir()
        (repo.path / "d").symlink_to(tmp_path / "outside")
        (repo.path / "a").unlink()
        (repo.path / "a").symlink_to(tmp_path / "outside" / "f")
        (repo.path / "loop").symlink_to("loop")
        change = seen()
        modes = {file.path: file.new_mode for file in change.files}
        assert modes["a"] == modes["d"] == modes["loop"] == MODE_LINK
        for file in change.files:
            assert b"CANARY" not in (change.read(file.new_id) if file.new_mode else b"")

    def test_file_over_the_limit(self, repo, seen):
        repo.commit({"a": "1\n", "b": "1\n"})
        with (repo.path / "a").open("wb") as file:
            file.truncate(5 * 2**30)
        with (repo.path / "new").open("wb") as file:
            file.truncate(40 * 2**20)
        repo.write({"b": "2\n"})
        change = seen()
        a, b, new = change.files
        assert (a.status, a.new_size, a.hunks, new.status) == (Status.MODIFIED, 5 * 2**30, (), Status.ADDED)
        assert b.hunks and not a.compared
        with pytest.raises(CannotJudge, match="a: 5368709120 bytes are over the limit"):
            change.read(a.new_id)

    def test_unmerged(self, repo, seen):
        repo.commit({"a": "1\n"})
        repo.branch("other")
        repo.commit({"a": "2\n"})
        repo.checkout("main")
        repo.commit({"a": "3\n"})
        repo.git("merge", "-q", "other", check=False)
        repo.write({"a": "mine\n"})
        change = seen()
        assert paths(change) == ["a"] and "not merged yet, judged as it stands on disk: a" in change.notes

    def test_submodule_pointer(self, repo, seen, make_repo):
        inner = make_repo("inner")
        inner.commit({"x": "1\n"})
        inner.commit({"x": "2\n"})
        repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "sub")
        repo.commit({})
        assert seen().files == ()
        repo.git("-C", "sub", "checkout", "-q", "HEAD~1")
        (file,) = seen().files
        assert (file.new_mode, file.new_id) == (MODE_SUBMODULE, inner.git("rev-parse", "HEAD~1"))

    def test_repository_inside(self, repo, seen, make_repo):
        repo.commit({"a": "1\n"})
        make_repo("repo/nested").commit({"x": "1\n"})
        assert seen().notes == ("repositories inside this one are not read: nested/",)

    def test_hostile_names(self, repo, seen):
        repo.commit({"a": "1\n"})
        names = [b"new\nline", b"caf\xe9", b'q"', b"-x", b" "]
        for name in names:
            (repo.path / os.fsdecode(name)).write_bytes(b"x\n")
        assert {os.fsencode(path) for path in paths(seen())} == set(names)

    def test_repositorys_own_excludes_file_hides_nothing(self, repo, seen):
        repo.commit({"ignored": "*\n"})
        repo.git("config", "core.excludesFile", str(repo.path / "ignored"))
        repo.write({"new": "x\n"})
        assert paths(seen()) == ["new"]

    def test_bare(self, repo, tmp_path):
        repo.commit({"a": "1\n"})
        repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
        with Git.open(str(tmp_path / "bare")) as git:
            assert uncommitted_count(git) == 0
            with pytest.raises(UsageError, match="no work tree"):
                read_worktree(git)

    def test_too_many_untracked(self, repo, seen, monkeypatch):
        monkeypatch.setattr("trustgate.changes.worktree.UNTRACKED_LIMIT", 3)
        repo.write({f"{n}": "" for n in range(4)})
        with pytest.raises(CannotJudge, match="4 untracked files"):
            seen()


def test_uncommitted_count(repo):
    repo.commit({"a": "1\n", "b": "1\n", "c": "1\n", "d": "1\n"})
    repo.stage({"a": "2\n"})
    repo.write({"a": "3\n", "b": "2\n", "new": "x\n"})
    os.utime(repo.path / "c", (1, 1))
    with Git.open(str(repo.path)) as git:
        assert uncommitted_count(git) == 2


class TestDisk:
    def test_kinds(self, tmp_path, monkeypatch):
        (tmp_path / "f").write_bytes(b"abc")
        (tmp_path / "x").write_bytes(b"")
        (tmp_path / "x").chmod(0o755)
        (tmp_path / "d").mkdir()
        (tmp_path / "l").symlink_to("f")
        os.mkfifo(tmp_path / "p")
        with socket.socket(socket.AF_UNIX) as bound:
            monkeypatch.chdir(tmp_path)  # the name of a socket has to be short
            bound.bind("s")
        top = str(tmp_path)
        assert read_file(top, "f").data == b"abc" and read_file(top, "x").mode == MODE_EXEC
        assert read_file(top, "d").folder and read_file(top, "l").data == b"f"
        assert (read_file(top, "p").special, read_file(top, "s").special) == ("a pipe", "a socket")
        assert read_file(top, "nowhere") == read_file(top, "f/below") == read_file(top, "l/below")
        assert "over the limit of 2" in read_file(top, "f", limit=2).fault
