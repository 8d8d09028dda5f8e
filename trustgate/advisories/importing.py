"""OSV records out of files: one record, a folder of them, or a zip like OSV's exports. Nothing is unpacked to disk."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from trustgate.advisories.osv import Advisory, read_record
from trustgate.errors import CannotJudge

RECORD_LIMIT = 16 * 1024 * 1024
"""bytes of one record"""
RECORDS = 1_000_000
_BROKEN = (zlib.error, lzma.LZMAError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)
"""what `zipfile` lets through of a broken entry, by its compression"""


def read_records(path: Path) -> Iterator[tuple[str, str, Advisory]]:
    """Every record of a file, folder or zip. Raises CannotJudge, naming the record that is not one."""
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield from _one(_bytes(file), file.name)
        return
    if zipfile.is_zipfile(path):
        with path.open("rb") as archive:
            yield from read_zip(archive)
        return
    yield from _one(_bytes(path), path.name)


def read_zip(file: BinaryIO) -> Iterator[tuple[str, str, Advisory]]:
    """Every record of a zip. Raises CannotJudge; an entry that unpacks into too much is never read whole."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename.endswith(".json")]
            if len(entries) > RECORDS:
                raise CannotJudge(f"the zip has more than {RECORDS} records")
            for entry in entries:
                with archive.open(entry) as inner:
                    data = inner.read(RECORD_LIMIT + 1)
                if len(data) > RECORD_LIMIT:
                    raise CannotJudge(f"{entry.filename[:100]}: larger than {RECORD_LIMIT} bytes")
                yield from _one(data, entry.filename)
    except (zipfile.BadZipFile, *_BROKEN) as error:
        raise CannotJudge(f"the zip cannot be read: {error}") from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > RECORD_LIMIT:
            raise CannotJudge(f"{path.name}: larger than {RECORD_LIMIT} bytes")
        return path.read_bytes()
    except OSError as error:
        raise CannotJudge(f"{path}: {error.strerror}", "name a file, a folder or a zip of OSV records") from error


def _one(data: bytes, name: str) -> Iterator[tuple[str, str, Advisory]]:
    try:
        yield from read_record(data)
    except CannotJudge as error:
        raise CannotJudge(
            f"{name[:100]}: {error.message}", "OSV's JSON records are read, as its exports have them"
        ) from error
