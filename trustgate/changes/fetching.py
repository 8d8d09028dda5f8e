"""A bare repository of our own, filled from a forge and from a checkout: nothing is checked out, nothing is obeyed.

It holds our configuration only. The address and what is wanted are named by the caller; the token goes through the
environment (`GIT_CONFIG_COUNT`, git-config(1)), so that it is in no file and no argument, and to that host alone: a
redirect is not followed. Objects of a checkout are borrowed (`objects/info/alternates`), its settings are not.
"""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from trustgate.changes import environment
from trustgate.changes.git import Git
from trustgate.changes.place import is_oid, last_line
from trustgate.changes.private import quoted, remove
from trustgate.errors import CannotJudge

SECONDS = 600.0
"""for everything that is fetched, together"""
SIZE_LIMIT = 8 * 1024**3
"""bytes of the folder while a fetch fills it"""
_REF = re.compile(r"refs/(?:heads|pull|notes)/[A-Za-z0-9._/-]{1,200}")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SETTINGS = (
    f"core.hooksPath={os.devnull}",
    "core.alternateRefsCommand=true",  # else git looks for refs in the checkout, by its settings
    "core.commitGraph=false",
    "credential.helper=",
    "http.followRedirects=false",  # git sends our header along to wherever it is redirected
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "transfer.bundleURI=false",
)
_FETCH = (
    *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules"),
    *("--no-write-fetch-head", "--no-auto-maintenance", "--no-show-forced-updates"),
)
_LOOK = 0.1
"""seconds between two looks at a running fetch"""


class Own:
    """The repository in `folder`, which is made anew."""

    def __init__(
        self,
        folder: Path,
        address: str = "",
        token: str = "",
        *,
        object_format: str = "sha1",
        seconds: float = SECONDS,
        size_limit: int = SIZE_LIMIT,
    ) -> None:
        """`address` is a URL, https or on loopback http; without one nothing can be fetched.

        Raises CannotJudge for an address that git may not be given, and when git is missing or fails.
        """
        if address:
            _check_address(address)
        self.folder = folder
        self.borrows = False
        self._address = address
        self._size_limit = size_limit
        self._ends = time.monotonic() + seconds
        self._git = environment.git_executable()
        base = environment.private_environment(str(folder), environment.real_environment())
        self._env = {**base, **_header(token), "GIT_ASKPASS": "", "GIT_ALLOW_PROTOCOL": address.partition(":")[0]}
        if folder.is_symlink():
            folder.unlink()
        remove(str(folder))
        folder.mkdir(parents=True)
        init = ("init", "--quiet", "--bare", "--template=", f"--object-format={object_format}", str(folder))
        self._run(init, {name: value for name, value in self._env.items() if name != "GIT_DIR"})

    def borrow(self, checkout: Git, refs: Sequence[tuple[str, str]] = ()) -> None:
        """Take the objects of a checkout as our own, and these refs of it: (name there, name here).

        A partial clone lacks objects on purpose, so it lends none. Raises CannotJudge.
        """
        at = checkout.place
        if at.partial:
            return
        info = self.folder / "objects" / "info"
        info.mkdir(exist_ok=True)
        (info / "alternates").write_bytes(quoted(at.objects) + b"\n")
        if at.shallow:
            (self.folder / "shallow").write_bytes(Path(at.common_dir, "shallow").read_bytes())
        self.borrows = True
        for there, here in (("HEAD", "refs/trustgate/checkout"), *refs):  # HEAD: what the forge need not send again
            said = checkout.ask_real("rev-parse", "--verify", "--quiet", "--end-of-options", f"{there}^{{commit}}")
            oid = os.fsdecode(said.stdout).strip()
            if said.returncode == 0 and is_oid(oid):
                self._run(("update-ref", here, oid), self._env)

    def has(self, ref: str) -> bool:
        return Path(self.folder, ref).is_file() if _REF.fullmatch(ref) and ".." not in ref else False

    def fetch(self, wanted: Sequence[str], *, depth: int = 0) -> None:
        """Fetch commits by id, or refs under their own names, with `depth` commits of history each; 0 for all of it.

        Raises CannotJudge where git refuses or the forge does, and over the limits of time and size.
        """
        if not self._address:
            raise CannotJudge("there is no address to fetch from")
        if not all(is_oid(item) or (_REF.fullmatch(item) and ".." not in item) for item in wanted):
            raise CannotJudge("what is to be fetched is neither the id of a commit nor a plain ref")
        refspecs = [f"+{item}:{item}" if item.startswith("refs/") else item for item in wanted]
        options = [*_FETCH, *([f"--depth={depth}"] if depth else [])]
        self._run((*options, self._address, *refspecs), self._env)

    def _run(self, arguments: Sequence[str], env: dict[str, str]) -> None:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                (self._git, *settings, *arguments),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=env,
                start_new_session=True,
            )
            try:
                code = self._watched(process, arguments[0])
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)  # git's helpers too
                    process.wait()
            if code != 0:
                said.seek(0)
                reason = last_line(os.fsdecode(said.read(100_000)))[:300]
                raise CannotJudge(f"git {arguments[0]} failed: {reason}")

    def _watched(self, process: subprocess.Popen[bytes], command: str) -> int:
        while True:
            try:
                return process.wait(_LOOK)
            except subprocess.TimeoutExpired as error:
                if time.monotonic() > self._ends:
                    raise CannotJudge(f"git {command} was not done in time") from error
                if _size(self.folder) > self._size_limit:
                    raise CannotJudge(f"git {command} brought more than {self._size_limit // 2**20} MiB") from error


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        known = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        host, known, plain = "", False, False
    if not (host and known and plain and address.isascii() and address.isprintable() and " " not in address):
        raise CannotJudge("the address to fetch from is not one that git may be given")


def _header(token: str) -> dict[str, str]:
    if not token:
        return {}
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
    }


def _size(folder: Path) -> int:
    """Bytes of the packs and loose objects of a repository; a file that goes away meanwhile counts nothing."""
    total = 0
    for top, _, names in os.walk(folder / "objects"):
        for name in names:
            try:
                total += os.lstat(f"{top}/{name}").st_size
            except FileNotFoundError:
                continue
    return total
