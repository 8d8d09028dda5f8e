"""Every form of a range, and every way in which a range cannot be read."""

from __future__ import annotations

import pytest

from trustgate.changes.changeset import ABSENT, MODE_EXEC, MODE_LINK, MODE_SUBMODULE, Hunk, Status
from trustgate.changes.git import Git
from trustgate.changes.ranges import check_range, commit_change, read_range
from trustgate.errors import CannotJudge, UsageError


def paths(change):
    return [file.path for file in change.files]


@pytest.fixture
def opened(repo):
    """Opens the repository again for each question, since HEAD is read at the start."""
    doors = []

    def ask(spec, **options):
        doors.append(Git.open(str(repo.path)))
        return read_range(doors[-1], spec, **options)

    yield ask
    for door in doors:
        door.close()


class TestForms:
    @pytest.fixture
    def forked(self, repo):
        repo.commit({"base": "1\n"}, "base")
        repo.branch("pr")
        repo.commit({"pr": "1\n"}, "pr")
        repo.checkout("main")
        repo.commit({"guard": "2\n"}, "guard")
        repo.checkout("pr")
        return repo

    def test_one_name_goes_from_the_merge_base(self, forked, opened):
        change = opened("main")
        assert paths(change) == ["pr"]
        assert change.diff_base == forked.git("rev-parse", "main~1")
        assert change.trusted_base == forked.git("rev-parse", "main")
        assert change.head == forked.head
        assert change.base_file("guard") == b"2\n" and change.base_file("pr") is None
        assert change.head_file("pr") == b"1\n" and change.head_file("guard") is None
        assert change.base_paths() == {"base", "guard"}
        assert [c.message.strip() for c in change.commits] == ["pr"]
        assert change.notes == ()

    def test_two_dots_are_literal(self, forked, opened):
        change = opened("main..pr")
        assert paths(change) == ["guard", "pr"]
        assert change.notes == ("main is no ancestor of pr: their trees are compared literally",)
        assert change.diff_base == change.trusted_base == forked.git("rev-parse", "main")

    def test_three_dots_are_the_merge_base(self, forked, opened):
        forked.checkout("main")
        change = opened("main...pr")
        assert paths(change) == ["pr"] and change.head == forked.git("rev-parse", "pr")

    def test_an_open_end_is_head(self, forked, opened):
        assert paths(opened("main..")) == ["guard", "pr"]
        assert paths(opened("main...")) == ["pr"]

    @pytest.mark.parametrize("spec", ["", " ", "..", "...", "..main", "...main"])
    def test_a_range_without_a_base_is_refused(self, forked, opened, spec):
        """`--diff "$BASE"` with nothing in it must not look like a review that found nothing."""
        with pytest.raises(UsageError, match="the range"):
            opened(spec)

    def test_paths_know_the_commits_that_changed_them(self, repo, opened):
        start = repo.commit({"a": "1", "b": "1"}, "start")
        first = repo.commit({"a": "2"}, "first")
        second = repo.commit({"a": "3", "b": "2"}, "second")
        change = opened(f"{start}..HEAD")
        assert dict(change.touched) == {"a": (first, second), "b": (second,)}

    def test_trusted_base_can_be_named(self, forked, opened):
        change = opened("main~1..pr", trusted_base="main")
        assert change.trusted_base == forked.git("rev-parse", "main")
        assert change.diff_base == forked.git("rev-parse", "main~1")

    def test_nothing_to_review_says_so(self, forked, opened):
        forked.checkout("main~1")
        change = opened("main")
        assert change.files == () and change.notes == ("HEAD has nothing that main has not",)

    def test_annotated_tag(self, forked, opened):
        forked.git("tag", "-a", "v1", "-m", "x", "main~1")
        assert paths(opened("v1")) == ["pr"]

    @pytest.mark.parametrize("spec", ["HEAD~1", "HEAD^", "main~2", "HEAD~1..HEAD", "HEAD^...HEAD"])
    def test_first_commit(self, repo, opened, spec):
        repo.commit({"a": "1\n", "b": "2\n"})
        if spec == "main~2":
            repo.commit({"b": "3\n"})
        change = opened(spec)
        assert paths(change) == ["a", "b"]
        assert "first commit: compared with the empty tree" in change.notes
        assert change.base_file("a") is None and change.base_paths() == frozenset()
        assert change.files[0].status is Status.ADDED and change.files[0].hunks == (Hunk(0, 0, 1, 1),)
        assert len(change.commits) == (2 if spec == "main~2" else 1)


class TestRefusals:
    def test_no_commit_yet(self, repo, opened):
        with pytest.raises(UsageError, match="no commit yet") as caught:
            opened("HEAD~1")
        assert "--staged" in caught.value.hint

    @pytest.mark.parametrize("spec", ["", "--output=x", "-x", "a\0b", "a\nb"])
    def test_not_a_name(self, repo, opened, spec):
        repo.commit({"a": "1\n"})
        with pytest.raises(UsageError):
            opened(spec + "..HEAD" if spec else "x...y..z")

    def test_unknown_name_offers_near_ones(self, repo, opened):
        repo.commit({"a": "1\n"})
        with pytest.raises(UsageError, match="mian") as caught:
            opened("mian")
        assert "main" in caught.value.hint

    def test_blob_is_no_commit(self, repo, opened):
        repo.commit({"a": "1\n"})
        with pytest.raises(UsageError, match="a blob, not a commit"):
            opened("HEAD:a")

    def test_further_back_than_history(self, repo, opened):
        repo.commit({"a": "1\n"})
        repo.commit({"a": "2\n"})
        with pytest.raises(UsageError, match="only 1 commits before it"):
            opened("HEAD~9")

    def test_full_id_that_is_not_here(self, repo, opened):
        repo.commit({"a": "1\n"})
        with pytest.raises(CannotJudge, match="not in this clone"):
            opened("1" * 40)

    def test_tag_and_branch_of_one_name(self, repo, opened):
        repo.commit({"a": "1\n"})
        repo.branch("pr")
        repo.commit({"a": "2\n"})
        repo.git("tag", "main", "pr")
        with pytest.raises(UsageError, match="main is ambiguous") as caught:
            opened("main...pr")
        assert "refs/heads/main" in caught.value.hint and "refs/tags/main" in caught.value.hint
        assert paths(opened("refs/heads/main...pr")) == ["a"]

    def test_branch_called_head(self, repo, opened):
        repo.commit({"a": "1\n"})
        repo.commit({"a": "2\n"})
        repo.git("update-ref", "refs/heads/HEAD", "HEAD~1")
        with pytest.raises(UsageError, match="ambiguous"):
            opened("HEAD~1")

    def test_shallow_clone(self, repo, tmp_path, make_repo):
        base = repo.commit({"a": "1\n"})
        repo.commit({"a": "2\n"})
        repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
        with Git.open(str(tmp_path / "shallow")) as git:
            for spec in (base, "HEAD~1", "HEAD^", "nowhere"):
                with pytest.raises(CannotJudge) as caught:
                    read_range(git, spec)
                assert "--unshallow" in caught.value.hint
            with pytest.raises(CannotJudge, match="not in this clone"):
                commit_change(git, "HEAD")

    def test_shallow_clone_without_merge_base(self, repo, tmp_path):
        repo.commit({"a": "1\n"})
        repo.branch("pr")
        repo.commit({"b": "1\n"})
        repo.checkout("main")
        repo.commit({"c": "2\n"})
        repo.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo.path}", str(tmp_path / "shallow"))
        with Git.open(str(tmp_path / "shallow")) as git:
            with pytest.raises(CannotJudge, match="no common ancestor") as caught:
                read_range(git, "origin/main...origin/pr")
            assert "--unshallow" in caught.value.hint
            assert paths(read_range(git, "origin/main..origin/pr")) == ["b", "c"]

    def test_orphan_branch(self, repo, opened):
        repo.commit({"a": "1\n"})
        repo.git("checkout", "-q", "--orphan", "new")
        repo.commit({"b": "1\n"})
        with pytest.raises(CannotJudge, match="no common history"):
            opened("main")


class TestFiles:
    def one(self, opened, spec="HEAD~1"):
        change = opened(spec)
        (file,) = change.files
        return change, file

    def test_rename_with_a_change(self, repo, opened):
        repo.commit({"old.py": "".join(f"line {n}\n" for n in range(20))})
        repo.git("mv", "old.py", "new.py")
        repo.commit({"new.py": "".join(f"line {n}\n" for n in range(20)).replace("line 7\n", "seven\n")})
        _, file = self.one(opened)
        assert (file.status, file.old_path, file.path) == (Status.RENAMED, "old.py", "new.py")
        assert file.hunks == (Hunk(8, 1, 8, 1),) and file.old_size and file.new_size

    def test_mode_change(self, repo, opened):
        repo.commit({"run": "x\n"})
        repo.git("update-index", "--chmod=+x", "run")
        repo.git("commit", "-qm", "x")
        _, file = self.one(opened)
        assert file.new_mode == MODE_EXEC and file.hunks == () and file.compared

    def test_file_becomes_a_link(self, repo, opened):
        repo.commit({"app.py": "def guard():\n    return False\n"})
        (repo.path / "app.py").unlink()
        (repo.path / "app.py").symlink_to("vendor/weak.py")
        repo.git("add", "app.py")
        repo.git("commit", "-qm", "x")
        change, file = self.one(opened)
        assert (file.status, file.new_mode) == (Status.TYPE_CHANGED, MODE_LINK)
        assert file.hunks == (Hunk(1, 2, 1, 1),)
        assert change.read(file.new_id) == b"vendor/weak.py"

    def test_file_becomes_a_link_of_the_same_bytes(self, repo, opened):
        repo.commit({"a": "target"})
        (repo.path / "a").unlink()
        (repo.path / "a").symlink_to("target")
        repo.git("add", "a")
        repo.git("commit", "-qm", "x")
        _, file = self.one(opened)
        assert file.status is Status.TYPE_CHANGED and file.hunks == (Hunk(1, 1, 1, 1),)

    def test_link_out_of_the_tree_is_not_followed(self, repo, opened, tmp_path):
        (tmp_path / "canary").write_text("CANARY\n")
        repo.commit({"a": "1\n"})
        (repo.path / "link").symlink_to(tmp_path / "canary")
        repo.git("add", "link")
        repo.git("commit", "-qm", "x")
        change, file = self.one(opened)
        assert change.read(file.new_id) == str(tmp_path / "canary").encode()
        assert b"CANARY" not in (change.head_file("link") or b"")

    def test_submodule_pointer(self, repo, opened):
        repo.commit({"a": "1\n"})
        for oid in ("1" * 40, "2" * 40):
            repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},sub")
            repo.git("commit", "-qm", "x")
        _, file = self.one(opened)
        assert (file.old_id, file.new_id, file.new_mode) == ("1" * 40, "2" * 40, MODE_SUBMODULE)
        assert file.hunks == () and not file.new_size

    def test_submodule_with_ignore_all(self, repo, opened):
        repo.commit({".gitmodules": '[submodule "sub"]\n\tpath = sub\n\turl = ./x\n\tignore = all\n'})
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
        tree = repo.git("write-tree")
        repo.git("update-ref", "HEAD", repo.git("commit-tree", tree, "-p", "HEAD", "-m", "x"))
        repo.git("config", "submodule.sub.ignore", "all")
        repo.git("config", "diff.ignoreSubmodules", "all")
        assert self.one(opened)[1].path == "sub"

    def test_binary(self, repo, opened):
        repo.commit({"small.bin": b"\0a\n", "large.bin": b"\0" + b"x\n" * 200_000})
        repo.commit({"small.bin": b"\0b\n", "large.bin": b"\0" + b"y\n" * 200_000})
        change = opened("HEAD~1")
        large, small = change.files
        assert small.hunks and change.sniff(small.new_id) == b"\0b\n"
        assert large.hunks == () and not large.compared and large.new_size == 400_001

    @pytest.mark.parametrize(
        "name",
        [
            b"new\nline",
            b"ta\tb",
            b'quo"te',
            b"back\\slash",
            b"caf\xe9",
            b"\x01\x7f",
            b" lead",
            b"a => b",
            b"-dash",
            b"b/a/b",
        ],
    )
    def test_hostile_names_round_trip(self, repo, opened, name):
        oid = repo.git("hash-object", "-w", "--stdin", stdin=b"x\n")
        repo.commit({"f": "1\n"})
        repo.raw("update-index", "-z", "--index-info", stdin=b"100644 %s\t%s\0" % (oid.encode(), name))
        repo.git("commit", "-qm", "x")
        change, file = self.one(opened)
        assert file.path.encode("utf-8", "surrogateescape") == name
        assert file.hunks == (Hunk(0, 0, 1, 1),)
        assert change.head_file(file.path) == b"x\n" and change.base_file(file.path) is None

    @pytest.mark.parametrize(
        ("entries", "names"),
        [
            pytest.param(b"100644 blob %s\t..\n", [".."], id="dots"),
            pytest.param(b"100644 blob %s\t.git\n", [".git"], id="dot-git"),
            pytest.param(b"100644 blob %s\tREADME\n100644 blob %s\treadme\n", ["README", "readme"], id="case-twins"),
        ],
    )
    def test_malformed_trees(self, repo, opened, entries, names):
        oid = repo.git("hash-object", "-w", "--stdin", stdin=b"x\n").encode()
        repo.commit({"f": "1\n"})
        tree = repo.git("mktree", stdin=entries.replace(b"%s", oid))
        repo.git("update-ref", "HEAD", repo.git("commit-tree", tree, "-p", "HEAD", "-m", "x"))
        assert [path for path in paths(opened("HEAD~1")) if path != "f"] == names

    def test_line_ends(self, repo, opened):
        repo.commit({"f": b"a\r\nb\rc\nd"})
        repo.commit({"f": b"a\r\nb\rX\nd\n"})
        _, file = self.one(opened)
        assert file.hunks == (Hunk(2, 2, 2, 2),)

    def test_line_that_looks_like_a_header(self, repo, opened):
        repo.commit({"f": "-- a/x\n"})
        repo.commit({"f": "++ b/x\n"})
        assert self.one(opened)[1].hunks == (Hunk(1, 1, 1, 1),)

    def test_file_over_the_limit(self, repo, opened):
        repo.commit({"big.txt": b"old line\n" * 5_000_000, "huge.line": b"x", "small": "1\n"})
        repo.commit({"big.txt": b"new line\n" * 5_000_000, "huge.line": b"x" * 50_000_000, "small": "2\n"})
        change = opened("HEAD~1")
        big, line, small = change.files
        assert big.new_size == 45_000_000 and big.hunks == () and not big.compared and not line.compared
        assert small.hunks == (Hunk(1, 1, 1, 1),)
        assert change.sniff(big.new_id).startswith(b"new line\n") and len(change.sniff(big.new_id)) == 8000
        with pytest.raises(CannotJudge, match="over the limit"):
            change.read(big.new_id)

    def test_file_that_takes_git_too_long(self, repo, opened, monkeypatch):
        """Many equal lines in a large file cost git minutes: then all lines between the first and last change count."""
        monkeypatch.setattr("trustgate.changes.compare._SLOW", 100)
        monkeypatch.setattr("trustgate.changes.compare._SLOW_SECONDS", 0.02)
        rows = [f"row {n * 7919 % 100003}\n" for n in range(200_000)]
        repo.commit({"large": "same\n" + "".join(rows) + "end\n", "small": "1\n"})
        repo.commit({"large": "same\n" + "".join(reversed(rows)) + "end\n", "small": "2\n"})
        large, small = opened("HEAD~1").files
        assert large.hunks == (Hunk(2, 200_000, 2, 200_000),) and small.hunks == (Hunk(1, 1, 1, 1),)

    def test_file_of_too_many_lines(self, repo, opened, monkeypatch):
        monkeypatch.setattr("trustgate.changes.compare._SLOW", 100)
        monkeypatch.setattr("trustgate.changes.compare._MANY_LINES", 100)
        repo.commit({"f": "a\n" + "x\n" * 200 + "b\n", "new": "1\n"})
        repo.commit({"f": "a\n" + "y\n" + "x\n" * 199 + "c\n" + "b\n", "new": "x\n" * 200})
        assert [file.hunks for file in opened("HEAD~1").files] == [(Hunk(2, 200, 2, 201),), (Hunk(1, 1, 1, 200),)]

    def test_many_files(self, repo, opened):
        repo.commit({f"d{n % 7}/f{n}": f"{n}\n" for n in range(300)})
        repo.commit({f"d{n % 7}/f{n}": f"{n}\nmore\n" for n in range(300)})
        change = opened("HEAD~1")
        assert len(change.files) == 300 and {file.hunks for file in change.files} == {(Hunk(1, 0, 2, 1),)}


class TestOneCommit:
    def test_against_its_first_parent(self, repo):
        first = repo.commit({"a": "1\n"})
        second = repo.commit({"b": "1\n"}, "second")
        with Git.open(str(repo.path)) as git:
            change = commit_change(git, second)
            assert (paths(change), change.diff_base, change.trusted_base) == (["b"], first, first)
            assert [c.message.strip() for c in change.commits] == ["second"]
            root = commit_change(git, first)
            assert paths(root) == ["a"] and root.notes == ("first commit: compared with the empty tree",)
            assert root.files[0].old_id == ABSENT

    def test_empty_commit(self, repo):
        repo.commit({"a": "1\n"})
        repo.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "")
        with Git.open(str(repo.path)) as git:
            change = commit_change(git, "HEAD")
            assert change.files == () and change.commits[0].message == ""


class TestShallowHistory:
    @pytest.fixture
    def crossed(self, repo):
        """A head that forked from `fork` long ago, and merged the older commit `old` just now; base has a guard since."""
        repo.commit({"guard.py": "pass\n"})
        old = repo.head
        repo.commit({"guard.py": "check()\n"})
        fork = repo.head
        base = repo.commit({"b.py": "1\n"})
        repo.branch("topic", fork)
        repo.commit({"guard.py": "pass\n"})
        for number in range(8):
            repo.commit({"c.py": f"{number}\n"})
        head = repo.git("commit-tree", "-p", "HEAD", "-p", old, "-m", "merge", "HEAD^{tree}")
        repo.git("update-ref", "refs/heads/topic", head)
        repo.git(
            "update-ref",
            "refs/heads/side",
            repo.git("commit-tree", "-p", base, "-p", old, "-m", "m", f"{base}^{{tree}}"),
        )
        return fork, repo.git("rev-parse", "side"), head

    def clone(self, repo, tmp_path, depth):
        repo.git("clone", "-q", f"--depth={depth}", "--no-single-branch", f"file://{repo.path}", str(tmp_path / "cut"))
        return Git.open(str(tmp_path / "cut"))

    def test_an_old_merge_does_not_hide_the_fork_point_behind_the_cut(self, repo, tmp_path, crossed):
        fork, base, head = crossed
        with self.clone(repo, tmp_path, 4) as git, pytest.raises(CannotJudge, match="ends at") as caught:
            read_range(git, f"{base}...{head}")
        assert "--unshallow" in caught.value.hint
        with Git.open(str(repo.path)) as git:
            assert read_range(git, f"{base}...{head}").diff_base == fork

    def test_a_cut_below_the_merge_base_hides_nothing(self, repo, tmp_path):
        for number in range(6):
            base = repo.commit({"a": f"{number}\n"})
        repo.branch("topic")
        head = repo.commit({"b": "1\n"})
        with self.clone(repo, tmp_path, 2) as git:
            assert read_range(git, f"{base}...{head}").diff_base == base
            check_range(git, f"{base}..{head}")

    def test_commits_that_a_literal_range_lacks_are_said(self, repo, tmp_path):
        base = repo.commit({"a": "1\n"})
        repo.git("tag", "first")
        head = [repo.commit({"a": f"{number}\n"}) for number in range(2, 6)][-1]
        with self.clone(repo, tmp_path, 1) as git:
            git.as_user("fetch", "-q", "--depth=1", "origin", "tag", "first")
            assert any("not read" in note for note in read_range(git, f"{base}..{head}").notes)
            with pytest.raises(CannotJudge, match="ends at"):
                check_range(git, f"{base}..{head}")
