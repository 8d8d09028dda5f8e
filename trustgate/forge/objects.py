"""The repository that a review in CI reads: our own, with what the checkout has, and from the forge what it lacks.

A checkout is often one commit deep, and never has the notes that say who wrote a commit. Its settings are not read:
commits, history and notes come from the address of the forge's own environment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from trustgate.attribution.binding import REF
from trustgate.attribution.evidence import GIT_AI_REFS
from trustgate.changes.fetching import Own
from trustgate.changes.git import Git
from trustgate.changes.ranges import check_range
from trustgate.errors import CannotJudge, TrustgateError, UsageError
from trustgate.forge.event import FETCH, Event, is_id
from trustgate.people.approval import REF as APPROVALS

DEPTHS = (64, 512, 4_096, 32_768)
"""commits of history from base and from head, until their merge base is certain"""
NOTES = (REF, GIT_AI_REFS[0], APPROVALS)
REMEDY = f"{FETCH}; in a private repository give the action its `token` input"
NO_SUCH_REF = "couldn't find remote ref"
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}/[A-Za-z0-9._-]{1,100}")


def gather(environ: Mapping[str, str], event: Event, folder: Path, checkout: str) -> tuple[str, tuple[str, ...]]:
    """The path of a repository with everything that `event` needs, and lines about what did not come.

    A `workflow_run` takes nothing from the checkout. Raises CannotJudge, with the step to add, where base, head or
    their merge base are not to be had; UsageError where there is neither a checkout nor an address.
    """
    name = environ.get("GITHUB_REPOSITORY", "")
    own = Own(
        folder / f"{name.replace('/', '+') if _plain(name) else 'own'}.git",
        _address(environ),
        environ.get("TRUSTGATE_GITHUB_TOKEN", ""),
        object_format="sha256" if len(event.head) == 64 else "sha1",
    )
    said = []
    shallow = True
    if event.kind != "workflow_run":
        try:
            with Git.open(checkout) as git:
                own.borrow(git, [*((ref, ref) for ref in NOTES), *_branch(event)])
                shallow = git.place.shallow or not own.borrows
        except TrustgateError as error:
            if not _address(environ):
                raise
            said.append(f"the checkout is not used: {error.message}")
    _complete(own, event, shallow)
    return str(own.folder), (*said, *_notes(own))


def _plain(name: str) -> bool:
    return _REPOSITORY.fullmatch(name) is not None and not name.endswith(("/.", "/.."))


def _address(environ: Mapping[str, str]) -> str:
    """Empty where the environment names no repository."""
    server, name = environ.get("GITHUB_SERVER_URL", "").rstrip("/"), environ.get("GITHUB_REPOSITORY", "")
    return f"{server}/{name}" if server and _plain(name) else ""


def _branch(event: Event) -> list[tuple[str, str]]:
    """The branch that a new one is compared with, as a checkout knows it."""
    ref = event.trusted_base
    return [(f"refs/remotes/origin/{ref.removeprefix('refs/heads/')}", ref)] if ref.startswith("refs/heads/") else []


def _complete(own: Own, event: Event, shallow: bool) -> None:
    """Fetch base and head, deeper each time, until the range can be read."""
    fault = _fault(own, event)
    wanted = [item for item in (event.trusted_base, event.head) if is_id(item) or item.startswith("refs/heads/")]
    for depth in DEPTHS if shallow else (0,):
        if fault is None:
            return
        try:
            own.fetch(wanted, depth=depth)
        except CannotJudge as error:
            raise CannotJudge(f"{fault.message}, and it could not be fetched: {error.message}", REMEDY) from error
        fault = _fault(own, event)
    if fault is not None:
        raise CannotJudge(fault.message, REMEDY)


def _fault(own: Own, event: Event) -> TrustgateError | None:
    """Why the range cannot be read yet."""
    spec = f"{event.diff_base}..{event.head}" if event.diff_base else f"{event.trusted_base}...{event.head}"
    try:
        with Git.open(str(own.folder)) as git:
            check_range(git, spec, trusted_base=event.trusted_base)
    except (CannotJudge, UsageError) as error:
        return error
    return None


def _notes(own: Own) -> list[str]:
    """Fetch the notes that are not there yet. What does not come is told, and reviewed without."""
    missing = [ref for ref in NOTES if not own.has(ref)]
    said = []
    for ref in missing:
        try:
            own.fetch((ref,))
        except CannotJudge as error:
            if NO_SUCH_REF not in error.message:
                said.append(f"{ref} could not be fetched: {error.message}; reviewed without it")
    if said:
        said.append("to fetch records in a step before: git fetch origin 'refs/notes/*:refs/notes/*'")
    return said
