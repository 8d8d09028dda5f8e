"""What an engine is given and what it gives back. Each engine is a module of this folder with `NAME` and `scan`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from trustgate.analyzers.flaws.rules import FlawRule
from trustgate.facts import SideText
from trustgate.finding import Confidence
from trustgate.process import ToolFailed

SUFFIXES = {
    "python": ".py",
    "javascript": ".js",
    "typescript": ".ts",
    "tsx": ".tsx",
    "go": ".go",
    "java": ".java",
}
"""languages that an engine reads, with the suffix that makes it read them"""

_LINE_END = re.compile(rb"\r\n|\r|\n")


class Subject:
    """One side of one file as an engine sees it: under a harmless name, every line ended by LF.

    Python and JavaScript end a line at a lone CR too, git does not. Engines differ; so they are shown LF only, and
    their lines are counted back to git's.
    """

    def __init__(self, name: str, language: str, text: SideText) -> None:
        self.name = self.name_of(name, language)
        self.language = language
        self.text = text

    @staticmethod
    def name_of(stem: str, language: str) -> str:
        return stem + SUFFIXES[language]

    @cached_property
    def data(self) -> bytes:
        return _LINE_END.sub(b"\n", self.text.data) if b"\r" in self.text.data else self.text.data

    @cached_property
    def _ends(self) -> tuple[bytes, ...]:
        return tuple(_LINE_END.findall(self.text.data)) if self.plain is False else ()

    @cached_property
    def plain(self) -> bool:
        """True where the engine's lines are git's lines."""
        return self.text.data.count(b"\r") == self.text.data.count(b"\r\n")

    def line(self, seen: int) -> int:
        """git's 1-based line of the engine's 1-based line."""
        if self.plain:
            return seen
        return 1 + sum(end.endswith(b"\n") for end in self._ends[: seen - 1])

    def column(self, seen_line: int, byte_column: int) -> int:
        """1-based column in characters of a 0-based column in bytes; 1 where the lines are not git's."""
        if not self.plain:
            return 1
        return len(self._byte_line(seen_line)[:byte_column].decode("utf-8", "surrogateescape")) + 1

    def _byte_line(self, number: int) -> bytes:
        lines = self._byte_lines
        return lines[number - 1] if 0 < number <= len(lines) else b""

    @cached_property
    def _byte_lines(self) -> list[bytes]:
        return self.data.split(b"\n")


class Hit(NamedTuple):
    """One result of an engine, in git's lines (1-based) and in columns of characters (1-based, the end exclusive)."""

    subject: Subject
    rule: FlawRule
    line: int
    end_line: int
    column: int
    end_column: int
    confidence: Confidence

    @property
    def matched(self) -> str:
        """The source text of the span, at most 400 characters; it goes into the fingerprint."""
        lines = self.subject.text.lines[self.line - 1 : self.end_line]
        if not lines:
            return ""
        if self.end_column > 1:
            lines[-1] = lines[-1][: self.end_column - 1]
        lines[0] = lines[0][self.column - 1 :]
        return " ".join(" ".join(lines).split())[:400]


class Unread(NamedTuple):
    """A subject that the engine could not read to its end."""

    subject: Subject
    reason: str
    """in a few words, without the engine's name"""
    error: bool
    """False where the engine's grammar gave up on the text itself: our own engine has read it all the same"""


class Engine(Protocol):
    """`scan` raises CannotJudge when the tool as a whole failed: then nothing is known of any subject."""

    NAME: str

    def scan(self, subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> Iterator[Hit | Unread]: ...


class Answer:
    """A tool's JSON, which quotes hostile text: every field is checked for its type before it is used."""

    def __init__(self, value: object, engine: str) -> None:
        self._value = value
        self._engine = engine

    def __getitem__(self, key: str) -> Answer:
        if not isinstance(self._value, dict) or key not in self._value:
            raise self._wrong(f"no `{key}`")
        return Answer(self._value[key], self._engine)

    @property
    def items(self) -> list[Answer]:
        if not isinstance(self._value, list):
            raise self._wrong("no list where one is due")
        return [Answer(item, self._engine) for item in self._value]

    @property
    def names(self) -> frozenset[str]:
        """Keys of an object, or texts of a list."""
        if isinstance(self._value, dict | list):
            return frozenset(item for item in self._value if isinstance(item, str))
        raise self._wrong("no names where they are due")

    @property
    def text(self) -> str:
        if not isinstance(self._value, str):
            raise self._wrong("no text where it is due")
        return self._value

    @property
    def number(self) -> int:
        if not isinstance(self._value, int) or isinstance(self._value, bool) or self._value < 0:
            raise self._wrong("no number where it is due")
        return self._value

    def get(self, key: str) -> Any:
        """The bare value of a field, or None."""
        return self._value.get(key) if isinstance(self._value, dict) else None

    def _wrong(self, what: str) -> ToolFailed:
        return ToolFailed(f"{self._engine} answered in a form that this version does not know: {what}")


def parse_answer(data: bytes, engine: str) -> Answer:
    """Raises ToolFailed for what is no JSON. Messages that quote a file's bytes may not be UTF-8."""
    import json

    try:
        return Answer(json.loads(data.decode("utf-8", "replace")), engine)
    except (ValueError, RecursionError) as error:
        raise ToolFailed(f"{engine} gave no readable answer") from error
