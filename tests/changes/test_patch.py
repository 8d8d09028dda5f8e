"""Patches from files and pipes, with a repository and without."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.changes.changeset import ABSENT, MODE_EXEC, MODE_LINK, MODE_SUBMODULE, Hunk, Status
from trustgate.changes.diff import DiffError
from trustgate.changes.git import Git
from trustgate.changes.patch import read_patch
from trustgate.changes.ranges import read_range
from trustgate.errors import CannotJudge

TEXT = "".join(f"line {n}\n" for n in range(30))
EDITED = TEXT.replace("line 4\n", "four\n").replace("line 20\n", "")


@pytest.fixture
def judge(repo):
    doors = []

    def read(data):
        doors.append(Git.open(str(repo.path)))
        return read_patch(doors[-1], data)

    yield read
    for door in doors:
        door.close()


def sides(change):
    return {
        file.path: tuple(None if oid == ABSENT else change.read(oid) for oid in (file.old_id, file.new_id))
        for file in change.files
    }


class TestWithRepository:
    def test_by_blob_id(self, repo, judge):
        repo.commit({"f": TEXT})
        repo.commit({"f": EDITED})
        patch = repo.raw("diff", "HEAD~1")
        repo.commit({"f": "something else\n"})  # HEAD has moved on; the ids still tell
        change = judge(patch)
        assert sides(change) == {"f": (TEXT.encode(), EDITED.encode())} and change.partial == frozenset()
        assert change.files[0].hunks == (Hunk(5, 1, 5, 1), Hunk(21, 1, 20, 0))
        assert change.head == "patch" and change.trusted_base == repo.head
        assert change.head_file("f") == EDITED.encode() and change.base_file("f") == b"something else\n"

    def test_by_path_at_head(self, repo, judge):
        repo.commit({"f": TEXT, "other": "o\n"})
        repo.write({"f": EDITED})
        patch = b"".join(line for line in repo.raw("diff").splitlines(True) if not line.startswith((b"index", b"diff")))
        change = judge(patch)
        assert sides(change) == {"f": (TEXT.encode(), EDITED.encode())} and change.partial == frozenset()
        assert change.head_file("other") == b"o\n" and change.head_file("none") is None

    def test_that_does_not_fit_head(self, repo, judge):
        repo.commit({"f": "not the same\n"})
        change = judge(b"--- a/f\n+++ b/f\n@@ -3,2 +3,2 @@\n context\n-old\n+new\n")
        assert change.partial == {"f"}
        assert sides(change) == {"f": (b"\n\ncontext\nold\n", b"\n\ncontext\nnew\n")}
        assert change.files[0].hunks == (Hunk(4, 1, 4, 1),)

    def test_that_does_not_fit_the_blob_it_names(self, repo, judge):
        repo.commit({"f": TEXT})
        repo.write({"f": EDITED})
        with pytest.raises(DiffError, match="f: the patch does not fit blob"):
            judge(repo.raw("diff").replace(b"-line 4", b"-line X"))

    def test_same_as_the_range(self, repo, judge):
        repo.commit({"keep": TEXT, "gone": "g\n", "old name": TEXT + "x\n", "bin": b"\0\1", "mode": "m\n", "t": "t\n"})
        repo.git("mv", "old name", "new name")
        repo.git("rm", "-q", "gone")
        (repo.path / "t").unlink()
        (repo.path / "t").symlink_to("keep")
        (repo.path / "mode").chmod(0o755)
        repo.write({"new name": TEXT.replace("7", "seven") + "x\n", "bin": b"\0\2", "caf\udce9": "c"})
        repo.git("add", "-A")
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
        tree = repo.git("write-tree")
        repo.git("update-ref", "HEAD", repo.git("commit-tree", tree, "-p", "HEAD", "-m", "x"))
        change = judge(repo.raw("diff", "-M", "--full-index", "HEAD~1", "HEAD"))
        with Git.open(str(repo.path)) as git:
            wanted = read_range(git, "HEAD~1")
        fields = ("path", "status", "old_path", "old_mode", "new_mode", "old_id", "new_id", "old_size", "new_size")
        for ours, theirs in zip(change.files, wanted.files, strict=True):
            assert [getattr(ours, name) for name in fields] == [getattr(theirs, name) for name in fields]
            assert ours.hunks == theirs.hunks or theirs.path == "bin"

    def test_series(self, repo, judge):
        """`git format-patch --stdout`: later patches go on where earlier ones ended."""
        repo.commit({"f": "1\n2\n3\n"})
        repo.commit({"f": "1\nX\n3\n", "new": "n\n"})
        repo.commit({"f": "1\nX\n3\n4\n", "new": "n\nm\n"})
        repo.git("mv", "f", "g")
        repo.commit({"brief": "b\n"})
        repo.commit({"brief": None})
        change = judge(repo.raw("format-patch", "--stdout", "-M", "HEAD~4"))
        assert sides(change) == {"g": (b"1\n2\n3\n", b"1\nX\n3\n4\n"), "new": (None, b"n\nm\n")}
        assert change.files[0].status is Status.RENAMED and change.files[0].hunks == (Hunk(2, 2, 2, 3),)
        assert change.head_file("f") is None


class TestWithoutRepository:
    def test_new_file_is_exact(self):
        change = read_patch(None, b"--- /dev/null\n+++ b/f.py\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n")
        assert sides(change) == {"f.py": (None, b"a\nb")} and change.partial == frozenset()
        assert change.files[0].hunks == (Hunk(0, 0, 1, 2),) and change.base_file("f.py") is None

    def test_deleted_file(self):
        change = read_patch(None, b"--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n")
        assert sides(change) == {"f": (b"a\n", None)} and change.files[0].status is Status.DELETED

    def test_hunks_only(self):
        change = read_patch(None, b"--- a/f\n+++ b/f\n@@ -5 +5,2 @@\n-a\n+b\n+c\n@@ -9,0 +11 @@\n+d\n")
        ((old, new),) = sides(change).values()
        assert old.split(b"\n")[4] == b"a" and new.split(b"\n")[4:6] == [b"b", b"c"] and new.split(b"\n")[10] == b"d"
        assert change.partial == {"f"}

    def test_symbolic_link_mode_and_submodule(self):
        change = read_patch(None, b"diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n"
                                  b"diff --git a/m b/m\nold mode 100644\nnew mode 100755\n"
                                  b"diff --git a/s b/s\nindex 1111111..2222222 160000\n--- a/s\n+++ b/s\n@@ -1 +1 @@\n-Subproject commit %b\n+Subproject commit %b\n" % (b"1" * 40, b"2" * 40))  # fmt: skip
        link, mode, sub = change.files
        assert link.new_mode == MODE_LINK and change.read(link.new_id) == b"/etc/passwd"
        assert mode.new_mode == MODE_EXEC and mode.hunks == ()
        assert (sub.new_mode, sub.old_id, sub.new_id) == (MODE_SUBMODULE, "1" * 40, "2" * 40)

    @pytest.mark.parametrize(
        "body",
        [b"Binary files a/x.py and b/x.py differ\n", b"GIT binary patch\nliteral 3\nKcmZ=\n\nliteral 2\nKcm\n\n"],
    )
    def test_what_the_patch_does_not_show_cannot_be_judged(self, body):
        """`*.py -diff` in the author's attributes makes git show code as a binary file."""
        change = read_patch(None, b"diff --git a/x.py b/x.py\nindex 1111111..2222222 100644\n" + body)
        (file,) = change.files
        with pytest.raises(CannotJudge, match=r"x.py: the patch does not show"):
            change.read(file.new_id)
        assert not file.hunks and file.old_id != file.new_id

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"hello\nworld\n", id="prose"),
            pytest.param(b"--- a/f\n+++ b/f\n@@ -900000000 +900000000 @@\n-a\n+b\n", id="absurd-line"),
            pytest.param(b"--- a/f\n+++ b/f\n@@ -1,3 +1 @@\n-a\n", id="cut-short"),
            pytest.param(b"--- /dev/null\n+++ b/f\n@@ -7,0 +8 @@\n+a\n", id="new-file-from-line-8"),
            pytest.param(b"--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n\\ No\n-b\n+c\n+d\n", id="end-in-the-middle"),
            pytest.param(b"--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+b\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n", id="series-that-does-not-fit"),
        ],
    )  # fmt: skip
    def test_refuses(self, data):
        with pytest.raises(DiffError):
            read_patch(None, data)

    @settings(max_examples=200)
    @given(st.lists(st.sampled_from([b"diff --git a/f b/f\n", b"--- a/f\n+++ b/f\n", b"--- /dev/null\n+++ b/f\n", b"new file mode 100644\n", b"deleted file mode 100644\n", b"@@ -1 +1 @@\n", b"@@ -0,0 +1 @@\n", b"-a\n", b"+b\n", b"rename from f\nrename to g\n", b"copy from f\ncopy to h\n", b"Binary files a/f and b/f differ\n", b"old mode 160000\n", b"\\ x\n"]) | st.binary(max_size=9), max_size=14))  # fmt: skip
    def test_any_bytes(self, parts):
        try:
            change = read_patch(None, b"".join(parts))
        except DiffError as error:
            assert error.message
            return
        for file in change.files:
            assert file.path and (file.old_id != file.new_id or not file.hunks)
