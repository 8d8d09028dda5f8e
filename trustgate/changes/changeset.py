"""Frozen types of a change set. A change set holds object ids and line ranges; contents are read on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from trustgate.record import NamedTuple

if TYPE_CHECKING:
    from trustgate.changes.history import History

ABSENT = "0" * 40
"""Object id of the side that does not exist (an added or a deleted file)."""

MODE_FILE, MODE_EXEC, MODE_LINK, MODE_SUBMODULE, MODE_NONE = 0o100644, 0o100755, 0o120000, 0o160000, 0

SIZE_LIMIT = 32 * 1024 * 1024
"""bytes; a larger blob is neither read nor diffed, and its FileChange has sizes and no hunks"""
BINARY_PROBE = 8000
"""bytes looked at for a NUL, as git does (`buffer_is_binary`, FIRST_FEW_BYTES)"""


class Status(StrEnum):
    ADDED = "A"
    DELETED = "D"
    MODIFIED = "M"
    RENAMED = "R"
    COPIED = "C"
    TYPE_CHANGED = "T"


class Hunk(NamedTuple):
    """Changed lines without context, as in `diff -U0`: 1-based first line and number of lines on each side.

    With a count of 0 the start is the line *after which* the other side's lines stand (0 = before the first line).
    """

    old_start: int
    old_count: int
    new_start: int
    new_count: int

    @property
    def old_lines(self) -> range:
        return range(self.old_start, self.old_start + self.old_count)

    @property
    def new_lines(self) -> range:
        return range(self.new_start, self.new_start + self.new_count)


class FileChange(NamedTuple):
    """One changed path. Paths are git's bytes decoded as UTF-8 with `surrogateescape`, so every name round-trips."""

    path: str
    """path on the new side (on the old side for a deletion)"""
    status: Status
    old_path: str
    old_mode: int
    new_mode: int
    old_id: str
    """object id, or ABSENT"""
    new_id: str
    hunks: tuple[Hunk, ...] = ()
    """none when the contents are equal, and none when they were not compared: see `compared`"""
    old_size: int = 0
    """bytes"""
    new_size: int = 0

    @property
    def compared(self) -> bool:
        """False for a file that differs and has no hunks: over SIZE_LIMIT, large and binary, missing, a submodule."""
        return bool(self.hunks) or self.old_id == self.new_id or not (self.old_size or self.new_size)


class CommitInfo(NamedTuple):
    """What a commit object says about itself. All text is the author's claim."""

    id: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    committer_name: str
    committer_email: str
    message: str
    time: int = 0
    """committer date, seconds since 1970-01-01 UTC"""


class ChangeSet(NamedTuple):
    """Everything between a diff base and a head.

    `diff_base` is what the head is compared with; `trusted_base` is where policy, rules and exceptions come from. They
    differ when a branch forked from an old commit. `head` is a commit id, `index`, `worktree` or `patch`.
    """

    files: tuple[FileChange, ...]
    diff_base: str
    trusted_base: str
    head: str
    read: Callable[[str], bytes]
    """contents of a blob by object id; raises CannotJudge when the object is missing or over the size limit"""
    base_file: Callable[[str], bytes | None]
    """contents of a path on the trusted base, None where there is no such file"""
    commits: tuple[CommitInfo, ...] = ()
    """commits of the range, oldest first; empty for index, worktree and patch"""
    touched: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """per path, ids of the commits of the range that changed it; empty for fewer than two commits"""
    notes: tuple[str, ...] = ()
    """lines the report must show about how the range was read (first commit, merge, uncommitted files)"""
    base_paths: Callable[[], frozenset[str]] = frozenset
    """every path of the trusted base's tree (for local modules, workspaces); read on demand"""
    head_file: Callable[[str], bytes | None] = lambda _path: None
    """contents of a path on the head side, None where there is no such file"""
    partial: frozenset[str] = frozenset()
    """paths of which only the hunks are known (a patch without its blobs): analysed `degraded`"""
    sniff: Callable[[str], bytes] | None = None
    """first BINARY_PROBE bytes of a blob of any size, to tell binary; raises CannotJudge as `read` does"""
    history: History | None = None
    """notes, blame and files of the commits of a range; none for index, worktree and patch"""
