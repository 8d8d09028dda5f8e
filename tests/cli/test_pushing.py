"""Plain hooks installed by `trustgate init --hooks`: a push is reviewed, old hooks still run, records travel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("trustgate")
SAFE = "import requests\n\n\ndef fetch(url):\n    return requests.get(url, timeout=5)\n"
OFF = SAFE.replace("timeout=5", "timeout=5, verify=False")
GUARDED = "def drop(request, db):\n    require_admin(request.user)\n    db.drop(1)\n"
BARE = GUARDED.replace("    require_admin(request.user)\n", "")


@pytest.fixture
def work(make_repo, tmp_path):
    """A clone with all hooks, and a bare remote that has the first commit."""
    repo = make_repo()
    repo.commit({"app.py": SAFE, "guard.py": GUARDED}, "start")
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "remote.git"], check=True)
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.git("push", "-q", "origin", "main")
    subprocess.run([PROGRAM, "init", "--yes", "--hooks", "--repo", repo.path], check=True, capture_output=True)
    return repo


def push(repo, *refs):
    done = subprocess.run(
        ["git", "push", "-q", "origin", *refs], cwd=repo.path, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_all_four_hooks_are_there(work):
    names = {path.name for path in (work.path / ".git" / "hooks").iterdir()}
    assert {"pre-commit", "prepare-commit-msg", "post-commit", "pre-push"} <= names


def test_a_harmless_push_goes_through(work):
    work.commit({"app.py": SAFE.replace("5", "9")}, "longer")
    assert push(work, "main")[0] == 0


def test_what_blocks_is_not_pushed_even_on_a_new_branch(work):
    work.git("checkout", "-q", "-b", "topic")
    work.commit({"app.py": OFF}, "off", "--no-verify")
    code, said = push(work, "topic")
    assert code != 0
    assert "tls-verify-off" in said
    assert not work.git("ls-remote", "origin", "topic")


def test_every_ref_of_a_push_is_read(work):
    work.git("checkout", "-q", "-b", "one")
    work.commit({"app.py": SAFE.replace("5", "8")}, "one")
    work.git("checkout", "-q", "-b", "two", "main")
    work.commit({"app.py": OFF}, "two", "--no-verify")
    assert push(work, "one", "two")[0] != 0


def test_what_is_pending_is_said_and_pushed(work):
    work.commit({"guard.py": BARE}, "open")
    code, said = push(work, "main")
    assert code == 0
    assert "auth-guard-removed" in said


def test_a_deleted_branch_needs_no_review(work):
    work.git("push", "-q", "--no-verify", "origin", "main:gone")
    assert push(work, ":gone")[0] == 0


def test_a_hook_that_was_there_reads_the_same_refs(work):
    hook = work.path / ".git" / "hooks" / "pre-push.before-trustgate"
    hook.write_text("#!/bin/sh\nread a b c d\necho old hook saw $c\n")
    hook.chmod(0o755)
    work.commit({"app.py": SAFE.replace("5", "7")}, "seven")
    assert "old hook saw refs/heads/main" in push(work, "main")[1]
