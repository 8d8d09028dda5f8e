"""What of a Go tree is layout: line ends, trailing commas, order and grouping of imports."""

from __future__ import annotations

from tree_sitter import Node

from trustgate.analyzers.boundaries.mechanical.compare import Atom, Part
from trustgate.analyzers.boundaries.mechanical.imports import specs
from trustgate.analyzers.boundaries.mechanical.nodes import COMMENTS, children, parts_of, text

LANGUAGE = "go"
_ENDS = frozenset((";", "\n", "\0", ""))
_COMMAS = frozenset((",", *_ENDS))
DROPPED = dict.fromkeys(
    ("argument_list", "literal_value", "parameter_list", "type_arguments", "type_parameter_list"), _COMMAS
)
_NUMBERS = frozenset(("int_literal", "float_literal", "imaginary_literal"))
_EXACT = frozenset(("interpreted_string_literal", "raw_string_literal", "rune_literal"))


class GoDialect:
    names = frozenset(("identifier",))

    def bare(self, node: Node) -> Node:
        return node

    def parts(self, node: Node) -> tuple[str, list[Part]]:
        kind = node.type
        if kind in _EXACT:
            return kind, [Atom(text(node))]
        if kind in _NUMBERS:
            return kind, [Atom(text(node).lower())]
        if kind == "source_file":
            return kind, _file(node)
        return kind, parts_of(node, LANGUAGE, DROPPED.get(kind, _ENDS))


def _file(node: Node) -> list[Part]:
    """Declarations, with all imports as one part. The comment in front of `import "C"` is C code: then nothing goes."""
    statements = list(children(node, LANGUAGE, _ENDS))
    imported = [child for child in statements if child.type == "import_declaration"]
    if any('"C"' in text(child) for child in imported):
        return [Atom(text(child)) if child.type in COMMENTS else child for child in node.children if child.is_named]
    found = [spec for declaration in imported for spec in _specs(declaration)]
    if any(child.type in COMMENTS for child in found):
        return list(statements)
    others: list[Part] = [child for child in statements if child.type != "import_declaration"]
    return [specs(found), *others]


def _specs(declaration: Node) -> list[Node]:
    held = list(children(declaration, LANGUAGE, frozenset(("import", *_ENDS))))
    if len(held) == 1 and held[0].type == "import_spec_list":
        return list(children(held[0], LANGUAGE, frozenset(("(", ")", *_ENDS))))
    return held
