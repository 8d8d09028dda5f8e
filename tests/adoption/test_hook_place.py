"""`trustgate init` where hooks already have an owner: husky, a shared folder, links, other programs, another language."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hook_samples import HARMLESS, OFF, commit

PROGRAM = Path(sys.executable).with_name("trustgate")
SCRIPT = "#!/bin/sh\nexit 0\n"


@pytest.fixture
def global_settings(tmp_path, monkeypatch):
    path = tmp_path / "gitconfig"
    path.write_text("")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(path))
    return path


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def test_a_hook_folder_of_all_repositories_is_left_alone(fresh, trustgate, tmp_path, global_settings):
    shared = tmp_path / "shared hooks"
    shared.mkdir()
    global_settings.write_text(f"[core]\n\thooksPath = {shared}\n")
    said = trustgate(fresh.path, "init", "--yes")
    assert said.code == 0
    assert list(shared.iterdir()) == []
    assert "would run in all your repositories" in said.out
    assert "git config core.hooksPath .git/hooks" in said.out


def test_the_repositorys_own_setting_wins_over_the_global_one(fresh, trustgate, tmp_path, global_settings):
    global_settings.write_text(f"[core]\n\thooksPath = {tmp_path}/shared\n")
    fresh.git("config", "core.hooksPath", ".git/hooks")
    trustgate(fresh.path, "init", "--yes", "--preset", "standard")
    fresh.git("add", "trustgate.toml", ".trustgate")
    assert commit(fresh.path).code == 0
    fresh.stage(OFF)
    assert "tls-verify-off" in commit(fresh.path).said


def test_a_link_in_place_of_the_hook_folder_is_left_alone(fresh, trustgate, tmp_path):
    hooks = fresh.path / ".git" / "hooks"
    for path in hooks.glob("*") if hooks.is_dir() else ():
        path.unlink()
    hooks.rmdir() if hooks.is_dir() else None
    (tmp_path / "elsewhere").mkdir()
    hooks.symlink_to(tmp_path / "elsewhere")
    assert "is a link to" in trustgate(fresh.path, "init", "--yes").out
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_outside_that_this_clone_names_is_used(fresh, trustgate, tmp_path):
    fresh.git("config", "core.hooksPath", str(tmp_path / "my hooks"))
    trustgate(fresh.path, "init", "--yes")
    assert (tmp_path / "my hooks" / "pre-commit").is_file()


def test_husky_writes_its_folder_anew_so_the_hook_goes_beside_it(fresh, trustgate):
    """Version 9 and later: core.hooksPath is .husky/_, which is ignored and calls .husky/NAME."""
    executable(fresh.path / ".husky/_/pre-commit", '#!/usr/bin/env sh\nsh -e "$(dirname "$0")/../pre-commit"\n')
    (fresh.path / ".husky/_/.gitignore").write_text("*")
    (fresh.path / ".husky/pre-commit").write_text("true")
    fresh.git("config", "core.hooksPath", ".husky/_")
    trustgate(fresh.path, "init", "--yes", "--preset", "standard")
    text = (fresh.path / ".husky/pre-commit").read_text()
    assert text.startswith("true\n# trustgate: ")
    assert os.fspath(fresh.path) not in text
    assert "/trustgate" not in text
    assert "trustgate" not in (fresh.path / ".husky/_/pre-commit").read_text()
    assert trustgate(fresh.path, "init", "--check").code == 0
    fresh.git("add", "-A")
    fresh.git("commit", "-qm", "set up", "--no-verify")
    fresh.stage(OFF)
    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    assert "tls-verify-off" in commit(fresh.path, env={"PATH": path}).said


def test_a_team_hook_lets_a_colleague_without_the_program_go_on(fresh, trustgate):
    fresh.git("config", "core.hooksPath", "hooks")
    trustgate(fresh.path, "init", "--yes")
    fresh.stage(HARMLESS)
    done = commit(fresh.path, env={"PATH": "/usr/bin:/bin"})
    assert done.code == 0
    assert "not on PATH" in done.said


@pytest.mark.parametrize(
    "text",
    ["#!/usr/bin/env python3\nprint(1)\n", "#!/bin/sh\nexec lint\n", "#!/bin/sh\nlint\nexit $?\n", "#!/bin/sh\r\nlint\r\n"],
    ids=["python", "exec", "exit", "CRLF"],
)  # fmt: skip
def test_a_team_hook_that_cannot_be_added_to_is_left_to_a_person(fresh, trustgate, text):
    path = fresh.path / "hooks" / "pre-commit"
    path.parent.mkdir()
    path.write_bytes(text.encode())
    fresh.git("config", "core.hooksPath", "hooks")
    said = trustgate(fresh.path, "init", "--yes")
    assert path.read_bytes() == text.encode()
    assert "trustgate review --staged" in said.out.partition("To do by hand")[2]


@pytest.mark.parametrize(("file", "name"), [("lefthook.yml", "lefthook"), (".overcommit.yml", "overcommit")])
def test_a_program_that_writes_the_hooks_is_told_of(fresh, trustgate, file, name):
    (fresh.path / file).write_text("")
    said = trustgate(fresh.path, "init", "--yes")
    assert f"{name} writes the hooks here" in said.out
    assert not (fresh.path / ".git/hooks/pre-commit").exists()


def test_a_hook_that_is_a_link_is_left_alone_and_the_rest_is_written(fresh, trustgate):
    executable(fresh.path / "scripts/check", SCRIPT)
    hook = fresh.path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to("../../scripts/check")
    said = trustgate(fresh.path, "init", "--yes")
    assert said.code == 0
    assert hook.is_symlink()
    assert "is a symbolic link" in said.out
    assert (fresh.path / "trustgate.toml").exists()


@pytest.mark.parametrize("folder", [".github", ".trustgate"])
def test_nothing_is_written_through_a_linked_folder(fresh, trustgate, tmp_path, folder):
    (tmp_path / "elsewhere").mkdir()
    (fresh.path / folder).symlink_to(tmp_path / "elsewhere")
    said = trustgate(fresh.path, "init", "--yes", "--workflow")
    assert said.code == 2
    assert f"{folder} is a symbolic link" in said.err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_framework_installed_over_our_hook_still_calls_it(fresh, trustgate):
    """`pre-commit install` moves what stands there to NAME.legacy and runs it first."""
    trustgate(fresh.path, "init", "--yes")
    hooks = fresh.path / ".git/hooks"
    (hooks / "pre-commit").rename(hooks / "pre-commit.legacy")
    executable(hooks / "pre-commit", "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n")
    assert trustgate(fresh.path, "init", "--check").out == "nothing is missing\n"


def test_a_hook_whose_program_is_gone_says_what_to_do(fresh, trustgate):
    trustgate(fresh.path, "init", "--yes")
    hook = fresh.path / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text().replace(str(PROGRAM), "/nowhere/trustgate"))
    fresh.stage(HARMLESS)
    done = commit(fresh.path)
    assert done.code == 1
    assert "nothing was reviewed" in done.said
    assert "--no-verify" in done.said


def test_remove_takes_ours_out_and_puts_the_old_one_back(fresh, trustgate):
    hooks = fresh.path / ".git/hooks"
    executable(hooks / "pre-commit", SCRIPT)
    trustgate(fresh.path, "init", "--yes", "--hooks")
    assert trustgate(fresh.path, "init", "--remove").code == 2
    assert (hooks / "post-commit").exists()
    assert trustgate(fresh.path, "init", "--remove", "--yes").code == 0
    assert (hooks / "pre-commit").read_text() == SCRIPT
    assert sorted(path.name for path in hooks.iterdir() if path.suffix != ".sample") == ["pre-commit"]
    assert trustgate(fresh.path, "init", "--remove", "--yes").out == "No hook of ours is there.\n"


def test_a_push_of_very_many_refs_is_not_stopped_by_their_number(fresh, trustgate, tmp_path):
    trustgate(fresh.path, "init", "--yes", "--hooks")
    subprocess.run(("git", "init", "-q", "--bare", tmp_path / "remote.git"), check=True)
    fresh.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    names = [f"refs/heads/a-branch-with-quite-a-long-name-so-that-it-adds-up-{n}" for n in range(1000)]
    fresh.git("update-ref", "--stdin", stdin="".join(f"create {name} HEAD\n" for name in names))
    fresh.git("push", "-q", "--all", "origin")
    assert fresh.git("ls-remote", "origin").count("\n") >= 1000
