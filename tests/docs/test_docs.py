"""The documentation as a whole: links lead somewhere, names are real, and the site builds without a warning."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from doc_pages import PAGES, ROOT, text_of

TOOLS = Path(sys.executable).parent
LINK = re.compile(r"\]\(([^)\s#:]+)(?:#[^)\s]*)?\)")
SOURCES = ("trustgate/**/*.py", "tests/lanes/*.py", "action.yml")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in LINK.findall(text_of(page)):
        assert (ROOT / page).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_are_there(page: str) -> None:
    """A path of this repository, in code font."""
    for path in re.findall(
        r"`((?:trustgate|rules|evals|benchmarks|examples|allowlists|tests)/[\w./-]+)`", text_of(page)
    ):
        assert (ROOT / path.partition("RULE")[0]).exists(), path


def test_variables_that_are_named_are_read() -> None:
    source = "".join(path.read_text(encoding="utf-8") for place in SOURCES for path in ROOT.glob(place))
    assert {
        name for page in PAGES for name in re.findall(r"TRUSTGATE_[A-Z_]+", text_of(page)) if name not in source
    } == set()


def test_there_are_ten_recipes_with_a_policy_each() -> None:
    recipes = re.findall(r"^## (\d+)\. .+?^```toml$", text_of("docs/cookbook.md"), re.M | re.S)
    assert [int(number) for number in recipes] == list(range(1, 11))


def test_the_site_builds_strictly(tmp_path: Path) -> None:
    done = subprocess.run(
        [TOOLS / "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path / "site"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "cookbook.html").is_file()
