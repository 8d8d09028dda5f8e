"""Types of an outline: what is known of the structure of one blob."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from trustgate.record import NamedTuple


class Span(NamedTuple):
    """1-based lines, 0-based columns in bytes of the line as tree-sitter gives them; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Marker(NamedTuple):
    """A decorator or annotation: its name resolved through imports, and its whole text."""

    name: str
    text: str
    span: Span


class Scope(NamedTuple):
    """An enclosing symbol: a class, a function, or a variable whose value spans lines."""

    name: str
    kind: str
    """class, function or variable"""
    start: int
    end: int
    markers: tuple[Marker, ...] = ()


class Argument(NamedTuple):
    name: str
    """keyword, or empty for a positional argument"""
    value: str
    span: Span


class Call(NamedTuple):
    callee: str
    """dotted name with its first segment resolved through the file's imports"""
    arguments: tuple[Argument, ...]
    text: str
    """at most 400 characters"""
    span: Span
    statement: bool
    """True when the call stands alone as a statement: its value is not used"""


class Guard(NamedTuple):
    """An early exit: `if CONDITION: raise / return / throw / abort`, or an assertion."""

    condition: str
    exit: str
    """first word of the exit: raise, return, throw, assert, or a callee"""
    span: Span
    """of the whole statement"""
    header_end: int
    """last line of the condition"""


class Setting(NamedTuple):
    """`name = value`, `name: value` in an object, or a keyword argument outside a call."""

    name: str
    value: str
    """at most 400 characters"""
    span: Span
    value_line: int
    """line on which the value begins"""


class Text(NamedTuple):
    """A string literal (quotes included) or a comment."""

    text: str
    span: Span


class Detail(NamedTuple):
    """What stands on some lines."""

    calls: tuple[Call, ...]
    guards: tuple[Guard, ...]
    settings: tuple[Setting, ...]
    strings: tuple[Text, ...]
    comments: tuple[Text, ...]
    """comments and docstrings"""


class Outline(Protocol):
    language: str

    @property
    def degraded(self) -> bool:
        """True for the line-based fallback, and for a tree with syntax errors."""
        ...

    @property
    def scopes(self) -> tuple[Scope, ...]: ...

    @property
    def imports(self) -> dict[str, str]:
        """Local name to qualified name."""
        ...

    @property
    def import_lines(self) -> frozenset[int]: ...

    @property
    def cut_lines(self) -> frozenset[int]:
        """Lines of which only the beginning was looked at."""
        ...

    def detail(self, ranges: Iterable[tuple[int, int]]) -> Detail:
        """What stands on these 1-based inclusive line ranges."""
        ...


def chain(outline: Outline, line: int) -> tuple[Scope, ...]:
    """Enclosing symbols of a line, outermost first."""
    return tuple(scope for scope in outline.scopes if scope.start <= line <= scope.end)


def symbol(outline: Outline, line: int) -> str:
    """Dotted chain of the enclosing symbols' names."""
    return ".".join(scope.name for scope in chain(outline, line))


LINE_LIMIT = 100_000
"""characters of a line that the line-based fallback looks at"""
NODES = 50_000
"""calls, conditions, settings and literals of one change to a file that are looked at"""
