"""Files of a work tree, read by us: no link is followed, nothing but regular files is opened, no filter is run."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from trustgate.changes.changeset import MODE_EXEC, MODE_FILE, MODE_LINK, SIZE_LIMIT

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class OnDisk(NamedTuple):
    """What stands at a path."""

    mode: int = 0
    """as git counts modes; 0 where there is nothing that git could record"""
    data: bytes = b""
    """contents, or the target of a link"""
    size: int = 0
    """bytes"""
    folder: bool = False
    special: str = ""
    """what it is when it is neither file, link nor folder: `a pipe`, `a socket`, `a device`"""
    fault: str = ""
    """why a file could not be read: over the limit, or the system's reason"""


def read_file(top: str, path: str, limit: int = SIZE_LIMIT) -> OnDisk:
    """What stands at `path` below the folder `top`; nothing, when a folder on the way is a link."""
    *folders, name = os.fsencode(path).split(b"/")
    try:
        with _opened(top, folders) as folder:
            found = os.lstat(name, dir_fd=folder)
            if stat.S_ISLNK(found.st_mode):
                target = os.readlink(name, dir_fd=folder)
                return OnDisk(MODE_LINK, target, len(target))
            if stat.S_ISDIR(found.st_mode):
                return OnDisk(folder=True)
            if not stat.S_ISREG(found.st_mode):
                return OnDisk(special=_kind(found.st_mode))
            return _regular(name, folder, limit)
    except (FileNotFoundError, NotADirectoryError):
        return OnDisk()
    except OSError as error:
        if error.errno in _IS_LINK:
            return OnDisk()
        return OnDisk(MODE_FILE, fault=error.strerror or "cannot be read")


_IS_LINK = (errno.ELOOP, errno.EMLINK)
"""what O_NOFOLLOW answers for a link (EMLINK: FreeBSD)"""


@contextmanager
def _opened(top: str, folders: list[bytes]) -> Iterator[int]:
    current = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            below = os.open(folder, _FOLDER, dir_fd=current)
            os.close(current)
            current = below
        yield current
    finally:
        os.close(current)


def _regular(name: bytes, folder: int, limit: int) -> OnDisk:
    handle = os.open(name, _FILE, dir_fd=folder)
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            return OnDisk(special=_kind(found.st_mode))
        mode = MODE_EXEC if found.st_mode & stat.S_IXUSR else MODE_FILE
        data = file.read(limit + 1) if found.st_size <= limit else b""
        if found.st_size > limit or len(data) > limit:
            size = max(found.st_size, len(data))
            return OnDisk(mode, size=size, fault=f"{size} bytes are over the limit of {limit}")
        return OnDisk(mode, data, len(data))


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
