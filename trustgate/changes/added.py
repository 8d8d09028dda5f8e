"""Lines that commits added, each against its first parent: what the line ranges of a record are held against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from trustgate.changes.changeset import Hunk
from trustgate.changes.diff import parse_patch, path_of
from trustgate.changes.git import Git

_AT_ONCE = 100
"""commits asked for in one call: their ids fit on a command line"""
_OID = re.compile(rb"[0-9a-f]{40,64}\n")
_FLAGS = ("--no-walk=unsorted", "--format=%H", "-m", "--first-parent", "-p", "-U0", "--text", "--no-renames")

Added = Mapping[str, tuple[range, ...]]
"""per path, 1-based numbers of added lines, first to last"""


def added_lines(git: Git, oids: Sequence[str]) -> dict[str, Added]:
    """By commit. Raises CannotJudge where something is missing or a diff cannot be read."""
    found: dict[str, Added] = {}
    wanted = list(dict.fromkeys(oids))
    for start in range(0, len(wanted), _AT_ONCE):
        with git.lines("log", *_FLAGS, "--root", *wanted[start : start + _AT_ONCE], "--") as lines:
            for oid, patch in _split(lines):
                found[oid] = {
                    path_of(section.new_path): tuple(hunk.new_lines for hunk in section.hunks if hunk.new_count)
                    for section in parse_patch(patch)
                    if section.new_path is not None and _adds(section.hunks)
                }
    return found


def _adds(hunks: Sequence[Hunk]) -> bool:
    return any(hunk.new_count for hunk in hunks)


def _split(lines: Iterator[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Commit by commit. With no context, every line of a patch starts with a sign or a header's word: an id alone on a
    line is git's. What a caller leaves unread of a patch is passed over."""
    pending: list[bytes] = []

    def patch() -> Iterator[bytes]:
        for line in lines:
            if _OID.fullmatch(line):
                pending.append(line)
                return
            if line != b"\n":
                yield line

    for line in lines:
        if _OID.fullmatch(line):
            pending.append(line)
            break
    while pending:
        oid = pending.pop().strip().decode()
        one = patch()
        yield oid, one
        for _ in one:
            pass
