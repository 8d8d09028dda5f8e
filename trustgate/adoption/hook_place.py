"""Where git looks for hooks here, and whose folder that is: this clone's, the team's, or every repository's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from trustgate.changes.git import Git

MANAGERS = {
    "lefthook": ("lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml", "lefthook.toml"),
    "overcommit": (".overcommit.yml",),
}
"""programs that write git's hook folder anew from a file of the repository"""


class HookPlace(NamedTuple):
    folder: Path
    owner: str
    """`clone` (only this clone), `team` (a folder of the work tree, committed), `shared` (other repositories use it
    too)"""
    why: str = ""
    """where the setting stands, for a reader; empty for git's own folder"""
    manager: str = ""
    """husky, lefthook or overcommit, where one of them is at work"""


def hook_place(git: Git) -> HookPlace:
    """`core.hooksPath`, or `hooks` in the common git directory (githooks(5)).

    husky's `.husky/_` is written anew at each install and calls the files of `.husky`: those are where a hook goes.
    """
    scope, said = _setting(git)
    if not said:
        folder = Path(git.place.common_dir, "hooks")
        if folder.is_symlink():
            return HookPlace(folder, "shared", f"{folder} is a link to {os.path.realpath(folder)}")
        return HookPlace(folder, "clone", manager=_manager(git))
    folder = Path(git.place.top or git.place.git_dir, said)
    why = f"core.hooksPath is {said} in your {scope} git configuration"
    if scope in ("global", "system"):
        return HookPlace(folder, "shared", why)
    if not git.place.top or not _inside(folder, Path(git.place.top)) or _inside(folder, Path(git.place.common_dir)):
        return HookPlace(folder, "clone", why, _manager(git))
    if folder.name == "_" and folder.parent.name == ".husky":
        return HookPlace(folder.parent, "team", why, "husky")
    return HookPlace(folder, "team", why, "husky" if folder.name == ".husky" else "")


def _setting(git: Git) -> tuple[str, str]:
    """Scope and value of core.hooksPath as the user's own git sees it; the innermost scope counts."""
    done = git.as_user("config", "-z", "--show-scope", "--type=path", "--get-all", "core.hooksPath")
    words = os.fsdecode(done.stdout).split("\0")[:-1] if done.returncode == 0 else []
    pairs = [(scope, value) for scope, value in zip(words[::2], words[1::2], strict=False) if scope != "command"]
    return pairs[-1] if pairs else ("", "")


def _inside(path: Path, folder: Path) -> bool:
    return Path(os.path.normpath(path)).is_relative_to(folder)


def _manager(git: Git) -> str:
    top = Path(git.place.top or git.place.git_dir)
    return next((name for name, files in MANAGERS.items() if any((top / file).is_file() for file in files)), "")
