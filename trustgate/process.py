"""The only file that starts a program other than git: a tool of this installation or system, shut in and cut short.

A tool sees none of the caller's environment, a private folder that is removed afterwards, and only the files that it
is handed, under names that we chose. Its time and its output are capped, and its whole process group ends with it.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trustgate.errors import CannotJudge

SECONDS = 60.0
OUTPUT_LIMIT = 32 * 1024 * 1024
"""bytes of standard output and standard error together"""
MEMORY_LIMIT = 8 * 1024**3
"""bytes of address space (semgrep-core reserves 2 GiB before it reads a file)"""
FILE_LIMIT = 1024**3
"""bytes of one file that a tool writes"""

NOWHERE = "http://127.0.0.1:9"
"""proxy of a tool that needs no network: the discard port (RFC 863), where nothing listens"""

_HARMLESS = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}(?:\.[a-z0-9]{1,12}){0,2}")
_READ_SIZE = 1 << 16


class ToolMissing(CannotJudge):
    """The program is not where this installation would have put it."""


class ToolTooSlow(CannotJudge):
    """The program was ended because its time was up."""


class ToolFailed(CannotJudge):
    """The program could not be started, was ended by a signal, or said more than it may."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended: any exit code that is not a signal. What it said is as hostile as what it was shown."""

    returncode: int
    stdout: bytes
    stderr: bytes

    @property
    def last_words(self) -> str:
        """The last line of standard error, for a message."""
        lines = self.stderr.decode("utf-8", "replace").split("\n")
        return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")


def module_command(module: str) -> tuple[str, ...]:
    """Runs a module with our own interpreter, isolated (`-I`): no environment variables, no current folder."""
    return (_interpreter(), "-I", "-m", module)


def script_command(name: str) -> tuple[str, ...]:
    """Runs a script that was installed beside our own interpreter. Raises ToolMissing. PATH is never searched."""
    script = Path(_interpreter()).parent / name
    if not script.is_file():
        raise ToolMissing(
            f"{name} is not installed beside {Path(_interpreter()).name}",
            "install the extra `deep` of trustgate-review",
        )
    return (_interpreter(), "-I", str(script))


def system_command(name: str) -> str:
    """Absolute path of a program of the system. Relative entries of PATH (among them the current folder) are not
    looked at. Raises ToolMissing."""
    for folder in (os.environ.get("PATH") or os.defpath).split(os.pathsep):
        found = Path(folder, name)
        if folder.startswith("/") and found.is_file() and os.access(found, os.X_OK):
            return str(found)
    raise ToolMissing(f"{name} was not found on PATH", "install it (ssh-keygen comes with OpenSSH 8.1 or later)")


def run_tool(
    argv: Sequence[str],
    *,
    files: Mapping[str, bytes] = {},
    stdin: bytes = b"",
    seconds: float = SECONDS,
    output_limit: int = OUTPUT_LIMIT,
    network: bool = False,
    keep: Sequence[str] = (),
) -> Finished:
    """Run `argv` in a private folder that holds `files`, and return how it ended, whatever its exit code.

    `argv[0]` is an absolute path; names in `files` are plain lower-case names, never a path of a repository, whose
    names are hostile (a leading dash, a line break): anything else is a ValueError. Without `network` every request
    that honours the proxy variables goes nowhere. `keep` names variables of our own environment that are handed on.

    Raises ToolMissing, ToolTooSlow after `seconds` of wall time, ToolFailed.
    """
    if not Path(argv[0]).is_absolute():
        raise ValueError(f"not an absolute path: {argv[0]}")
    for name in files:
        if not _HARMLESS.fullmatch(name):
            raise ValueError(f"not a harmless file name: {name!r}")
    with tempfile.TemporaryDirectory(prefix="trustgate-", ignore_cleanup_errors=True) as private:
        root = Path(private)
        work = root / "work"
        for folder in (work, root / "home", root / "tmp"):
            folder.mkdir(mode=0o700)
        for name, data in files.items():
            (work / name).write_bytes(data)
        environment = _environment(root, network) | {name: os.environ[name] for name in keep if name in os.environ}
        with tempfile.TemporaryFile(dir=root) as feed:
            feed.write(stdin)
            feed.seek(0)
            try:
                process = subprocess.Popen(
                    tuple(argv),
                    stdin=feed,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    bufsize=0,
                    cwd=work,
                    env=environment,
                    start_new_session=True,
                )
            except FileNotFoundError as error:
                raise ToolMissing(f"{tool_name(argv)} was not found", "install it again") from error
            except OSError as error:
                raise ToolFailed(f"{tool_name(argv)} could not be started: {error.strerror}") from error
            return _finish(process, tool_name(argv), seconds, output_limit)


def tool_name(argv: Sequence[str]) -> str:
    """What people call the program of a command line."""
    if len(argv) > 3 and argv[1:3] == ("-I", "-m"):
        return argv[3]
    return Path(argv[2] if len(argv) > 2 and argv[1] == "-I" else argv[0]).name


def _interpreter() -> str:
    if not sys.executable or not Path(sys.executable).is_absolute():
        raise ToolMissing("this Python does not know its own path, so no tool can be run with it")
    return sys.executable


def _environment(root: Path, network: bool) -> dict[str, str]:
    """Nothing of the caller's: no PYTHON*, GIT_*, LD_*, token or proxy reaches a tool."""
    home = root / "home"
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(root / "tmp"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
    }
    libraries = _shared_python()
    if libraries:
        environment["LD_LIBRARY_PATH"] = libraries
    if not network:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            environment[name] = environment[name.upper()] = NOWHERE
    return environment


def _shared_python() -> str:
    """Folder of libpython where the interpreter needs to be told: actions/setup-python's builds do not know it."""
    import sysconfig

    folder = sysconfig.get_config_var("LIBDIR") if sysconfig.get_config_var("Py_ENABLE_SHARED") else None
    return folder if isinstance(folder, str) and not folder.startswith(("/usr/lib", "/lib")) else ""


def _limit(pid: int, seconds: float) -> None:
    """Backstops behind the caps on time and output, where the system can set them from outside (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    wanted = (
        (resource.RLIMIT_CPU, int(seconds) * 2 + 10),
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_FSIZE, FILE_LIMIT),
        (resource.RLIMIT_CORE, 0),
    )
    with contextlib.suppress(ProcessLookupError):  # it is over already
        for which, value in wanted:
            hard = resource.prlimit(pid, which)[1]
            least = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.prlimit(pid, which, (least, least))


def _finish(process: subprocess.Popen[bytes], name: str, seconds: float, output_limit: int) -> Finished:
    """Read both outputs until the program is over. Whatever happens, nothing of its process group is left."""
    deadline = time.monotonic() + seconds
    try:
        _limit(process.pid, seconds)
        said = _read(process, name, deadline, seconds, output_limit)
        code = process.wait(max(deadline - time.monotonic(), 0.01))
    except subprocess.TimeoutExpired as error:
        raise _too_slow(name, seconds) from error
    finally:
        _end_group(process)
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    if code < 0:
        raise ToolFailed(f"{name} was ended by signal {_signal_name(-code)}")
    return Finished(code, *said)


def _read(
    process: subprocess.Popen[bytes], name: str, deadline: float, seconds: float, output_limit: int
) -> tuple[bytes, bytes]:
    assert process.stdout is not None
    assert process.stderr is not None
    pipes = (process.stdout.fileno(), process.stderr.fileno())
    said: dict[int, list[bytes]] = {pipe: [] for pipe in pipes}
    size = 0
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise _too_slow(name, seconds)
            for key, _ in selector.select(min(left, 0.1)):
                data = os.read(key.fd, _READ_SIZE)
                if not data:
                    selector.unregister(key.fd)
                    continue
                said[key.fd].append(data)
                size += len(data)
                if size > output_limit:
                    raise ToolFailed(f"{name} said more than {output_limit // 1024} KiB and was ended")
            if process.poll() is not None:
                _end_group(process)  # a child that it left behind would keep the pipes open
    return b"".join(said[pipes[0]]), b"".join(said[pipes[1]])


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says EPERM for zombies
        os.killpg(process.pid, signal.SIGKILL)


def _too_slow(name: str, seconds: float) -> ToolTooSlow:
    return ToolTooSlow(f"{name} was not done within {seconds:.0f} s and was ended", "review a smaller range")


def _signal_name(number: int) -> str:
    return signal.Signals(number).name if number in signal.valid_signals() else str(number)
