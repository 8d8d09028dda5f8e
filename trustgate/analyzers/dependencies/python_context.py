"""Whether a Python import has to succeed: not where it is optional, for the type checker only, or inside a string."""

from __future__ import annotations

import ast
import re
import warnings

SIZE_LIMIT = 1024 * 1024
"""bytes of a file that is parsed"""
_CAUGHT = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
_ELSEWHERE = frozenset(
    ("TYPE_CHECKING", "MYPY", "version_info", "platform", "system", "find_spec", "PY2", "PY3", "PYODIDE")
)
"""names in conditions that ask what this Python is, or has"""


def needed(data: bytes, root: str) -> bool:
    """Whether some import of `root` in the file is unconditional. True for a file that cannot be parsed."""
    if len(data) > SIZE_LIMIT:
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not _tried(data, root)
    return _found(tree.body, root)


def _found(first: list[ast.stmt], root: str) -> bool:
    """An import below these statements, without recursion: nesting is the author's choice."""
    waiting: list[ast.AST] = list(first)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            if any(alias.name.partition(".")[0] == root for alias in node.names):
                return True
        elif isinstance(node, ast.ImportFrom):
            if not node.level and node.module and node.module.partition(".")[0] == root:
                return True
        elif isinstance(node, ast.Try | ast.TryStar) and _optional(node):
            waiting.extend(node.finalbody)
        elif isinstance(node, ast.If) and _asks_around(node.test):
            waiting.extend(node.orelse)
        elif isinstance(node, ast.With | ast.AsyncWith) and any(_suppresses(item) for item in node.items):
            pass
        else:
            waiting.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr))
    return False


def _asks_around(test: ast.expr) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id in _ELSEWHERE)
        or (isinstance(node, ast.Attribute) and node.attr in _ELSEWHERE)
        for node in ast.walk(test)
    )


def _optional(node: ast.Try | ast.TryStar) -> bool:
    for handler in node.handlers:
        if handler.type is None or any(name in _CAUGHT for name in _names(handler.type)):
            return True
    return False


def _suppresses(item: ast.withitem) -> bool:
    return isinstance(item.context_expr, ast.Call) and any(
        name in _CAUGHT for argument in item.context_expr.args for name in _names(argument)
    )


def _names(node: ast.expr) -> list[str]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return [
        part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else ""
        for part in parts
    ]


def _tried(data: bytes, root: str) -> bool:
    """For a file that does not parse: whether `try:` stands just above an import of it."""
    lines = data.decode("utf-8", "replace").split("\n")
    word = re.compile(rf"\s+(?:from|import)\s+{re.escape(root)}\b")
    return any(
        word.match(text[:300]) and any("try" in one for one in lines[max(at - 4, 0) : at])
        for at, text in enumerate(lines)
    )
