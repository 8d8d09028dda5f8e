"""What every family of edit damage asks: how sure it may be on a path, and whether a place is code or a string."""

from __future__ import annotations

from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING

from trustgate.analyzers.integrity.subject import Subject
from trustgate.facts import SideText
from trustgate.finding import Confidence
from trustgate.syntax.paths import PathKind, path_kind, reader_of

if TYPE_CHECKING:
    from tree_sitter import Node

GENERATED_ENDS = (
    "_pb2.py", "_pb2_grpc.py", ".pb.go", "_pb.ts", "_pb.js", ".pb.cc", ".pb.h", ".generated.ts", ".generated.go",
    ".gen.go", ".gen.ts", "_generated.go", "_generated.py", ".g.cs", ".designer.cs", "bindata.go", ".bundle.js",
)  # fmt: skip
"""ends of the names that code generators give; a marker inside the file says nothing to us"""
TREE_ENOUGH = 3
"""added lines from which a definition can be there a second time"""
CLIMB = 200
"""steps from a token up its tree"""
MAX_LOOKS = 200
"""places of one file that are looked up for one rule"""
_TEXT_NODES = (
    "string", "heredoc", "nowdoc", "str_text", "_scalar", "regex", "template_literal", "raw_text", "jsx_text",
)  # fmt: skip
_PLAIN = ("plain_scalar", "string_scalar")
"""YAML's text without quotes: as good as code"""


class Place(Enum):
    CODE = auto()
    STRING = auto()
    COMMENT = auto()
    """comment or docstring"""
    UNCLEAR = auto()
    """no grammar reads this file"""


def capped(subject: Subject, confidence: Confidence) -> Confidence:
    """In tests at most medium: they hold samples of damaged text."""
    return min(confidence, Confidence.MEDIUM) if path_kind(subject.path) is PathKind.TEST else confidence


def grammar_of(path: str) -> str:
    """Name of the grammar that reads the path, which may not be there."""
    reader = reader_of(path)
    return "yaml" if reader == "workflow" else reader


def readable(side: SideText) -> bool:
    """Whether a grammar reads this side whole, with or without errors."""
    from trustgate.syntax.grammars import GRAMMARS
    from trustgate.syntax.reading import DATA_LIMIT, LONG_LINE

    reader = grammar_of(side.path)
    if reader not in GRAMMARS or len(side.data) > DATA_LIMIT or max(map(len, side.data.split(b"\n"))) > LONG_LINE:
        return False
    from trustgate.syntax.parsing import works

    return works(reader)


def newly_broken(subject: Subject) -> bool:
    """The new side does not parse, and the old one did or is not there. Only where a grammar reads the file."""
    new, old = subject.file.new, subject.file.old
    if new is None or not readable(new) or not new.outline.degraded:
        return False
    return old is None or not old.outline.degraded


class Sites:
    """The places of one side. Its tree is parsed once, and when the first hit asks for it."""

    def __init__(self, side: SideText) -> None:
        self._side = side
        self._looks = 0

    @cached_property
    def _root(self) -> Node | None:
        if not readable(self._side):
            return None
        from trustgate.syntax.tree import parse

        return parse(grammar_of(self._side.path), self._side.data)

    @cached_property
    def _ends(self) -> tuple[int, int]:
        numbers = [number for number, text in enumerate(self._side.lines, 1) if text.strip()]
        return (numbers[0], numbers[-1]) if numbers else (0, 0)

    def at_end(self, number: int) -> bool:
        """Whether a line is the first or the last of the file that is not blank."""
        return number in self._ends

    def place(self, number: int, column: int) -> Place:
        """What stands at a 1-based line and 0-based character column. Beyond MAX_LOOKS questions: UNCLEAR."""
        self._looks += 1
        if self._root is None or self._looks > MAX_LOOKS:
            return Place.UNCLEAR
        at = (number - 1, len(self._side.line(number)[:column].encode("utf-8", "surrogateescape")))
        node = self._root.descendant_for_point_range(at, (at[0], at[1] + 1))
        for _ in range(CLIMB):
            if node is None:
                break
            if "comment" in node.type:
                return Place.COMMENT
            if node.type not in _PLAIN and any(name in node.type for name in _TEXT_NODES):
                return Place.COMMENT if self._is_docstring(node) else Place.STRING
            node = node.parent
        return Place.CODE

    def is_statement(self, number: int) -> bool:
        """Whether the element of markup that opens on a line stands in the code as a statement of its own."""
        node = self._root.descendant_for_point_range((number - 1, 0), (number - 1, 1)) if self._root else None
        for _ in range(4):
            if node is None or node.type == "expression_statement":
                break
            if not (node.type == "<" or node.type.startswith("jsx_")):
                return False
            node = node.parent
        return node is not None and node.type == "expression_statement"

    def _is_docstring(self, node: Node | None) -> bool:
        while node is not None and "string" in node.type:
            node = node.parent
        return node is not None and node.type == "expression_statement" and grammar_of(self._side.path) == "python"
