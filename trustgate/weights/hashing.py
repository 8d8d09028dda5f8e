"""SHA-256 of files: in pieces, with flat memory, several at once, and never of a file that changes meanwhile."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from trustgate.weights.faults import Unclear, Wrong
from trustgate.weights.opening import opened

CHUNK = 1 << 20
"""bytes of one read; the size makes no difference from 128 KiB on (measured), and 1 MiB keeps memory flat"""
REPORT = 16
"""pieces between two reports of progress"""
SPARSE = 16 * 1024 * 1024
"""bytes that a file may claim beyond what it holds on disk before it is called sparse"""

Step = Callable[[int], None]


class Stopped(Exception):
    """The run was interrupted; the file's digest is not known."""


class Identity(NamedTuple):
    """What tells one state of a file from another, as far as a file system can."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


class Hashed(NamedTuple):
    sha256: str
    identity: Identity
    sparse: bool


def identity_of(descriptor: int) -> Identity:
    found = os.fstat(descriptor)
    return Identity(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def is_sparse(descriptor: int) -> bool:
    found = os.fstat(descriptor)
    return found.st_size - found.st_blocks * 512 > SPARSE


def digest_of(descriptor: int, size: int, step: Step, stop: threading.Event) -> str:
    """Hex digest of `size` bytes from the start. Raises Wrong for fewer or more, Unclear on an I/O error, Stopped."""
    total, since = 0, 0
    digest = hashlib.sha256()
    view = memoryview(bytearray(CHUNK))
    with os.fdopen(os.dup(descriptor), "rb", buffering=0) as file:
        file.seek(0)
        while True:
            try:
                count = file.readinto(view)
            except OSError as error:
                raise Unclear(f"reading failed at byte {total}: {error.strerror}") from error
            if not count:
                break
            total += count
            if total > size:
                raise Wrong(f"it grew past {size} bytes while it was read")
            digest.update(view[:count])
            since += count
            if since >= REPORT * CHUNK:
                step(since)
                since = 0
                if stop.is_set():
                    raise Stopped
    step(since)
    if total != size:
        raise Wrong(f"it ended at {total} of {size} bytes while it was read")
    return digest.hexdigest()


def hash_file(base: Path, path: str, blobs: str, step: Step, stop: threading.Event) -> Hashed:
    """Digest of one file from one descriptor. Raises Wrong also when the file or its path changed during the check."""
    with opened(base, path, blobs) as descriptor:
        before = identity_of(descriptor)
        digest = digest_of(descriptor, before.size, step, stop)
        after = identity_of(descriptor)
        sparse = is_sparse(descriptor)
    with opened(base, path, blobs) as descriptor:
        there = identity_of(descriptor)
    if not before == after == there:
        raise Wrong("it changed during the check")
    return Hashed(digest, before, sparse)
