"""What every family of integrity checks is handed, and the shape of one: `check(subject)` yields outcomes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property
from posixpath import basename
from typing import Protocol

from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.rule import RuleSet
from trustgate.changes.changeset import Status
from trustgate.facts import ChangedLine, FileView
from trustgate.finding import Location, Side
from trustgate.record import NamedTuple


def fold(path: str) -> str:
    """The name as a file system sees it that knows neither case nor the composition of letters."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


class Names:
    """Every path that exists after the change, by folded name; listed once a change set and only when asked."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @cached_property
    def _by_fold(self) -> dict[str, list[str]]:
        change = self._context.change
        gone = {file.old_path for file in change.files if file.status in (Status.DELETED, Status.RENAMED)}
        paths = {path for path in change.base_paths() if path not in gone}
        paths.update(file.path for file in change.files if file.status is not Status.DELETED)
        index: dict[str, list[str]] = {}
        for path in sorted(paths):
            index.setdefault(fold(path), []).append(path)
        return index

    def twins(self, path: str) -> list[str]:
        """Other paths that such a file system takes for `path`."""
        return [other for other in self._by_fold.get(fold(path), ()) if other != path]


class Subject(NamedTuple):
    """One changed file, with the change set it is part of and the rules to report under."""

    context: Context
    file: FileView
    rules: RuleSet
    names: Names

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def name(self) -> str:
        return basename(self.file.path)

    def at(self, line: ChangedLine, start: int = 0, end: int | None = None) -> Location:
        """The span of a changed line; `start` and `end` are 0-based character offsets, end exclusive."""
        stop = len(line.text) if end is None else end
        path = self.file.path if line.side is Side.NEW else self.file.change.old_path
        return Location(path, line.side, line.number, line.number, start + 1, stop + 1)

    @property
    def whole(self) -> Location:
        return Location(self.file.path)

    def texts(self) -> tuple[str, str]:
        """Old and new text, empty where a side does not exist or is no text."""
        old, new = self.file.old, self.file.new
        return (old.text if old else "", new.text if new else "")


class Check(Protocol):
    def __call__(self, subject: Subject) -> Iterator[Outcome]: ...
