"""Whether two syntax trees say the same: a walk in step over both, through what a dialect makes of each node."""

from __future__ import annotations

from typing import Protocol

from tree_sitter import Node

from trustgate.record import NamedTuple

NAMES_LIMIT = 4000
"""differing names that are noted before the walk gives up"""


class Atom(NamedTuple):
    """A part that is compared as a value: a string without its quotes, the names an import block binds."""

    value: object
    exact: object = None
    """how it is written; where that differs and `value` does not, `note` says what was done"""
    note: str = ""


Part = Node | Atom


class Dialect(Protocol):
    """What of a language's tree is layout."""

    names: frozenset[str]
    """node types that are plain names, which a consistent rename may change"""

    def bare(self, node: Node) -> Node:
        """The node inside brackets that only group."""
        ...

    def parts(self, node: Node) -> tuple[str, list[Part]]:
        """The node's kind, and what it is made of without layout, comments and separators."""
        ...


class Comparison(NamedTuple):
    same: bool
    notes: frozenset[str] = frozenset()
    """what was done beyond layout"""
    renamed: tuple[tuple[Node, Node], ...] = ()
    """names that differ, in pairs"""


DIFFERENT = Comparison(False)


def compare(old: Node, new: Node, dialect: Dialect, *, renames: bool = False) -> Comparison:
    """With `renames`, names may differ: the pairs are handed back for another judge."""
    notes: set[str] = set()
    renamed: list[tuple[Node, Node]] = []
    stack: list[tuple[Part, Part]] = [(old, new)]
    while stack:
        a, b = stack.pop()
        if isinstance(a, Atom) or isinstance(b, Atom):
            if not isinstance(a, Atom) or not isinstance(b, Atom) or a.value != b.value:
                return DIFFERENT
            if a.exact != b.exact and a.note:
                notes.add(a.note)
            continue
        a, b = dialect.bare(a), dialect.bare(b)
        if _identical(a, b):
            continue
        if renames and a.type == b.type and a.type in dialect.names and len(renamed) < NAMES_LIMIT:
            if a.text != b.text:
                renamed.append((a, b))
            continue
        if (a.has_error or b.has_error) and (_broken(a) or _broken(b)):
            return DIFFERENT
        kind, parts = dialect.parts(a)
        other, others = dialect.parts(b)
        if kind != other or len(parts) != len(others):
            return DIFFERENT
        stack.extend(zip(parts, others, strict=True))
    return Comparison(True, frozenset(notes), tuple(renamed))


def _broken(node: Node) -> bool:
    """Whether the parser lost its way right here: then what stands beside is not sure to be read as it is meant."""
    return node.is_error or any(child.is_error or child.is_missing for child in node.children)


def _identical(a: Node, b: Node) -> bool:
    """Same bytes read as the same kind of node: nothing below it needs a look."""
    return (
        a.end_byte - a.start_byte == b.end_byte - b.start_byte
        and a.type == b.type
        and a.start_point[1] == b.start_point[1]  # else the first line stands otherwise to the others
        and a.descendant_count == b.descendant_count
        and a.text == b.text
    )
