"""An outline by tree for a language whose grammar is installed, with its unreadable lines read as lines."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

from tree_sitter import Node

from trustgate.syntax.grammars import GRAMMARS
from trustgate.syntax.outline import Outline
from trustgate.syntax.tree import Flooded, TreeOutline, can_read, finishes

ERRORS = 200
"""places with syntax errors that are looked for in one file; with more of them it is read by lines"""


COLUMNS = 100
"""indentation of YAML, and open comments of Swift, beyond which a file is read by lines"""
BIG = 128 * 1024
"""bytes; a bigger text is first parsed against the clock, since some grammars are slow on what they cannot read"""
SECONDS = 1.5
DEPTH = 1000
"""levels of a tree; a deeper one is read by lines"""
SAMPLE = 2048
"""bytes from one look at the depth of a tree to the next"""


@lru_cache(maxsize=64)
def works(language: str) -> bool:
    """Whether there is a grammar, its wheel is installed, and it fits the tree-sitter that is."""
    grammar = GRAMMARS.get(language)
    return grammar is not None and can_read(language)


def parsed(language: str, data: bytes) -> Outline:
    """The outline of `data` by tree; by lines where there is no grammar."""
    if works(language) and not GRAMMARS[language].shaped:
        with suppress(Flooded):
            return TreeOutline(language, data)
    from trustgate.syntax.fallback import LineOutline

    if not works(language) or not GRAMMARS[language].shaped or _kills(language, data):
        return LineOutline(language, data)
    if len(data) > BIG and not finishes(language, data, SECONDS):
        return LineOutline(language, data)
    from trustgate.syntax.mixed import MixedOutline, Part
    from trustgate.syntax.shaped import ShapedOutline

    try:
        outline = ShapedOutline(language, data)
    except Flooded:
        return LineOutline(language, data)
    if _too_deep(outline.root, len(data)):
        return LineOutline(language, data)
    if not outline.degraded:
        return outline
    broken = _broken_lines(outline.root)
    if broken == frozenset():  # something was left out, and nothing was misread
        return outline
    lines = LineOutline(language, data)
    if broken is None or 2 * len(broken) > data.count(b"\n") + 1:
        return lines
    return MixedOutline(language, outline, (Part(lines, broken, scopes=False),), degraded=True)


def _kills(language: str, data: bytes) -> bool:
    """Whether a text could end or hold up the process inside a grammar's own scanner, before anything else can stop it.

    tree-sitter-yaml 0.7.2 writes its stack of indentations past the end of a buffer from about 250 levels on; a level
    takes a column, and a column at most two levels. tree-sitter-swift 0.7.4 takes minutes over thousands of comments
    that are opened inside one another and never closed.
    """
    if language == "yaml":
        for line in data.split(b"\n"):
            if len(line) > COLUMNS and (
                len(line) - len(line.lstrip(b" \t-?:")) > COLUMNS or line.count(b"- ") + line.count(b"? ") > COLUMNS
            ):
                return True
    if language == "swift" and data.count(b"/*") > COLUMNS:
        depth = 0
        for mark in re.finditer(rb"/\*|\*/", data):
            depth = depth + 1 if mark[0] == b"/*" else max(depth - 1, 0)
            if depth > COLUMNS:
                return True
    return False


def _too_deep(root: Node, size: int) -> bool:
    """Whether the tree is nested beyond DEPTH somewhere, by going down at every SAMPLE bytes.

    The parent of a node is found from the root (tree-sitter 0.22 and later), so the work on a tower is its square.
    """
    for offset in range(0, size, SAMPLE):
        cursor = root.walk()
        depth = 0
        while cursor.goto_first_child_for_byte(offset) is not None:
            depth += 1
            if depth > DEPTH:
                return True
    return False


def _broken_lines(root: Node) -> frozenset[int] | None:
    """Lines inside syntax errors; None when there are too many errors to say."""
    lines: set[int] = set()
    waiting = [root]
    errors = 0
    while waiting:
        node = waiting.pop()
        if node.is_error:
            errors += 1
            lines.update(range(node.start_point[0] + 1, node.end_point[0] + 2))
            if errors > ERRORS:
                return None
        elif node.has_error:
            waiting.extend(child for child in node.children if child.has_error)
    return frozenset(lines)
