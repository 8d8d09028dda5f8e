"""A merge is judged by its difference from git's own automatic merge of its parents.

What came from the other side unchanged was somebody else's change; what the person who merged did is ours to judge:
conflict resolutions, edits slipped in, and guards that a resolution dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from trustgate.changes.changeset import FileChange
from trustgate.changes.compare import changed_paths
from trustgate.changes.git import Git
from trustgate.changes.place import is_oid
from trustgate.errors import CannotJudge
from trustgate.record import NamedTuple


class Before(NamedTuple):
    """The old side of a comparison."""

    tree: str
    """commit or tree to compare with"""
    automatic: bool = False
    """it is git's automatic merge"""
    notes: tuple[str, ...] = ()


def before_merge(git: Git, ours: str, others: tuple[str, ...]) -> Before:
    """What a merge of `others` into `ours` is compared with; `ours` itself where there is no automatic merge."""
    if len(others) != 1:
        return Before(ours, notes=(f"merge of {len(others) + 1} parents: compared with the first parent",))
    for parent in (ours, others[0]):
        if git.objects.info(parent) is None:
            raise CannotJudge(f"commit {parent}, a parent of the merge, is not in this clone", git.remedy())
    if git.place.shallow:
        from trustgate.changes.revisions import merge_base

        merge_base(git, ours, others[0])  # without one the automatic merge would be wrong, not absent
    done = git.ask("merge-tree", "--write-tree", "--no-messages", "--allow-unrelated-histories", ours, others[0])
    tree = os.fsdecode(done.stdout).split("\n", 1)[0].strip("\0")
    if done.returncode in (0, 1) and is_oid(tree):  # 1: with conflicts, whose markers are in the tree
        git.objects.forget()
        return Before(tree, automatic=True)
    if done.returncode == 129:  # usage: --write-tree came with git 2.38
        return Before(ours, notes=("merge: compared with the first parent, since git is older than 2.38",))
    raise git.failure("merge-tree", os.fsdecode(done.stderr))


def other_side_note(git: Git, ours: str, before: Before, files: Iterable[FileChange]) -> tuple[str, ...]:
    """How many files the automatic merge took from the other side and the merge left as they came."""
    if not before.automatic:
        return ()
    touched = {path for change in files for path in (change.path, change.old_path)}
    count = len(changed_paths(git, ours, before.tree) - touched)
    return (f"merge: {count} file{'s' * (count != 1)} came from the other side unchanged",)


def pending_merge(git: Git) -> tuple[str, ...]:
    """Commits that the next commit will merge, from MERGE_HEAD; none outside a merge."""
    path = Path(git.place.git_dir, "MERGE_HEAD")
    try:
        with path.open("rb") as file:
            words = file.read(100_000).split()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise CannotJudge(f"MERGE_HEAD cannot be read ({error.strerror})", "finish or abort the merge") from error
    names = tuple(word.decode("ascii", "replace") for word in words)
    if not all(is_oid(name) for name in names):
        raise CannotJudge("MERGE_HEAD cannot be read", "finish or abort the merge")
    return names


def before_next_commit(git: Git) -> Before:
    """What the index or the work tree is compared with: HEAD, the automatic merge, or nothing before a first commit."""
    if not git.place.head:
        return Before(git.empty_tree, notes=("no commit yet: compared with the empty tree",))
    others = pending_merge(git)
    return before_merge(git, git.place.head, others) if others else Before(git.place.head)
