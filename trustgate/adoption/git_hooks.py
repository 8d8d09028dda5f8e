"""Plain git hooks: our file in git's hook folder, with whatever stood there kept and run first."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.adoption.plan import Advice, Step, read
from trustgate.rulebook import shipped_root

if TYPE_CHECKING:
    from trustgate.changes.git import Git

MARK = b"# trustgate: "
"""second line of every hook of ours"""


def steps(git: Git, names: tuple[str, ...]) -> Iterator[Step | Advice]:
    """One step a hook. A hook that calls trustgate already is left alone."""
    folder = hook_folder(git)
    for name in names:
        path = folder / name
        before = read(path)
        text = (shipped_root() / "hooks" / name).read_text(encoding="utf-8")
        after = text.replace("exec trustgate ", f"exec {program()} ").replace(
            "command -v trustgate ", f"command -v {program()} "
        )
        what = f"the {name} hook"
        if before is not None and MARK not in before and b"trustgate" in before:
            yield Step(path, before, before, what)
            continue
        if before is None or MARK in before:
            yield Step(path, before, after.encode(), what, 0o755)
            continue
        kept = folder / f"{name}.before-trustgate"
        if kept.exists():
            yield Advice(what, f"{path} and {kept} are both not ours: call `trustgate` from the first by hand")
            continue
        yield Step(path, before, after.encode(), what, 0o755, keep_as=kept)


def hook_folder(git: Git) -> Path:
    """Where git looks for hooks: `core.hooksPath`, or `hooks` in the common git directory (githooks(5))."""
    for scope in ("--local", "--global", "--system"):
        done = git.ask_real("config", scope, "--get", "core.hooksPath")
        said = done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")
        if done.returncode == 0 and said:
            return Path(git.place.top or git.place.git_dir, Path(said).expanduser())
    return Path(git.place.common_dir, "hooks")


def program() -> str:
    """The command of this installation, quoted for a shell: a hook has no virtual environment of its own."""
    beside = Path(sys.executable).with_name("trustgate")
    return shlex.quote(str(beside)) if beside.exists() else "trustgate"
