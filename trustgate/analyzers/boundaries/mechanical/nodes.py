"""Parts of a node that every dialect needs: without layout and plain comments, with the comments tools obey."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from trustgate.analyzers.boundaries.mechanical.compare import Atom, Part
from trustgate.analyzers.boundaries.mechanical.pragma import canonical, obeyed

COMMENTS = frozenset(("comment", "line_comment", "block_comment", "html_comment"))
EMPTY: frozenset[str] = frozenset()


def text(node: Node | None) -> str:
    return "" if node is None or node.text is None else node.text.decode("utf-8", "surrogateescape")


def children(node: Node, language: str, dropped: frozenset[str] = EMPTY) -> Iterator[Node]:
    """Children that count: no plain comment, no continuation mark, none of the `dropped` tokens."""
    for child in node.children:
        kind = child.type
        if kind in COMMENTS:
            if obeyed(text(child), language):
                yield child
        elif kind != "line_continuation" and not (kind in dropped and not child.is_named):
            yield child


def parts_of(node: Node, language: str, dropped: frozenset[str] = EMPTY) -> list[Part]:
    """Parts of a node of no special kind."""
    if node.type in COMMENTS:
        return [Atom(canonical(text(node), language))]
    if not node.is_named or node.child_count == 0:
        return leaf(node)
    return list(children(node, language, dropped))


def leaf(node: Node) -> list[Part]:
    """The text of a node without children; a token that the grammar spells out is its own kind."""
    return [Atom(node.text or b"")] if node.is_named else []


def inner(node: Node, language: str) -> Node | None:
    """What grouping brackets hold, when that is one node and no comment that counts."""
    inside = list(children(node, language, frozenset("()")))
    return inside[0] if len(inside) == 1 and inside[0].type not in COMMENTS else None


def unescape_quotes(body: str) -> str:
    """A string's body with quotes as they are meant and joined lines joined; other escapes stay as they are written."""
    if "\\" not in body:
        return body
    found: list[str] = []
    at = 0
    while at < len(body):
        cut = body.find("\\", at)
        if cut < 0 or cut + 1 >= len(body):
            found.append(body[at:])
            break
        found.append(body[at:cut])
        after = body[cut + 1]
        found.append(after if after in "\"'" else "" if after == "\n" else body[cut : cut + 2])
        at = cut + 2
    return "".join(found)
