"""Files of a tree or of an index by path, without a process for each question."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property

from trustgate.changes.changeset import MODE_SUBMODULE
from trustgate.changes.diff import path_of
from trustgate.changes.git import Git
from trustgate.errors import CannotJudge

_TREE = 0o040000


def split_listing(data: bytes) -> dict[str, tuple[int, str]]:
    """Mode and id by path, from `ls-tree -r -z` or `ls-files -s -z` (stage 0 only)."""
    found = {}
    for line in data.split(b"\0"):
        head, tab, name = line.partition(b"\t")
        words = head.split()
        if not tab or len(words) != 3:
            continue
        mode, second, third = words
        if second in (b"blob", b"commit", b"tree"):
            found[path_of(name)] = (int(mode, 8), third.decode())
        elif third == b"0":
            found[path_of(name)] = (int(mode, 8), second.decode())
    return found


class Tree:
    """The files of a commit or tree. Raises CannotJudge where a part of it is not in this clone."""

    def __init__(self, git: Git, oid: str) -> None:
        self._git = git
        self.oid = oid

    def entry(self, path: str) -> tuple[int, str] | None:
        """Mode and id of a path, found by descending; None where there is no such path."""
        mode, oid = _TREE, self._root
        for part in os.fsencode(path).split(b"/"):
            found = _in_tree(self._git.objects.read(oid), part, len(oid) // 2) if mode == _TREE else None
            if found is None:
                return None
            mode, oid = found
        return mode, oid

    def file(self, path: str) -> bytes | None:
        """Contents of a file (of a symbolic link: its target); None where there is none."""
        return _contents(self._git, self.entry(path))

    def paths(self) -> frozenset[str]:
        return frozenset(split_listing(self._git.run("ls-tree", "-r", "-z", "--full-tree", self._root)))

    @cached_property
    def _root(self) -> str:
        return tree_of(self._git, self.oid)


class Index:
    """The files of an index as it is now; read whole on the first question."""

    def __init__(self, git: Git, environment: Mapping[str, str]) -> None:
        self._git = git
        self._environment = environment

    @cached_property
    def entries(self) -> dict[str, tuple[int, str]]:
        return split_listing(self._git.run("ls-files", "-s", "-z", env=self._environment))

    def file(self, path: str) -> bytes | None:
        return _contents(self._git, self.entries.get(path))


def tree_of(git: Git, oid: str) -> str:
    """Id of the tree of a commit; a tree's own id."""
    info = git.objects.info(oid)
    if info is None:
        raise git.objects.missing(oid)
    if info.kind == "tree":
        return oid
    first = git.objects.read(oid).split(b"\n", 1)[0]
    if info.kind != "commit" or not first.startswith(b"tree "):
        raise CannotJudge(f"object {oid} is neither a commit nor a tree")
    return first[5:].decode("ascii", "replace")


def parents_of(git: Git, oid: str) -> tuple[str, ...]:
    """Parents as the commit object names them, whether they are in this clone or not."""
    head = git.objects.read(oid).split(b"\n\n", 1)[0].split(b"\n")
    parents = []
    for line in head[1:]:
        if not line.startswith(b"parent "):
            break
        parents.append(line[7:].decode("ascii", "replace"))
    return tuple(parents)


def _contents(git: Git, entry: tuple[int, str] | None) -> bytes | None:
    if entry is None or entry[0] in (_TREE, MODE_SUBMODULE):
        return None
    return git.objects.read(entry[1])


def _in_tree(data: bytes, name: bytes, width: int) -> tuple[int, str] | None:
    """One entry of a tree object: `<mode> <name>\\0<id>`, over and over (`width` bytes an id)."""
    at = 0
    while at < len(data):
        end = data.find(b"\0", at)
        mode, _, found = data[at:end].partition(b" ")
        if end < 0 or not mode.isdigit():
            raise CannotJudge("a tree object cannot be read", "try `git fsck`")
        if found == name:
            return int(mode, 8), data[end + 1 : end + 1 + width].hex()
        at = end + 1 + width
    return None
