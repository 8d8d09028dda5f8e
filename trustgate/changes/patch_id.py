"""A name for what a commit changes that stays the same when it is rebased or cherry-picked.

`git patch-id` leaves blanks out, so that code moved to another indentation has the same name; here every byte of the
changed lines counts, with the paths, the modes and the three lines before and after each place. Line numbers do not.
"""

from __future__ import annotations

import hashlib
import os

from trustgate.changes.changeset import ABSENT, FileChange
from trustgate.changes.compare import compare_trees
from trustgate.changes.git import Git

CONTEXT = 3
"""lines before and after a place, as many as git's own patches have"""
_FORM = b"trustgate patch 1"


def patch_id(git: Git, old: str, new: str) -> str:
    """64 hex digits for what turns one commit or tree into another; empty where nothing changes. Raises CannotJudge."""
    files = compare_trees(git, old, new)
    if not files:
        return ""
    whole = hashlib.sha256(_FORM)
    for digest in sorted(_file(git, file) for file in files):
        whole.update(digest)
    return whole.hexdigest()


def _file(git: Git, file: FileChange) -> bytes:
    parts = [os.fsencode(file.old_path), os.fsencode(file.path), b"%o %o" % (file.old_mode, file.new_mode)]
    if not file.compared:
        parts += [file.old_id.encode(), file.new_id.encode()]
    elif file.hunks:
        old, new = (_lines(git, oid) for oid in (file.old_id, file.new_id))
        for hunk in file.hunks:
            start = hunk.old_start - (hunk.old_count > 0)  # index of the first old line that is gone or pushed down
            end = start + hunk.old_count
            first = hunk.new_start - (hunk.new_count > 0)
            parts += [
                b"".join(old[max(start - CONTEXT, 0) : start]),
                b"".join(old[start:end]),
                b"".join(new[first : first + hunk.new_count]),
                b"".join(old[end : end + CONTEXT]),
            ]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.digest()


def _lines(git: Git, oid: str) -> list[bytes]:
    data = b"" if oid == ABSENT else git.objects.read(oid)
    return [line + b"\n" for line in data.split(b"\n")]
