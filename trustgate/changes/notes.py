"""Notes on commits (git-notes(1)): a tree whose paths are object ids, fanned out by slashes. Anyone who can push the ref
can write one, so a note is never more than a claim about the commit it names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from trustgate.changes.git import Git
from trustgate.changes.place import is_oid

NOTE_LIMIT = 1024 * 1024
"""bytes of one note that is read"""
ENTRY_LIMIT = 1_000_000
"""notes of one ref that are looked through"""


def note_refs(git: Git, prefix: str) -> tuple[str, ...]:
    """Full names of the refs that are `prefix` or lie below it, sorted."""
    done = git.ask_real("for-each-ref", "--format=%(refname)", "--", prefix)
    return tuple(sorted(os.fsdecode(done.stdout).split()))


def read_notes(git: Git, ref: str, oids: Iterable[str]) -> dict[str, bytes | None]:
    """The notes of `ref` on these commits, by commit id; None for a note over NOTE_LIMIT bytes or one that is not there.

    A ref that does not exist has none. Raises CannotJudge where the notes are in the ref and not in this clone.
    """
    tip = os.fsdecode(git.ask_real("rev-parse", "--verify", "--quiet", "--end-of-options", ref).stdout).strip()
    if not is_oid(tip):
        return {}
    wanted = set(oids)
    found: dict[str, str] = {}
    listing = git.run("ls-tree", "-r", "-z", "--full-tree", tip).split(b"\0", ENTRY_LIMIT)[:ENTRY_LIMIT]
    for line in listing:
        head, _, path = line.partition(b"\t")
        name = path.replace(b"/", b"").decode("ascii", "replace")
        if name in wanted and b" blob " in head:
            found[name] = head.rpartition(b" ")[2].decode("ascii", "replace")
    sizes = git.objects.infos(found.values())
    small = {oid: info.size <= NOTE_LIMIT for oid, info in sizes.items() if info is not None}
    contents = dict(git.objects.read_many("blob", dict.fromkeys(oid for oid in found.values() if small.get(oid))))
    return {name: contents.get(oid) for name, oid in found.items()}
