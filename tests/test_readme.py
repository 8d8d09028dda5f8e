"""README shows what the program prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def without_time(text: str) -> str:
    return re.sub(r"; \d+\.\d\d s$", "; 0.00 s", text, flags=re.MULTILINE)


DEMOS = re.findall(r"<!-- demo: \S+ (\S+) -->\n```text\n(.*?)```\n<!-- /demo -->", README, re.DOTALL)


@pytest.mark.parametrize(("script", "shown"), DEMOS, ids=[demo[0] for demo in DEMOS])
def test_a_demo_prints_what_readme_shows(script: str, shown: str, tmp_path: Path) -> None:
    done = subprocess.run(
        (sys.executable, str(ROOT / script), str(tmp_path / "demo")),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (1, 4), done.stderr
    assert without_time(done.stdout) == without_time(shown)


def test_there_are_two_demos() -> None:
    assert [demo[0] for demo in DEMOS] == ["examples/planted_faults.py", "examples/two_backends.py"]
