"""What changed in one file, as code: changed lines with comments and strings told apart, and what stands on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from trustgate.analyzers.boundaries.sinks import is_sink, sensitive
from trustgate.facts import FileView, SideText
from trustgate.finding import Location, Side
from trustgate.record import NamedTuple
from trustgate.syntax.outline import LINE_LIMIT, Detail, Outline, Scope, Span, chain
from trustgate.syntax.paths import PathKind, language_of
from trustgate.syntax.words import wordset

MANY = 60
"""look-ups of single lines before the chains of all are worked out"""
MOVED_MINIMUM = 8
"""characters; shorter lines (`}`, `else:`) say nothing about where code went"""


INNER = {"notebook": "python", "html": "javascript", "vue": "javascript", "svelte": "javascript"}
"""language of the code that stands inside a document"""


class CodeLine:
    """One changed line: without comments (`text`), without string contents too (`code`), and the strings themselves."""

    __slots__ = ("_words", "code", "number", "strings", "text")

    def __init__(self, number: int, text: str, code: str, strings: tuple[str, ...]) -> None:
        self.number = number
        self.text = text
        self.code = code
        self.strings = strings
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """Sub-words of the code and their pairs."""
        if self._words is None:
            self._words = wordset(self.code)
        return self._words


class PlacedLine(NamedTuple):
    """A changed line and the sub-words of its code, of each string, and of the symbols round it."""

    line: CodeLine
    code: frozenset[str]
    strings: tuple[tuple[str, frozenset[str]], ...]
    scopes: frozenset[str]


class SideDelta:
    """The changed lines of one side."""

    def __init__(self, side: Side, text: SideText, numbers: Iterable[int]) -> None:
        self.side = side
        self.text = text
        self.numbers = frozenset(numbers)
        self.moved: frozenset[int] = frozenset()
        self.bodies: dict[str, object] = {}
        """what is made of the side's symbols, by name, kept by those who make it"""
        self.proven: frozenset[int] = frozenset()
        """changed lines that are proven to only look different"""

    @property
    def outline(self) -> Outline:
        return self.text.outline

    @cached_property
    def _ranges(self) -> tuple[tuple[int, int], ...]:
        ranges: list[tuple[int, int]] = []
        for number in sorted(self.numbers):
            if ranges and ranges[-1][1] == number - 1:
                ranges[-1] = (ranges[-1][0], number)
            else:
                ranges.append((number, number))
        return tuple(ranges)

    @cached_property
    def detail(self) -> Detail:
        return self.outline.detail(self._ranges)

    @cached_property
    def lines(self) -> tuple[CodeLine, ...]:
        """Changed lines that hold code: no blank, comment, docstring or import lines, none that only moved."""
        masked = {n: bytearray(self._raw(n)[:LINE_LIMIT]) for n in self.numbers}
        strings: dict[int, list[str]] = {}
        for item in self.detail.comments:
            _blank(masked, item.span)
        texts = {n: bytes(line) for n, line in masked.items()}
        for item in self.detail.strings:
            _blank(masked, item.span)
            strings.setdefault(item.span.line, []).append(item.text)
        skip = self.outline.import_lines | self.moved
        found = []
        for number in sorted(self.numbers - skip):
            code = masked[number].decode("utf-8", "surrogateescape")
            literals = tuple(strings.get(number, ()))
            if code.strip() or literals:
                found.append(CodeLine(number, texts[number].decode("utf-8", "surrogateescape"), code, literals))
        return tuple(found)

    @cached_property
    def telling_lines(self) -> tuple[CodeLine, ...]:
        """The lines without those of a log, metric or trace call that names nothing sensitive."""
        inert: set[int] = set()
        for call in self.detail.calls:
            if call.statement and is_sink(call) and not sensitive(call):
                inert.update(range(call.span.line, min(call.span.end_line, call.span.line + 40) + 1))
        return tuple(line for line in self.lines if line.number not in inert)

    @cached_property
    def _byte_lines(self) -> list[bytes]:
        return self.text.data.split(b"\n")

    def _raw(self, number: int) -> bytes:
        return self._byte_lines[number - 1] if 0 < number <= len(self._byte_lines) else b""

    def chain(self, line: int) -> tuple[Scope, ...]:
        """Enclosing symbols of a line, outermost first; asked for the same lines over and over."""
        found = self._chains.get(line)
        if found is None:
            if len(self._chains) == MANY:
                self._chains.update(_all_chains(self.outline.scopes, len(self.text.lines)))
            found = self._chains[line] = self._chains.get(line) or chain(self.outline, line)
        return found

    def detail_of(self, ranges: tuple[tuple[int, int], ...]) -> Detail:
        """What stands on these line ranges: whole symbols, mostly, that several parts ask for."""
        found = self._details.get(ranges)
        if found is None:
            found = self._details[ranges] = self.outline.detail(ranges)
        return found

    @cached_property
    def _details(self) -> dict[tuple[tuple[int, int], ...], Detail]:
        return {}

    @cached_property
    def _chains(self) -> dict[int, tuple[Scope, ...]]:
        return {}

    @cached_property
    def placed(self) -> tuple[PlacedLine, ...]:
        """The telling lines with the words that a lexicon is held against."""
        return tuple(
            PlacedLine(
                line,
                line.words,
                tuple((text, wordset(text[:300])) for text in line.strings),
                frozenset().union(*(wordset(scope.name) for scope in self.chain(line.number))),
            )
            for line in self.telling_lines
        )

    @cached_property
    def symbols(self) -> dict[str, tuple[Scope, ...]]:
        """Functions and classes by dotted name; several of one name stand together."""
        found: dict[str, tuple[Scope, ...]] = {}
        open_: list[tuple[int, str]] = []
        for scope in self.outline.scopes:
            if scope.kind == "variable":
                continue
            while open_ and open_[-1][0] < scope.start:
                open_.pop()
            name = f"{open_[-1][1]}.{scope.name}" if open_ else scope.name
            open_.append((scope.end, name))
            found[name] = (*found.get(name, ()), scope)
        return found

    def symbol_at(self, line: int) -> str:
        """Dotted name of the innermost function or class, so that a method of another class is another symbol."""
        return ".".join(scope.name for scope in self.chain(line) if scope.kind != "variable")

    def symbol(self, line: int) -> str:
        return ".".join(scope.name for scope in self.chain(line))

    def changed(self, span: Span) -> bool:
        """Whether the span's own lines are changed ones, and not merely moved."""
        lines = range(span.line, span.end_line + 1)
        return any(n in self.numbers and n not in self.moved for n in lines)

    def column(self, line: int, byte_column: int) -> int:
        """1-based column in characters of a 0-based column in bytes."""
        return len(self._raw(line)[:byte_column].decode("utf-8", "surrogateescape")) + 1

    def location(self, span: Span) -> Location:
        end_line, end_column = span.end_line, span.end_column
        if end_line > span.line + 2:
            end_line, end_column = span.line, len(self._raw(span.line))
        return Location(
            self.text.path,
            self.side,
            span.line,
            end_line,
            self.column(span.line, span.column),
            max(self.column(end_line, end_column), 1),
        )


def _all_chains(scopes: Sequence[Scope], lines: int) -> dict[int, tuple[Scope, ...]]:
    """The chain of every line in one pass; dearer than one look-up and cheaper than many."""
    found: dict[int, tuple[Scope, ...]] = {}
    open_: tuple[Scope, ...] = ()
    at = first_end = 0
    for line in range(1, lines + 1):
        before = open_
        if open_ and first_end < line:
            open_ = tuple(scope for scope in open_ if scope.end >= line)
        while at < len(scopes) and scopes[at].start <= line:
            open_ = (*open_, scopes[at])
            at += 1
        if open_ is not before:
            first_end = min((scope.end for scope in open_), default=0)
        found[line] = open_
    return found


def _blank(masked: dict[int, bytearray], span: Span) -> None:
    for number in range(span.line, min(span.end_line, span.line + 5000) + 1):
        line = masked.get(number)
        if line is None:
            continue
        first = span.column if number == span.line else 0
        last = span.end_column if number == span.end_line else len(line)
        line[first:last] = b" " * (min(last, len(line)) - min(first, len(line)))


class FileDelta:
    """Both sides of one changed file."""

    def __init__(self, view: FileView, kind: PathKind) -> None:
        self.view = view
        self.kind = kind
        self.path = view.path
        self.language = language_of(view.path)
        self.inner_language = INNER.get(self.language, self.language)
        hunks = view.change.hunks
        self.old = SideDelta(Side.OLD, view.old, (n for h in hunks for n in h.old_lines)) if view.old else None
        self.new = SideDelta(Side.NEW, view.new, (n for h in hunks for n in h.new_lines)) if view.new else None

    @property
    def sides(self) -> tuple[SideDelta, ...]:
        return tuple(side for side in (self.old, self.new) if side is not None)

    def only_looks_different(self, old: frozenset[int], new: frozenset[int]) -> None:
        """Leave out lines that are proven mechanical, on top of those that moved."""
        for side, lines in ((self.old, old), (self.new, new)):
            if side is not None:
                side.proven = side.moved = side.proven | lines

    def leave_out(self, moved: Counter[str]) -> None:
        """Mark the lines whose text stands on both sides of the change set: they moved, they did not change."""
        for side in self.sides:
            side.moved = side.proven.union(n for n in side.numbers if line_key(side.text.line(n)) in moved)


def line_key(line: str) -> str:
    """What two lines share that differ in layout only."""
    return "".join(line.split()).rstrip(",;")


def moved_lines(deltas: Sequence[FileDelta]) -> Counter[str]:
    """Texts (blanks taken out) that the change set removes in one place and adds in another as often or more often.

    A text that is removed more often than it is added did not only move: some of it is gone.
    """
    removed: Counter[str] = Counter()
    added: Counter[str] = Counter()
    for delta in deltas:
        if delta.old is not None:
            removed.update(line_key(delta.old.text.line(n)) for n in delta.old.numbers)
        if delta.new is not None:
            added.update(line_key(delta.new.text.line(n)) for n in delta.new.numbers)
    return Counter({text: n for text, n in removed.items() if len(text) >= MOVED_MINIMUM and added[text] == n})
