"""Digests that this machine computed before, by the state of the file: a journal of a long run and a cache of it.

Each digest is kept as soon as it is known, so that an interrupted run goes on where it stopped. What is read back is
never called verified: a store through a writable mapping can change bytes and no time stamp (measured on ext4), and
whoever can write the cache can write the weights. So it is asked for by name (`--cached`), off in CI, and `pin` has
none of it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trustgate import __version__
from trustgate.errors import ConfigError
from trustgate.store import Store, StoreError, cache_dir

if TYPE_CHECKING:
    from trustgate.weights.hashing import Identity

SPACE = "weights/1"
YOUNG = 2_000_000_000
"""nanoseconds: a file changed within them is not kept, as some file systems count in steps of two seconds"""


def allowed(environ: Mapping[str, str]) -> bool:
    """Whether digests from before may be used: not where CI is set to anything but a denial."""
    return environ.get("CI", "").strip().lower() in ("", "0", "false", "no")


class Memory:
    """Digests by file. Every fault of the cache is a note, never a failure. For one thread."""

    def __init__(self, outside: Path, *, read: bool) -> None:
        """`outside` is the folder of the lock: a cache inside it could come with a change, and is not used."""
        self._read = read
        self.notes: list[str] = []
        self._boot = _boot()
        self._store: Store | None = None
        try:
            self._store = Store(cache_dir(outside))
        except (StoreError, ConfigError, OSError) as error:
            self.notes.append(f"digests are not kept for a later run: {error}")

    def close(self) -> None:
        if self._store is not None:
            self.notes += self._store.notes
            self._store.close()
            self._store = None

    def recall(self, place: Path, identity: Identity) -> tuple[str, str] | None:
        """Digest and day of an earlier hash of the file in this very state; None where there is none."""
        if self._store is None or not self._read:
            return None
        try:
            value = self._store.get(SPACE, _key(place))
        except StoreError as error:
            self._give_up(error)
            return None
        if not isinstance(value, dict) or value.get("state") != self._state(identity):
            return None
        digest, day = value.get("sha256"), value.get("day")
        return (digest, day) if isinstance(digest, str) and isinstance(day, str) and len(digest) == 64 else None

    def keep(self, place: Path, identity: Identity, sha256: str) -> None:
        """Remember a digest that was computed just now, unless the file is too young to tell its states apart."""
        if self._store is None:
            return
        now = time.time_ns()
        if now - max(identity.mtime_ns, identity.ctime_ns) < YOUNG:
            return
        row = {"state": self._state(identity), "sha256": sha256, "day": datetime.now(UTC).date().isoformat()}
        try:
            self._store.put(SPACE, _key(place), row)
        except StoreError as error:
            self._give_up(error)

    def _state(self, identity: Identity) -> list[int | str]:
        return [*identity, "sha256", self._boot, __version__]

    def _give_up(self, error: Exception) -> None:
        self.notes.append(f"digests are not kept for a later run: {error}")
        self.close()


def _key(place: Path) -> str:
    return hashlib.sha256(str(place.absolute()).encode("utf-8", "surrogateescape")).hexdigest()


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
