"""The same change gets the same answer whatever order Python keeps its sets in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
from boundary_cases import findings
before = "".join(
    f"def view_{n}(request, token):\\n    require_admin(request.user)\\n    data = load(token)\\n    show(data)\\n    return page(data)\\n\\n"
    for n in range(6)
)
after = before.replace("view_", "page_").replace("    require_admin(request.user)\\n", "")
for found in findings({"auth/views.py": before}, {"auth/views.py": after}):
    print(found.rule, found.location, found.score, found.evidence, found.fingerprint)
"""


def told(seed: str) -> str:
    environ = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run((sys.executable, "-c", SCRIPT), capture_output=True, text=True, env=environ, check=True)
    return done.stdout


def test_two_hash_seeds_one_answer() -> None:
    first = told("1")
    assert "auth-guard-removed" in first
    assert first == told("2") == told("3")
