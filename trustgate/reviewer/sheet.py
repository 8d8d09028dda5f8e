"""The lines of one side of a file as they may be shown: redacted, hidden characters escaped, comments told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trustgate.escape import visible
from trustgate.facts import SideText
from trustgate.reviewer.redaction import RedactionError, Redactor
from trustgate.syntax.paths import PathKind, path_kind

LINE_LIMIT = 1_200
"""characters of a line that are shown; a flag on a longer one can not be cleared"""
COMMENT = "<comment>"
_TRAILING = re.compile(r"(?<=\s)(?:#|//|--|;;?|REM\b)\s.{0,20000}\Z")
"""what may be a remark at the end of a line of a language that is read by lines; too much is the safe side"""
_HIDING = re.compile("[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\U000e0000-\U000e007f]")
"""not the joiner and the variation selectors that emoji are made of, nor a byte order mark"""
SIDE_LIMIT = 8 * 1024 * 1024
"""characters of a side; keys that span lines are looked for in the whole of it"""


class Shown(NamedTuple):
    text: str
    code: str
    """the same with every comment replaced by COMMENT: what counts as evidence"""
    cut: bool
    """the line goes on beyond what is shown"""
    hidden: bool = False
    """characters in it that steer or hide text: zero-width, direction, tags"""


class Sheet:
    """One side of one file. Raises RedactionError for a side that can not be redacted."""

    def __init__(self, side: SideText, numbers: Iterable[int], redactor: Redactor) -> None:
        self._redactor = redactor
        self._numbers = sorted({number for number in numbers if 0 < number <= len(side.lines)})
        if len(side.text) > SIDE_LIMIT:
            raise RedactionError(f"{side.path}: {len(side.text)} characters are too many to redact as a whole")
        self._raw = _without_keys(side, self._numbers, redactor)
        self._code = dict(_masked(side, self._raw))
        redactor.learn([self._joined(self._raw), self._joined(self._code)])

    def _joined(self, lines: dict[int, str]) -> str:
        return "\n".join(lines[number] for number in self._numbers)

    def shown(self) -> dict[int, Shown]:
        """By line number. Call it when every sheet of the run was made, so that all values are known."""
        if not self._numbers:
            return {}
        texts = self._redactor.redacted(self._joined(self._raw)).split("\n")
        codes = self._redactor.redacted(self._joined(self._code)).split("\n")
        found = {}
        for number, text, code in zip(self._numbers, texts, codes, strict=True):
            seen, evidence = visible(text.rstrip("\r"), "\t"), visible(code.rstrip("\r"), "\t")
            hidden = not text.isascii() and _HIDING.search(text) is not None
            found[number] = Shown(seen[:LINE_LIMIT], evidence[:LINE_LIMIT], len(seen) > LINE_LIMIT, hidden)
        return found


def _without_keys(side: SideText, numbers: list[int], redactor: Redactor) -> dict[int, str]:
    """The lines with private keys taken out, which are found in the whole text and may begin above what is shown."""
    lines = {number: side.line(number) for number in numbers}
    if "PRIVATE KEY" in side.text:
        hidden = redactor.redacted(side.text).split("\n")
        if len(hidden) < len(side.lines):
            raise RedactionError(f"{side.path}: redaction changed the number of lines", "report this as a bug")
        for number in lines:
            lines[number] = hidden[number - 1]
    return lines


def _masked(side: SideText, lines: dict[int, str]) -> Iterator[tuple[int, str]]:
    """Each line with its comments and docstrings replaced. Prose is all comment: it claims, and guards nothing."""
    if path_kind(side.path) is PathKind.PROSE:
        yield from ((number, COMMENT) for number in lines)
        return
    covered = _comment_columns(side, list(lines))
    guessed = side.outline.degraded
    for number, text in lines.items():
        if text != side.line(number):  # a key was taken out, so columns mean nothing
            yield number, COMMENT if number in covered else text
            continue
        data = side.line(number).encode("utf-8", "surrogateescape")
        for start, end in sorted(covered.get(number, ()), reverse=True):
            data = data[:start] + COMMENT.encode() + data[end:]
        code = data.decode("utf-8", "surrogateescape")
        yield number, _TRAILING.sub(COMMENT, code) if guessed else code


def _comment_columns(side: SideText, numbers: list[int]) -> dict[int, list[tuple[int, int]]]:
    """Byte columns of comments by line, from the outline that the analyzers made."""
    wanted = frozenset(numbers)
    ranges = _ranges(numbers)
    found: dict[int, list[tuple[int, int]]] = {}
    for comment in side.outline.detail(ranges).comments:
        span = comment.span
        for number in range(span.line, span.end_line + 1):
            if number in wanted:
                size = len(side.line(number).encode("utf-8", "surrogateescape"))
                start = span.column if number == span.line else 0
                end = span.end_column if number == span.end_line else size
                if not any(start < other and first < end for first, other in found.get(number, ())):
                    found.setdefault(number, []).append((start, max(start, min(end, size))))
    return found


def _ranges(numbers: list[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges
