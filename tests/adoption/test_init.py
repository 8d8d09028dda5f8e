"""`trustgate init` in real repositories: what is written, what is left alone, and a hook that then blocks."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from hook_samples import BASE, HARMLESS, OFF, commit

from trustgate.adoption.pre_commit import ENTRY

PROGRAM = Path(sys.executable).with_name("trustgate")
ACTION = "acme/trustgate@" + "a" * 40


def run(repo, *words, stdin=None):
    done = subprocess.run(
        [PROGRAM, *words, "--repo", repo.path],
        check=False,
        capture_output=True,
        text=True,
        stdin=stdin or subprocess.DEVNULL,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def fresh(repo):
    repo.commit(BASE)
    return repo


def tree(repo):
    return {
        str(p.relative_to(repo.path)): p.read_bytes()
        for p in sorted(repo.path.rglob("*"))
        if p.is_file() and ("hooks" in p.parts or ".git" not in p.parts)
    }


def test_without_a_terminal_and_without_yes_nothing_is_written(fresh):
    before = tree(fresh)
    code, out, err = run(fresh, "init")
    assert (code, tree(fresh)) == (2, before)
    assert '+preset = "advise"' in out
    assert "--yes" in err


def test_a_second_run_changes_nothing(fresh):
    assert run(fresh, "init", "--yes", "--workflow")[0] == 0
    after = tree(fresh)
    code, out, _ = run(fresh, "init", "--yes", "--workflow")
    assert (code, out, tree(fresh)) == (0, "Everything is there; nothing was written.\n", after)
    assert run(fresh, "init", "--check", "--workflow")[:2] == (0, "nothing is missing\n")


def test_check_says_what_is_missing_and_writes_nothing(fresh):
    before = tree(fresh)
    code, out, _ = run(fresh, "init", "--check")
    assert code == 1
    assert "missing: the policy of this repository" in out
    assert "missing: the pre-commit hook" in out
    assert tree(fresh) == before


@pytest.mark.parametrize("preset", ["advise", "standard", "strict"])
def test_the_policy_is_valid_and_has_the_preset(fresh, preset):
    run(fresh, "init", "--yes", "--preset", preset)
    text = (fresh.path / "trustgate.toml").read_text()
    assert tomllib.loads(text) == {"preset": preset}
    schema = text.partition("\n")[0].removeprefix("#:schema ")
    assert json.loads((fresh.path / schema).read_text())["$schema"]
    assert run(fresh, "config", "check")[0] == 0


def test_a_policy_that_is_there_is_left_alone(fresh):
    (fresh.path / "trustgate.toml").write_text('preset = "strict"\n')
    run(fresh, "init", "--yes", "--preset", "advise")
    assert (fresh.path / "trustgate.toml").read_text() == 'preset = "strict"\n'


def test_from_init_to_a_commit_that_is_stopped(fresh):
    assert run(fresh, "init", "--yes", "--preset", "standard")[0] == 0
    fresh.git("add", "trustgate.toml", ".trustgate")
    assert commit(fresh.path)[0] == 0
    fresh.stage(OFF)
    code, said = commit(fresh.path)
    assert code != 0
    assert "tls-verify-off" in said


def test_the_hook_that_was_there_still_runs_and_still_decides(fresh):
    hook = fresh.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho the old hook; test ! -e stop\n")
    hook.chmod(0o755)
    run(fresh, "init", "--yes")
    fresh.stage(HARMLESS)
    assert "the old hook" in commit(fresh.path)[1]
    fresh.stage({"more.py": "x = 1\n"})
    (fresh.path / "stop").write_text("")
    assert commit(fresh.path)[0] != 0


def test_a_hook_folder_of_the_team_is_used(fresh):
    fresh.git("config", "core.hooksPath", ".husky")
    run(fresh, "init", "--yes")
    assert "trustgate" in (fresh.path / ".husky" / "pre-commit").read_text()
    assert not (fresh.path / ".git" / "hooks" / "pre-commit").exists()


@pytest.mark.parametrize("indent", ["", "  "], ids=["flush", "indented"])
def test_the_framework_gets_an_entry_and_keeps_its_file(fresh, indent):
    path = fresh.path / ".pre-commit-config.yaml"
    old = f"# ours\nfail_fast: true\nrepos:\n{indent}- repo: https://example.com/x  # pinned\n{indent}  rev: v1\n{indent}  hooks:\n{indent}    - id: x\n"
    path.write_text(old)
    assert run(fresh, "init", "--yes")[0] == 0
    assert path.read_text().startswith(old)
    entries = yaml.safe_load(path.read_text())["repos"]
    assert [item["repo"] for item in entries] == ["https://example.com/x", "local"]
    assert entries[1] == yaml.safe_load(ENTRY)[0]
    assert not (fresh.path / ".git" / "hooks" / "pre-commit").exists()


@pytest.mark.parametrize(
    "old", ["repos: []\n", "repos:\n- repo: x\n  hooks: []\nci:\n  skip: [a]\n", "nothing\n", "repos: [{repo: x}]\n"],
    ids=["empty list", "another key last", "no list", "flow style"],
)  # fmt: skip
def test_a_framework_file_of_another_shape_is_left_to_a_person(fresh, old):
    path = fresh.path / ".pre-commit-config.yaml"
    path.write_text(old)
    code, out, _ = run(fresh, "init", "--yes")
    assert (code, path.read_text()) == (0, old)
    assert "To do by hand" in out
    assert "- repo: local" in out


def test_a_link_in_place_of_a_file_is_refused(fresh, tmp_path):
    (fresh.path / "trustgate.toml").symlink_to(tmp_path / "elsewhere")
    code, _, err = run(fresh, "init", "--yes")
    assert code == 2
    assert "symbolic link" in err
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("words", [("--workflow",), ("--action", ACTION)], ids=["package", "action"])
def test_the_workflow_passes_the_forges_schema_and_zizmor(fresh, words):
    run(fresh, "init", "--yes", *words)
    path = fresh.path / ".github" / "workflows" / "trustgate.yml"
    tools = Path(sys.executable).parent
    check = [tools / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", path]
    assert subprocess.run(check, check=False, capture_output=True).returncode == 0
    audit = subprocess.run(
        [tools / "zizmor", "--offline", "--no-progress", path], check=False, capture_output=True, text=True
    )
    assert audit.returncode == 0, audit.stdout


@pytest.mark.parametrize("action", ["acme/trustgate@v1", "acme@" + "a" * 40, "x"])
def test_an_action_that_is_not_pinned_by_commit_is_refused(fresh, action):
    assert run(fresh, "init", "--yes", "--action", action)[0] == 2
