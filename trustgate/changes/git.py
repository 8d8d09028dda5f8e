"""The one door to git.

Only finding the repository, resolving revision names and looking at a work tree's settings touch the reviewed
repository itself. Everything else runs on a private, empty git directory that borrows its objects (`objects/info/
alternates`, see gitrepository-layout(5)), so that nobody else's configuration, attributes, hooks, drivers, fsmonitor,
promisor remotes, replace refs or grafts are ever read.
"""

from __future__ import annotations

import os
import subprocess
import threading
import weakref
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType

from trustgate.changes import environment, place
from trustgate.changes.objects import Objects
from trustgate.changes.private import make_private, remove
from trustgate.errors import CannotJudge

SECONDS = 60.0
"""time one call of git may take"""


class TooSlow(CannotJudge):
    """A git command that was not done in time."""

    def __init__(self, command: str, seconds: float) -> None:
        super().__init__(f"git {command} was not done within {seconds:.0f} s", "review a smaller range")


class GitFailed(CannotJudge):
    """A git command failed. `stderr` is what it said."""

    def __init__(self, command: str, stderr: str, hint: str = "") -> None:
        super().__init__(f"git {command} failed: {place.last_line(stderr)}", hint)
        self.stderr = stderr


class Git:
    """An opened repository; a context manager, since the private directory is removed at the end."""

    def __init__(self, at: place.Place, executable: str, index_file: str | None, seconds: float) -> None:
        self.place = at
        self.index = str(Path(at.top, index_file) if index_file else Path(at.git_dir, "index"))
        """absolute path of the index to read"""
        self.executable = executable
        self._seconds = seconds
        self.private = make_private(at)
        """absolute path of the private git directory"""
        self._remove = weakref.finalize(self, _remove_own, self.private, os.getpid())  # also when we exit
        self._real = environment.real_environment()
        self._environment = environment.private_environment(self.private, self._real)
        self.objects = Objects(self._spawn, at.object_format, self.remedy, seconds)
        self.empty_tree = self.objects.id_of("tree", b"")

    @classmethod
    def open(cls, path: str = ".", *, index_file: str | None = None, seconds: float = SECONDS) -> Git:
        """Opens the repository that holds the folder `path`.

        `index_file` is the value of GIT_INDEX_FILE where the index is to be reviewed, relative to the top of the work
        tree. Raises UsageError when there is no repository, CannotJudge when git is missing or refuses to read it.
        """
        executable = environment.git_executable()
        real = environment.real_environment()

        def ask(folder: str, *args: str) -> subprocess.CompletedProcess[bytes]:
            return _run((executable, "-C", folder, *environment.REAL_FLAGS, *args), b"", real, None, seconds)

        return cls(place.find(path, ask), executable, index_file, seconds)

    def __enter__(self) -> Git:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.objects.close()
        self._remove()

    def ask_real(self, *args: str) -> subprocess.CompletedProcess[bytes]:
        """Runs git on the reviewed repository itself: revision names and settings only, never a diff or a status."""
        folder = self.place.top or self.place.git_dir
        command = (self.executable, "-C", folder, *environment.REAL_FLAGS, *args)
        return _run(command, b"", self._real, None, self._seconds)

    def as_user(self, *args: str) -> subprocess.CompletedProcess[bytes]:
        """Runs git on the repository itself with the user's settings and credentials, without hooks and without a
        terminal to ask at: for a setting of theirs, and to fetch and push what they asked for."""
        folder = self.place.top or self.place.git_dir
        flags = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=", "-c", "core.askPass=")
        command = (self.executable, "-C", folder, *flags, *args)
        return _run(command, b"", environment.user_environment(), None, self._seconds, apart=True)

    def user_setting(self, name: str, *flags: str) -> str:
        """One git setting as the user's own git sees it, empty where it is not set; `flags` are those of git-config."""
        done = self.as_user("config", *flags, "--get", name)
        return os.fsdecode(done.stdout).removesuffix("\n") if done.returncode == 0 else ""

    def head_of(self, folder: str) -> str:
        """Commit that is checked out in the repository of exactly this folder (a submodule); empty if there is none."""
        only_here = {**self._real, "GIT_CEILING_DIRECTORIES": str(Path(folder).parent)}
        command = (self.executable, "-C", folder, *environment.REAL_FLAGS, "rev-parse", "--revs-only", "HEAD")
        return os.fsdecode(_run(command, b"", only_here, None, self._seconds).stdout).strip()

    def ask(
        self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: str | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs git on the private directory, whatever its exit code."""
        full = {**self._environment, **env} if env else self._environment
        return _run((self.executable, *args), stdin, full, cwd or self.private, self._seconds)

    def run(
        self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: str | None = None
    ) -> bytes:
        """Output of git on the private directory. Raises GitFailed."""
        done = self.ask(*args, stdin=stdin, env=env, cwd=cwd)
        if done.returncode != 0:
            command = args[2] if args[0] == "-c" else args[0]
            raise self.failure(command, os.fsdecode(done.stderr))
        return done.stdout

    @contextmanager
    def lines(self, *args: str, seconds: float | None = None) -> Iterator[Iterator[bytes]]:
        """Lines of a command's output as they come, LF included, for outputs that need not fit in memory.

        Raises TooSlow after `seconds` (the common limit unless given), GitFailed when the command fails.
        """
        limit = self._seconds if seconds is None else seconds
        with (
            Path(self.private, "said").open("w+b") as said,
            self._popen(args, subprocess.DEVNULL, said.fileno()) as process,
        ):
            late = threading.Timer(limit, process.kill)
            late.start()
            try:
                assert process.stdout is not None
                fault = None
                try:
                    yield iter(process.stdout)
                except CannotJudge as error:
                    fault = error  # where the output ended early, git knows better why
                process.stdout.close()
                code = process.wait()
                too_slow = late.finished.is_set()
            finally:
                late.cancel()
                process.kill()
            if too_slow:
                raise TooSlow(args[0], limit) from fault
            if code > 0:
                said.seek(0)
                raise self.failure(args[0], os.fsdecode(said.read(10_000))) from fault
            if fault or code < 0:
                raise fault or GitFailed(args[0], f"ended by signal {-code}")

    def failure(self, command: str, stderr: str) -> GitFailed:
        absent = ("unable to read", "bad object", "could not read", "unable to find", "missing", "not a tree")
        return GitFailed(command, stderr, self.remedy() if any(text in stderr for text in absent) else "")

    def remedy(self) -> str:
        """What brings back objects that are not in this clone."""
        if self.place.shallow:
            return "this clone is shallow: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout"
        if self.place.partial:
            return "this clone is partial: `git fetch --refetch --no-filter`, or clone without --filter"
        return "try `git fsck`, or fetch the commit from its remote"

    def write(self, kind: str, data: bytes) -> str:
        """Puts an object into the private directory; returns its id."""
        oid = self.objects.id_of(kind, data)
        path = Path(self.private, "objects", oid[:2], oid[2:])
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(b"%s %d\0" % (kind.encode(), len(data)) + data, 1))
        return oid

    @cached_property
    def index_environment(self) -> dict[str, str]:
        """For commands that read the index. A split index names a `sharedindex.*` beside HEAD (gitformat-index(5))."""
        for shared in Path(self.place.git_dir).glob("sharedindex.*"):
            link = Path(self.private, shared.name)
            if not link.is_symlink():
                link.symlink_to(shared)
        return {"GIT_INDEX_FILE": self.index}

    def _spawn(self, args: Sequence[str]) -> subprocess.Popen[bytes]:
        return self._popen(args, subprocess.PIPE, subprocess.DEVNULL, bufsize=0)

    def _popen(self, args: Sequence[str], stdin: int, stderr: int, bufsize: int = -1) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            (self.executable, *args),
            bufsize=bufsize,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=self._environment,
            cwd=self.private,
        )


def _remove_own(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked child ends too, and its parent goes on reading
        remove(folder)


def _run(
    command: Sequence[str],
    stdin: bytes,
    env: Mapping[str, str],
    cwd: str | None,
    seconds: float,
    *,
    apart: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """`apart`: in a session of its own, which has no terminal."""
    try:
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            env=env,
            cwd=cwd,
            timeout=seconds,
            check=False,
            start_new_session=apart,
        )
    except subprocess.TimeoutExpired as error:
        name = next(word for word in command[1:] if word.isascii() and word[:1].isalpha() and "=" not in word)
        raise TooSlow(name, seconds) from error
    except ValueError as error:
        raise CannotJudge(f"git cannot be asked: {error}") from error  # a NUL byte in an argument
