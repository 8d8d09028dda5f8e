"""A changed file cut into pieces for packets: whole hunks with the symbol they stand in, redacted, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trustgate.changes.changeset import Hunk
from trustgate.facts import FileView, SideText
from trustgate.finding import Finding, Side
from trustgate.reviewer.redaction import Redactor
from trustgate.reviewer.sheet import Sheet, Shown

CONTEXT = 3
"""unchanged lines before and after a hunk"""
WHOLE_SYMBOL = 40
"""lines of an enclosing function or class that is shown whole"""
PIECE_LIMIT = 24_000
"""bytes; a larger piece, such as a new file, is cut between symbols or at blank lines"""
NEAR = 3
"""lines between a flag and what counts as its place"""


class Row(NamedTuple):
    sign: str
    """`+` added, `-` removed, a blank for unchanged"""
    number: int
    """1-based; of the old side for `-`"""
    shown: Shown

    @property
    def size(self) -> int:
        """Bytes of the line in a packet, its prefix included."""
        return len(self.shown.text.encode("utf-8", "replace")) + 22


class Piece(NamedTuple):
    path: str
    old_path: str
    language: str
    rows: tuple[Row, ...]

    @property
    def size(self) -> int:
        return sum(row.size for row in self.rows)

    @property
    def changed(self) -> bool:
        return any(row.sign != " " for row in self.rows)

    def holds(self, finding: Finding) -> bool:
        """Whether the finding's place is among the rows. A finding about a file as a whole is in each piece of it."""
        at = finding.location
        if at.path not in (self.path, self.old_path):
            return False
        if at.line < 1:
            return True
        signs = ("-",) if at.side is Side.OLD else ("+", " ")
        last = max(at.line, at.end_line)
        return any(row.sign in signs and at.line <= row.number <= last for row in self.rows)


class Reading:
    """One file, read in two steps: made (all values learned), then cut into pieces. Raises RedactionError."""

    def __init__(self, view: FileView, findings: Iterable[Finding], redactor: Redactor) -> None:
        self.view = view
        places = [f.location for f in findings if f.location.path in (view.path, view.change.old_path)]
        new = [(at.line, max(at.line, at.end_line)) for at in places if at.side is Side.NEW and at.line > 0]
        old = [(at.line, max(at.line, at.end_line)) for at in places if at.side is Side.OLD and at.line > 0]
        hunks = view.change.hunks
        self._windows = _windows(view.new, hunks, new) if view.new is not None else []
        self._old_lines = {number for hunk in hunks for number in hunk.old_lines}
        self._old_extra = [(a, min(b, a + 10)) for a, b in old if not self._old_lines & set(range(a, b + 1))]
        numbers = [number for first, last in self._windows for number in range(first, last + 1)]
        extra = {number for first, last in self._old_extra for number in range(first - NEAR, last + NEAR + 1)}
        self._new = Sheet(view.new, numbers, redactor) if view.new is not None else None
        self._old = Sheet(view.old, self._old_lines | extra, redactor) if view.old is not None else None

    def pieces(self) -> tuple[Piece, ...]:
        """In the order of the file. Call it when every file of the run was read."""
        new = self._new.shown() if self._new else {}
        old = self._old.shown() if self._old else {}
        groups = list(self._groups(new, old))
        return tuple(
            Piece(self.view.path, self.view.change.old_path, _language(self.view.path), rows)
            for group in groups
            for rows in _cut(group)
            if rows
        )

    def _groups(self, new: dict[int, Shown], old: dict[int, Shown]) -> Iterator[list[Row]]:
        hunks = list(self.view.change.hunks)
        if not self._windows:
            yield [Row("-", number, old[number]) for number in sorted(self._old_lines) if number in old]
            return
        for first, last in self._windows:
            rows: list[Row] = []
            added: set[int] = set()
            before: dict[int, list[int]] = {}
            for hunk in hunks:
                place = hunk.new_start if hunk.new_count else hunk.new_start + 1
                if first <= place <= last + 1:
                    before.setdefault(place, []).extend(hunk.old_lines)
                    added.update(hunk.new_lines)
            for number in range(first, last + 2):
                rows += [Row("-", gone, old[gone]) for gone in before.get(number, ()) if gone in old]
                if number in new and number <= last:
                    rows.append(Row("+" if number in added else " ", number, new[number]))
            yield rows
        for first, last in self._old_extra:  # a finding about lines of the old side that did not change
            yield [Row("-", n, old[n]) for n in range(first - NEAR, last + NEAR + 1) if n in old]


def _language(path: str) -> str:
    from trustgate.syntax.paths import language_of

    return language_of(path) or "text"


def _windows(side: SideText, hunks: Iterable[Hunk], more: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Line ranges of the new side to show: each hunk with its context and its symbol; overlapping ones are joined."""
    total = len(side.lines)
    wanted = [(first, min(last, first + WHOLE_SYMBOL)) for first, last in more]
    wanted += [(h.new_start, h.new_start + max(h.new_count, 1) - 1) for h in hunks]
    windows: list[tuple[int, int]] = []
    scopes = [scope for scope in side.outline.scopes if scope.kind != "variable"]
    for first, last in wanted:
        windows.append((max(1, first - CONTEXT), min(total, last + CONTEXT)))
        around = [scope for scope in scopes if scope.start <= max(first, 1) <= scope.end]
        if around:
            inner = around[-1]
            if inner.end - inner.start < WHOLE_SYMBOL:
                windows.append((inner.start, min(total, inner.end)))
            else:
                windows.append((inner.start, min(total, inner.start + CONTEXT)))  # its head, to know where we are
    joined: list[tuple[int, int]] = []
    for first, last in sorted(windows):
        if last < first:
            joined.append((first, first - 1))  # an empty new file: only removed lines stand here
        elif joined and first <= joined[-1][1] + 2:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _cut(rows: list[Row]) -> Iterator[tuple[Row, ...]]:
    """Rows in parts of about PIECE_LIMIT bytes, cut where a line is blank or nothing is indented."""
    part: list[Row] = []
    size = 0
    for row in rows:
        text = row.shown.text
        boundary = not text.strip() or not text[:1].isspace()
        if part and (size + row.size > PIECE_LIMIT * 3 // 2 or (size + row.size > PIECE_LIMIT and boundary)):
            yield tuple(part)
            part, size = [], 0
        part.append(row)
        size += row.size
    yield tuple(part)
