"""The review before a push: each ref that is pushed, from what the remote has to what it will have.

A pending finding stops no push: a pull request has to be opened before anybody can look at it. A block does.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trustgate.changes.place import is_oid, is_zero
from trustgate.errors import EXIT_FOUND, EXIT_OK, EXIT_USAGE, TrustgateError

if TYPE_CHECKING:
    from trustgate.changes.git import Git

PUSHED = "TRUSTGATE_PUSHED"
"""holds git's lines to the hook: local ref, local id, remote ref, remote id (githooks(5), pre-push)"""
REFS = 20
"""refs of one push that are reviewed"""


def review_push(git: Git, remote: str) -> int:
    """Review what is pushed and print it; 1 or 2 where the push has to stop, else 0."""
    from trustgate.cli.hook import show
    from trustgate.escape import terminal
    from trustgate.review import Request, review

    codes = {EXIT_OK}
    for base, head in dict.fromkeys(ranges(git, remote)):
        began = time.monotonic()
        request = Request(repo=git.place.top or ".", diff=f"{base}..{head}", stage="push", offline=True)
        try:
            verdict = review(request)
        except TrustgateError as error:
            print(f"trustgate: {head[:12]} was not reviewed: {terminal(error.message)}")
            codes.add(error.exit_code)
            continue
        if verdict.exit_code:
            show(request, verdict, (("text", ""),), began)
        codes.add(verdict.exit_code)
    more = len(os.environ.get(PUSHED, "").splitlines()) - REFS
    if more > 0:
        print(f"trustgate: {REFS} refs were looked at; at least {more} more are pushed that were not")
    return next((code for code in (EXIT_USAGE, EXIT_FOUND) if code in codes), EXIT_OK)


def ranges(git: Git, remote: str) -> Iterator[tuple[str, str]]:
    """Base and head of each pushed ref; a deleted one has none. The framework tells of the first ref only."""
    old, new = os.environ.get("PRE_COMMIT_FROM_REF", ""), os.environ.get("PRE_COMMIT_TO_REF", "")
    if old and new:
        yield old, new
        return
    for line in os.environ.get(PUSHED, "").splitlines()[:REFS]:
        words = line.split(" ")
        if len(words) != 4 or not _is_commit(words[1]):
            continue
        head, known = words[1], words[3]
        base = known if _is_commit(known) and _has(git, known) else _first_unknown(git, head, remote)
        if base and base != head:
            yield base, head


def _is_commit(oid: str) -> bool:
    return is_oid(oid) and not is_zero(oid)


def _has(git: Git, oid: str) -> bool:
    return git.ask_real("cat-file", "-e", f"{oid}^{{commit}}").returncode == 0


def _first_unknown(git: Git, head: str, remote: str) -> str:
    """The parent of the oldest commit that the remote is not known to have; empty for a history from its root on."""
    done = git.ask_real("rev-list", "--topo-order", head, "--not", f"--remotes={remote}")
    unknown = done.stdout.decode("ascii", "replace").split()
    if not unknown:
        return head
    parent = git.ask_real("rev-parse", "--verify", "--quiet", f"{unknown[-1]}^")
    return parent.stdout.decode("ascii", "replace").strip()
