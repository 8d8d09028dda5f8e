"""What of a Python tree is layout: quotes, grouping brackets, trailing commas, order of a block of imports."""

from __future__ import annotations

import re

from tree_sitter import Node

from trustgate.analyzers.boundaries.mechanical.compare import Atom, Part
from trustgate.analyzers.boundaries.mechanical.grouping import BRACKETS, innermost, python_redundant, ungrouped
from trustgate.analyzers.boundaries.mechanical.imports import python_block
from trustgate.analyzers.boundaries.mechanical.nodes import (
    COMMENTS,
    children,
    inner,
    parts_of,
    text,
    unescape_quotes,
)

LANGUAGE = "python"
_COMMA = frozenset((",",))
_BRACKETS = frozenset((",", "(", ")"))
DROPPED = {
    **dict.fromkeys(
        ("argument_list", "parameters", "lambda_parameters", "list", "set", "dictionary", "list_pattern"), _COMMA
    ),
    **dict.fromkeys(("with_clause", "import_from_statement", "future_import_statement"), _BRACKETS),
    **dict.fromkeys(("module", "block"), frozenset((";",))),
}
"""separators that say nothing, by the node that holds them. Not in a subscript: `x[a,]` is `x[(a,)]`"""
_TUPLES = frozenset(
    ("return_statement", "assignment", "augmented_assignment", "yield", "for_statement", "delete_statement")
)
"""where `a, b` and `(a, b)` are the same. Not after `raise`, where Python 2 means something else by it"""
_OCTAL = re.compile(r"\\[0-7]{1,2}$")
"""an escape that a digit in the next piece would make longer"""
_IMPORTS = frozenset(("import_statement", "import_from_statement", "future_import_statement"))
DOCSTRING = "docstring re-indented"
JOINED = "string split or joined, same text"


class PythonDialect:
    names = frozenset(("identifier",))

    def bare(self, node: Node) -> Node:
        while node.type == "tuple_pattern" and _groups(node):
            found = inner(node, LANGUAGE)
            if found is None:
                return node
            node = found
        return ungrouped(node, LANGUAGE, python_redundant)

    def parts(self, node: Node) -> tuple[str, list[Part]]:
        kind = node.type
        if kind == "string" or (kind == "concatenated_string" and _only_strings(node)):
            return "string", [_string(node)]
        if kind == BRACKETS:
            held = innermost(node, LANGUAGE)
            return kind, [held] if held is not None else parts_of(node, LANGUAGE)
        if kind in ("integer", "float"):
            return kind, [Atom(text(node).lower())]
        if kind in ("module", "block"):
            statements = list(children(node, LANGUAGE, DROPPED[kind]))
            if not _even(statements):
                return kind, [Atom(object())]  # equal to nothing
            return kind, python_block(statements) if kind == "module" else [*statements]
        if kind in _IMPORTS:
            return "import", python_block([node])
        if kind in ("tuple", "expression_list", "tuple_pattern", "pattern_list"):
            return self._several(node)
        found = parts_of(node, LANGUAGE, DROPPED.get(kind, frozenset()))
        if kind == "class_definition":  # `class A():` is `class A:`
            found = [part for part in found if isinstance(part, Atom) or not _no_bases(part)]
        return kind, found

    @staticmethod
    def _several(node: Node) -> tuple[str, list[Part]]:
        kind = node.type
        holder = node.parent.type if node.parent is not None else ""
        if kind == "tuple_pattern" and holder == "case_pattern":
            return kind, parts_of(node, LANGUAGE)
        if kind == "expression_list" and holder not in _TUPLES and holder != "expression_statement":
            return kind, parts_of(node, LANGUAGE)
        return "several", list(children(node, LANGUAGE, _BRACKETS))


def _even(statements: list[Node]) -> bool:
    """Whether all statements of a block stand in one column. The grammar also reads a block that Python refuses."""
    columns: set[int] = set()
    last = -1
    for statement in statements:
        row, column = statement.start_point
        if row > last and statement.type not in COMMENTS:
            columns.add(column)
        last = statement.end_point[0]
    return len(columns) <= 1


def _groups(node: Node) -> bool:
    """`(x) = y`, whose brackets make no tuple."""
    held = [child.type for child in node.children if child.type not in COMMENTS]
    in_case = node.parent is not None and node.parent.type == "case_pattern"
    return "," not in held and len(held) == 3 and not in_case


def _no_bases(node: Node) -> bool:
    return node.type == "argument_list" and not any(True for _ in children(node, LANGUAGE, frozenset("()")))


def _string(node: Node) -> Atom:
    """The value of a string, or of several that stand side by side; a docstring as it is shown."""
    pieces = [child for child in node.children if child.type == "string"] if node.type != "string" else [node]
    found: list[tuple[str, str]] = []
    kinds = set()
    for piece in pieces:
        kind, more = _piece(piece)
        kinds.add(kind)
        for what, body in more:
            if what == "text" and found and found[-1][0] == "text" and not _OCTAL.search(found[-1][1][-3:]):
                found[-1] = ("text", found[-1][1] + body)
            else:
                found.append((what, body))
    if len(found) > 1:
        found = [item for item in found if item[1]]
    if "formatted" in kinds:
        kinds.discard("")  # one formatted piece makes the whole a formatted string
    value = (*sorted(kinds), *found)
    if kinds <= {""} and len(found) == 1 and _is_docstring(node):
        return Atom(("docstring", _dedented(found[0][1])), found[0][1], DOCSTRING)
    return Atom(value, len(pieces), JOINED)


def _piece(node: Node) -> tuple[str, list[tuple[str, str]]]:
    """Whether it is bytes, and its texts and replacement fields in turn.

    A field stands as it is written, since `f"{x = }"` prints its own text. Escapes stay as they are written but for
    those of quotes and line ends; a raw string's backslash is an escaped one.
    """
    ends = [child for child in node.children if child.type in ("string_start", "string_end")]
    if len(ends) != 2:
        return "", [("broken", text(node))]
    raw = node.text or b""
    prefix = text(ends[0]).lower()
    found: list[tuple[str, str]] = []
    start = ends[0].end_byte
    for child in (*node.children, None):
        if child is not None and child.type != "interpolation":
            continue
        last = child.start_byte if child is not None else ends[1].start_byte
        body = raw[start - node.start_byte : last - node.start_byte].decode("utf-8", "surrogateescape")
        body = body.replace("\r\n", "\n")
        body = body.replace("\\", "\\\\") if "r" in prefix else unescape_quotes(body)
        if "f" in prefix or "t" in prefix:
            body = body.replace("{{", "{").replace("}}", "}")
        if body:
            found.append(("text", body))
        if child is not None:
            found.append(("field", text(child)))
            start = child.end_byte
    kind = "bytes" if "b" in prefix else "formatted" if "f" in prefix else "t" if "t" in prefix else ""
    return kind, found or [("text", "")]


def _only_strings(node: Node) -> bool:
    """No comment that a tool obeys among the pieces."""
    return all(child.type == "string" for child in children(node, LANGUAGE))


def _is_docstring(node: Node) -> bool:
    statement = node.parent
    if statement is None or statement.type != "expression_statement" or statement.parent is None:
        return False
    block = statement.parent
    holder = "module" if block.type == "module" else block.parent.type if block.parent is not None else ""
    if holder not in ("module", "function_definition", "class_definition"):
        return False
    first = next((child for child in block.named_children if child.type not in COMMENTS), None)
    return first is not None and first.id == statement.id


def _dedented(value: str) -> str:
    """The docstring as `inspect.cleandoc` shows it, without blanks at the ends of lines."""
    lines = [line.rstrip() for line in value.expandtabs().split("\n")]
    margins = [len(line) - len(line.lstrip(" ")) for line in lines[1:] if line]
    margin = min(margins, default=0)
    return "\n".join([lines[0].lstrip(), *(line[margin:] for line in lines[1:])]).strip("\n ")
