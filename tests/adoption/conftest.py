"""The installed program, as a person calls it in a repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hook_samples import BASE

PROGRAM = Path(sys.executable).with_name("trustgate")


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def fresh(repo):
    repo.commit(BASE)
    return repo


@pytest.fixture
def trustgate():
    def run(folder, *words):
        done = subprocess.run(
            [PROGRAM, *words], cwd=folder, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert "Traceback" not in done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    return run
