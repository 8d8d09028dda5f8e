"""The change as a page shows it: changed lines with a little round them, secrets taken out, an origin for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from trustgate.attribution.origin import Attribution, Origin
from trustgate.attribution.strictness import strictness
from trustgate.facts import FileView
from trustgate.verdict import DiffFile, DiffRow

AROUND = 3
"""unchanged lines shown before and after a hunk"""
FILE_ROWS, ALL_ROWS = 1_500, 12_000
"""rows of one file, and of the whole page; what is cut is counted"""
WIDTH = 400
"""characters of a line that are shown"""


def view_of(files: Iterable[FileView], attribution: Attribution, redact: Callable[[str], str]) -> tuple[DiffFile, ...]:
    """One entry a changed text file, in the order of the change."""
    shown = []
    left = ALL_ROWS
    for view in files:
        hunks = view.change.hunks
        changed = sum(hunk.old_count + hunk.new_count for hunk in hunks)
        if not changed or view.problem:
            continue
        rows: list[DiffRow] = []
        given = 0
        for row in _rows(view, attribution, redact):
            if len(rows) >= min(FILE_ROWS, left):
                break
            rows.append(row)
            given += bool(row.old) != bool(row.new)
        left -= len(rows)
        shown.append(DiffFile(view.path, view.change.old_path, tuple(rows), max(0, changed - given)))
    return tuple(shown)


def _rows(view: FileView, attribution: Attribution, redact: Callable[[str], str]) -> Iterator[DiffRow]:
    old = _lines(view.old.lines if view.old is not None else (), redact)
    new = _lines(view.new.lines if view.new is not None else (), redact)
    length = len(view.new.lines) if view.new is not None else 0
    whole = _origin(attribution.of(view.path, 0))
    done, shift = 0, 0  # last line of the new side that was passed; old number of an unchanged line less its new one
    begun = False

    def same(first: int, last: int) -> Iterator[DiffRow]:
        yield from (DiffRow(number + shift, number, new(number)) for number in range(first, last + 1))

    for hunk in view.change.hunks:
        first = hunk.new_start + (hunk.new_count == 0)
        tail = min(done + AROUND, first - 1) if begun else done
        yield from same(done + 1, tail)
        start = max(tail + 1, first - AROUND)
        if start > tail + 1:
            yield DiffRow(0, 0, "")
        yield from same(start, first - 1)
        yield from (DiffRow(number, 0, old(number)) for number in hunk.old_lines)
        for number in hunk.new_lines:
            origin = _origin(attribution.of(view.path, number)) if attribution.lines else whole
            yield DiffRow(0, number, new(number), origin)
        shift += hunk.old_count - hunk.new_count
        done, begun = first + hunk.new_count - 1, True
    yield from same(done + 1, min(done + AROUND, length))


def _origin(origins: tuple[Origin, ...]) -> str:
    return max(origins, key=strictness).id if origins else ""


def _lines(lines: Iterable[str], redact: Callable[[str], str]) -> Callable[[int], str]:
    """Line by number, redacted when it is asked for. A secret over several lines is redacted with the whole text."""
    given = list(lines)
    whole: list[list[str]] = []

    def line(number: int) -> str:
        if not whole:
            clean = redact("\n".join(given)).split("\n")
            whole.append(clean if len(clean) == len(given) else [redact(text) for text in given])
        return whole[0][number - 1][:WIDTH] if 0 < number <= len(whole[0]) else ""

    return line
