"""Which commit of a range introduced each line of a file: `git blame --incremental` on the private directory.

Format: git-blame(1), "INCREMENTAL OUTPUT". What is said of a commit (`boundary`) is said the first time it occurs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trustgate.changes.diff import path_of, unquote
from trustgate.changes.git import Git

MOVED = "-M100"
"""lines moved within a file keep their origin: at least 100 letters and digits in one piece (git-blame(1), -M)"""
_HEAD = re.compile(rb"([0-9a-f]{40,64}) (\d{1,10}) (\d{1,10}) (\d{1,10})\n")


class Blamed(NamedTuple):
    """Lines that stand together now and were introduced together."""

    commit: str
    path: str
    """of the file in that commit"""
    first: int
    """1-based first line in that commit"""
    start: int
    """1-based first line now"""
    length: int
    """number of lines"""


def blame(git: Git, base: str, head: str, path: str, *, moved: bool = False) -> tuple[Blamed, ...]:
    """Lines of `path` at `head` that a commit introduced which `base` does not have, from first to last.

    Raises CannotJudge when the file is not there, or git is not done in time.
    """
    span = (head,) if base == git.empty_tree else (f"^{base}", head)
    flags = ("--incremental", "--root", *((MOVED,) if moved else ()))  # a first commit is no boundary of the range
    with git.lines("blame", *flags, *span, "--", path) as lines:
        return tuple(sorted(_blamed(lines), key=lambda found: found.start))


def _blamed(lines: Iterator[bytes]) -> Iterator[Blamed]:
    older: set[bytes] = set()
    head = None
    for line in lines:
        if (match := _HEAD.fullmatch(line)) is not None:
            head = match
        elif line == b"boundary\n" and head:
            older.add(head[1])
        elif line.startswith(b"filename ") and head:
            if head[1] not in older:
                raw = line[len(b"filename ") : -1]
                name = path_of(unquote(raw)[0] if raw.startswith(b'"') else raw)
                yield Blamed(head[1].decode(), name, int(head[2]), int(head[3]), int(head[4]))
            head = None
