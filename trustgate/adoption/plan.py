"""Planned files: what stands there, what will stand there, and why nothing has to be done."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import NamedTuple

from trustgate import escape
from trustgate.errors import UsageError

LIMIT = 1024 * 1024
"""bytes of a file that is edited"""
SHOWN = 150
"""lines of a new file that are shown; a longer one is named only"""


class Step(NamedTuple):
    """One file. `after` equal to `before` means that nothing is missing."""

    path: Path
    before: bytes | None
    """None where there is no file"""
    after: bytes
    what: str
    """what the file is for, in a few words"""
    mode: int = 0o644
    keep_as: Path | None = None
    """where the file that stood there is moved to"""

    @property
    def done(self) -> bool:
        return self.before == self.after


class Advice(NamedTuple):
    """Something that a person has to do: we could not do it safely."""

    what: str
    text: str


class Removal(NamedTuple):
    """A file of ours that goes away."""

    path: Path
    back: Path | None
    """the file that stood there before and comes back"""
    what: str


def read(path: Path) -> bytes | None:
    """A file as it stands, None where there is none. Raises UsageError for links, folders and files beyond LIMIT."""
    if path.is_symlink():
        raise UsageError(f"{path.name} is a symbolic link", "put a file in its place, or write it by hand")
    if not path.exists():
        return None
    if not path.is_file() or path.stat().st_size > LIMIT:
        raise UsageError(f"{path.name} is not a file that can be edited", "write it by hand")
    return path.read_bytes()


def within(top: Path, path: Path) -> None:
    """Raises UsageError where a folder between the two is a link: what we write would land elsewhere."""
    for folder in path.relative_to(top).parents:
        if (top / folder).is_symlink() and folder != Path():
            raise UsageError(f"{folder} is a symbolic link", "put a folder in its place, or write it by hand")


def shown(step: Step, top: Path) -> str:
    """The step as a unified diff, with the path below the top of the repository."""
    name = escape.path(step.path.relative_to(top).as_posix() if step.path.is_relative_to(top) else str(step.path))
    old = (step.before or b"").decode("utf-8", "replace").splitlines(keepends=True)
    new = step.after.decode("utf-8", "replace").splitlines(keepends=True)
    source = "/dev/null" if step.before is None else f"a/{name}"
    if step.keep_as is not None:
        return "".join(difflib.unified_diff([], new, f"(kept as {step.keep_as.name})", f"b/{name}"))
    if not old and len(new) > SHOWN:
        return f"--- {source}\n+++ b/{name}\n({len(new)} new lines: {step.what})\n"
    return "".join(difflib.unified_diff(old, new, source, f"b/{name}"))


def write(step: Step) -> None:
    """Put the file in place, whole or not at all. Raises UsageError where that is not possible."""
    try:
        step.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = step.path.with_name(f".{step.path.name}.{os.urandom(4).hex()}")
        fresh.write_bytes(step.after)
        fresh.chmod(step.mode)
        if step.keep_as is not None:
            step.path.rename(step.keep_as)
        fresh.replace(step.path)
    except OSError as error:
        raise UsageError(f"{step.path}: {error.strerror or error}", "check who may write there") from error


def remove(step: Removal) -> None:
    """Take the file away, or put back what stood there. Raises UsageError where that is not possible."""
    try:
        if step.back is not None:
            step.back.replace(step.path)
        else:
            step.path.unlink()
    except OSError as error:
        raise UsageError(f"{step.path}: {error.strerror or error}", "check who may write there") from error
