"""A change set between two sets of files held in memory: for rule examples and tests, with no repository."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping

from trustgate.changes.changeset import ABSENT, MODE_FILE, MODE_NONE, ChangeSet, CommitInfo, FileChange, Hunk, Status


def split_lines(data: bytes) -> list[bytes]:
    """Lines as git counts them: LF ends a line and nothing else does; a last line without LF counts."""
    lines = data.split(b"\n")
    if lines and lines[-1] == b"":
        lines.pop()
    return lines


def line_hunks(old: bytes, new: bytes) -> tuple[Hunk, ...]:
    """Hunks without context that turn `old` into `new`."""
    matcher = difflib.SequenceMatcher(None, split_lines(old), split_lines(new), autojunk=False)
    hunks = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag != "equal":
            hunks.append(Hunk(a1 + (a2 > a1), a2 - a1, b1 + (b2 > b1), b2 - b1))
    return tuple(hunks)


def change_between(
    before: Mapping[str, bytes], after: Mapping[str, bytes], commits: tuple[CommitInfo, ...] = ()
) -> ChangeSet:
    """The change set that turns `before` into `after`; keys are paths. Renames are not detected."""
    blobs: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        oid = hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()
        blobs[oid] = data
        return oid

    files = []
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        status = Status.ADDED if old is None else Status.DELETED if new is None else Status.MODIFIED
        files.append(
            FileChange(
                path=path,
                status=status,
                old_path=path,
                old_mode=MODE_NONE if old is None else MODE_FILE,
                new_mode=MODE_NONE if new is None else MODE_FILE,
                old_id=ABSENT if old is None else keep(old),
                new_id=ABSENT if new is None else keep(new),
                hunks=line_hunks(old or b"", new or b""),
                old_size=len(old or b""),
                new_size=len(new or b""),
            )
        )
    return ChangeSet(
        files=tuple(files),
        diff_base="before",
        trusted_base="before",
        head="after",
        read=blobs.__getitem__,
        base_file=before.get,
        commits=commits,
        base_paths=lambda: frozenset(before),
        head_file=after.get,
    )
