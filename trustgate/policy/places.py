"""Where a policy is read from when no change is under review: a commit, or the work tree that is being edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate.errors import ConfigError, UsageError
from trustgate.policy.tables import SIZE_LIMIT

if TYPE_CHECKING:
    from trustgate.changes.git import Git

Reader = Callable[[str], bytes | None]


def head_reader(git: Git) -> Reader:
    """Files of HEAD, the trusted base of what is edited now; nothing where there is no commit yet."""
    from trustgate.changes.trees import Tree

    head = _head(git)
    return Tree(git, head).file if head else lambda _path: None


def _head(git: Git) -> str:
    """HEAD's commit, asked again where `place` has none (a bare repository)."""
    if git.place.head:
        return git.place.head
    done = git.ask_real("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""


def worktree_reader(top: Path) -> Reader:
    """Files of a work tree as they are on disk. Raises ConfigError for a link: a commit holds only a name then."""

    def read(path: str) -> bytes | None:
        target = top / path
        for part in (target, *target.parents):
            if part == top:
                break
            if part.is_symlink():
                raise ConfigError(
                    f"{path}: {part.relative_to(top)} is a symbolic link, and a review reads the file itself",
                    "put the file in its place",
                )
        if not target.exists():
            return None
        return read_file(target, path)

    return read


def top_of(git: Git) -> Path:
    """The top of the work tree. Raises UsageError in a bare repository."""
    if not git.place.top:
        raise UsageError("a bare repository has no work tree", "start in a checkout, or name one with --repo")
    return Path(git.place.top)


def read_file(path: Path, name: str = "") -> bytes:
    """A configuration file that the user names, at most a little over the size limit. Raises UsageError."""
    try:
        with path.open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise UsageError(f"{name or path}: {error.strerror or error}", "name a file that can be read") from error
