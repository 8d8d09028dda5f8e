"""Opening repositories of every kind, and what the door keeps out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from trustgate.changes.git import Git
from trustgate.changes.ranges import read_range
from trustgate.changes.staged import read_staged
from trustgate.errors import CannotJudge, UsageError


@pytest.fixture
def two(repo):
    repo.commit({"f.py": "one\n"})
    repo.commit({"f.py": "two\n"})
    return repo


def changed(path, spec="HEAD~1"):
    with Git.open(str(path)) as git:
        change = read_range(git, spec)
        return [(file.path, change.read(file.old_id), change.read(file.new_id)) for file in change.files]


EXPECTED = [("f.py", b"one\n", b"two\n")]


class TestOpening:
    def test_work_tree_and_folder_below(self, two):
        (two.path / "deep" / "er").mkdir(parents=True)
        assert changed(two.path) == changed(two.path / "deep" / "er") == EXPECTED

    def test_bare(self, two, tmp_path):
        two.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
        assert changed(tmp_path / "bare.git") == EXPECTED

    def test_bare_without_a_configuration_file(self, two, tmp_path):
        two.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
        (tmp_path / "bare.git" / "config").unlink()
        assert changed(tmp_path / "bare.git") == EXPECTED

    def test_linked_work_tree(self, two, tmp_path):
        two.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")
        assert changed(tmp_path / "linked") == EXPECTED
        (tmp_path / "linked" / "f.py").write_text("three\n")
        subprocess.run(["git", "-C", str(tmp_path / "linked"), "add", "f.py"], check=True)
        with Git.open(str(tmp_path / "linked")) as git, Git.open(str(two.path)) as main:
            assert [f.path for f in read_staged(git).files] == ["f.py"]
            assert read_staged(main).files == ()

    def test_submodule_checkout(self, two, make_repo):
        outer = make_repo("outer")
        outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(two.path), "sub")
        assert (outer.path / "sub" / ".git").is_file()
        assert changed(outer.path / "sub") == EXPECTED

    def test_borrowed_objects(self, two, tmp_path):
        two.git("clone", "-q", "--shared", ".", str(tmp_path / "shared"))
        assert changed(tmp_path / "shared") == EXPECTED

    @pytest.mark.parametrize("name", ["a b", 'quo"te', "back\\slash", "col:on", "#hash", "é\N{SNOWMAN}"])
    def test_odd_folder_names(self, make_repo, name):
        repo = make_repo(name)
        repo.commit({"f.py": "one\n"})
        repo.commit({"f.py": "two\n"})
        assert changed(repo.path) == EXPECTED

    def test_sha256(self, make_repo):
        repo = make_repo("sha256", "--object-format=sha256")
        repo.commit({"f.py": "one\n"})
        repo.commit({"f.py": "two\n", "new.py": "x\n"})
        with Git.open(str(repo.path)) as git:
            change = read_range(git, "HEAD~1")
            assert len(change.head) == 64 and [f.path for f in change.files] == ["f.py", "new.py"]
            assert change.files[1].old_id == "0" * 40
            assert change.commits[0].message == "change\n" and change.base_file("f.py") == b"one\n"

    def test_private_folder_is_removed(self, two):
        with Git.open(str(two.path)) as git:
            private = Path(git.private)
            assert private.is_dir()
        assert not private.exists()
        with pytest.raises(ZeroDivisionError), Git.open(str(two.path)) as git:
            private = Path(git.private)
            _ = 1 / 0
        assert not private.exists()


class TestRefusals:
    def test_not_a_repository(self, tmp_path):
        with pytest.raises(UsageError, match="not a git repository") as caught:
            Git.open(str(tmp_path))
        assert "--repo" in caught.value.hint

    def test_no_such_folder(self, tmp_path):
        with pytest.raises(UsageError, match="no such folder"):
            Git.open(str(tmp_path / "nowhere"))

    def test_somebody_elses(self, two, monkeypatch, tmp_path):
        """Git's own test switch for another owner is not passed on, so a fake git says what the real one says."""
        fake = tmp_path / "bin" / "git"
        fake.parent.mkdir()
        fake.write_text("#!/bin/sh\necho \"fatal: detected dubious ownership in repository at '/x'\" >&2\nexit 128\n")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", str(fake.parent))
        with pytest.raises(CannotJudge, match="another user") as caught:
            Git.open(str(two.path))
        assert "safe.directory" in caught.value.hint

    def test_git_is_missing(self, two, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(CannotJudge, match="git was not found"):
            Git.open(str(two.path))

    def test_git_in_the_current_folder_is_not_run(self, two, monkeypatch, tmp_path):
        (two.path / "git").write_text(f"#!/bin/sh\ntouch {tmp_path}/marker\n")
        (two.path / "git").chmod(0o755)
        monkeypatch.chdir(two.path)
        monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{os.environ['PATH']}")
        assert changed(".") == EXPECTED
        assert not (tmp_path / "marker").exists()

    def test_broken_head(self, two):
        (two.path / ".git" / "refs" / "heads" / "main").write_text("garbage\n")
        with pytest.raises(CannotJudge):
            Git.open(str(two.path))

    def test_too_slow(self, two):
        with Git.open(str(two.path)) as git:
            git._seconds = 0.0  # the limit itself, as if it had passed
            with pytest.raises(CannotJudge, match="was not done within"):
                git.run("rev-list", "--all")

    def test_damaged_object(self, two):
        oid = two.git("rev-parse", "HEAD:f.py")
        path = two.path / ".git" / "objects" / oid[:2] / oid[2:]
        other = two.git("hash-object", "-w", "--stdin", stdin=b"evil")
        path.unlink()
        path.write_bytes((two.path / ".git" / "objects" / other[:2] / other[2:]).read_bytes())
        with Git.open(str(two.path)) as git, pytest.raises(CannotJudge):
            git.objects.read(oid)


class TestEnvironment:
    def test_git_variables_point_elsewhere(self, two, make_repo, monkeypatch):
        decoy = make_repo("decoy")
        decoy.commit({"harmless": "x\n"})
        decoy.commit({"harmless": "y\n"})
        for name, value in {
            "GIT_DIR": decoy.path / ".git",
            "GIT_WORK_TREE": decoy.path,
            "GIT_INDEX_FILE": decoy.path / ".git/index",
            "GIT_OBJECT_DIRECTORY": decoy.path / ".git/objects",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": decoy.path / ".git/objects",
            "GIT_COMMON_DIR": decoy.path / ".git",
            "GIT_CEILING_DIRECTORIES": two.path.parent,
            "GIT_CONFIG_COUNT": 1,
            "GIT_CONFIG_KEY_0": "diff.noprefix",
            "GIT_CONFIG_VALUE_0": "true",
            "GIT_EXTERNAL_DIFF": "/bin/false",
            "GIT_NAMESPACE": "x",
            "GIT_TRACE": two.path / "trace",
        }.items():
            monkeypatch.setenv(name, str(value))
        before = dict(os.environ)
        assert changed(two.path) == EXPECTED
        assert dict(os.environ) == before
        assert not (two.path / "trace").exists()

    def test_index_file_is_honoured_when_asked_for(self, two):
        two.git("read-tree", "HEAD", env={"GIT_INDEX_FILE": ".git/other"})
        two.git("update-index", "--add", "--cacheinfo", f"100644,{two.git('rev-parse', 'HEAD~1:f.py')},g.py",
                env={"GIT_INDEX_FILE": ".git/other"})  # fmt: skip
        with Git.open(str(two.path), index_file=".git/other") as git:
            assert [f.path for f in read_staged(git).files] == ["g.py"]
        with Git.open(str(two.path)) as git:
            assert read_staged(git).files == ()


class TestObjects:
    def test_sizes_and_contents(self, two):
        with Git.open(str(two.path)) as git:
            oid = two.git("rev-parse", "HEAD:f.py")
            info = git.objects.info(oid)
            assert info and (info.kind, info.size) == ("blob", 4)
            assert git.objects.info(oid[:10]) == info
            assert git.objects.read(oid) == b"two\n"
            assert git.objects.info("f" * 40) is None
            assert git.objects.info("HEAD") is None and git.objects.info("--help") is None

    def test_missing_and_over_the_limit(self, two):
        with Git.open(str(two.path)) as git:
            with pytest.raises(CannotJudge, match=r"f{40} is not in this clone"):
                git.objects.read("f" * 40)
            with pytest.raises(CannotJudge, match="over the limit"):
                git.objects.read(two.git("rev-parse", "HEAD:f.py"), limit=3)

    def test_many_questions_at_once(self, two):
        oids = [two.git("rev-parse", "HEAD:f.py"), *(f"{n:040x}" for n in range(1, 2000))]
        with Git.open(str(two.path)) as git:
            infos = git.objects.infos(oids)
            assert sum(info is not None for info in infos.values()) == 1
            assert git.objects.read(oids[0]) == b"two\n"

    def test_git_without_batch_command(self, two, tmp_path, monkeypatch):
        """Before 2.36 each kind of question needs a process of its own."""
        real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
        fake = tmp_path / "bin" / "git"
        fake.parent.mkdir()
        fake.write_text(f'#!/bin/sh\ncase "$*" in *--batch-command*) exit 129;; esac\nexec {real} "$@"\n')
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
        assert changed(two.path) == EXPECTED

    def test_cache_is_bounded(self, two, monkeypatch):
        monkeypatch.setattr("trustgate.changes.objects.CACHE_LIMIT", 100)
        with Git.open(str(two.path)) as git:
            oids = [git.write("blob", b"%024d" % n) for n in range(20)]
            assert [git.objects.read(oid) for oid in oids] == [b"%024d" % n for n in range(20)]
            assert git.objects._cached <= 100
            assert git.objects.read(oids[0]) == b"%024d" % 0
