"""Objects of a remote repository, brought into a bare repository of our own: nothing is checked out.

The folder has our configuration only; the address and the commits are named by the caller, the token goes through the
environment (`GIT_CONFIG_COUNT`, git-config(1)), so that it is in no file and no argument.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from trustgate.changes import environment
from trustgate.errors import CannotJudge

SECONDS = 600.0
_WANTED = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}|refs/(?:heads|pull|notes)/[A-Za-z0-9._/-]{1,200}")
_PROTOCOLS = ("https", "http", "ssh", "file")


def fetch(folder: Path, address: str, wanted: Sequence[str], *, token: str = "", seconds: float = SECONDS) -> None:
    """Fetch commits by id, or refs under their own names, with their history.

    `address` is a URL; plain http is for loopback. Raises CannotJudge when git is missing, or refuses.
    """
    protocol = address.partition("://")[0]
    if protocol not in _PROTOCOLS or not address.isprintable() or address.startswith("-"):
        raise CannotJudge("the address to fetch from is not one that git may be given")
    if not all(_WANTED.fullmatch(item) and ".." not in item for item in wanted):
        raise CannotJudge("what is to be fetched is neither the id of a commit nor a plain ref")
    git = environment.git_executable()
    env = {**environment.private_environment(str(folder), environment.real_environment()), **_header(token)}
    env["GIT_ALLOW_PROTOCOL"] = protocol
    if not (folder / "HEAD").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run([git, "init", "--quiet", "--bare", "--template=", str(folder)], {**env, "GIT_DIR": ""}, 30.0)
    refspecs = [item if not item.startswith("refs/") else f"+{item}:{item}" for item in wanted]
    options = ["--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance"]
    _run([git, "-c", f"core.hooksPath={os.devnull}", "fetch", *options, address, *refspecs], env, seconds)


def _header(token: str) -> dict[str, str]:
    if not token:
        return {}
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
    }


def _run(command: Sequence[str], env: dict[str, str], seconds: float) -> None:
    env = {name: value for name, value in env.items() if name != "GIT_DIR" or value}
    try:
        done = subprocess.run(
            command, capture_output=True, env=env, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise CannotJudge(f"git fetch was not done within {seconds:.0f} s") from error
    if done.returncode != 0:
        said = os.fsdecode(done.stderr).strip().rpartition("\n")[2][:300]
        raise CannotJudge(f"git fetch failed: {said}", "check the address, the token and its `contents: read`")
