"""What is known of one changed file: both sides' bytes, lines and outline, each worked out once and on demand."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from trustgate.changes.changeset import (
    ABSENT,
    BINARY_PROBE,
    MODE_LINK,
    MODE_NONE,
    MODE_SUBMODULE,
    SIZE_LIMIT,
    ChangeSet,
    FileChange,
    Hunk,
    Status,
)
from trustgate.errors import CannotJudge
from trustgate.finding import Side
from trustgate.record import NamedTuple
from trustgate.syntax.paths import PathKind, language_of, path_kind

if TYPE_CHECKING:
    from trustgate.syntax.outline import Outline


class SideText:
    """One side of one file as text. Lines end at LF only, as git counts them; undecodable bytes are surrogates."""

    def __init__(self, path: str, oid: str, data: bytes) -> None:
        self.path = path
        self.oid = oid
        self.data = data

    @cached_property
    def text(self) -> str:
        return self.data.decode("utf-8", "surrogateescape")

    @cached_property
    def lines(self) -> list[str]:
        lines = self.text.split("\n")
        if lines and lines[-1] == "":
            lines.pop()
        return lines

    def line(self, number: int) -> str:
        """The 1-based line, or the empty string outside the file."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    @cached_property
    def outline(self) -> Outline:
        from trustgate.syntax.reading import outline_of

        return outline_of(self.oid, self.path, self.data)


class ChangedLine(NamedTuple):
    side: Side
    number: int
    """1-based"""
    text: str


def halves(view: FileView, changes: ChangeSet) -> tuple[FileView, ...]:
    """A rename that changes what a file is, as the deletion and the addition that it amounts to; else the view itself.

    `auth.py` that becomes `auth.txt` is code no longer, and `trustgate.toml` under another name configures nothing.
    """
    change = view.change
    old, new = change.old_path, change.path
    if change.status is not Status.RENAMED or view.old is None or view.new is None:
        return (view,)
    same = language_of(old) == language_of(new) and path_kind(old) is path_kind(new)
    if same and posixpath.basename(old) == posixpath.basename(new) and not _by_place(old):
        return (view,)
    if same and posixpath.splitext(old)[1] == posixpath.splitext(new)[1] and path_kind(old) is PathKind.CODE:
        return (view,)  # code under another name is still code
    gone, came = len(view.old.lines), len(view.new.lines)
    deleted = change._replace(
        path=old, status=Status.DELETED, new_mode=MODE_NONE, new_id=ABSENT, new_size=0, hunks=(Hunk(1, gone, 0, 0),)
    )
    added = change._replace(
        old_path=new, status=Status.ADDED, old_mode=MODE_NONE, old_id=ABSENT, old_size=0, hunks=(Hunk(0, 0, 1, came),)
    )
    return (FileView(deleted, changes), FileView(added, changes))


def _by_place(path: str) -> bool:
    """Files that mean what they mean because of the folder they stand in."""
    return path.startswith(".") or "/." in path


class FileView:
    """One changed file of a change set. `problem` says why its text cannot be read; then both sides are None."""

    def __init__(self, change: FileChange, changes: ChangeSet) -> None:
        self.change = change
        self._changes = changes

    @property
    def path(self) -> str:
        return self.change.path

    @property
    def degraded(self) -> bool:
        return self.path in self._changes.partial

    @cached_property
    def _sides(self) -> tuple[SideText | None, SideText | None, str, bool]:
        change = self.change
        modes = {change.old_mode, change.new_mode}
        if MODE_SUBMODULE in modes:
            return None, None, "submodule", False
        if modes <= {MODE_LINK, 0}:
            return None, None, "symbolic link", False
        sides: list[SideText | None] = []
        for path, mode, oid, size in (
            (change.old_path, change.old_mode, change.old_id, change.old_size),
            (change.path, change.new_mode, change.new_id, change.new_size),
        ):
            if oid == ABSENT or mode == MODE_LINK:
                sides.append(None)
                continue
            try:
                if size > SIZE_LIMIT:
                    if self._changes.sniff and not language_of(path) and b"\0" in self._changes.sniff(oid):
                        return None, None, "binary", False
                    return None, None, f"{size // 2**20} MiB is over the limit of {SIZE_LIMIT // 2**20} MiB", True
                data = self._changes.read(oid)
            except CannotJudge as error:
                return None, None, error.message, True
            if b"\0" in data[:BINARY_PROBE] and not language_of(path):  # a NUL in code hides nothing
                return None, None, "binary", False
            sides.append(SideText(path, oid, data))
        return sides[0], sides[1], "", False

    @property
    def old(self) -> SideText | None:
        return self._sides[0]

    @property
    def new(self) -> SideText | None:
        return self._sides[1]

    @property
    def problem(self) -> str:
        """Why there is no text: empty, `binary`, `submodule`, `symbolic link`, or the fault itself."""
        return self._sides[2]

    @property
    def unreadable(self) -> bool:
        """True when the problem is a fault (missing object, over the limit), not the nature of the file."""
        return self._sides[3]

    @cached_property
    def behind_nul(self) -> bool:
        """Code or settings by name with a NUL in it: UTF-16, or an attempt to be taken for binary."""
        return any(side is not None and b"\0" in side.data[:BINARY_PROBE] for side in (self.old, self.new))

    @property
    def renamed(self) -> bool:
        return self.change.status is Status.RENAMED

    def added(self) -> Iterator[ChangedLine]:
        """Lines of the new side that the change adds."""
        if self.new is not None:
            for hunk in self.change.hunks:
                for number in hunk.new_lines:
                    yield ChangedLine(Side.NEW, number, self.new.line(number))

    def removed(self) -> Iterator[ChangedLine]:
        """Lines of the old side that the change removes."""
        if self.old is not None:
            for hunk in self.change.hunks:
                for number in hunk.old_lines:
                    yield ChangedLine(Side.OLD, number, self.old.line(number))
