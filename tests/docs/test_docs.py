"""The documentation: every command runs, every policy loads, and the site builds without a warning."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from trustgate.policy.load import load_policy
from trustgate.rulebook import describe, load_rulebook

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TOOLS = Path(sys.executable).parent
RECIPES = re.findall(r"^## (\d+)\. (.*?)\n(.*?)^```toml\n(.*?)^```", (DOCS / "cookbook.md").read_text(), re.M | re.S)
OFF = "import requests\n\n\ndef ping(url):\n    return requests.get(url, verify=False, timeout=5)\n"


@pytest.mark.parametrize(("number", "title", "text", "policy"), RECIPES, ids=[recipe[1] for recipe in RECIPES])
def test_a_recipe_is_a_policy_that_loads(number, title, text, policy):
    book = load_rulebook()
    files = {"trustgate.toml": policy.encode()}
    assert load_policy(files.get, book, describe(book), today=date(2026, 12, 1)).configured
    assert text.strip() or number == "10"


def test_there_are_ten_recipes():
    assert [int(recipe[0]) for recipe in RECIPES] == list(range(1, 11))


def commands(page):
    for block in re.findall(r"^```console\n(.*?)^```", (DOCS / page).read_text(), re.M | re.S):
        yield from (line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ "))


def test_the_commands_of_the_quick_start_run_in_their_order(repo, tmp_path):
    repo.commit({"app.py": OFF.replace("verify=False, ", "")}, "start")
    codes = {}
    for command in commands("quickstart.md"):
        if command == "trustgate review --staged":
            repo.stage({"app.py": OFF})
        words = shlex.split(command)
        done = subprocess.run(
            [TOOLS / words[0], *words[1:]], cwd=repo.path, capture_output=True, text=True, check=False,
            env={**os.environ, "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache")},
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        codes[command] = done.returncode
    assert codes.pop("trustgate review --staged") == 1  # the policy counts once it is committed; standard until then
    assert set(codes.values()) == {0}, codes


def test_the_site_builds_strictly(tmp_path):
    done = subprocess.run(
        [TOOLS / "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path / "site"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "cookbook.html").is_file()
