"""What a repository may have been set up to do to its readers (T-B01 to T-B10): nothing runs, nothing changes."""

from __future__ import annotations

import pytest

from trustgate.changes.changeset import ABSENT
from trustgate.changes.git import Git
from trustgate.changes.patch import read_patch
from trustgate.changes.ranges import commit_change, read_range
from trustgate.changes.staged import read_staged
from trustgate.changes.worktree import read_worktree, uncommitted_count
from trustgate.errors import CannotJudge

GUARDED = "import x\n\n\ndef delete(request):\n    require_admin(request)\n    return 1\n"
CUT = GUARDED.replace("    require_admin(request)\n", "")
MOVED = "".join(f"value_{n} = {n}\n" for n in range(20))


@pytest.fixture
def cut(repo):
    """A guard removed in the last commit, one removed in the index, one on disk; a rename; a type change."""
    repo.commit({"app.py": GUARDED, "staged.py": GUARDED, "disk.py": GUARDED, "old.py": MOVED, ".gitattributes": ""})
    repo.commit({"app.py": CUT, "old.py": None, "new.py": MOVED.replace("_7 ", "_8 ")})
    repo.stage({"staged.py": CUT})
    repo.write({"disk.py": CUT})
    (repo.path.parent / "patch").write_bytes(repo.raw("diff-tree", "-p", "HEAD~1", "HEAD"))
    return repo


@pytest.fixture(scope="module")
def seen_plainly():
    """What `everything` says of `cut` before anybody tampered with it: the same in each test, dates being fixed."""
    return []


@pytest.fixture
def before(cut, seen_plainly):
    if not seen_plainly:
        seen_plainly.append(everything(cut))
    return seen_plainly[0]


def everything(repo):
    """All that the four ways of reading say, contents included."""
    said = []
    with Git.open(str(repo.path)) as git:
        for change in (
            read_range(git, "HEAD~1"),
            commit_change(git, "HEAD"),
            read_staged(git),
            read_worktree(git),
            read_patch(git, (repo.path.parent / "patch").read_bytes()),
        ):
            said.append(change.files)
            said.append([change.read(oid) for f in change.files for oid in (f.old_id, f.new_id) if oid != ABSENT])
            said.append([change.base_file("app.py"), change.head_file("app.py"), sorted(change.base_paths())])
            said.append([(c.author_name, c.message) for c in change.commits])
        said.append(uncommitted_count(git))
    return said


@pytest.fixture
def trap(tmp_path):
    """A script that leaves a marker behind, and what makes sure that it never ran."""
    script, marker = tmp_path / "trap", tmp_path / "marker"
    script.write_text(f"#!/bin/sh\necho \"$@\" >> '{marker}'\n")
    script.chmod(0o755)
    yield str(script)
    assert not marker.exists(), marker.read_text()


@pytest.fixture
def springs(trap, tmp_path):
    """The control: an ordinary git command does fall into the trap."""

    def check(repo, *args):
        assert not (tmp_path / "marker").exists(), (tmp_path / "marker").read_text()
        repo.git(*args, check=False)
        assert (tmp_path / "marker").exists()
        (tmp_path / "marker").unlink()

    return check


class TestAttributes:
    @pytest.mark.parametrize(
        "line", ["*.py -diff", "* binary", "*.py diff=x", "*.py -text", "*.py export-ignore", "*.py linguist-generated",
                 "*.py working-tree-encoding=UTF-16", "*.py merge=ours", "*.py ident", "*.py filter=x"]
    )  # fmt: skip
    def test_info_attributes(self, cut, before, line):
        cut.write({".git/info/attributes": line + "\n"})
        assert everything(cut) == before

    def test_users_attributes(self, cut, before, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
        (tmp_path / "xdg" / "git").mkdir(parents=True)
        (tmp_path / "xdg" / "git" / "attributes").write_text("* -diff merge=union\n")
        cut.git("config", "core.attributesFile", str(tmp_path / "xdg" / "git" / "attributes"))
        assert everything(cut) == before

    @pytest.mark.parametrize("line", ["*.py -diff", "*.py binary", "*.py diff=x -text"])
    def test_attributes_in_the_change(self, repo, line):
        repo.commit({"app.py": GUARDED})
        repo.commit({"app.py": CUT, ".gitattributes": line + "\n"})
        with Git.open(str(repo.path)) as git:
            _, app = read_range(git, "HEAD~1").files
            assert [list(hunk.old_lines) for hunk in app.hunks] == [[5]]
        repo.stage({"app.py": GUARDED})
        with Git.open(str(repo.path)) as git:
            for change in (read_staged(git), read_worktree(git)):
                assert [list(hunk.new_lines) for hunk in change.files[0].hunks] == [[5]]


class TestNothingRuns:
    def test_textconv_and_external_diff(self, cut, before, trap, springs):
        cut.write({".git/info/attributes": "*.py diff=x filter=x merge=x\n"})
        for key in ("diff.x.textconv", "diff.x.command", "diff.external", "filter.x.clean", "filter.x.smudge",
                    "filter.x.process", "merge.x.driver", "core.pager", "pager.diff", "interactive.diffFilter"):  # fmt: skip
            cut.git("config", key, trap)
        cut.git("config", "filter.x.required", "true")
        assert everything(cut) == before
        springs(cut, "diff", "HEAD~1", "HEAD")

    def test_fsmonitor(self, cut, before, trap, springs):
        cut.git("config", "core.fsmonitor", trap)
        cut.git("config", "core.fsmonitorHookVersion", "2")
        assert everything(cut) == before
        springs(cut, "diff-index", "--cached", "HEAD")

    def test_fsmonitor_that_the_index_remembers(self, cut, before, trap):
        cut.git("-c", "core.fsmonitor=/bin/false", "update-index", "--fsmonitor")
        cut.git("config", "core.fsmonitor", trap)
        assert everything(cut) == before

    def test_hooks(self, cut, before, trap, springs):
        hooks = cut.path / ".git" / "hooks"
        hooks.mkdir(exist_ok=True)
        for name in (
            "post-index-change",
            "reference-transaction",
            "post-checkout",
            "pre-auto-gc",
            "fsmonitor-watchman",
        ):
            (hooks / name).unlink(missing_ok=True)
            (hooks / name).symlink_to(trap)
        cut.git("config", "core.hooksPath", str(hooks))
        (cut.path / "app.py").touch()
        assert everything(cut) == before
        springs(cut, "status")

    def test_included_configuration(self, cut, before, trap, springs):
        cut.write(
            {
                ".git/evil": f"[core]\n\tfsmonitor = {trap}\n[diff]\n\texternal = {trap}\n[alias]\n\trev-parse = !{trap}\n"
            }
        )
        cut.git("config", "include.path", "evil")
        assert everything(cut) == before
        springs(cut, "status")

    def test_aliases(self, cut, before, trap):
        for command in ("rev-parse", "cat-file", "diff-tree", "ls-files", "config"):
            cut.git("config", f"alias.{command}", f"!{trap}")
        assert everything(cut) == before

    @pytest.mark.parametrize("url", ["ssh://example.invalid/x", "ext::TRAP %S", "/tmp"])
    def test_promisor_remote(self, cut, trap, springs, url):
        """A blob is missing, and the remote that promised it is a trap."""
        blob = cut.git("rev-parse", "HEAD:app.py")
        (cut.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        for key, value in {
            "core.repositoryformatversion": "1", "extensions.partialClone": "origin", "core.sshCommand": trap,
            "remote.origin.url": url.replace("TRAP", trap), "remote.origin.promisor": "true",
            "remote.origin.partialclonefilter": "blob:none", "remote.origin.uploadpack": trap, "protocol.allow": "always",
            "core.gitProxy": trap, "credential.helper": trap, "core.askPass": trap,
        }.items():  # fmt: skip
            cut.git("config", key, value)
        with Git.open(str(cut.path)) as git:
            change = read_range(git, "HEAD~1")
            app = next(file for file in change.files if file.path == "app.py")
            assert app.new_id == blob and not app.hunks and not app.compared
            with pytest.raises(CannotJudge, match=f"object {blob} is not in this clone"):
                change.read(blob)
            for read in (read_staged, read_worktree):
                assert read(git).files
            with pytest.raises(CannotJudge):
                read_range(git, "1" * 40)
            with pytest.raises(CannotJudge):
                read_range(git, f"{'1' * 40}..HEAD")
        springs(cut, "cat-file", "blob", blob)

    def test_partial_clone(self, cut, tmp_path):
        cut.git("config", "uploadpack.allowFilter", "true")
        cut.git("clone", "-q", "--bare", "--filter=blob:none", f"file://{cut.path}", str(tmp_path / "partial"))
        with Git.open(str(tmp_path / "partial")) as git:
            change = read_range(git, "HEAD~1")
            assert {file.path for file in change.files} == {"app.py", "old.py", "new.py"}
            with pytest.raises(CannotJudge) as caught:
                change.read(change.files[0].new_id)
            assert "partial" in caught.value.hint
            with pytest.raises(CannotJudge):
                change.base_file("app.py")

    def test_treeless_clone(self, cut, tmp_path):
        cut.git("config", "uploadpack.allowFilter", "true")
        cut.git("clone", "-q", "--bare", "--filter=tree:0", f"file://{cut.path}", str(tmp_path / "treeless"))
        with Git.open(str(tmp_path / "treeless")) as git, pytest.raises(CannotJudge) as caught:
            read_range(git, "HEAD~1")
        assert "partial" in caught.value.hint


PRESENTATION = {
    "diff.noprefix": "true",
    "diff.mnemonicPrefix": "true",
    "color.ui": "always",
    "color.diff": "always",
    "diff.context": "7",
    "diff.interHunkContext": "50",
    "diff.renames": "false",
    "diff.renameLimit": "1",
    "diff.algorithm": "patience",
    "diff.indentHeuristic": "false",
    "diff.wsErrorHighlight": "all",
    "diff.ignoreSubmodules": "all",
    "diff.relative": "true",
    "diff.orderFile": "order",
    "diff.srcPrefix": "x/",
    "diff.submodule": "log",
    "diff.wordRegex": ".",
    "diff.dirstat": "files",
    "core.quotePath": "false",
    "core.abbrev": "4",
    "core.ignoreCase": "true",
    "core.bigFileThreshold": "1",
    "core.whitespace": "cr-at-eol",
    "core.autocrlf": "true",
    "core.pager": "false",
    "core.commitGraph": "true",
    "log.showSignature": "true",
    "i18n.logOutputEncoding": "UTF-16",
}


class TestPresentation:
    @pytest.mark.parametrize("settings", [*({key: value} for key, value in PRESENTATION.items()), PRESENTATION],
                             ids=[*PRESENTATION, "all"])  # fmt: skip
    def test_settings_change_nothing(self, cut, before, settings):
        for key, value in settings.items():
            cut.git("config", key, value)
        assert everything(cut) == before


class TestHistoryTricks:
    def test_replace_refs_and_grafts(self, cut, before):
        cut.git("replace", cut.git("rev-parse", "HEAD:app.py"), cut.git("rev-parse", "HEAD~1:app.py"))
        cut.git("replace", cut.git("rev-parse", "HEAD"), cut.git("rev-parse", "HEAD~1"))
        cut.write({".git/info/grafts": f"{cut.head}\n"})
        assert everything(cut) == before

    def test_commit_graph_that_lies(self, cut, before):
        cut.git("commit-graph", "write", "--reachable")
        graph = cut.path / ".git" / "objects" / "info" / "commit-graph"
        graph.chmod(0o644)
        graph.write_bytes(graph.read_bytes()[:-40] + b"\0" * 40)
        assert everything(cut) == before

    def test_file_named_like_the_revision(self, cut):
        cut.write({"main": "x\n", "HEAD~1": "x\n"})
        with Git.open(str(cut.path)) as git:
            assert read_range(git, "HEAD~1").files == read_range(git, "main~1").files != ()


def test_the_repository_is_left_as_it_was(cut):
    """Not one file of the git directory is written, not even the index's stat information."""

    def state():
        return {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(cut.path.rglob("*")) if p.is_file()}

    (cut.path / "app.py").touch()
    untouched = state()
    everything(cut)
    assert state() == untouched
