"""Whether a commit here is reviewed: our hook, the pre-commit framework, or something that stands in the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.adoption.git_hooks import calls_us, contents
from trustgate.adoption.hook_place import HookPlace, hook_place
from trustgate.adoption.line import Line
from trustgate.adoption.pre_commit import CONFIG, Entry, hooks_of

if TYPE_CHECKING:
    from trustgate.changes.git import Git

GROUP, WHAT = "hook", "commit hook"
_PROGRAM = re.compile(rb"^\s*exec\s+('[^']+'|/\S+)\s", re.MULTILINE)


def look(git: Git, entries: tuple[Entry, ...]) -> Iterator[Line]:
    """`entries` are our hooks in the framework's file."""
    place = hook_place(git)
    path = place.folder / "pre-commit"
    text = contents(path)
    framework = text is not None and b"pre-commit" in text and b"pre_commit" in text
    if text is not None and (fault := _fault(path, text)):
        yield Line(GROUP, WHAT, "wrong", fault)
    elif text is not None and b"trustgate" in text:
        yield Line(GROUP, WHAT, "ok", str(path))
    elif framework or (text is not None and b"pre-commit" in text):
        yield _framework(path, entries)
    elif any(entry.reviews for entry in entries):
        yield Line(GROUP, WHAT, "wrong", f"{CONFIG} has it, and nothing runs that file: `pre-commit install`")
    else:
        yield Line(GROUP, WHAT, "absent", "commits are not reviewed here: `trustgate init` installs it")
    yield from _shadowed(git, place)


def entries_of(top: str) -> tuple[Entry, ...]:
    path = Path(top, CONFIG)
    if not top or path.is_symlink():
        return ()
    return tuple(hooks_of(contents(path) or b""))


def _framework(path: Path, entries: tuple[Entry, ...]) -> Line:
    names = ", ".join(entry.id for entry in entries)
    if any(entry.reviews for entry in entries):
        return Line(GROUP, WHAT, "ok", f"the pre-commit framework runs {names}")
    if calls_us(path):
        return Line(GROUP, WHAT, "ok", f"the pre-commit framework runs {path.name}.legacy first, which is ours")
    has = f"only {names}" if names else "no hook of trustgate"
    return Line(
        GROUP, WHAT, "absent", f"the pre-commit framework is installed and {CONFIG} has {has}: `trustgate init`"
    )


def _fault(path: Path, text: bytes) -> str:
    """Why git would not run the hook, or why it would fail."""
    if not os.access(path, os.X_OK):
        return f"{path} may not be executed, so git passes over it: chmod +x"
    if text.partition(b"\n")[0].endswith(b"\r"):
        return f"{path} has line ends of Windows, so its interpreter is not found: `trustgate init` writes it anew"
    found = _PROGRAM.search(text) if b"trustgate" in text else None
    program = os.fsdecode(found[1]).strip("'") if found else ""
    if program and not os.access(program, os.X_OK):
        return f"{path} calls {program}, which is not there any more: `trustgate init` writes it anew"
    return ""


def _shadowed(git: Git, place: HookPlace) -> Iterator[Line]:
    """A hook of ours in git's own folder counts for nothing while core.hooksPath names another."""
    own = Path(git.place.common_dir, "hooks")
    ours = [name for name in ("pre-commit", "pre-push") if b"trustgate" in (contents(own / name) or b"")]
    if ours and os.path.realpath(own) != os.path.realpath(place.folder):
        yield Line(GROUP, f"{' and '.join(ours)} in {own}", "wrong", f"not run: {place.why}")
