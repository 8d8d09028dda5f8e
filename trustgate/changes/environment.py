"""What a git process may see: the executable by absolute path, and environments without anybody else's `GIT_*`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from trustgate.errors import CannotJudge

COMMON = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # a list of allowed protocols; git before 2.45 knows no GIT_NO_LAZY_FETCH
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}

REAL_FLAGS = (
    *("-c", "core.fsmonitor="),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", f"core.attributesFile={os.devnull}"),
    *("-c", "core.commitGraph=false"),
    *("-c", "core.warnAmbiguousRefs=true"),
    *("-c", "core.quotePath=false"),
    *("-c", "protocol.allow=never"),
)
"""Overrides for the few calls that look at the reviewed repository itself, whose configuration is hostile."""


def git_executable() -> str:
    """Absolute path of git. Relative entries of PATH (among them the current folder) are not looked at."""
    for folder in (os.environ.get("PATH") or os.defpath).split(os.pathsep):
        found = f"{folder}/git"
        if folder.startswith("/") and os.access(found, os.X_OK) and not Path(found).is_dir():
            return found
    raise CannotJudge("git was not found on PATH", "install git 2.38 or later and try again")


def real_environment() -> dict[str, str]:
    """For calls that look at the reviewed repository: the user's own configuration stays, it holds `safe.directory`.

    Our own variables stay behind: the forge's token and a reviewer's key are among them, and git needs neither.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "TRUSTGATE_"))} | COMMON


_REACHING = ("GIT_SSH", "GIT_SSL_", "GIT_HTTP_", "GIT_PROXY_", "GIT_CONFIG")
"""beginnings of the variables that say how a remote is reached, and where the user's own settings are"""


def user_environment() -> dict[str, str]:
    """For what the user asks git to do for them: a setting of theirs, a push. Nothing of it may ask for anything."""
    asking = ("SSH_ASKPASS", "GIT_ASKPASS")
    kept = {
        name: value
        for name, value in os.environ.items()
        if (not name.startswith("GIT_") or name.startswith(_REACHING)) and name not in asking
    }
    return kept | {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS_REQUIRE": "never", "LC_ALL": "C", "LANGUAGE": "C"}


def private_environment(git_dir: str, base: Mapping[str, str]) -> dict[str, str]:
    """For calls on the private git directory: no configuration but ours is read."""
    return dict(base) | {
        "GIT_DIR": git_dir,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
