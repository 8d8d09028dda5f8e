"""A plain git hook that calls `trustgate review --staged`: commits as a developer makes them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hook_samples import BASE, HARMLESS, OFF, SECRET, TOKEN, commit

if TYPE_CHECKING:
    from conftest import Repo

HOOK = f"#!/bin/sh\nexec '{Path(sys.executable).parent / 'trustgate'}' review --staged\n"


@pytest.fixture
def hooked(repo: Repo) -> Repo:
    repo.commit(BASE)
    hook = repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK)
    hook.chmod(0o755)
    return repo


def test_a_harmless_commit_prints_nothing(hooked: Repo) -> None:
    before = hooked.head
    hooked.stage(HARMLESS)
    assert commit(hooked.path) == (0, "")
    assert hooked.head != before


@pytest.mark.parametrize(
    ("files", "rule", "where"),
    [(OFF, "tls-verify-off", "app/fetch.py:9"), (SECRET, "github-token", "app/conf.py:1")],
    ids=["a check switched off in a new function", "a secret"],
)
def test_a_planted_fault_stops_the_commit(hooked: Repo, files: dict[str, str], rule: str, where: str) -> None:
    before = hooked.head
    hooked.stage(files)
    code, said = commit(hooked.path)
    assert code != 0
    assert hooked.head == before
    assert f"[{rule}]" in said
    assert where in said
    assert TOKEN[4:] not in said


def test_a_commit_of_one_file_is_judged_by_that_file(hooked: Repo) -> None:
    """`git commit FILE` hands the hook a temporary index."""
    hooked.stage(OFF)
    hooked.write(HARMLESS)
    hooked.git("add", "-N", "--", *HARMLESS)
    assert commit(hooked.path, *HARMLESS) == (0, "")
    assert hooked.git("show", "--name-only", "--format=").split() == list(HARMLESS)
