"""A builder of real git repositories, and an environment without the developer's own settings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

IDENTITY = {
    "GIT_AUTHOR_NAME": "A U Thor",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_NAME": "C O Mitter",
    "GIT_COMMITTER_EMAIL": "committer@example.com",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
}
EMPTY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C"}

Contents = str | bytes | None


@pytest.fixture(scope="session", autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test sees the developer's home, git settings or `GIT_*`."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GIT_", "TRUSTGATE_"))]:
            patch.delenv(name)
        for name, folder in (("HOME", ""), ("XDG_CONFIG_HOME", ".config"), ("XDG_CACHE_HOME", ".cache")):
            patch.setenv(name, str(home / folder))
        patch.setenv("TRUSTGATE_OSV", "http://127.0.0.1:1")  # nobody listens there: no test asks a public service
        yield home


class Repo:
    """A git repository on disk. Every method that makes a commit returns its id."""

    def __init__(self, path: Path, *init: str) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        if init != ("--existing",):
            self.git("init", "-q", "-b", "main", *init)

    def git(self, *args: str, stdin: bytes | str = b"", env: Mapping[str, str] = {}, check: bool = True) -> str:
        """Runs git here; returns its output without the last line break."""
        return os.fsdecode(self.raw(*args, stdin=stdin, env=env, check=check)).removesuffix("\n")

    def raw(self, *args: str, stdin: bytes | str = b"", env: Mapping[str, str] = {}, check: bool = True) -> bytes:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        data = stdin.encode() if isinstance(stdin, str) else stdin
        env = {**clean, **EMPTY, **IDENTITY, **env}
        done = subprocess.run(("git", *args), cwd=self.path, input=data, capture_output=True, env=env, check=False)
        if check and done.returncode:
            raise AssertionError(f"git {' '.join(args)}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def write(self, files: Mapping[str, Contents]) -> None:
        """Writes files into the work tree; None removes one."""
        for name, contents in files.items():
            path = self.path / name
            if contents is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents.encode() if isinstance(contents, str) else contents)

    def stage(self, files: Mapping[str, Contents]) -> None:
        self.write(files)
        self.git("add", "-f", "-A", "--", *files)

    def commit(self, files: Mapping[str, Contents] | None = None, message: str = "change", *args: str) -> str:
        """Commits the files given, or what is staged."""
        self.stage(files or {}) if files else None
        self.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message, *args)
        return self.head

    def branch(self, name: str, at: str = "HEAD") -> None:
        """Makes a branch and checks it out."""
        self.git("checkout", "-q", "-b", name, at)

    def checkout(self, name: str) -> None:
        self.git("checkout", "-q", name)

    def merge(self, other: str, resolve: Mapping[str, Contents] | None = None) -> str:
        """Merges with a merge commit; `resolve` says what the files named in it become."""
        self.git("merge", "-q", "--no-ff", "--no-commit", other, check=False)
        self.stage(resolve) if resolve else None
        self.git("commit", "-q", "--no-edit", "-m", f"merge {other}")
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def make_repo(tmp_path: Path) -> Callable[..., Repo]:
    """`make_repo("name", *flags of git init)`."""
    return lambda name="repo", *init: Repo(tmp_path / name, *init)


@pytest.fixture
def repo(make_repo: Callable[..., Repo]) -> Repo:
    """An empty repository on branch `main`."""
    return make_repo()
