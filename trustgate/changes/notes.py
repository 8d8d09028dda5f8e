"""Notes of commits under one notes ref, read by us from its tree: fast for thousands of commits, and bounded.

A notes tree maps an object id, in hex, to a blob; the id may be split by slashes after any number of pairs of digits
(fan-out, gitnotes(7) and notes.h of git). Only the folders that lead to a commit that was asked for are read, so that
a tree that would unfold without end does not. Notes are anybody's to write: what they hold is hostile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from trustgate.changes.changeset import MODE_EXEC, MODE_FILE
from trustgate.changes.git import Git
from trustgate.changes.place import is_oid
from trustgate.changes.trees import tree_of
from trustgate.errors import CannotJudge, UsageError

NOTE_LIMIT = 8 * 1024 * 1024
"""bytes of one commit's notes"""
TOTAL_LIMIT = 256 * 1024 * 1024
"""bytes of all the notes that one reading returns"""
TREE = 0o040000
_REF = re.compile(r"refs/notes/[A-Za-z0-9_][\w.@+/-]{0,200}", re.ASCII)

Entries = dict[bytes, tuple[int, str]]
"""mode and id by name, of one tree object"""


class Notes(NamedTuple):
    texts: dict[str, bytes]
    """by commit id; a commit without a note is not in it"""
    problems: tuple[tuple[str, str], ...] = ()
    """commit id and why its note could not be read: too large, missing from this clone, not a file"""


def read_notes(git: Git, ref: str, commits: Iterable[str]) -> Notes:
    """The notes of these commits (full ids) under `ref`; none where there is no such ref.

    Raises UsageError for a ref outside `refs/notes/`, CannotJudge where the ref is there and cannot be read.
    """
    tip = notes_tip(git, ref)
    return notes_at(git, tip, commits) if tip else Notes({})


def notes_at(git: Git, tip: str, commits: Iterable[str]) -> Notes:
    """As `read_notes`, of the notes commit or tree `tip`."""
    reader = _Reader(git, tree_of(git, tip))
    wanted, problems = {}, []
    for commit in dict.fromkeys(commits):
        try:
            blobs = tuple(reader.blobs(commit))
        except CannotJudge as error:
            problems.append((commit, error.message))
            continue
        if blobs:
            wanted[commit] = blobs
    git.objects.infos(oid for blobs in wanted.values() for oid in blobs)  # in rounds, not one by one
    texts, total = {}, 0
    for commit, blobs in wanted.items():
        try:
            text = b"\n".join(_note(git, oid) for oid in blobs)
        except CannotJudge as error:
            problems.append((commit, error.message))
            continue
        total += len(text)
        if total > TOTAL_LIMIT:
            problems.append((commit, f"the notes are over {TOTAL_LIMIT // 2**20} MiB in all"))
            break
        texts[commit] = text
    return Notes(texts, tuple(problems))


def notes_tip(git: Git, ref: str) -> str:
    """Id of the notes commit that `ref` names, empty where there is none. Raises CannotJudge for a broken ref."""
    check_ref(ref)
    done = git.ask_real("rev-parse", "--verify", "--quiet", "--end-of-options", ref)
    oid = os.fsdecode(done.stdout).strip()
    if done.returncode == 0 and is_oid(oid):
        return oid
    if Path(git.place.common_dir, ref).is_file():
        raise CannotJudge(f"{ref} cannot be read", "try `git fsck`")
    return ""


def check_ref(ref: str) -> None:
    """Raises UsageError for anything but the full name of a notes ref."""
    odd = any(bad in ref for bad in ("..", "//", "/.", ".lock", "@{")) or ref.endswith(("/", "."))
    if odd or not _REF.fullmatch(ref):
        raise UsageError(f"{ref!r} is no notes ref", "write its full name, such as refs/notes/commits")


def parse_entries(data: bytes, width: int) -> Entries:
    """A tree object: `<mode> <name>\\0<id>`, over and over (`width` bytes an id). Raises CannotJudge."""
    entries: Entries = {}
    at = 0
    while at < len(data):
        end = data.find(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        if end < 0 or not mode.isdigit() or mode.strip(b"01234567") or len(data) < end + 1 + width:
            raise CannotJudge("a tree of notes cannot be read", "try `git fsck`")
        entries[name] = int(mode, 8), data[end + 1 : end + 1 + width].hex()
        at = end + 1 + width
    return entries


def _note(git: Git, oid: str) -> bytes:
    info = git.objects.info(oid)
    if info is not None and info.kind != "blob":
        raise CannotJudge(f"the note {oid} is a {info.kind}")
    return git.objects.read(oid, NOTE_LIMIT)


class _Reader:
    """Trees on the way to notes, each read once."""

    def __init__(self, git: Git, root: str) -> None:
        self._git = git
        self._root = root
        self._trees: dict[str, Entries] = {}

    def blobs(self, commit: str) -> Iterator[str]:
        """Ids of the notes of a commit: git itself reads a tree that has it at several depths, so all of them."""
        tree, rest = self._root, commit.encode()
        while len(rest) >= 2:
            entries = self._entries(tree)
            found = entries.get(rest)
            if found is not None and found[0] in (MODE_FILE, MODE_EXEC):
                yield found[1]
            elif found is not None:
                raise CannotJudge("the note is not a file")
            below = entries.get(rest[:2])
            if below is None or below[0] != TREE:
                return
            tree, rest = below[1], rest[2:]

    def _entries(self, oid: str) -> Entries:
        entries = self._trees.get(oid)
        if entries is None:
            entries = self._trees[oid] = parse_entries(self._git.objects.read(oid), len(oid) // 2)
        return entries
