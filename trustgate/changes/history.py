"""What a range can be asked beyond its difference: notes on its commits, who introduced a line, files as they were.

Asked only when somebody wants to know who wrote the range; the staged hook never does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from trustgate.changes.added import Added, added_lines
from trustgate.changes.blame import Blamed, blame
from trustgate.changes.git import Git
from trustgate.changes.notes import Notes, read_notes
from trustgate.changes.trees import Tree

REF_LIMIT = 20
"""notes refs that are read"""
TREE_LIMIT = 500
"""trees that are kept open"""


class History:
    """A range of a repository that is open; without a head (ids empty), single commits that belong to none.

    Every method raises CannotJudge for what is not in this clone.
    """

    def __init__(self, git: Git, base: str, head: str) -> None:
        self._git = git
        self.git = git
        """the repository, for records that are bound to more than a range"""
        self.base = base
        self.head = head
        self._trees: dict[str, Tree] = {}

    def note_refs(self, *prefixes: str) -> tuple[str, ...]:
        """Full names of the notes refs that are one of `prefixes` or lie below one, sorted; no more than REF_LIMIT."""
        said = os.fsdecode(self._git.ask_real("for-each-ref", "--format=%(refname)", "--", *prefixes).stdout)
        return tuple(sorted(said.split()))[:REF_LIMIT]

    def notes(self, ref: str, oids: Sequence[str]) -> Notes:
        return read_notes(self._git, ref, oids)

    def added(self, oids: Sequence[str]) -> Mapping[str, Added]:
        return added_lines(self._git, oids)

    def blame(self, path: str, *, moved: bool = False) -> tuple[Blamed, ...]:
        return blame(self._git, self.base, self.head, path, moved=moved)

    def has_folder(self, path: str) -> bool:
        """Whether the head has a folder (or a file) of that name."""
        return bool(self.head) and self._tree(self.head).entry(path) is not None

    def file_at(self, oid: str, path: str) -> bytes | None:
        """Contents of a path in a commit, None where there is no such file."""
        return self._tree(oid).file(path)

    def _tree(self, oid: str) -> Tree:
        tree = self._trees.get(oid)
        if tree is None:
            if len(self._trees) >= TREE_LIMIT:
                self._trees.clear()
            tree = self._trees[oid] = Tree(self._git, oid)
        return tree
