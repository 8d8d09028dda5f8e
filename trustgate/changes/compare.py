"""Two trees, or a tree and an index, become FileChanges: paths from `--raw -z`, lines from the blobs themselves.

The patch is made of the pairs of blobs that the raw list names, put side by side as numbered files in two made-up
trees. So no file name, rename pairing, type change or path limit can come between a path and its lines.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from trustgate.changes.changeset import ABSENT, BINARY_PROBE, MODE_SUBMODULE, SIZE_LIMIT, FileChange, Hunk, Status
from trustgate.changes.diff import DiffError, RawEntry, parse_patch, parse_raw
from trustgate.changes.git import Git, GitFailed, TooSlow
from trustgate.changes.objects import ObjectInfo
from trustgate.changes.outer import outer_hunk

_RAW = ("--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-color", "--no-relative", "--ignore-submodules=none")
_RENAMES, _EXACT_RENAMES = ("-M", "-l1000"), ("-M100%",)
_PATCH = (
    *("-r", "-p", "-U0", "--inter-hunk-context=0", "--text", "--full-index", "--no-renames", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--diff-algorithm=histogram"),
)
Pair = tuple[str, str, bool]
"""Ids of two blobs (ABSENT for none), and whether they are of one type: files of different types share no lines."""
NOTHING: Pair = (ABSENT, ABSENT, True)
_SLOW = 2 * 1024 * 1024
"""bytes of a pair from which it is compared on its own, within _SLOW_SECONDS"""
_SLOW_SECONDS, _SLOW_SECONDS_IN_ALL = 10.0, 30.0
_MANY_LINES = 2_000_000
"""lines of a pair that git is not asked to compare: it takes about 100 bytes of memory for each"""
_LARGE = 256 * 1024
"""bytes; a binary file above this is not compared line by line. Below, the lines cost less than the look"""


def compare_trees(git: Git, old: str, new: str) -> tuple[FileChange, ...]:
    """What turns one commit or tree into another."""
    return _changes(git, ("diff-tree", "-r"), (old, new), None)


def compare_index(git: Git, old: str, environment: Mapping[str, str]) -> tuple[FileChange, ...]:
    """What turns a commit or tree into the index that `environment` names. Raises CannotJudge for unmerged paths."""
    return _changes(git, ("diff-index", "--cached", "--ita-invisible-in-index"), (old,), environment)


def changed_paths(git: Git, old: str, new: str) -> frozenset[str]:
    """Paths that differ between two trees, a rename counting as two."""
    return frozenset(entry.path for entry in parse_raw(git.run("diff-tree", "-r", *_RAW, "--no-renames", old, new)))


def _changes(
    git: Git, command: Sequence[str], sides: Sequence[str], environment: Mapping[str, str] | None
) -> tuple[FileChange, ...]:
    try:
        raw = git.run(*command, *_RAW, *_RENAMES, *sides, env=environment)
    except GitFailed:
        # similar contents cannot be looked for where blobs are missing; equal ones can
        raw = git.run(*command, *_RAW, *_EXACT_RENAMES, *sides, env=environment)
    entries = parse_raw(raw)
    infos = git.objects.infos(oid for entry in entries for oid in _blobs(entry) if oid != ABSENT)
    hunks = compare_blobs(git, [_to_compare(git, entry, infos) for entry in entries])
    return tuple(
        FileChange(
            path=entry.path,
            status=entry.status,
            old_path=entry.old_path,
            old_mode=entry.old_mode,
            new_mode=entry.new_mode,
            old_id=entry.old_id,
            new_id=entry.new_id,
            hunks=found,
            old_size=_size(infos.get(entry.old_id)),
            new_size=_size(infos.get(entry.new_id)),
        )
        for entry, found in zip(entries, hunks, strict=True)
    )


def _blobs(entry: RawEntry) -> tuple[str, str]:
    """Ids of the two sides' blobs; a submodule has none."""
    return (
        ABSENT if entry.old_mode == MODE_SUBMODULE else entry.old_id,
        ABSENT if entry.new_mode == MODE_SUBMODULE else entry.new_id,
    )


def _size(info: ObjectInfo | None) -> int:
    return info.size if info and info.kind == "blob" else 0


def _to_compare(git: Git, entry: RawEntry, infos: Mapping[str, ObjectInfo | None]) -> Pair:
    """The pair of blobs to compare, and whether they are of one type; a pair of ABSENT where it is not to be done."""
    pair = _blobs(entry)
    present = [infos.get(oid) for oid in pair if oid != ABSENT]
    if any(info is None or info.kind != "blob" or info.size > SIZE_LIMIT for info in present):
        return NOTHING
    if any(info and info.size > _LARGE and b"\0" in git.objects.read(info.oid)[:BINARY_PROBE] for info in present):
        return NOTHING
    return *pair, entry.status is not Status.TYPE_CHANGED


def compare_blobs(git: Git, pairs: Sequence[Pair]) -> list[tuple[Hunk, ...]]:
    """Hunks between the two blobs of each pair. A pair that takes git too long does not keep the others waiting."""
    infos = git.objects.infos(oid for pair in pairs for oid in pair[:2] if oid != ABSENT)
    apart = {n for n, pair in enumerate(pairs) if sum(_size(infos.get(oid)) for oid in pair[:2]) > _SLOW}
    found = _compare_together(git, [NOTHING if n in apart else pair for n, pair in enumerate(pairs)], None)
    end = time.monotonic() + _SLOW_SECONDS_IN_ALL
    for n in sorted(apart):
        found[n] = _compare_apart(git, pairs[n], min(_SLOW_SECONDS, end - time.monotonic()))
    return found


def _compare_apart(git: Git, pair: Pair, seconds: float) -> tuple[Hunk, ...]:
    old, new = (b"" if oid == ABSENT else git.objects.read(oid) for oid in pair[:2])
    if seconds > 0 and old.count(b"\n") + new.count(b"\n") <= _MANY_LINES:
        try:
            return _compare_together(git, [pair], seconds)[0]
        except TooSlow:
            pass  # its lines count as changed from the first to the last that differs
    return outer_hunk(old, new)


def _compare_together(git: Git, pairs: Sequence[Pair], seconds: float | None) -> list[tuple[Hunk, ...]]:
    """One call of git for all pairs: each is a numbered file of the two trees that are compared."""
    old_tree, new_tree = bytearray(), bytearray()
    for number, (old, new, same_type) in enumerate(pairs):
        if old == new and same_type:
            continue
        if old != ABSENT:
            old_tree += b"100644 %08d\0" % (2 * number) + bytes.fromhex(old)
        if new != ABSENT:
            new_tree += b"100644 %08d\0" % (2 * number + (not same_type)) + bytes.fromhex(new)
    found: list[list[Hunk]] = [[] for _ in pairs]
    if old_tree or new_tree:
        sides = git.write("tree", bytes(old_tree)), git.write("tree", bytes(new_tree))
        with git.lines("diff-tree", *_PATCH, *sides, seconds=seconds) as lines:
            for section in parse_patch(lines):
                name = section.new_path or section.old_path or b""
                if not name.isdigit() or int(name) >= 2 * len(pairs):
                    raise DiffError("git's patch names a file that was not asked for")
                found[int(name) // 2] += section.hunks
    return [_joined(hunks, pair[2]) for hunks, pair in zip(found, pairs, strict=True)]


def _joined(hunks: list[Hunk], same_type: bool) -> tuple[Hunk, ...]:
    """A type change: everything of the old side goes, everything of the new side comes, as one hunk."""
    if same_type or len(hunks) < 2:
        return tuple(hunks)
    gone, come = hunks[0], hunks[1]
    return (Hunk(gone.old_start, gone.old_count, come.new_start, come.new_count),)
