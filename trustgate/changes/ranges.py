"""Ranges of commits become change sets: `A`, `A..B`, `A...B`, and one commit on its own."""

from __future__ import annotations

from trustgate.changes.changeset import ChangeSet, CommitInfo, FileChange
from trustgate.changes.commits import commit_info, commits_of, touched_paths
from trustgate.changes.compare import compare_trees
from trustgate.changes.git import Git
from trustgate.changes.history import History
from trustgate.changes.merges import Before, before_merge, other_side_note
from trustgate.changes.revisions import check_whole, is_ancestor, merge_base, resolve, resolve_base
from trustgate.changes.trees import Tree, parents_of
from trustgate.errors import CannotJudge, UsageError

FIRST_COMMIT = "first commit: compared with the empty tree"


def read_range(git: Git, spec: str, *, trusted_base: str | None = None) -> ChangeSet:
    """The change set of `A` (merge base with HEAD, to HEAD), `A..B` (literally) or `A...B` (merge base, to B).

    The trusted base is A itself, not the merge base, unless `trusted_base` names another revision (the tip of the
    target branch). Raises UsageError for a revision that does not exist, CannotJudge where objects or a common history
    are missing.
    """
    named, base, head, notes = _ends(git, spec)
    trusted = resolve(git, trusted_base) if trusted_base else named
    parents = parents_of(git, head)
    merge = len(parents) > 1 and parents[0] == base
    before = before_merge(git, base, parents[1:]) if merge else Before(base)
    commits = (commit_info(git, head),) if before.automatic else commits_of(git, named, head)
    notes += _unread(git, named, head)
    return _change_set(git, before, base=base, head=head, trusted=trusted, commits=commits, notes=tuple(notes))


def check_range(git: Git, spec: str, *, trusted_base: str | None = None) -> None:
    """Raises what `read_range` would raise for commits or a history that are not in this clone; reads no file.

    Also raises CannotJudge for a literal range whose commits are not all there: its difference could be read, and not
    who wrote it.
    """
    named, _, head, _ = _ends(git, spec)
    if named != git.empty_tree:
        check_whole(git, head, without=(named,))
    if trusted_base:
        resolve(git, trusted_base)


def _ends(git: Git, spec: str) -> tuple[str, str, str, list[str]]:
    """Of a range: the base that was named, the diff base, the head, and notes on how they were chosen."""
    left, dots, right = _split(spec)
    head = resolve(git, right or "HEAD")
    named = base = resolve_base(git, left or "HEAD")
    notes: list[str] = []
    if named == git.empty_tree:
        notes.append(FIRST_COMMIT)
    elif dots == "..":
        if not is_ancestor(git, named, head):
            notes.append(f"{left or 'HEAD'} is no ancestor of {right or 'HEAD'}: their trees are compared literally")
    else:
        base, count = merge_base(git, named, head)
        if count > 1:
            notes.append(f"{count} merge bases: compared with {base[:12]}")
    if base == head:
        notes.append(f"{right or 'HEAD'} has nothing that {left or 'HEAD'} has not")
    return named, base, head, notes


def commit_change(git: Git, oid: str) -> ChangeSet:
    """One commit against its first parent, a merge against git's automatic merge, a first commit against nothing."""
    oid = resolve(git, oid)
    parents = parents_of(git, oid)
    base = parents[0] if parents else git.empty_tree
    if git.objects.info(base) is None:
        raise CannotJudge(f"commit {base}, the parent of {oid[:12]}, is not in this clone", git.remedy())
    notes = () if parents else (FIRST_COMMIT,)
    before = before_merge(git, base, parents[1:]) if len(parents) > 1 else Before(base)
    commits = (commit_info(git, oid),)
    return _change_set(git, before, base=base, head=oid, trusted=base, commits=commits, notes=notes)


def _unread(git: Git, base: str, head: str) -> tuple[str, ...]:
    """A line where a literal range has commits that a shallow clone lacks: who wrote them is not known."""
    try:
        check_whole(git, head, without=() if base == git.empty_tree else (base,))
    except CannotJudge as error:
        return (f"{error.message}: commits before it were not read",)
    return ()


def _split(spec: str) -> tuple[str, str, str]:
    if not spec.strip() or spec.startswith(".."):
        raise UsageError("the range has no base" if spec.strip() else "the range is empty", "write A, A..B or A...B")
    for dots in ("...", ".."):
        left, found, right = spec.partition(dots)
        if found:
            if right.startswith(".") or ".." in right:
                raise UsageError(f"{spec}: not a range", "write A, A..B or A...B")
            return left, dots, right
    return spec, "", ""


def _change_set(
    git: Git,
    before: Before,
    *,
    base: str,
    head: str,
    trusted: str,
    commits: tuple[CommitInfo, ...],
    notes: tuple[str, ...],
) -> ChangeSet:
    files: tuple[FileChange, ...] = compare_trees(git, before.tree, head)
    old, new = Tree(git, trusted), Tree(git, head)
    return ChangeSet(
        files=files,
        diff_base=base,
        trusted_base=trusted,
        head=head,
        read=git.objects.read,
        base_file=old.file,
        commits=commits,
        touched=touched_paths(git, [commit.id for commit in commits]),
        notes=(*notes, *before.notes, *other_side_note(git, base, before, files)),
        base_paths=old.paths,
        head_file=new.file,
        sniff=git.objects.sniff,
        history=History(git, base, head),
    )
