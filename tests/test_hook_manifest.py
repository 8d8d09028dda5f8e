"""The hook manifest: what pre-commit makes of it, and that its command is one of ours."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_manifest

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {hook["id"]: hook for hook in load_manifest(str(MANIFEST))}


RECORDING = {
    "trustgate-attest": "post-commit",
    "trustgate-trailer": "prepare-commit-msg",
    "trustgate-push": "pre-push",
}
JUDGING = ["trustgate", "trustgate-deep"]


def test_two_hooks_judge_one_verifies_weights_and_three_record() -> None:
    assert list(HOOKS) == [*JUDGING, "trustgate-models", *RECORDING]


def test_weights_are_hashed_only_where_somebody_asks_for_it() -> None:
    hook = HOOKS["trustgate-models"]
    assert hook["entry"] == "trustgate models verify"
    assert hook["stages"] == ["manual"]
    assert (hook["pass_filenames"], hook["always_run"], hook["require_serial"]) == (False, True, True)


@pytest.mark.parametrize(("name", "stage"), RECORDING.items())
def test_a_hook_that_records_runs_at_its_stage(name: str, stage: str) -> None:
    hook = HOOKS[name]
    assert (hook["entry"], hook["stages"], hook["language"]) == (f"trustgate hook {stage}", [stage], "python")
    assert (hook["always_run"], hook["require_serial"], hook["verbose"]) == (True, True, True)
    assert hook["pass_filenames"] is (stage == "prepare-commit-msg"), "the message is the one file that is named"
    plain = ROOT / "hooks" / stage
    assert plain.read_text().endswith(f'exec trustgate hook {stage} "$@"\n')
    assert os.access(plain, os.X_OK)


@pytest.mark.parametrize("name", JUDGING)
def test_a_hook_runs_once_whatever_changed_and_is_heard(name: str) -> None:
    hook = HOOKS[name]
    assert hook["entry"] == "trustgate review --staged"
    assert hook["language"] == "python"
    assert hook["stages"] == ["pre-commit"]
    assert (hook["pass_filenames"], hook["always_run"], hook["require_serial"], hook["verbose"]) == (
        False,
        True,
        True,
        True,
    )
    assert not hook["args"], "what loosens the gate is no matter of the hook"


def test_the_stage_names_need_this_version_of_the_framework() -> None:
    """`pre-commit` as a name of a stage came with 3.2.0 (`commit` before)."""
    written = yaml.safe_load(MANIFEST.read_text())
    assert {hook["minimum_pre_commit_version"] for hook in written} == {"3.2.0"}


def test_only_the_deep_hook_brings_the_extra() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert HOOKS["trustgate"]["additional_dependencies"] == []
    assert HOOKS["trustgate-deep"]["additional_dependencies"] == [".[deep]"]
    assert {"semgrep", "bandit"} <= {requirement.partition(">")[0] for requirement in extras["deep"]}


def test_the_entry_is_a_command_that_this_project_installs() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert {hook["entry"].split()[0] for hook in HOOKS.values()} == set(scripts)
    assert (Path(sys.executable).parent / "trustgate").is_file()
