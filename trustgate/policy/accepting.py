"""Write an exception: one more `[[exception]]` table at the end of the file, every byte before it left as it is."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import date
from pathlib import Path

from trustgate.errors import ConfigError, UsageError
from trustgate.policy.exceptions import EXCEPTIONS_PATH, LONGEST_LIFE, parse_exceptions
from trustgate.policy.model import Accepted

HEAD = "# Findings a person accepted. An entry counts once it is on the trusted base, until it expires.\n"


def entry_text(entry: Accepted) -> str:
    """The entry as TOML, in one fixed order."""
    rows = [("rule", _quoted(entry.rule))]
    rows.append(("fingerprint", _quoted(entry.fingerprint)) if entry.fingerprint else ("path", _quoted(entry.path)))
    rows += [("reason", _quoted(entry.reason)), ("owner", _quoted(entry.owner)), ("expires", entry.expires.isoformat())]
    if entry.added:
        rows.append(("added", entry.added.isoformat()))
    return "[[exception]]\n" + "".join(f"{key} = {value}\n" for key, value in rows)


def with_entry(
    data: bytes | None,
    entry: Accepted,
    known_rules: Collection[str] | None,
    *,
    today: date,
    longest_life: int = LONGEST_LIFE,
) -> bytes:
    """The file with the entry at its end. Raises ConfigError for a file or entry that does not load, UsageError for a
    finding that is accepted already.
    """
    for other in parse_exceptions(data, known_rules, today, longest_life=longest_life):
        same = other.rule == entry.rule and (other.fingerprint, other.path) == (entry.fingerprint, entry.path)
        if same and other.expires >= today:
            raise UsageError(
                f"{EXCEPTIONS_PATH} accepts {other.id} already, until {other.expires}",
                "change that entry when it should end on another day",
            )
    before = HEAD.encode() if data is None else data
    ending = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if before.endswith(b"\n") or not before else ending
    added = gap + (ending if before else "") + entry_text(entry).replace("\n", ending)
    after = before + added.encode("utf-8")
    if entry not in parse_exceptions(after, known_rules, today, longest_life=longest_life):
        raise ConfigError(f"{EXCEPTIONS_PATH}: the new entry does not read back as it was written", "report this")
    return after


def read_exceptions(root: Path) -> bytes | None:
    """The file of a work tree, None where there is none. Raises UsageError where it is a link or no file at all."""
    target = root / EXCEPTIONS_PATH
    for part in (target.parent, target):
        if part.is_symlink():
            raise UsageError(f"{part.relative_to(root)} is a symbolic link", "replace it by a file of this repository")
    if not target.exists():
        return None
    if not target.is_file():
        raise UsageError(f"{EXCEPTIONS_PATH} is not a file")
    return target.read_bytes()


def write_exceptions(root: Path, data: bytes) -> None:
    """Replace the file in one step, so that a crash leaves the old or the new one. Raises UsageError."""
    read_exceptions(root)  # refuses links
    target = root / EXCEPTIONS_PATH
    partial = target.with_name(f".exceptions.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"{EXCEPTIONS_PATH} can not be written: {error.strerror}") from error


def _quoted(text: str) -> str:
    """A basic string of TOML 1.0; raises UsageError for bytes that are no text."""
    out = []
    for char in text:
        code = ord(char)
        if 0xD800 <= code <= 0xDFFF:
            raise UsageError("a reason, owner or rule has bytes that are not UTF-8", "type it again")
        if char in '"\\':
            out.append("\\" + char)
        elif code < 0x20 or code == 0x7F or not char.isprintable():
            out.append(f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'
