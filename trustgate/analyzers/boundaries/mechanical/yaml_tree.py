"""What of a YAML tree is layout: indentation, comments, quotes of a kind round a scalar without escapes."""

from __future__ import annotations

from functools import lru_cache

from tree_sitter import Language, Node, Parser

from trustgate.analyzers.boundaries.mechanical.compare import Atom, Part
from trustgate.analyzers.boundaries.mechanical.nodes import children, parts_of, text

LANGUAGE = "yaml"
_COMMA = frozenset((",",))
_QUOTED = frozenset(("single_quote_scalar", "double_quote_scalar"))


@lru_cache(maxsize=1)
def _parser() -> Parser:
    import tree_sitter_yaml

    return Parser(Language(tree_sitter_yaml.language()))


def parse(data: bytes) -> Node | None:
    """The tree's root; None where the text has an error, or keeps blank lines that no node of the tree holds."""
    if b"|+" in data or b">+" in data:
        return None
    root = _parser().parse(data).root_node
    return None if root.has_error else root


class YamlDialect:
    names: frozenset[str] = frozenset()

    def bare(self, node: Node) -> Node:
        return node

    def parts(self, node: Node) -> tuple[str, list[Part]]:
        kind = node.type
        if kind in _QUOTED:
            return _quoted(node)
        if kind == "block_scalar":
            return kind, [Atom(_block(text(node)))]
        if kind == "plain_scalar":
            return kind, [Atom(text(node))]
        if kind in ("flow_mapping", "flow_sequence"):
            return kind, parts_of(node, LANGUAGE, _COMMA)
        if kind == "stream":
            return kind, [part for part in children(node, LANGUAGE) if part.type != "document" or part.child_count]
        return kind, parts_of(node, LANGUAGE)


def _quoted(node: Node) -> tuple[str, list[Part]]:
    """One kind of quotes for the other, where neither has anything to escape; a scalar of several lines as written."""
    written = text(node)
    body = written[1:-1]
    if set(body) & set("\\\"'\n"):
        return node.type, [Atom(written)]
    return "quoted", [Atom(body)]


def _block(written: str) -> tuple[str, ...]:
    """Header and lines of a block scalar without their common indentation, unless the header counts it."""
    header, *lines = written.replace("\r\n", "\n").split("\n")
    mark = header.split("#")[0].strip()
    if any(digit in mark for digit in "123456789"):
        return (written,)
    first = next((line for line in lines if line.strip(" ")), "")
    margin = len(first) - len(first.lstrip(" "))
    return (mark, *(line[margin:] for line in lines))
