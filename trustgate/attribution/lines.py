"""Which origins each changed line of a range has: those of the commit that introduced it, and of the records on it.

A record on a line wins over the commit's own text where the text says the same or less; where they disagree the line
has the origins of both, and policy takes the stricter. Lines without a record keep what the text says of the commit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from trustgate.attribution.agents import UNSPECIFIED
from trustgate.attribution.claim import Claim
from trustgate.attribution.gathering import MODEL_CLASSES, Origins, agrees
from trustgate.attribution.origin import LineRange
from trustgate.attribution.recorded import LineClaims, Recorded
from trustgate.changes.blame import Blamed
from trustgate.changes.changeset import FileChange
from trustgate.errors import CannotJudge

FILE_LIMIT = 200
"""files of one range that are blamed; lines of others have the origins of every commit that touched their file"""

Blame = Callable[[str], Sequence[Blamed]]


class Said(NamedTuple):
    """What is known of one commit."""

    text: tuple[Claim, ...]
    """claims of its author, committer and message, and of what surrounds it"""
    record: Recorded
    origins: tuple[str, ...]
    """ids of its origins as a whole"""


class Segment(NamedTuple):
    start: int
    end: int
    claims: tuple[Claim, ...]


class LineOrigins:
    """Origin ids of lines, by the commit that introduced them."""

    def __init__(self, said: Mapping[str, Said], origins: Origins) -> None:
        self._said = said
        self._origins = origins
        self._segments: dict[tuple[str, str], list[Segment]] = {}
        self._ids: dict[tuple[str, tuple[Claim, ...]], tuple[str, ...]] = {}

    def of(self, block: Blamed) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """First and last line as the file is now, and the ids; nothing for a commit that is not of the range."""
        said = self._said.get(block.commit)
        if said is None:
            return
        shift = block.start - block.first
        last = block.first + block.length - 1
        at = block.first
        for segment in self._near(block):
            if segment.start > at:
                yield at + shift, segment.start - 1 + shift, self._bare(block.commit, said)
            start, end = max(segment.start, at), min(segment.end, last)
            yield start + shift, end + shift, self._recorded(block.commit, said, segment.claims)
            at = end + 1
        if at <= last:
            yield at + shift, last + shift, self._bare(block.commit, said)

    def _near(self, block: Blamed) -> Iterator[Segment]:
        found = self._on(block.commit, block.path)
        begin = max(bisect_right(found, block.first, key=lambda segment: segment.start) - 1, 0)
        for segment in found[begin:]:
            if segment.start >= block.first + block.length:
                return
            if segment.end >= block.first:
                yield segment

    def _on(self, commit: str, path: str) -> list[Segment]:
        key = (commit, path)
        if key not in self._segments:
            record = self._said[commit].record
            self._segments[key] = list(segments([line for line in record.lines if line.path == path]))
        return self._segments[key]

    def _bare(self, commit: str, said: Said) -> tuple[str, ...]:
        """Of a line without a record of its own: what is said of the whole commit."""
        if not said.record.lines:
            return said.origins
        return self._add(commit, (*said.record.wide, *said.text))

    def _recorded(self, commit: str, said: Said, claims: tuple[Claim, ...]) -> tuple[str, ...]:
        text = (claim for claim in said.text if not explained(claim, claims))
        return self._add(commit, (*claims, *said.record.wide, *text))

    def _add(self, commit: str, claims: tuple[Claim, ...]) -> tuple[str, ...]:
        key = (commit, claims)
        if key not in self._ids:
            self._ids[key] = self._origins.add(commit, claims)
        return self._ids[key]


def explained(claim: Claim, here: Sequence[Claim]) -> bool:
    """Whether a claim of the text says nothing that the records on this very line do not say too, or more exactly: an
    agent and, where it states them, its backends. Records are unsigned, so on a line that a person typed, and on one
    that another agent wrote, nothing is explained away: else a record could take a line out of a trailer's reach."""
    if claim.origin_class not in MODEL_CLASSES:
        return False
    same = [item for item in here if item.agent and claim.agent in (item.agent, UNSPECIFIED, "")]
    known = [backend for item in same for backend in item.backends]
    return bool(same) and all(any(agrees(mine, other) for other in known) for mine in claim.backends)


def segments(lines: Sequence[LineClaims]) -> Iterator[Segment]:
    """Ranges that may overlap, as ones that do not: each with every claim that covers it. In order."""
    events: dict[int, tuple[list[Claim], list[Claim]]] = {}
    for line in dict.fromkeys(lines):
        events.setdefault(line.start, ([], []))[0].extend(line.claims)
        events.setdefault(line.end + 1, ([], []))[1].extend(line.claims)
    active: dict[Claim, int] = {}
    before = 0
    for at in sorted(events):
        if active:
            yield Segment(before, at - 1, tuple(active))
        begins, ends = events[at]
        for claim in ends:
            active[claim] -= 1
            if not active[claim]:
                del active[claim]
        for claim in begins:
            active[claim] = active.get(claim, 0) + 1
        before = at


def line_ranges(
    files: Iterable[FileChange],
    touched: Mapping[str, tuple[str, ...]],
    said: Mapping[str, Said],
    origins: Origins,
    blame: Blame,
) -> tuple[LineRange, ...]:
    """Origins of the changed lines of every file whose lines can differ in it. A file that cannot be blamed, and one
    after the first FILE_LIMIT, keeps the origins of the commits that touched it."""
    lookup = LineOrigins(said, origins)
    found: list[LineRange] = []
    left = FILE_LIMIT
    for change in files:
        changed = [hunk.new_lines for hunk in change.hunks if hunk.new_count]
        if not changed or not left or not _differs(change, touched, said):
            continue
        left -= 1
        try:
            blocks = blame(change.path)
        except CannotJudge:
            continue  # the file's own origins are every origin its lines can have
        found += _of_file(change.path, changed, blocks, lookup)
    return tuple(found)


def _differs(change: FileChange, touched: Mapping[str, tuple[str, ...]], said: Mapping[str, Said]) -> bool:
    """Whether lines of a file can have different origins: by records, by its commits, or by ones not known."""
    commits = tuple(said) if len(said) == 1 else (*touched.get(change.path, ()), *touched.get(change.old_path, ()))
    if not commits or any(oid not in said for oid in commits):
        return True
    if any(said[oid].record.lines for oid in commits):
        return True
    return len({said[oid].origins for oid in commits}) > 1


def _of_file(path: str, changed: Sequence[range], blocks: Sequence[Blamed], lookup: LineOrigins) -> Iterator[LineRange]:
    merged: dict[str, tuple[int, int]] = {}
    for start, end, ids in (piece for block in blocks for piece in lookup.of(block)):
        for lines in changed:
            first, last = max(start, lines.start), min(end, lines.stop - 1)
            if first > last:
                continue
            for origin in ids:
                open_from, open_to = merged.get(origin, (0, -1))
                if open_to + 1 == first and open_from:
                    merged[origin] = (open_from, last)
                    continue
                if open_from:
                    yield LineRange(path, open_from, open_to, origin)
                merged[origin] = (first, last)
    for origin, (first, last) in merged.items():
        yield LineRange(path, first, last, origin)
