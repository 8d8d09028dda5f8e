"""Runs the real program as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Program:
    """`trustgate` in a folder, with a cache of its own and no network."""

    def __init__(self, cwd: Path, cache: Path) -> None:
        self.cwd = cwd
        self.cache = cache

    def __call__(self, *args: str, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            (sys.executable, "-m", "trustgate", *args),
            cwd=self.cwd,
            check=False,
            input=stdin,
            capture_output=True,
            env={**os.environ, "TRUSTGATE_CACHE_DIR": str(self.cache), **environ},
            timeout=120,
        )
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def review(self, *args: str, **environ: str) -> dict[str, Any]:
        """The JSON report of a review."""
        done = self("review", "--offline", "--format", "json", *args, **environ)
        report: dict[str, Any] = json.loads(done.stdout)
        assert report["exit_code"] == done.returncode, done.stderr
        return report


@pytest.fixture
def trustgate(tmp_path: Path) -> Callable[[Path], Program]:
    """`trustgate(folder)` is the program, started there."""
    return lambda cwd: Program(cwd, tmp_path / "cache")
