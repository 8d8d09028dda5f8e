"""The workflows that we show: valid for the forge, and without a finding of zizmor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
FILES = [*sorted((ROOT / "examples/workflows").glob("*.yml")), ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml"]


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
