"""From what was asked for to a change set: a range, the index, the work tree or a patch."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trustgate.changes.changeset import ChangeSet
from trustgate.changes.git import Git
from trustgate.errors import CannotJudge, UsageError

PATCH_LIMIT = 256 * 1024 * 1024
"""bytes of a patch that is read"""


@contextmanager
def open_change(
    repo: str = ".",
    diff: str | None = None,
    staged: bool = False,
    worktree: bool = False,
    patch: str | None = None,
    *,
    trusted_base: str | None = None,
) -> Iterator[ChangeSet]:
    """The change set of exactly one of the flags; with none of them the work tree.

    Raises UsageError for flags that exclude each other, a bad revision or no repository, CannotJudge for what cannot be
    read. The change set can be read until the context ends.
    """
    if sum((diff is not None, staged, worktree, patch is not None)) > 1:
        raise UsageError("--diff, --staged, --worktree and --patch exclude each other", "give one of them")
    index_file = os.environ.get("GIT_INDEX_FILE") if staged else None
    with Git.open(repo, index_file=index_file) as git:
        yield _read(git, diff, staged, patch, trusted_base)


def _read(git: Git, diff: str | None, staged: bool, patch: str | None, trusted_base: str | None) -> ChangeSet:
    if diff is not None:
        from trustgate.changes.ranges import read_range

        change = read_range(git, diff, trusted_base=trusted_base)
        return change._replace(notes=(*change.notes, *_left_out(git, change)))
    if staged:
        from trustgate.changes.staged import read_staged

        return read_staged(git)
    if patch is not None:
        from trustgate.changes.patch import read_patch

        return read_patch(git, _patch_bytes(patch))
    from trustgate.changes.worktree import read_worktree

    return read_worktree(git)


def _left_out(git: Git, change: ChangeSet) -> tuple[str, ...]:
    """A line that counts what a review of HEAD does not see."""
    if not git.place.top or change.head != git.place.head:
        return ()
    from trustgate.changes.worktree import uncommitted_count

    count = uncommitted_count(git)
    return (f"{count} uncommitted file{'s' * (count != 1)} outside the range, not reviewed",) if count else ()


def _patch_bytes(name: str) -> bytes:
    if name == "-":
        data = sys.stdin.buffer.read(PATCH_LIMIT + 1)
    else:
        try:
            with Path(name).open("rb") as file:
                data = file.read(PATCH_LIMIT + 1)
        except OSError as error:
            raise UsageError(
                f"{name}: {error.strerror or error}", "give a readable patch file, or - for standard input"
            ) from error
    if len(data) > PATCH_LIMIT:
        raise CannotJudge(f"the patch is over {PATCH_LIMIT // 2**20} MiB", "review the range itself with --diff")
    return data
