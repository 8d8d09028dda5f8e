"""A patch from a file or a pipe: as much of both sides as the patch, and the repository where there is one, can tell.

A file whose old contents are known (by the id on the `index` line, or at HEAD, when the hunks match) is exact. Of any
other file only the hunks are known: the lines between them are blank, and the path is listed in `partial`.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from trustgate.changes.changeset import (
    ABSENT,
    BINARY_PROBE,
    MODE_FILE,
    MODE_NONE,
    MODE_SUBMODULE,
    SIZE_LIMIT,
    ChangeSet,
    FileChange,
    Hunk,
    Status,
)
from trustgate.changes.diff import ADDED, REMOVED, Body, DiffError, Section, parse_patch, path_of
from trustgate.changes.git import Git
from trustgate.changes.outer import outer_hunk
from trustgate.changes.trees import Tree
from trustgate.errors import CannotJudge

_SUBPROJECT = re.compile(rb"Subproject commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)(?:-dirty)?\n?")
_TYPE = 0o170000


@dataclass(slots=True)
class _File:
    """One path as the patch leaves it. None for a side that does not exist."""

    old_path: str
    path: str
    old_mode: int
    new_mode: int
    old: bytes | None
    new: bytes | None
    hunks: tuple[Hunk, ...] = ()
    renamed: bool = False
    copied: bool = False
    partial: bool = False
    fault: str = ""
    old_id: str = ""
    """given for what has no contents here: a submodule"""
    new_id: str = ""


def read_patch(git: Git | None, data: bytes) -> ChangeSet:
    """The change set of a unified diff, or of several after each other (`git format-patch --stdout`).

    Raises DiffError for what is no unified diff, is cut short, or does not fit the blob that it names. Contents that
    the patch does not show (binary files) raise CannotJudge when they are read.
    """
    reader = _Patch(git)
    for section in parse_patch(data, keep=True):
        reader.take(section)
    if not reader.files:
        raise DiffError("no unified diff in the patch", "make one with `git diff` or `diff -u`")
    return reader.change_set()


class _Patch:
    def __init__(self, git: Git | None) -> None:
        self._git = git
        self._base = git.place.head if git else ""
        self._tree = Tree(git, self._base) if git and self._base else None
        self.files: dict[str, _File] = {}
        """by the path that each file has now: a later section goes on where an earlier one ended"""

    def take(self, section: Section) -> None:
        old_path = path_of(section.old_path or section.new_path or b"")
        path = path_of(section.new_path or section.old_path or b"")
        known = self.files.pop(old_path, None) if not section.copied else None
        file = self._fresh(section, old_path, path)
        if MODE_SUBMODULE in (file.old_mode, file.new_mode):
            _submodule(file, section)
        elif section.binary:
            self._binary(file, section)
        elif known and not section.added:
            self._go_on(file, known, section)
        else:
            self._first(file, section, old_path)
        if known:
            _join(file, known)
        if file.old is None and file.new is None and not (file.fault or file.old_id or file.new_id):
            return  # came and went within the patch
        self.files[path] = file

    def _fresh(self, section: Section, old_path: str, path: str) -> _File:
        entry = self._tree.entry(old_path) if self._tree and not section.added else None
        old_mode = section.old_mode or (entry[0] if entry else MODE_FILE)
        return _File(
            old_path=old_path,
            path=path,
            old_mode=MODE_NONE if section.added else old_mode,
            new_mode=MODE_NONE if section.deleted else section.new_mode or (MODE_FILE if section.added else old_mode),
            old=None,
            new=None,
            hunks=tuple(section.hunks),
            renamed=section.renamed or (not section.copied and old_path != path),
            copied=section.copied,
        )

    def _first(self, file: _File, section: Section, old_path: str) -> None:
        """Both sides of a file that the patch touches for the first time."""
        if section.added:
            file.new = apply(b"", section.bodies)
            if file.new is None:
                raise DiffError(f"{file.path}: a new file whose hunks do not start at line 1")
            return
        old = self._by_id(section.old_id)
        if old is not None:
            new = apply(old, section.bodies)
            if new is None:
                raise DiffError(f"{file.path}: the patch does not fit blob {section.old_id}, which it names")
        else:
            old = self._at_head(old_path)
            new = apply(old, section.bodies) if old is not None else None
        if old is None or new is None:
            old, new = blank_sides(file.path, section.bodies)
            file.partial = not section.deleted
        self._settle(file, section, old, new)

    def _go_on(self, file: _File, known: _File, section: Section) -> None:
        """A second section for one file, in a series of patches."""
        old = known.new
        new = apply(old, section.bodies) if old is not None else None
        if old is None or new is None:
            if not known.partial:
                raise DiffError(f"{file.path}: a later patch does not fit what an earlier one made")
            old, new = blank_sides(file.path, section.bodies)
            file.partial = True
        self._settle(file, section, old, new)

    def _settle(self, file: _File, section: Section, old: bytes, new: bytes) -> None:
        if section.deleted and new:
            raise DiffError(f"{file.path}: deleted, but the patch does not remove all of its lines")
        file.old, file.new = old, None if section.deleted else new

    def _by_id(self, oid: str) -> bytes | None:
        if not self._git or not oid.strip("0"):
            return None
        info = self._git.objects.info(oid)
        readable = info is not None and info.kind == "blob" and info.size <= SIZE_LIMIT
        return self._git.objects.read(info.oid) if info and readable else None

    def _at_head(self, path: str) -> bytes | None:
        entry = self._tree.entry(path) if self._tree else None
        return self._by_id(entry[1]) if entry else None

    def _binary(self, file: _File, section: Section) -> None:
        """Readable only where the repository has the blobs that the patch names."""
        file.hunks = ()
        old, new = self._by_id(section.old_id), self._by_id(section.new_id)
        if (old is None and not section.added) or (new is None and not section.deleted):
            file.fault = f"{file.path}: the patch does not show the contents of this file (binary)"
        file.old = None if section.added else old or b""
        file.new = None if section.deleted else new or b""

    def change_set(self) -> ChangeSet:
        blobs: dict[str, bytes] = {}
        faults: dict[str, str] = {}
        files = tuple(self._change(number, file, blobs, faults) for number, file in enumerate(self._sorted()))
        git, tree = self._git, self._tree

        def read(oid: str) -> bytes:
            if oid in faults:
                raise CannotJudge(faults[oid], "review the range itself with --diff")
            if oid in blobs:
                return blobs[oid]
            if git is None:
                raise CannotJudge(f"object {oid} is not part of the patch")
            return git.objects.read(oid)

        def head_file(path: str) -> bytes | None:
            file = self.files.get(path)
            if file:
                return file.new
            return tree.file(path) if tree and path not in self._left else None

        return ChangeSet(
            files=files,
            diff_base=self._base,
            trusted_base=self._base,
            head="patch",
            read=read,
            base_file=tree.file if tree else lambda _path: None,
            base_paths=tree.paths if tree else frozenset,
            head_file=head_file,
            partial=frozenset(file.path for file in self.files.values() if file.partial),
            sniff=lambda oid: read(oid)[:BINARY_PROBE],
        )

    @property
    def _left(self) -> frozenset[str]:
        """Paths that the patch renames away."""
        return frozenset(file.old_path for file in self.files.values() if file.renamed)

    def _sorted(self) -> list[_File]:
        return [self.files[path] for path in sorted(self.files)]

    def _change(self, number: int, file: _File, blobs: dict[str, bytes], faults: dict[str, str]) -> FileChange:
        def keep(data: bytes | None) -> str:
            if data is None:
                return ABSENT
            oid = self._git.objects.id_of("blob", data) if self._git else _sha1(data)
            blobs[oid] = data
            return oid

        old_id, new_id = file.old_id or keep(file.old), file.new_id or keep(file.new)
        if file.fault:
            unique = [f"{number:08x}".rjust(len(ABSENT), side) for side in "ef"]  # ids that no object has
            faults |= dict.fromkeys(unique, file.fault)
            old_id, new_id = (u if oid != ABSENT else ABSENT for u, oid in zip(unique, (old_id, new_id), strict=True))
        return FileChange(
            path=file.path,
            status=_status(file, old_id, new_id),
            old_path=file.old_path,
            old_mode=file.old_mode,
            new_mode=file.new_mode,
            old_id=old_id,
            new_id=new_id,
            hunks=file.hunks,
            old_size=len(file.old or b""),
            new_size=len(file.new or b""),
        )


def _status(file: _File, old_id: str, new_id: str) -> Status:
    if old_id == ABSENT:
        return Status.ADDED
    if new_id == ABSENT:
        return Status.DELETED
    if (file.old_mode ^ file.new_mode) & _TYPE:
        return Status.TYPE_CHANGED
    return Status.COPIED if file.copied else Status.RENAMED if file.renamed else Status.MODIFIED


def _join(file: _File, known: _File) -> None:
    """Makes `file` say what the earlier sections and this one do together."""
    file.old_path, file.old_mode, file.old, file.old_id = known.old_path, known.old_mode, known.old, known.old_id
    file.partial = file.partial or known.partial
    file.fault = file.fault or known.fault
    file.copied = known.copied
    file.renamed = not known.copied and file.old is not None and file.old_path != file.path
    if file.old is None:
        file.old_path = file.path
    file.hunks = () if file.fault else outer_hunk(file.old or b"", file.new or b"")


def _submodule(file: _File, section: Section) -> None:
    """A gitlink's patch shows `Subproject commit <id>` on each side; another type on one side shows its lines."""
    ids = {REMOVED: "", ADDED: ""}
    for body in section.bodies:
        for kind, text in body.lines:
            match = _SUBPROJECT.fullmatch(text)
            if match and kind in ids:
                ids[kind] = match[1].decode()
    file.hunks = ()
    file.old_id = ids[REMOVED] if file.old_mode == MODE_SUBMODULE else ""
    file.new_id = ids[ADDED] if file.new_mode == MODE_SUBMODULE else ""
    if not file.old_id and not file.new_id:
        raise DiffError(f"{file.path}: a submodule whose commit cannot be read")


def _lines(data: bytes) -> list[bytes]:
    return io.BytesIO(data).readlines()  # splits at LF only


def apply(old: bytes, bodies: Sequence[Body]) -> bytes | None:
    """`old` with the hunks applied, exactly where they say; None where they do not fit."""
    lines = _lines(old)
    made: list[bytes] = []
    at = 0
    for body in bodies:
        first = body.old_first - 1
        if not at <= first <= len(lines):
            return None
        made += lines[at:first]
        at = first
        for kind, text in body.lines:
            if kind != ADDED:
                if at >= len(lines) or lines[at] != text:
                    return None
                at += 1
            if kind != REMOVED:
                made.append(text)
    made += lines[at:]
    return b"".join(made) if all(line.endswith(b"\n") for line in made[:-1]) else None


def blank_sides(path: str, bodies: Sequence[Body]) -> tuple[bytes, bytes]:
    """Both sides with every line that the hunks do not show left blank. Raises DiffError for absurd line numbers."""
    old: list[bytes] = []
    new: list[bytes] = []
    for body in bodies:
        gap = body.old_first - 1 - len(old)
        if not gap >= 0 or body.old_first > SIZE_LIMIT // 8:
            raise DiffError(f"{path}: line {body.old_first} is out of reach")
        old += [b"\n"] * gap
        new += [b"\n"] * gap
        old += [text for kind, text in body.lines if kind != ADDED]
        new += [text for kind, text in body.lines if kind != REMOVED]
    for side in (old, new):
        if not all(line.endswith(b"\n") for line in side[:-1]):
            raise DiffError(f"{path}: a line without its end is not the last one")
    return b"".join(old), b"".join(new)


def _sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()
