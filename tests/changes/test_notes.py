"""Notes of commits: read as git reads them, bounded, added and merged without losing a line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from trustgate.changes import notes
from trustgate.changes.git import Git
from trustgate.changes.notes import notes_tip, parse_entries, read_notes
from trustgate.changes.notes_adding import add_notes, merge_notes, union
from trustgate.errors import CannotJudge, UsageError

REF = "refs/notes/trustgate"


@pytest.fixture
def three(repo):
    return [repo.commit({"f.py": f"{n}\n"}, f"change {n}") for n in range(3)]


def read(repo, *commits, ref=REF):
    with Git.open(str(repo.path)) as git:
        return read_notes(git, ref, commits)


def fan_out(repo, commit, text, *cuts):
    """Puts a note at the depth that `cuts` say, as git does in large notes trees."""
    blob = repo.git("hash-object", "-w", "--stdin", stdin=text)
    rest, parts = commit, []
    for cut in cuts:
        parts.append(rest[:cut])
        rest = rest[cut:]
    mode, oid = f"100644 blob {blob}\t{rest}\n", ""
    for part in (*reversed(parts), ""):
        oid = repo.git("mktree", stdin=mode)
        mode = f"040000 tree {oid}\t{part}\n"
    return repo.git("commit-tree", oid, "-m", "notes")


class TestReading:
    def test_what_git_wrote(self, repo, three):
        repo.git("notes", "--ref", REF, "add", "-m", "one", three[0])
        repo.git("notes", "--ref", REF, "add", "-m", "two", three[2])
        found = read(repo, *three)
        assert found.texts == {three[0]: b"one\n", three[2]: b"two\n"}
        assert found.problems == ()

    def test_a_ref_that_is_not_there_has_no_notes(self, repo, three):
        assert read(repo, *three) == notes.Notes({})

    @pytest.mark.parametrize("cuts", [(), (2,), (2, 2), (2,) * 19], ids=["flat", "one level", "two levels", "nineteen"])
    def test_any_fan_out(self, repo, three, cuts):
        repo.git("update-ref", REF, fan_out(repo, three[1], "deep", *cuts))
        assert read(repo, *three).texts == {three[1]: b"deep"}
        assert repo.git("notes", "--ref", REF, "show", three[1]) == "deep"

    def test_many_notes_are_all_found(self, repo, three):
        names = [f"{n:040x}" for n in range(2000)]
        blob = repo.git("hash-object", "-w", "--stdin", stdin="same")
        tree = repo.git("mktree", stdin="".join(f"100644 blob {blob}\t{name}\n" for name in names))
        repo.git("update-ref", REF, repo.git("commit-tree", tree, "-m", "notes"))
        assert len(read(repo, *names).texts) == 2000

    def test_a_tree_that_unfolds_without_end_is_not_walked(self, repo, three):
        tree = repo.git("mktree", stdin="")
        for _ in range(30):
            tree = repo.git("mktree", stdin="".join(f"040000 tree {tree}\t{n:02x}\n" for n in range(100)))
        repo.git("update-ref", REF, repo.git("commit-tree", tree, "-m", "bomb"))
        assert read(repo, *three) == notes.Notes({})

    def test_a_link_is_no_note(self, repo, three):
        blob = repo.git("hash-object", "-w", "--stdin", stdin="/etc/passwd")
        tree = repo.git("mktree", stdin=f"120000 blob {blob}\t{three[0]}\n")
        repo.git("update-ref", REF, repo.git("commit-tree", tree, "-m", "link"))
        found = read(repo, *three)
        assert found.texts == {} and found.problems == ((three[0], "the note is not a file"),)

    def test_one_that_is_too_large_is_told_and_the_others_are_read(self, repo, three, monkeypatch):
        monkeypatch.setattr(notes, "NOTE_LIMIT", 100)
        repo.git("notes", "--ref", REF, "add", "-m", "x" * 200, three[0])
        repo.git("notes", "--ref", REF, "add", "-m", "small", three[1])
        found = read(repo, *three)
        assert found.texts == {three[1]: b"small\n"}
        assert found.problems[0][0] == three[0] and "over the limit" in found.problems[0][1]

    def test_all_of_them_together_are_bounded(self, repo, three, monkeypatch):
        monkeypatch.setattr(notes, "TOTAL_LIMIT", 10)
        for commit in three:
            repo.git("notes", "--ref", REF, "add", "-m", "1234567", commit)
        found = read(repo, *three)
        assert list(found.texts) == [three[0]] and found.problems[0][0] == three[1]

    def test_a_missing_note_is_told(self, repo, three):
        tree = repo.git("mktree", "--missing", stdin=f"100644 blob {'1' * 40}\t{three[0]}\n")
        repo.git("update-ref", REF, repo.git("commit-tree", tree, "-m", "gone"))
        found = read(repo, *three)
        assert found.texts == {} and "not in this clone" in found.problems[0][1]

    @pytest.mark.parametrize(
        "name", ["refs/heads/main", "notes", "", "refs/notes/", "refs/notes/a..b", "refs/notes/--x"]
    )
    def test_other_refs_are_refused(self, repo, three, name):
        with pytest.raises(UsageError):
            read(repo, *three, ref=name)

    def test_a_broken_ref_is_no_empty_one(self, repo, three):
        (repo.path / ".git" / "refs" / "notes").mkdir()
        (repo.path / ".git" / REF).write_text("nonsense\n")
        with pytest.raises(CannotJudge):
            read(repo, *three)

    @pytest.mark.parametrize(
        "data", [b"x", b"100644 a", b"9 a\0" + b"1" * 20, b"100644 a\0short", b"-1 a\0" + b"1" * 20]
    )
    def test_a_damaged_tree_raises_its_own_error(self, data):
        with pytest.raises(CannotJudge):
            parse_entries(data, 20)


class TestAdding:
    def test_git_shows_what_was_added(self, repo, three):
        with Git.open(str(repo.path)) as git:
            add_notes(git, REF, {three[0]: b"b\na\n", three[1]: b"c"}, "Record two commits")
        assert repo.git("notes", "--ref", REF, "show", three[0]) == "a\nb"
        assert repo.git("notes", "--ref", REF, "show", three[1]) == "c"
        assert repo.git("log", "-1", "--format=%an %s", REF) == "trustgate Record two commits"
        assert repo.git("fsck", "--strict") == ""

    def test_lines_join_those_that_are_there_wherever_they_are(self, repo, three):
        repo.git("notes", "--ref", REF, "add", "-m", "flat", three[0])
        with Git.open(str(repo.path)) as git:
            add_notes(git, REF, {three[0]: b"more\n"}, "m")
            add_notes(git, REF, {three[0]: b"again\n"}, "m")
        assert repo.git("notes", "--ref", REF, "show", three[0]) == "again\nflat\nmore"
        assert read(repo, *three).texts == {three[0]: b"again\nflat\nmore\n"}

    def test_deeper_fan_out_stays_and_is_read_with_it(self, repo, three):
        repo.git("update-ref", REF, fan_out(repo, three[1], "deep\n", 2, 2))
        with Git.open(str(repo.path)) as git:
            add_notes(git, REF, {three[1]: b"more\n"}, "m")
        assert sorted(read(repo, *three).texts[three[1]].split()) == [b"deep", b"more"]

    def test_the_same_lines_again_move_nothing(self, repo, three):
        with Git.open(str(repo.path)) as git:
            first = add_notes(git, REF, {three[0]: b"a\n"}, "m")
            assert add_notes(git, REF, {three[0]: b"a\n"}, "m") == first == notes_tip(git, REF)

    def test_settings_hooks_and_the_rest_of_the_repository_take_no_part(self, repo, three, tmp_path):
        hook = repo.path / ".git" / "hooks" / "reference-transaction"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        hook.chmod(0o755)
        before = (
            (repo.path / ".git" / "config").read_bytes(),
            repo.raw("for-each-ref", "refs/heads"),
            repo.raw("status"),
        )
        with Git.open(str(repo.path)) as git:
            add_notes(git, REF, {three[0]: b"a\n"}, "m")
        assert not (tmp_path / "ran").exists()
        assert before == (
            (repo.path / ".git" / "config").read_bytes(), repo.raw("for-each-ref", "refs/heads"), repo.raw("status")
        )  # fmt: skip

    def test_nothing_is_lost_when_many_add_at_once(self, repo, three):
        code = (
            "import sys; from trustgate.changes.git import Git; from trustgate.changes.notes_adding import add_notes\n"
            "with Git.open(sys.argv[1]) as git:\n"
            f"    for n in range(5): add_notes(git, {REF!r}, {{sys.argv[2]: f'{{sys.argv[3]}}-{{n}}'.encode()}}, 'm')"
        )
        runs = [
            subprocess.Popen([sys.executable, "-c", code, str(repo.path), three[0], name]) for name in ("a", "b", "c")
        ]
        assert [run.wait() for run in runs] == [0, 0, 0]
        assert len(read(repo, three[0]).texts[three[0]].split()) == 15

    def test_a_sha256_repository(self, make_repo):
        repo = make_repo("sha256", "--object-format=sha256")
        commit = repo.commit({"f.py": "1\n"})
        with Git.open(str(repo.path)) as git:
            add_notes(git, REF, {commit: b"a\n"}, "m")
        assert repo.git("notes", "--ref", REF, "show", commit) == "a"
        assert read(repo, commit).texts == {commit: b"a\n"}


class TestMerging:
    def test_lines_of_both_sides_are_kept(self, repo, three):
        with Git.open(str(repo.path)) as git:
            base = add_notes(git, REF, {three[0]: b"base\n"}, "m")
            theirs = add_notes(git, REF, {three[0]: b"theirs\n", three[1]: b"only theirs\n"}, "m")
            repo.git("update-ref", REF, base)
            add_notes(git, REF, {three[0]: b"ours\n"}, "m")
            merged = merge_notes(git, REF, theirs)
            assert notes_tip(git, REF) == merged
        found = read(repo, *three).texts
        assert found == {three[0]: b"base\nours\ntheirs\n", three[1]: b"only theirs\n"}
        assert repo.git("rev-list", "--count", "--merges", REF) == "1"

    def test_histories_that_share_nothing(self, repo, three):
        with Git.open(str(repo.path)) as git:
            theirs = add_notes(git, REF, {three[0]: b"theirs\n"}, "m")
            repo.git("update-ref", "-d", REF)
            add_notes(git, REF, {three[0]: b"ours\n"}, "m")
            merge_notes(git, REF, theirs)
        assert read(repo, *three).texts == {three[0]: b"ours\ntheirs\n"}

    def test_where_we_have_none_theirs_is_taken(self, repo, three):
        with Git.open(str(repo.path)) as git:
            theirs = add_notes(git, "refs/notes/other", {three[0]: b"theirs\n"}, "m")
            assert merge_notes(git, REF, theirs) == theirs
            assert merge_notes(git, REF, theirs) == theirs

    def test_an_object_that_is_not_here_is_told(self, repo, three):
        with Git.open(str(repo.path)) as git:
            add_notes(git, REF, {three[0]: b"ours\n"}, "m")
            with pytest.raises(CannotJudge):
                merge_notes(git, REF, "1" * 40)

    def test_union_is_what_git_calls_cat_sort_uniq(self):
        assert union(b"b\na\n", b"c\n\nb", b"") == b"a\nb\nc\n"
