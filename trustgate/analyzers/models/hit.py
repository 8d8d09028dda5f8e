"""What a scan of one side of a file says, and which of it the change brought: both sides are scanned and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.models.place import at, confidence_at
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import ChangedLine, FileView, SideText
from trustgate.finding import Confidence, Severity, Side


class Hit(NamedTuple):
    """A rule that holds somewhere on one side, whether or not the change has to do with it."""

    rule: str
    key: str
    """what makes it the same hit on the other side; the fingerprint hangs on it"""
    line: int
    """1-based, where the construct begins"""
    end_line: int
    start: int = 0
    """0-based character columns on `line`; both 0: the whole line"""
    end: int = 0
    slots: tuple[tuple[str, str], ...] = ()
    """words of the message template"""
    confidence: Confidence | None = None
    """None: the rule's own"""
    severity: Severity | None = None
    evidence: str = ""


def in_comment(side: SideText, number: int, column: int) -> bool:
    """Whether a place of a program, 0-based character column, is inside a comment or a docstring."""
    column = len(side.line(number)[:column].encode("utf-8", "surrogateescape"))
    return any(
        (item.span.line, item.span.column) <= (number, column) < (item.span.end_line, item.span.end_column)
        for item in side.outline.detail([(number, number)]).comments
    )


Scan = Callable[[SideText], Iterable[Hit]]


def fresh(view: FileView, scan: Scan) -> Iterator[Hit]:
    """Hits of the new side that the old one has not as often; of equal ones those nearest to a changed line."""
    if view.new is None:
        return
    found: dict[tuple[str, str], list[Hit]] = {}
    for hit in scan(view.new):
        found.setdefault((hit.rule, hit.key), []).append(hit)
    if not found:
        return
    before = Counter((hit.rule, hit.key) for hit in scan(view.old)) if view.old is not None else Counter()
    added = [hunk.new_lines for hunk in view.change.hunks]
    for key, hits in found.items():
        more = len(hits) - before[key]
        if more > 0:
            yield from sorted(hits, key=lambda hit: _away(hit, added))[:more]


def _away(hit: Hit, added: list[range]) -> int:
    """Lines between a hit and the nearest changed one."""
    gaps = (max(lines.start - hit.end_line, hit.line - lines.stop + 1, 0) for lines in added)
    return min(gaps, default=0)


def reported(view: FileView, hits: Iterable[Hit], rules: RuleSet) -> Iterator[Outcome]:
    """Findings in order of lines, one of a rule on a line: at the words themselves where their line was changed."""
    new = view.new
    if new is None:
        return
    changed = {number for hunk in view.change.hunks for number in hunk.new_lines}
    said: set[tuple[str, int]] = set()
    for hit in sorted(hits, key=lambda item: (item.line, item.start, item.rule)):
        number = hit.line
        if number not in changed:
            number = next((n for n in range(hit.line, hit.end_line + 1) if n in changed), hit.line)
        if (hit.rule, number) in said:
            continue
        said.add((hit.rule, number))
        line = ChangedLine(Side.NEW, number, new.line(number))
        exact = number == hit.line and hit.end > hit.start
        where = at(view, line, hit.start, hit.end) if exact else at(view, line)
        yield rules.finding(
            hit.rule,
            where,
            hit.key,
            evidence=(hit.evidence,) if hit.evidence else (),
            severity=hit.severity,
            confidence=confidence_at(view, hit.confidence),
            **dict(hit.slots),
        )
