"""Proof that a change to one file is mechanical: the two trees are equal apart from layout and comments."""

from __future__ import annotations

from collections import Counter

from tree_sitter import Node

from trustgate.facts import FileView
from trustgate.syntax.grammars import GRAMMARS
from trustgate.syntax.paths import language_of
from trustgate.syntax.reading import PARSE_LIMIT
from trustgate.syntax.tree import TreeOutline

LAYOUT = "equal trees: only layout or comments differ"


def proof_of(view: FileView) -> str:
    """The proof in words, or the empty string. A docstring counts as code here: it can be read at run time."""
    if view.old is None or view.new is None or view.change.old_mode != view.change.new_mode:
        return ""
    if language_of(view.path) not in GRAMMARS or max(len(view.old.data), len(view.new.data)) > PARSE_LIMIT:
        return ""
    if not _could_be(view):
        return ""
    old, new = view.old.outline, view.new.outline
    if not isinstance(old, TreeOutline) or not isinstance(new, TreeOutline) or old.degraded or new.degraded:
        return ""
    return LAYOUT if _leaves(old.root) == _leaves(new.root) else ""


def _could_be(view: FileView) -> bool:
    """Cheap first look: every changed line is blank, looks like a comment, or has the same characters on both sides."""
    characters: Counter[str] = Counter()
    for line in view.removed():
        if not line.text.lstrip().startswith(("#", "//", "*", "/*")):
            characters.update(line.text.split("#")[0].split("//")[0])
    for line in view.added():
        if not line.text.lstrip().startswith(("#", "//", "*", "/*")):
            characters.subtract(line.text.split("#")[0].split("//")[0])
    return all(not count or mark.isspace() or mark in "(),;" for mark, count in characters.items())


def _leaves(root: Node) -> list[tuple[str, bytes, int]]:
    """Type, text and depth of every leaf but comments: depth keeps a dedented statement from looking the same."""
    found: list[tuple[str, bytes, int]] = []
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if "comment" in node.type:
            continue
        if node.child_count == 0:
            found.append((node.type, node.text or b"", depth))
        else:
            stack.extend((child, depth + 1) for child in reversed(node.children))
    return found
