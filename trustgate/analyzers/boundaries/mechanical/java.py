"""What of a Java tree is layout: a trailing comma, order of imports."""

from __future__ import annotations

from tree_sitter import Node

from trustgate.analyzers.boundaries.mechanical.compare import Atom, Part
from trustgate.analyzers.boundaries.mechanical.imports import specs
from trustgate.analyzers.boundaries.mechanical.nodes import children, parts_of, text

LANGUAGE = "java"
_EXACT = frozenset(("string_literal", "character_literal"))
"""as they are written: a text block's indentation is part of its value"""


class JavaDialect:
    names = frozenset(("identifier",))

    def bare(self, node: Node) -> Node:
        return node

    def parts(self, node: Node) -> tuple[str, list[Part]]:
        kind = node.type
        if kind in _EXACT:
            return kind, [Atom(text(node))]
        if kind == "program":
            held = list(children(node, LANGUAGE))
            imported = [child for child in held if child.type == "import_declaration"]
            return kind, [specs(imported), *(child for child in held if child.type != "import_declaration")]
        if kind == "array_initializer":
            return kind, parts_of(node, LANGUAGE, frozenset((",",)))
        return kind, parts_of(node, LANGUAGE)
