"""The commits that a command is asked about: one revision, a range, or a list of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trustgate.changes.changeset import CommitInfo
from trustgate.changes.commits import commit_info, commits_of, stream_commits
from trustgate.changes.git import Git
from trustgate.changes.place import is_oid
from trustgate.changes.revisions import merge_base, resolve, resolve_base
from trustgate.errors import TrustgateError, UsageError


class Span(NamedTuple):
    base: str
    """commit or empty tree that the range starts after"""
    head: str
    commits: tuple[CommitInfo, ...]
    """oldest first"""


def read_span(git: Git, spec: str) -> Span:
    """`A..B`, `A...B` (from their merge base), or one revision. Raises UsageError for a name that means nothing."""
    if ".." not in spec:
        head = resolve(git, spec)
        commit = commit_info(git, head)
        return Span(commit.parents[0] if commit.parents else git.empty_tree, head, (commit,))
    left, dots, right = spec.partition("..." if "..." in spec else "..")
    if right.startswith(".") or ".." in right or not (left or right):
        raise UsageError(f"{spec}: not a range", "write A..B or A...B")
    base, head = resolve_base(git, left or "HEAD"), resolve(git, right or "HEAD")
    if dots == "...":
        base = merge_base(git, base, head)[0]
    return Span(base, head, commits_of(git, base, head))


def read_listed(git: Git, names: Sequence[str]) -> Iterator[tuple[str, CommitInfo | TrustgateError]]:
    """Each name with its commit, or why it cannot be had. Full ids are read together: thousands take a second."""
    plain = [name for name in names if is_oid(name)]
    found = stream_commits(git, plain)
    for name in names:
        if is_oid(name):
            commit = next(found)[1]
            yield name, commit if commit is not None else _one(git, name)
        else:
            yield name, _one(git, name)


def _one(git: Git, name: str) -> CommitInfo | TrustgateError:
    try:
        return commit_info(git, resolve(git, name))
    except TrustgateError as error:
        return error
