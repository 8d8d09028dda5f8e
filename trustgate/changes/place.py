"""Where a repository is: one call of git on the real repository, everything else follows from its answer."""

from __future__ import annotations

import os
from pathlib import Path
from subprocess import CompletedProcess
from typing import Protocol

from trustgate.errors import CannotJudge, TrustgateError, UsageError
from trustgate.record import NamedTuple

_ASKED = (
    *("--absolute-git-dir", "--git-common-dir", "--show-object-format"),
    *("--is-inside-work-tree", "--show-cdup", "--revs-only", "HEAD"),
)
"""With --revs-only an unborn HEAD prints nothing; without it, git would fail after having answered the rest."""


class Place(NamedTuple):
    """Absolute paths of a repository, and the commit that HEAD names."""

    git_dir: str
    """of this work tree: HEAD, index, MERGE_HEAD"""
    common_dir: str
    """shared by linked work trees: objects, refs, shallow"""
    top: str
    """top of the work tree; empty for a bare repository"""
    object_format: str
    """sha1 or sha256"""
    head: str
    """object id, empty when there is no commit yet"""

    @property
    def objects(self) -> str:
        return str(Path(self.common_dir, "objects"))

    @property
    def shallow(self) -> bool:
        return Path(self.common_dir, "shallow").is_file()

    @property
    def partial(self) -> bool:
        """A clone made with --filter, which lacks objects on purpose."""
        return any(Path(self.objects, "pack").glob("*.promisor"))


class Ask(Protocol):
    def __call__(self, folder: str, *args: str) -> CompletedProcess[bytes]: ...


def find(path: str, ask: Ask) -> Place:
    """The repository that holds the folder `path`. Raises UsageError for none, CannotJudge if git refuses."""
    folder = os.path.realpath(path)
    if not os.path.isdir(folder):  # noqa: PTH112 - unlike Path.is_dir, it is false for a name that is too long
        raise UsageError(f"{path}: no such folder", "name a folder inside a git repository with --repo")
    done = ask(folder, "rev-parse", *_ASKED)
    if done.returncode != 0:
        raise _refusal(path, folder, os.fsdecode(done.stderr))
    lines = os.fsdecode(done.stdout).split("\n")
    if lines[3:4] == ["false"]:
        lines.insert(4, "")  # outside a work tree (a bare repository), --show-cdup prints no line
    if len(lines) not in (6, 7) or not lines[0].startswith("/"):
        raise CannotJudge(
            f"{path}: git gave an answer that cannot be read", "is there a line break in the folder's name?"
        )
    git_dir, common, object_format, inside, up, head = (*lines[:5], lines[5] if len(lines) == 7 else "")
    place = Place(
        git_dir=git_dir,
        common_dir=os.path.realpath(Path(folder, common)),
        top=os.path.realpath(Path(folder, up)) if inside == "true" else "",
        object_format="sha256" if object_format == "sha256" else "sha1",
        head=head,
    )
    _check_head(path, place)
    return place


def _check_head(path: str, place: Place) -> None:
    """A HEAD whose branch exists and cannot be read is broken, not unborn."""
    if place.head:
        if not is_oid(place.head):
            raise CannotJudge(f"{path}: HEAD cannot be read", "try `git fsck`")
        return
    try:
        text = Path(place.git_dir, "HEAD").read_text(errors="surrogateescape")
    except OSError as error:
        raise CannotJudge(f"{path}: HEAD cannot be read ({error.strerror})", "try `git fsck`") from error
    branch = text.removeprefix("ref:").strip()
    if not text.startswith("ref:") or ".." in branch or Path(place.common_dir, branch).is_file():
        raise CannotJudge(f"{path}: HEAD points to a branch that cannot be read", "try `git fsck`")


def _refusal(path: str, folder: str, stderr: str) -> TrustgateError:
    if "dubious ownership" in stderr or "unsafe repository" in stderr:
        return CannotJudge(
            f"{path}: the repository belongs to another user, and git refuses to read it",
            f"if you trust it: git config --global --add safe.directory {folder}",
        )
    if "safe.bareRepository" in stderr:
        return CannotJudge(f"{path}: your git setting safe.bareRepository forbids bare repositories found by folder")
    if "not a git repository" in stderr:
        return UsageError(f"{path}: not a git repository", "name one with --repo, or start in its folder")
    return CannotJudge(f"{path}: git cannot read the repository: {last_line(stderr)}", "try `git status` there")


def is_oid(text: str) -> bool:
    """A full object id, of SHA-1 or SHA-256."""
    return len(text) in (40, 64) and not text.strip("0123456789abcdef")


def is_zero(text: str) -> bool:
    """The id that git and forges write where there is no object."""
    return text in ("0" * 40, "0" * 64)


def last_line(stderr: str) -> str:
    """The last line of what git said, without its `fatal:`."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else "no message"
