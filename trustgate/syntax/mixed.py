"""One outline made of several, each of which owns some lines: code inside a document, or lines that did not parse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import NamedTuple

from trustgate.syntax.outline import Argument, Call, Detail, Outline, Scope, Span, Text

Shift = Callable[[int, int], int]
"""line and column in the inner text to the column in the file"""


class Part(NamedTuple):
    outline: Outline
    lines: frozenset[int]
    """what it owns"""
    scopes: bool = True
    """whether its symbols count too"""
    shift: Shift | None = None
    both: frozenset[int] = frozenset()
    """lines of its own that belong to the document too"""


class MixedOutline:
    """The outline of `base`, apart from the lines that parts own. A line of two parts belongs to the first.

    `silent` lines hold neither code nor settings (outputs of a notebook): they come back as comments.
    """

    def __init__(
        self,
        language: str,
        base: Outline,
        parts: tuple[Part, ...],
        *,
        degraded: bool | None = None,
        silent: Collection[int] = (),
        sizes: tuple[int, ...] = (),
    ) -> None:
        self.language = language
        self._base = base
        self._parts = parts
        self._degraded = degraded
        self._silent = frozenset(silent)
        self._sizes = sizes

    @property
    def degraded(self) -> bool:
        if self._degraded is not None:
            return self._degraded
        return self._base.degraded or any(part.outline.degraded for part in self._parts)

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        owned: frozenset[int] = frozenset().union(*(part.lines - part.both for part in self._parts if part.scopes))
        found = [scope for scope in self._base.scopes if scope.start not in owned]
        for part in self._parts:
            if part.scopes:
                found += part.outline.scopes
        found.sort(key=lambda scope: (scope.start, -scope.end))
        return tuple(found)

    @cached_property
    def imports(self) -> dict[str, str]:
        names = dict(self._base.imports)
        for part in self._parts:
            names.update(part.outline.imports)
        return names

    @cached_property
    def import_lines(self) -> frozenset[int]:
        owned: frozenset[int] = frozenset().union(*(part.lines for part in self._parts))
        return (self._base.import_lines - owned).union(*(p.outline.import_lines & p.lines for p in self._parts))

    @property
    def cut_lines(self) -> frozenset[int]:
        return self._base.cut_lines.union(*(part.outline.cut_lines & part.lines for part in self._parts))

    def detail(self, ranges: Iterable[tuple[int, int]]) -> Detail:
        wanted = {n for first, last in ranges for n in range(max(first, 1), last + 1)}
        found = []
        for part in self._parts:
            mine = wanted & part.lines
            wanted -= mine - part.both
            if mine:
                detail = part.outline.detail(_ranges(mine))
                found.append(shifted(detail, part.shift) if part.shift is not None else detail)
        quiet = wanted & self._silent
        if wanted - quiet:
            found.append(self._base.detail(_ranges(wanted - quiet)))
        joined = Detail._make(tuple(item for detail in found for item in detail[n]) for n in range(len(Detail._fields)))
        if not quiet:
            return joined
        remarks = tuple(Text("", Span(n, 0, n, self._sizes[n - 1])) for n in sorted(quiet) if n <= len(self._sizes))
        return joined._replace(comments=(*joined.comments, *remarks))


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def shifted(detail: Detail, shift: Shift) -> Detail:
    """The same detail with every column moved to where it stands in the file."""

    def moved(span: Span) -> Span:
        return Span(span.line, shift(span.line, span.column), span.end_line, shift(span.end_line, span.end_column))

    def argument(item: Argument) -> Argument:
        return item._replace(span=moved(item.span))

    groups = []
    for group in detail:
        items = []
        for item in group:
            changed = item._replace(span=moved(item.span))
            if isinstance(changed, Call):
                changed = changed._replace(arguments=tuple(map(argument, changed.arguments)))
            items.append(changed)
        groups.append(tuple(items))
    return Detail._make(groups)
