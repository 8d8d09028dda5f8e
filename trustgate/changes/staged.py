"""What is staged: the index against HEAD. The work tree is not looked at, and GitPython is not imported."""

from __future__ import annotations

from trustgate.changes.changeset import ChangeSet
from trustgate.changes.compare import compare_index
from trustgate.changes.git import Git
from trustgate.changes.merges import before_next_commit, other_side_note
from trustgate.changes.trees import Index, Tree


def read_staged(git: Git) -> ChangeSet:
    """The index (the one of GIT_INDEX_FILE, where `Git.open` was given it) against HEAD.

    During a merge it is compared with git's automatic merge. Raises CannotJudge when a path is not merged yet.
    """
    before = before_next_commit(git)
    base = git.place.head or git.empty_tree
    files = compare_index(git, before.tree, git.index_environment)
    old, index = Tree(git, base), Index(git, git.index_environment)
    return ChangeSet(
        files=files,
        diff_base=base,
        trusted_base=base,
        head="index",
        read=git.objects.read,
        base_file=old.file,
        notes=(*before.notes, *other_side_note(git, base, before, files)),
        base_paths=old.paths,
        head_file=index.file,
        sniff=git.objects.sniff,
    )
