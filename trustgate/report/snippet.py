"""The source lines of a finding, cut to what a reader needs. The pieces are raw: each format escapes them itself."""

from __future__ import annotations

from trustgate.record import NamedTuple
from trustgate.report.phrases import removed
from trustgate.verdict import Judged, Source, Verdict

WIDTH = 120
"""characters of a line that are shown"""
LEAD = 40
"""characters kept before the span when a line is cut"""
LINES = 8
"""lines of a span that are shown"""


class Row(NamedTuple):
    """One line of source: what stands before the span, the span, what stands after. Dots stand where it was cut."""

    number: int
    mark: str
    """`-` for a line that the change removes, `>` for one of several lines of a span, `|` for a line with its span"""
    before: str
    span: str
    after: str


class Snippet(NamedTuple):
    rows: tuple[Row, ...]
    more: int
    """lines of the span that are not shown"""


def sources_of(verdict: Verdict) -> dict[str, Source]:
    return dict(verdict.sources)


def snippet(item: Judged, sources: dict[str, Source]) -> Snippet:
    """The lines of the finding; empty for a file as a whole and where the verdict holds no source."""
    where = item.finding.location
    source = sources.get(f"{item.finding.fingerprint}@{where.line}")
    if source is None or where.line < 1:
        return Snippet((), 0)
    last = max(where.line, where.end_line)
    single = last == where.line
    mark = "-" if removed(item) else "|" if single else ">"
    rows = []
    for number in range(where.line, min(last, where.line + LINES - 1) + 1):
        index = number - source.first
        if not 0 <= index < len(source.lines):
            break
        line = source.lines[index]
        start = where.column - 1 if single else 0
        end = where.end_column - 1 if single else 0
        rows.append(_row(number, mark, line, start, end))
    return Snippet(tuple(rows), last - rows[-1].number if rows else 0)


def span_of(line: str, start: int, end: int) -> tuple[int, int]:
    """The part of `line` between two 0-based columns, as far as it goes; round a secret, its redaction."""
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    redacted = line.find("…[redacted ", start, end + len("…[redacted "))
    if redacted >= 0 and "]" in line[redacted:]:  # not the secret's own length
        end = line.index("]", redacted) + 1
    return start, end


def _row(number: int, mark: str, line: str, start: int, end: int) -> Row:
    start, end = span_of(line, start, end)
    left, right = 0, len(line)
    if len(line) > WIDTH:
        left = max(0, min(start - LEAD, len(line) - WIDTH))
        right = min(len(line), left + WIDTH)
    before = ("…" if left else "") + line[left:start]
    after = line[min(end, right) : right] + ("…" if right < len(line) else "")
    return Row(number, mark, before, line[start : min(end, right)], after)
