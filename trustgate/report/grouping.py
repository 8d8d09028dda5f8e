"""Findings of one rule said once: the worst of them in full, the others by their places. Nothing is counted away.

A change to forty rule files is one thing to read, not forty. JSON and SARIF keep every finding as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trustgate.finding import Kind, Side
from trustgate.verdict import Judged

IN_FULL = 3
"""findings of a rule shown in full where each has lines of its own to show; of what is about a whole file it is one"""


class Group(NamedTuple):
    """Findings of one rule, judged by one policy line, of one origin; worst first. What is said of one holds of all."""

    shown: tuple[Judged, ...]
    """to be shown in full, at least one"""
    more: tuple[Judged, ...]
    """to be named by place only"""

    @property
    def items(self) -> tuple[Judged, ...]:
        return self.shown + self.more

    @property
    def titled(self) -> bool:
        """True when every finding has the same title, so that it need not be said again."""
        return len({item.finding.title for item in self.items}) == 1


class Place(NamedTuple):
    """One file of a group with the lines found in it. Raw text: each format escapes it."""

    path: str
    lines: tuple[int, ...]
    """ascending, 1-based; empty for the file as a whole"""
    removed: bool
    title: str
    """empty where the group has one title"""

    @property
    def position(self) -> str:
        """`:12,15`, or nothing for the file as a whole."""
        return ":" + ",".join(map(str, self.lines)) if self.lines else ""


def grouped(items: Iterable[Judged], in_full: int = IN_FULL) -> list[Group]:
    """Groups in the order of their first finding. `items` are ranked, as `phrases.ranked` has them.

    In full are up to `in_full` findings with a line of their own, and at least the first of a group. An integrity
    finding is about the file, whatever line it names.
    """
    found: dict[tuple[int, str, str, str], list[Judged]] = {}
    for item in items:
        found.setdefault((item.action, item.finding.rule, item.policy_line, item.origin), []).append(item)
    return [_group(same, in_full) for same in found.values()]


def _group(same: list[Judged], in_full: int) -> Group:
    shown = [item for number, item in enumerate(same) if number == 0 or _has_lines(item)][:in_full]
    kept = set(map(id, shown))
    return Group(tuple(shown), tuple(item for item in same if id(item) not in kept))


def _has_lines(item: Judged) -> bool:
    return item.finding.location.line > 0 and item.finding.kind is not Kind.INTEGRITY


def places(items: Sequence[Judged], *, titles: bool, limit: int) -> tuple[list[Place], int]:
    """At most `limit` places, and how many findings stand at none of them. Lines of one file are put together.

    `titles` keeps each finding's title, where the titles of a group differ.
    """
    found: dict[tuple[str, bool, str], list[int]] = {}
    counts: dict[tuple[str, bool, str], int] = {}
    for item in items:
        where = item.finding.location
        key = (where.path, where.side is Side.OLD, item.finding.title if titles else "")
        lines = found.setdefault(key, [])
        counts[key] = counts.get(key, 0) + 1
        if where.line:
            lines.append(where.line)
    named = [Place(path, tuple(sorted(set(lines))), gone, title) for (path, gone, title), lines in found.items()]
    left = sum(list(counts.values())[limit:])
    return named[:limit], left
