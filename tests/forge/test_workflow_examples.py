"""The workflows that we show: valid for the forge, and without a finding of zizmor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trustgate.adoption.workflow import step

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
FILES = [*sorted((ROOT / "examples/workflows").glob("*.yml")), ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml"]


ACTION = "owner/trustgate@" + "1" * 40


@pytest.mark.parametrize("action", ["", ACTION], ids=["from the package index", "as an action"])
def test_the_workflow_that_init_writes_is_valid_and_without_a_finding(tmp_path, action):
    path = tmp_path / ".github" / "workflows" / "trustgate.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(step(tmp_path, action).after)
    test_workflows_have_the_forges_schema(path)
    test_zizmor_finds_nothing(path)


def test_the_action_has_the_forges_schema():
    call = [TOOLS / "check-jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "action.yml"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", FILES[:-2], ids=lambda path: path.name)
def test_workflows_have_the_forges_schema(path):
    call = [TOOLS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", path]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_zizmor_finds_nothing(path):
    call = [TOOLS / "zizmor", "--offline", "--no-progress", "--persona=pedantic", path]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
