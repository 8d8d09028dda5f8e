"""What a record is bound to, read from the repository: a commit with its tree, its parents and its patch."""

from __future__ import annotations

from trustgate.attribution.statement import Binding
from trustgate.changes.git import Git
from trustgate.changes.patch_id import patch_id
from trustgate.changes.trees import parents_of, tree_of

REF = "refs/notes/trustgate"
"""where records lie: as notes of their commit, and as notes of the name of their patch"""


def binding_of(git: Git, commit: str) -> Binding:
    """Raises CannotJudge where the commit or its parent is not in this clone."""
    tree, parents = tree_of(git, commit), parents_of(git, commit)
    patch = patch_id(git, parents[0] if parents else git.empty_tree, commit) if len(parents) < 2 else ""
    return Binding(commit, tree, parents, patch)


def patch_key(git: Git, patch: str) -> str:
    """The object id under which records of a patch lie: that of a blob that names it, and that nobody needs to have.

    A rebased or cherry-picked commit has another id and the same patch, so its records are found here."""
    return git.objects.id_of("blob", b"trustgate patch %s\n" % patch.encode())
