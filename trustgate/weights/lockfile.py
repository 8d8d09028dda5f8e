"""`models.lock` on disk: read whole, replaced in one step."""

from __future__ import annotations

import os
from pathlib import Path

from trustgate.errors import CannotJudge, UsageError
from trustgate.weights.faults import Missing, Unclear, Wrong
from trustgate.weights.lock import FILE, SIZE, LockError, read_lock, write_lock
from trustgate.weights.opening import opened
from trustgate.weights.pins import Lock


def load(place: Path, *, must: bool = True) -> Lock:
    """The lock at `place`; an empty one where nothing lies there and it need not. Raises UsageError, LockError."""
    if place.is_symlink():
        raise UsageError(f"{place} is a symbolic link", "name the file itself with --lock")
    try:
        with opened(place.parent, place.name) as descriptor, open(descriptor, "rb", closefd=False) as file:
            data = file.read(SIZE + 1)
    except Missing as error:
        if not must:
            return Lock()
        raise UsageError(f"{place} is not there", "pin a model first: trustgate models pin NAME --from …") from error
    except (Wrong, Unclear, OSError) as error:
        raise UsageError(f"{place} cannot be read: {error}", f"name a {FILE} with --lock") from error
    return read_lock(data, place.name)


def save(place: Path, lock: Lock) -> None:
    """Write the lock so that a crash or a full disk leaves the old one. Raises CannotJudge where that fails."""
    data = write_lock(lock)
    if read_lock(data, place.name) != lock._replace(seal="intact"):
        raise LockError(f"{place.name}: the new lock does not read back as it was written", "report this")
    partial = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(place)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CannotJudge(f"{place} cannot be written: {error.strerror}; the old lock is as it was") from error
