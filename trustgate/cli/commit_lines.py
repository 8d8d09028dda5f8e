"""Commits as JSON lines, for `trustgate attribute --text`: no repository is needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from trustgate.errors import CannotJudge, TrustgateError, UsageError

if TYPE_CHECKING:
    from trustgate.changes.changeset import CommitInfo

LINE_LIMIT = 4 * 1024 * 1024
"""characters of one line"""
_FIELDS = ("author_name", "author_email", "committer_name", "committer_email", "message")


def open_list(name: str) -> AbstractContextManager[TextIO]:
    """A file of lines, or standard input for -, which stays open. Raises UsageError for one that cannot be read."""
    if name == "-":
        return nullcontext(sys.stdin)
    try:
        return Path(name).open(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        hint = "give a readable file, or - for standard input"
        raise UsageError(f"{name}: {error.strerror or error}", hint) from error


def read_lines(file: Iterable[str]) -> Iterator[tuple[str, CommitInfo | TrustgateError]]:
    """Each line with its name, and the commit on it or what is wrong with it. Blank lines are passed over."""
    for number, line in enumerate(file, 1):
        if line.strip():
            yield f"line {number}", _commit(line)


def _commit(line: str) -> CommitInfo | TrustgateError:
    """A commit from one JSON line; `commit` or `sha` names it, fields that are left out are empty."""
    from trustgate.changes.changeset import CommitInfo

    if len(line) > LINE_LIMIT:
        return CannotJudge(f"longer than {LINE_LIMIT} characters")
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return CannotJudge("not a JSON object")
    if not isinstance(entry, dict) or not isinstance(entry.get("message"), str):
        return CannotJudge("not a JSON object with a `message`")
    values = [entry.get("commit") or entry.get("sha") or "", *(entry.get(field) or "" for field in _FIELDS)]
    if not all(isinstance(value, str) for value in values):
        return CannotJudge("a field is not a string")
    name, author, author_email, committer, committer_email, message = values
    return CommitInfo(name, (), author, author_email, committer, committer_email, message)
