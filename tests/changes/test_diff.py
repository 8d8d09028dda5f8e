"""The parser of raw lists and patches, against git itself and against any bytes."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trustgate.changes.changeset import ABSENT, Hunk, Status
from trustgate.changes.compare import compare_blobs
from trustgate.changes.diff import CONTEXT, REMOVED, DiffError, parse_patch, parse_raw
from trustgate.changes.git import Git
from trustgate.changes.patch import apply
from trustgate.errors import CannotJudge

OID, OTHER = b"a" * 40, b"b" * 40
LINES = st.lists(st.sampled_from([b"a", b"b", b"", b"-- x", b"++ y", b"\\ z", b"@@ -1 +1 @@", b"c\rd", b"\0", b"\xff\xfe", b"diff --git a/x b/x", b"\x0c\x1c"]), max_size=12)  # fmt: skip
CONTENTS = st.tuples(LINES, st.booleans()).map(lambda t: b"\n".join(t[0]) + (b"\n" if t[1] and t[0] else b""))


def lines_of(data: bytes) -> list[bytes]:
    return data.split(b"\n")[:-1] + ([data.split(b"\n")[-1] + b"(no end)"] if data.split(b"\n")[-1] else [])


def replaced(old: bytes, new: bytes, hunks: tuple[Hunk, ...]) -> list[bytes]:
    """Lines of `old` with the hunks' lines taken from `new`: equal to `new` only where nothing else differs."""
    before, after = lines_of(old), lines_of(new)
    made: list[bytes] = []
    at = 0
    for hunk in hunks:
        first = hunk.old_start - (hunk.old_count > 0)
        made += before[at:first]
        start = hunk.new_start - (hunk.new_count > 0)
        assert len(made) == start
        made += after[start : start + hunk.new_count]
        at = first + hunk.old_count
    return made + before[at:]


class TestRaw:
    def test_reads_every_kind_of_entry(self):
        data = (
            b":100644 100755 %b %b M\0f\0" % (OID, OTHER)
            + b":000000 100644 %b %b A\0new\xff\0" % (b"0" * 40, OID)
            + b":100644 000000 %b %b D\0old\nname\0" % (OID, b"0" * 40)
            + b":100644 100644 %b %b R090\0from\0to\0" % (OID, OTHER)
            + b":100644 120000 %b %b T\0link\0" % (OID, OTHER)
        )
        entries = parse_raw(data)
        assert [e.status for e in entries] == [*(Status(s) for s in "MADRT")]
        assert [e.path for e in entries] == ["f", "new\udcff", "old\nname", "to", "link"]
        assert (entries[0].old_mode, entries[0].new_mode) == (0o100644, 0o100755)
        assert entries[1].old_id == ABSENT and entries[3].old_path == "from"

    def test_absent_is_absent_in_sha256_too(self):
        (entry,) = parse_raw(b":000000 100644 %b %b A\0f\0" % (b"0" * 64, b"a" * 64))
        assert entry.old_id == ABSENT and entry.new_id == "a" * 64

    def test_unmerged_cannot_be_judged(self):
        with pytest.raises(CannotJudge, match="not merged"):
            parse_raw(b":100644 000000 %b %b U\0f\0" % (OID, b"0" * 40))

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b":100644 100644 %b %b M\0f" % (OID, OID), id="no-end"),
            pytest.param(b":100644 100644 %b %b M\0" % (OID, OID), id="no-name"),
            pytest.param(b":100644 100644 %b %b R100\0f\0" % (OID, OID), id="one-name-for-a-rename"),
            pytest.param(b":100644 100644 %b M\0f\0" % OID, id="one-id"),
            pytest.param(b":100644 100644 %b %b X\0f\0" % (OID, OID), id="unknown-kind"),
            pytest.param(b"f\0", id="no-head"),
        ],
    )
    def test_refuses(self, data):
        with pytest.raises(DiffError):
            parse_raw(data)

    @given(st.binary(max_size=200))
    def test_any_bytes(self, data):
        try:
            assert isinstance(parse_raw(data), list)
        except CannotJudge as error:
            assert error.message


class TestPatch:
    PATCH = b"diff --git a/f b/f\nindex %b..%b 100644\n--- a/f\n+++ b/f\n" % (OID, OTHER)

    def test_counts_lines_within_hunks(self):
        body = b"@@ -3,2 +3 @@ def f():\n--- a/decoy\n-+++ b/decoy\n++++ b/decoy\n@@ -9,0 +9 @@\n+x\n"
        (section,) = parse_patch(self.PATCH + body)
        assert section.hunks == [Hunk(3, 2, 3, 1), Hunk(9, 0, 9, 1)]
        assert section.new_path == b"f"

    def test_no_newline_remarks(self):
        body = b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
        (section,) = parse_patch(self.PATCH + body)
        assert section.hunks == [Hunk(1, 1, 1, 1)]
        (kept,) = parse_patch(self.PATCH + body, keep=True)
        assert [text for _, text in kept.bodies[0].lines] == [b"a", b"b"]

    def test_context_is_taken_off(self):
        body = b"@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n-e\n+E\n"
        (section,) = parse_patch(self.PATCH + body, keep=True)
        assert section.hunks == [Hunk(2, 1, 2, 1), Hunk(5, 1, 5, 1)]
        assert [kind for kind, _ in section.bodies[0].lines].count(CONTEXT) == 3

    def test_new_numbers_follow_from_the_old_ones(self):
        body = b"@@ -1 +1,2 @@\n-a\n+b\n+c\n@@ -5 +77 @@\n-x\n+y\n"
        (section,) = parse_patch(self.PATCH + body, keep=True)
        assert section.hunks[1] == Hunk(5, 1, 6, 1)

    @pytest.mark.parametrize(
        ("head", "old", "new"),
        [
            pytest.param(b'diff --git "a/t\\tb" "b/t\\tb"\nold mode 100644\nnew mode 100755\n', b"t\tb", b"t\tb", id="quoted"),
            pytest.param(b'--- "a/\\303\\251\\n"\n+++ "b/\\303\\251\\n"\n', "é\n".encode(), "é\n".encode(), id="octal"),
            pytest.param(b"diff --git a/a b/c\nsimilarity index 100%\nrename from a\nrename to c\n", b"a", b"c", id="rename"),
            pytest.param(b"--- old.py\t2024-01-01 00:00:00\n+++ new.py\t2024-01-01\n", b"old.py", b"new.py", id="plain-times"),
            pytest.param(b"--- /dev/null\n+++ b/x\n", None, b"x", id="plain-added"),
            pytest.param(b"diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n", None, b"e", id="empty-file"),
            pytest.param(b"diff --git i/x w/x\nindex aaaaaaa..bbbbbbb 100644\n--- i/x\n+++ w/x\n", b"x", b"x", id="mnemonic"),
            pytest.param(b"diff --git src/x src/x\nindex aaaaaaa..bbbbbbb 100644\n--- src/x\n+++ src/x\n", b"src/x", b"src/x", id="no-prefix"),
            pytest.param(b"diff --git a/a b/a b b/a b/a b\nnew mode 100755\nold mode 100644\n", b"a b/a b", b"a b/a b", id="blanks"),
        ],
    )  # fmt: skip
    def test_names(self, head, old, new):
        (section,) = parse_patch(head, keep=True)
        assert (section.old_path, section.new_path) == (old, new)

    def test_mail_text_is_passed_over(self):
        mail = (
            b"From abc\nSubject: x\n\n---\n f | 2 +-\n--- prose\n\n"
            + self.PATCH
            + b"@@ -1 +1 @@\n-a\n+b\n-- \n2.39\n\n"
        )
        (section,) = parse_patch(mail, keep=True)
        assert section.hunks == [Hunk(1, 1, 1, 1)]

    def test_binary_is_told(self):
        (section,) = parse_patch(
            b"diff --git a/x b/x\nindex aaaaaaa..bbbbbbb 100644\nBinary files a/x and b/x differ\n", keep=True
        )
        assert section.binary and not section.hunks

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(PATCH + b"@@ -1,2 +1 @@\n-a\n", id="cut-short"),
            pytest.param(PATCH + b"@@ -1,9999999999 +1 @@\n-a\n", id="absurd-count"),
            pytest.param(PATCH + b"@@ -1 +1 @@\n-a\n?b\n", id="odd-line"),
            pytest.param(PATCH + b"@@ -1 +1 @@\n-a\n+b\n+c\n", id="longer-than-said"),
            pytest.param(PATCH + b"@@ -x +1 @@\n", id="odd-header"),
            pytest.param(PATCH + b"@@ -5 +5 @@\n-a\n+b\n@@ -3 +3 @@\n-a\n+b\n", id="backwards"),
            pytest.param(PATCH + b"@@ -1 +1 @@\n\\ No\n-a\n+b\n", id="remark-first"),
            pytest.param(b"@@ -1 +1 @@\n-a\n+b\n", id="no-file"),
            pytest.param(b"diff --cc f\n@@@ -1 -1 +1 @@@\n", id="combined"),
            pytest.param(b"*** a\n--- b\n***************\n", id="context-diff"),
            pytest.param(b'--- "a/\\9"\n+++ b/x\n', id="bad-escape"),
            pytest.param(b"diff --git a/x b/y\n@@ -1 +1 @@\n", id="no-name"),
        ],
    )
    def test_refuses(self, data):
        with pytest.raises(DiffError):
            list(parse_patch(data, keep=True))

    @settings(max_examples=300)
    @given(st.lists(st.sampled_from([b"diff --git a/f b/f\n", b"--- a/f\n", b"+++ b/f\n", b"@@ -1 +1 @@\n", b"@@ -1,2 +3,4 @@\n", b"-a\n", b"+b\n", b" c\n", b"\\ No\n", b"\n", b"index aaaa..bbbb\n", b"rename from x\n", b"GIT binary patch\n", b"x", b'"']) | st.binary(max_size=20), max_size=20), st.booleans())  # fmt: skip
    def test_any_bytes(self, parts, keep):
        try:
            for section in parse_patch(b"".join(parts), keep=keep):
                assert section.old_path or section.new_path
        except DiffError as error:
            assert "line" in error.message


@pytest.fixture(scope="module")
def git(tmp_path_factory):
    path = tmp_path_factory.mktemp("objects")
    subprocess.run(["git", "init", "-q", str(path)], check=True)
    with Git.open(str(path)) as opened:
        yield opened


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CONTENTS, CONTENTS), min_size=1, max_size=8))
def test_hunks_turn_old_into_new(git, pairs):
    """Git makes the diffs of random contents; the parsed hunks name every line that differs, and where it stands."""
    asked = [(git.write("blob", old), git.write("blob", new), True) for old, new in pairs]
    for (old, new), hunks in zip(pairs, compare_blobs(git, asked), strict=True):
        assert replaced(old, new, hunks) == lines_of(new)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CONTENTS, CONTENTS, st.integers(0, 3))
def test_foreign_patch_turns_old_into_new(git, old, new, context):
    """The same with context, applied line by line."""
    trees = [git.write("tree", b"100644 f\0" + bytes.fromhex(git.write("blob", data))) for data in (old, new)]
    patch = git.run("diff-tree", "-r", "-p", "--text", f"-U{context}", *trees)
    sections = list(parse_patch(patch, keep=True))
    if old == new:
        assert sections == []
    else:
        assert apply(old, sections[0].bodies) == new
        assert replaced(old, new, tuple(sections[0].hunks)) == lines_of(new)
        assert any(kind == REMOVED for body in sections[0].bodies for kind, _ in body.lines) or len(new) > len(old)
