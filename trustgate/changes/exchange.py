"""Notes do not travel with commits: fetching a notes ref from a remote, and pushing it without losing anybody's lines.

The user's own git does both, with their settings and credentials, and without a terminal it could ask at.
"""

from __future__ import annotations

import os
import time
from typing import NamedTuple

from trustgate.changes.git import Git
from trustgate.changes.notes import check_ref, notes_tip
from trustgate.changes.notes_adding import merge_notes
from trustgate.changes.place import last_line
from trustgate.errors import CannotJudge, UsageError

TRIES = 8
"""pushes that are tried; between two of them the other side's notes are fetched and merged"""
_NO_SUCH_REF = "couldn't find remote ref"
_PUSH = ("push", "--quiet", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no")
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--refmap=")


class Exchanged(NamedTuple):
    tip: str
    """id of the notes commit that we then have, empty for none"""
    merged: bool
    """whether the other side had something that we had not"""


def fetch_notes(git: Git, remote: str, ref: str) -> Exchanged:
    """Fetches `ref` and merges it into ours, every line of both kept. Raises CannotJudge with git's own words."""
    check_ref(ref)
    _check_remote(remote)
    incoming = f"refs/trustgate/incoming-{os.urandom(8).hex()}"
    done = git.as_user(*_FETCH, "--", remote, f"+{ref}:{incoming}")
    before = notes_tip(git, ref)
    if done.returncode != 0:
        said = os.fsdecode(done.stderr)
        if _NO_SUCH_REF in said:
            return Exchanged(before, False)
        raise CannotJudge(f"{ref} could not be fetched from {remote}: {last_line(said)}")
    try:
        theirs = os.fsdecode(git.ask_real("rev-parse", "--verify", "--end-of-options", incoming).stdout).strip()
        git.objects.forget()
        tip = merge_notes(git, ref, theirs)
    finally:
        git.ask_real("update-ref", "-d", incoming)
    return Exchanged(tip, tip != before)


def push_notes(git: Git, remote: str, ref: str) -> Exchanged:
    """Pushes `ref`; when the other side moved meanwhile, fetches, merges and tries again. Raises CannotJudge."""
    check_ref(ref)
    _check_remote(remote)
    tip, merged, said = notes_tip(git, ref), False, ""
    if not tip:
        return Exchanged("", False)
    for attempt in range(TRIES):
        done = git.as_user(*_PUSH, "--", remote, f"{ref}:{ref}")
        if done.returncode == 0:
            return Exchanged(tip, merged)
        said = _reason(os.fsdecode(done.stderr))
        time.sleep(attempt * 0.05 * (1 + os.urandom(1)[0] / 255))  # seconds; so that two do not stay in step
        fetched = fetch_notes(git, remote, ref)
        tip, merged = fetched.tip, merged or fetched.merged
    raise CannotJudge(f"{ref} could not be pushed to {remote}: {said}", "try again: trustgate attest --push")


def _reason(stderr: str) -> str:
    """The line that says why: git ends with one that only says that something failed, and with hints."""
    lines = [line.strip() for line in stderr.splitlines()]
    told = [line for line in lines if "rejected" in line or line.startswith(("fatal:", "remote:"))]
    return told[0] if told else last_line(stderr)


def _check_remote(remote: str) -> None:
    if not remote or remote.startswith("-") or "\0" in remote or "\n" in remote:
        raise UsageError(f"{remote!r} is no remote", "give the name of one, such as origin, or an address")
