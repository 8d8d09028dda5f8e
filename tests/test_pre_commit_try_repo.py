"""pre-commit installs this project from a local clone and runs it. Builds an environment from the package index."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hook_samples import BASE, HARMLESS, OFF, SECRET, TOKEN, commit

if TYPE_CHECKING:
    from conftest import Repo

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent
LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info", "dist", "build"
)
PRE_COMMIT = str(Path(sys.executable).parent / "pre-commit")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as it stands, uncommitted files included, as a repository of its own."""
    path = tmp_path_factory.mktemp("clone") / "trustgate"
    shutil.copytree(ROOT, path, ignore=LEFT_BEHIND)
    for args in (("init", "-q", "-b", "main"), ("add", "-A")):
        subprocess.run(("git", *args), cwd=path, check=True)
    assert commit(path).code == 0
    return path


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """pre-commit's own folder, kept for the module, and the index that the user's pip is set to."""
    found = {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")), "PRE_COMMIT_COLOR": "never"}
    settings = Path(pwd.getpwuid(os.getuid()).pw_dir) / ".config" / "pip" / "pip.conf"
    if settings.is_file() and "PIP_CONFIG_FILE" not in os.environ:
        found["PIP_CONFIG_FILE"] = str(settings)
    return found


def run(repo: Repo, environment: Mapping[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (PRE_COMMIT, *args),
        cwd=repo.path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def hooked(repo: Repo, clone: Path, environment: dict[str, str]) -> Repo:
    """A repository whose `git commit` runs the hook `trustgate` from the clone."""
    head = subprocess.run(
        ("git", "rev-parse", "HEAD"), cwd=clone, capture_output=True, text=True, check=True
    ).stdout.strip()
    config = f"repos:\n- repo: {clone}\n  rev: {head}\n  hooks:\n  - id: trustgate\n"
    repo.commit({**BASE, ".pre-commit-config.yaml": config})
    done = run(repo, environment, "install", "--install-hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    return repo


def heard(said: str) -> list[str]:
    """What the hook itself says: not the framework's line about it, its id or its duration."""
    return [
        line
        for line in said.splitlines()
        if line.strip() and not line.startswith(("trustgate....", "- hook id:", "- duration:", "- exit code:"))
    ]


def test_a_harmless_commit_goes_through_without_a_word(hooked: Repo, environment: dict[str, str]) -> None:
    before = hooked.head
    hooked.stage(HARMLESS)
    code, said = commit(hooked.path, env=environment)
    assert (code, heard(said)) == (0, [])
    assert "Passed" in said
    assert hooked.head != before


@pytest.mark.parametrize(
    ("files", "rule"),
    [(OFF, "tls-verify-off"), (SECRET, "github-token")],
    ids=["a check switched off in a new function", "a secret"],
)
def test_a_planted_fault_stops_the_commit(
    hooked: Repo, environment: dict[str, str], files: dict[str, str], rule: str
) -> None:
    before = hooked.head
    hooked.stage(files)
    code, said = commit(hooked.path, env=environment)
    assert code != 0
    assert hooked.head == before
    assert f"[{rule}]" in said
    assert TOKEN[4:] not in said


def test_with_nothing_staged_it_passes_with_one_line(hooked: Repo, environment: dict[str, str]) -> None:
    done = run(hooked, environment, "run", "--all-files", "trustgate")
    assert done.returncode == 0, done.stdout + done.stderr
    assert heard(done.stdout) == ["trustgate: nothing is staged, so nothing was reviewed"]


def test_a_range_of_commits_is_judged_as_that(hooked: Repo, environment: dict[str, str]) -> None:
    before = hooked.head
    hooked.stage(OFF)
    hooked.git("commit", "-q", "--no-verify", "-m", "past the hook")
    done = run(hooked, environment, "run", "--from-ref", before, "--to-ref", "HEAD", "trustgate")
    assert done.returncode != 0
    assert "[tls-verify-off]" in done.stdout


def test_try_repo_runs_it_from_the_clone(repo: Repo, clone: Path, environment: dict[str, str]) -> None:
    repo.commit(BASE)
    repo.stage(OFF)
    done = run(repo, environment, "try-repo", str(clone), "trustgate")
    assert done.returncode != 0
    assert "[tls-verify-off]" in done.stdout, done.stdout + done.stderr


OTHERS = {
    "trustgate-attest": (("--hook-stage", "post-commit"), 0, ""),
    "trustgate-trailer": (
        ("--hook-stage", "prepare-commit-msg", "--commit-msg-filename", ".git/MSG", "--prepare-commit-message-source", "message"),
        0,
        "",
    ),
    "trustgate-push": (("--hook-stage", "pre-push", "--from-ref", "HEAD~1", "--to-ref", "HEAD"), 1, "[tls-verify-off]"),
    "trustgate-models": (("--hook-stage", "manual"), 1, "models.lock is not there"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "how"), OTHERS.items(), ids=list(OTHERS))
def test_every_other_id_runs_at_its_stage(
    name: str, how: tuple[tuple[str, ...], int, str], repo: Repo, clone: Path, environment: dict[str, str]
) -> None:
    repo.commit(BASE)
    repo.commit(OFF, "off", "--no-verify")
    (repo.path / ".git" / "MSG").write_text("Change\n")
    args, code, said = how
    done = run(repo, environment, "try-repo", str(clone), name, *args)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout
    assert said in done.stdout
