"""The text of a pull request from a file, for the commands that take one."""

from __future__ import annotations

import sys
from pathlib import Path

from trustgate.errors import UsageError

READ_LIMIT = 4 * 1024 * 1024
"""bytes of the file that are read"""


def read_body(name: str) -> str:
    """Raises UsageError for a file that cannot be read; - is standard input."""
    if name == "-":
        return sys.stdin.buffer.read(READ_LIMIT).decode("utf-8", "replace")
    try:
        with Path(name).open("rb") as file:
            return file.read(READ_LIMIT).decode("utf-8", "replace")
    except OSError as error:
        hint = "give a readable file, or - for standard input"
        raise UsageError(f"--pr-body {name}: {error.strerror or error}", hint) from error
