"""Names of revisions become commit ids, and every way in which they can fail has its own sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from trustgate.changes.git import Git
from trustgate.changes.place import is_oid
from trustgate.changes.trees import parents_of
from trustgate.errors import CannotJudge, TrustgateError, UsageError

_ANCESTOR = re.compile(r"(.*[^~^])((?:~\d{0,6}|\^1?)+)", re.DOTALL)
_STEP = re.compile(r"~(\d*)|\^1?")


def resolve(git: Git, name: str) -> str:
    """The commit that `name` means, in the reviewed repository.

    Raises UsageError for a name that means nothing or more than one thing, CannotJudge for a commit that should be
    there and is not (a shallow clone, a full object id).
    """
    if not name or name.startswith("-") or "\0" in name or "\n" in name:
        raise UsageError(f"{name!r} is not a revision", "name a branch, a tag or a commit")
    done = git.ask_real("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
    said, oid = os.fsdecode(done.stderr), os.fsdecode(done.stdout).strip()
    if "is ambiguous" in said:
        raise _ambiguous(git, name)
    if done.returncode != 0 or not is_oid(oid):
        raise _unknown(git, name)
    info = git.objects.info(oid)
    if info is None or info.kind != "commit":
        raise git.objects.missing(oid)
    return oid


def resolve_base(git: Git, name: str) -> str:
    """As `resolve`; for the parent of a first commit (`HEAD~1`), the empty tree."""
    try:
        return resolve(git, name)
    except TrustgateError as error:
        match = _ANCESTOR.fullmatch(name)
        if not match or "ambiguous" in error.message:
            raise
        return _ancestor(git, name, match[1], match[2])


def _ancestor(git: Git, name: str, start: str, steps: str) -> str:
    """Walks first parents by the commit objects, which a shallow clone cannot hide."""
    oid = resolve(git, start)
    wanted = sum(int(m[1] or "1") if m[0].startswith("~") else 1 for m in _STEP.finditer(steps))
    for done in range(wanted):
        parents = parents_of(git, oid)
        if not parents and done == wanted - 1:
            return git.empty_tree
        if not parents:
            raise UsageError(f"{name}: {start} has only {done} commits before it", f"try {start}~{done + 1}")
        oid = parents[0]
        if git.objects.info(oid) is None:
            raise CannotJudge(f"{name}: commit {oid} is not in this clone", git.remedy())
    return oid


def _ambiguous(git: Git, name: str) -> UsageError:
    """A tag and a branch of one name, or a short id of several objects: we do not guess."""
    base = re.split(r"[~^@:]", name, maxsplit=1)[0]
    full = [ref for ref in _refs(git, "%(refname)") if ref.split("/", 2)[-1] == base or ref.endswith(f"/{base}")]
    hint = "write one of " + ", ".join(full[:5]) if len(full) > 1 else "write the full name (refs/heads/...) or id"
    return UsageError(f"{name} is ambiguous", hint)


def _unknown(git: Git, name: str) -> TrustgateError:
    if not git.place.head and name.startswith("HEAD"):
        return UsageError("the repository has no commit yet", "review what is staged: trustgate review --staged")
    if is_oid(name):
        return CannotJudge(f"commit {name} is not in this clone", git.remedy())
    if git.place.shallow:
        return CannotJudge(f"{name} is not in this clone", git.remedy())
    done = git.ask_real("rev-parse", "--verify", "--quiet", "--end-of-options", name)
    info = git.objects.info(os.fsdecode(done.stdout).strip())
    if info:
        return UsageError(f"{name} is a {info.kind}, not a commit", "name a branch, a tag or a commit")
    import difflib

    near = difflib.get_close_matches(name, _refs(git, "%(refname:short)")[:5000], 3)
    hint = "did you mean " + " or ".join(near) + "?" if near else "`git fetch` it first, or see `git branch --all`"
    return UsageError(f"{name}: no such revision", hint)


def _refs(git: Git, form: str) -> list[str]:
    done = git.ask_real("for-each-ref", f"--format={form}")
    return os.fsdecode(done.stdout).splitlines()


def commits_in(git: Git, span: str) -> tuple[str, ...]:
    """Commit ids of `A..B`, or of `A` for A..HEAD, oldest first. Raises UsageError for revisions that do not exist."""
    left, _, right = span.partition("..")
    if not left.strip():
        raise UsageError("the range has no base" if span.strip() else "the range is empty", "write A or A..B")
    if right.startswith("."):
        raise UsageError(f"{span}: not a range of commits", "write A..B")
    base, head = resolve_base(git, left or "HEAD"), resolve(git, right or "HEAD")
    without = () if base == git.empty_tree else (f"^{base}",)
    return tuple(git.run("rev-list", "--reverse", "--topo-order", head, *without).decode("ascii").split())


def last_commits(git: Git, number: int) -> tuple[str, ...]:
    """Ids of the last commits of HEAD, no more than `number`, oldest first."""
    head = resolve(git, "HEAD")
    return tuple(git.run("rev-list", "--reverse", "--topo-order", f"-n{number}", head).decode("ascii").split())


def merge_base(git: Git, base: str, head: str) -> tuple[str, int]:
    """The best common ancestor, and how many there are. Raises CannotJudge when there is none, or none for certain."""
    done = git.ask("merge-base", "--all", base, head)
    found = os.fsdecode(done.stdout).split()
    if done.returncode == 0 and found:
        check_whole(git, base, head, without=found)
        return found[0], len(found)
    if done.returncode != 1:
        raise git.failure("merge-base", os.fsdecode(done.stderr))
    if git.place.shallow:
        raise CannotJudge(f"no common ancestor of {base[:12]} and {head[:12]} in this clone", git.remedy())
    raise CannotJudge(
        f"{base[:12]} and {head[:12]} have no common history",
        "if that is meant, compare them literally with A..B",
    )


def check_whole(git: Git, *tips: str, without: Sequence[str]) -> None:
    """Raises CannotJudge where a shallow clone ends between `tips` and the commits that they are compared `without`.

    What is behind the cut may be a later common ancestor (the author of the head can lay that out: an old merge that is
    seen, the real fork point that is not), and commits of the range that say who wrote them.
    """
    if not git.place.shallow:
        return
    cut = set(Path(git.private, "shallow").read_text().split())
    for oid in git.run("rev-list", *tips, *(f"^{oid}" for oid in without)).decode("ascii").split():
        if oid in cut:
            raise CannotJudge(f"the history of this clone ends at {oid[:12]}, inside the range", git.remedy())


def is_ancestor(git: Git, base: str, head: str) -> bool:
    done = git.ask("merge-base", "--is-ancestor", base, head)
    if done.returncode not in (0, 1):
        raise git.failure("merge-base", os.fsdecode(done.stderr))
    return done.returncode == 0
