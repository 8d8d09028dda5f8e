"""Open a file below a folder without being led elsewhere: no link on the way, no pipe, no device.

Every component is opened on its own with O_NOFOLLOW. One hop is allowed where a store is made of links: the Hugging
Face cache, whose snapshot files point at `blobs/<name>` of the same model.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from posixpath import dirname, normpath

from trustgate.weights.faults import Missing, Unclear, Wrong

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""O_NONBLOCK: opening a pipe without a writer does not wait"""
KINDS = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"), (stat.S_ISLNK, "a link"))


@contextmanager
def opened(base: Path, path: str, blobs: str = "") -> Iterator[int]:
    """A descriptor of the regular file `base`/`path`, for reading.

    `blobs` is the folder below `base` that one link may lead into. Raises Missing, Wrong (not a regular file, or a link
    that leads elsewhere) and Unclear (not readable).
    """
    descriptor = _open(base, path, blobs)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise Wrong(f"it is {kind_of(mode)}, not a regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def kind_of(mode: int) -> str:
    return next((words for test, words in KINDS if test(mode)), "a device" if not stat.S_ISREG(mode) else "a file")


def _open(base: Path, path: str, blobs: str) -> int:
    try:
        folder = os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise Missing(f"the folder {base} cannot be opened: {error.strerror}") from error
    try:
        parts = path.split("/")
        if any(part in ("", ".", "..") for part in parts):
            raise Wrong("its path leads out of the model's folder")
        for part in parts[:-1]:
            below = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = below
        target = _link(folder, parts[-1])
        if target is None:
            return os.open(parts[-1], _FILE, dir_fd=folder)
    except OSError as error:
        raise _fault(error) from error
    except UnicodeEncodeError as error:  # a lone surrogate in a path that did not come from this file system
        raise Missing("its name cannot be on this file system") from error
    finally:
        os.close(folder)
    inner = normpath(f"{dirname(path)}/{target}")
    if not blobs or target.startswith("/") or dirname(inner) != blobs:
        raise Wrong(
            f"it is a link to {target[:200]!r}" + (f", which is not in {blobs}/ of this model" if blobs else "")
        )
    return _open(base, inner, "")


def _link(folder: int, name: str) -> str | None:
    """Where a link leads, None for anything else."""
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.EINVAL:
            return None
        raise


def _fault(error: OSError) -> Wrong | Unclear:
    if error.errno in (errno.ENOENT,):
        return Missing("it is missing")
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return Wrong("a link or a file stands where a folder of the model should be")
    if error.errno in (errno.ENXIO, errno.ENODEV):
        return Wrong("it is a socket or a device, not a regular file")
    return Unclear(f"it cannot be read: {error.strerror}")
