"""The change as a page shows it: changed lines with a little round them, secrets taken out, an origin for each.

Where there is more than a page holds, the lines that something was found on stay, and what goes is counted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from trustgate.attribution.origin import Attribution, Origin
from trustgate.attribution.strictness import strictness
from trustgate.changes.changeset import FileChange, Status
from trustgate.facts import FileView
from trustgate.finding import Location, Side
from trustgate.verdict import DiffFile, DiffRow

AROUND = 3
"""unchanged lines shown before and after a hunk"""
FILE_ROWS, ALL_ROWS = 1_500, 6_000
"""rows of one file, and of the whole page; what is cut is counted"""
FOUND_ROWS = 1_500
"""rows of one file that are shown past FILE_ROWS, because something was found there"""
WIDTH = 400
"""characters of a line that are shown"""
_STATUS = {Status.ADDED: "new file", Status.DELETED: "deleted", Status.COPIED: "copied"}

Place = tuple[int, int]
"""line numbers of the old and the new side, 0 for a side that has no such line; both 0 for a gap"""


def view_of(
    files: Iterable[FileView], attribution: Attribution, redact: Callable[[str], str], told: Iterable[Location] = ()
) -> tuple[DiffFile, ...]:
    """One entry a changed file, in the order of the change. Files with a place that was `told` have room first."""
    lines: dict[str, set[tuple[Side, int]]] = {}
    for at in told:
        lines.setdefault(at.path, set()).update((at.side, line) for line in (at.line, at.end_line) if line)
    views = list(files)
    found = [view.path in lines or view.change.old_path in lines for view in views]
    shown: dict[int, DiffFile] = {}
    left = ALL_ROWS
    for number in sorted(range(len(views)), key=lambda number: not found[number]):
        view = views[number]
        wanted = lines.get(view.path, set()) | lines.get(view.change.old_path, set())
        shown[number] = _file(view, attribution, redact, wanted, left)
        left -= len(shown[number].rows)
    return tuple(shown[number] for number in range(len(views)))


def _file(
    view: FileView, attribution: Attribution, redact: Callable[[str], str], wanted: set[tuple[Side, int]], left: int
) -> DiffFile:
    change = view.change
    about = tuple(_about(view))
    if view.problem:
        return DiffFile(view.path, change.old_path, (), 0, about)
    added = sum(hunk.new_count for hunk in change.hunks)
    removed = sum(hunk.old_count for hunk in change.hunks)
    room = min(FILE_ROWS, left)
    places = list(_kept(_places(view), wanted, room, min(room + FOUND_ROWS, left)))
    rows = tuple(_rows(view, places, attribution, redact)) if places else ()
    cut = added + removed - sum(bool(old) != bool(new) for old, new in places)
    return DiffFile(view.path, change.old_path, rows, cut, about, added, removed)


def _about(view: FileView) -> Iterator[str]:
    change: FileChange = view.change
    if change.status in _STATUS:
        yield _STATUS[change.status]
    if change.old_mode != change.new_mode and change.old_mode and change.new_mode:
        yield f"mode {change.old_mode:06o} -> {change.new_mode:06o}"
    if view.problem == "binary":
        yield f"binary, {change.old_size} -> {change.new_size} bytes"
    elif view.problem:
        yield view.problem
    elif not change.hunks and change.old_id == change.new_id:
        yield "contents unchanged"


def _places(view: FileView) -> Iterator[Place]:
    length = len(view.new.lines) if view.new is not None else 0
    done, shift = 0, 0  # last line of the new side that was passed; old number of an unchanged line less its new one
    begun = False

    def same(first: int, last: int) -> Iterator[Place]:
        yield from ((number + shift, number) for number in range(first, last + 1))

    for hunk in view.change.hunks:
        first = hunk.new_start + (hunk.new_count == 0)
        tail = min(done + AROUND, first - 1) if begun else done
        yield from same(done + 1, tail)
        start = max(tail + 1, first - AROUND)
        if start > tail + 1:
            yield 0, 0
        yield from same(start, first - 1)
        yield from ((number, 0) for number in hunk.old_lines)
        yield from ((0, number) for number in hunk.new_lines)
        shift += hunk.old_count - hunk.new_count
        done, begun = first + hunk.new_count - 1, True
    yield from same(done + 1, min(done + AROUND, length))


def _kept(places: Iterable[Place], wanted: set[tuple[Side, int]], room: int, most: int) -> Iterator[Place]:
    """The first `room` places, then those that are wanted with a little round them, at most `most` in all."""
    before: deque[Place] = deque(maxlen=AROUND)
    given = after = 0
    dropped = False
    for number, place in enumerate(places):
        if (Side.OLD, place[0]) in wanted or (Side.NEW, place[1]) in wanted:
            after = AROUND + 1
        if number >= room and not after:
            dropped = dropped or len(before) == AROUND
            before.append(place)
            continue
        for kept in ((0, 0), *before, place) if dropped else (*before, place):
            if given == most:
                return
            given += 1
            yield kept
        before.clear()
        dropped = False
        after = max(0, after - 1)


def _rows(
    view: FileView, places: Iterable[Place], attribution: Attribution, redact: Callable[[str], str]
) -> Iterator[DiffRow]:
    old = _lines(view.old.lines if view.old is not None else (), redact)
    new = _lines(view.new.lines if view.new is not None else (), redact)
    whole = _origin(attribution.of(view.path, 0))
    for was, now in places:
        if was and now:
            yield DiffRow(was, now, new(now))
        elif was:
            yield DiffRow(was, 0, old(was), whole)
        elif now:
            yield DiffRow(0, now, new(now), _origin(attribution.of(view.path, now)) if attribution.lines else whole)
        else:
            yield DiffRow(0, 0, "")


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
        text = whole[0][number - 1] if 0 < number <= len(whole[0]) else ""
        return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"

    return line
