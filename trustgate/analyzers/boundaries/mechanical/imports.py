"""Blocks of imports as what they bind: order and grouping go, the names and what stands behind them stay."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from trustgate.analyzers.boundaries.mechanical.compare import Atom, Part
from trustgate.analyzers.boundaries.mechanical.nodes import COMMENTS, text
from trustgate.analyzers.boundaries.mechanical.pragma import canonical, obeyed

NOTE = "imports reordered, same names bound"


def block(entries: Iterable[tuple[str, ...]], *, ordered: bool) -> Atom:
    """One run of imports; `ordered` where its order says something."""
    written = tuple(entries)
    return Atom(written if ordered else frozenset(written), written, NOTE)


def python_block(nodes: list[Node]) -> list[Part]:
    """Statements of a module with each run of imports as one part.

    `from x import *`, and a comment that tools obey on a line of its own, end a run and stay where they are. A run in
    which one name is bound twice to different things keeps its order.
    """
    parts: list[Part] = []
    run: list[tuple[str, ...]] = []
    last_line = -1
    of_last = 0

    def close() -> None:
        if run:
            parts.append(block(run, ordered=_twice(run)))
            run.clear()

    for node in nodes:
        if node.type in ("import_statement", "import_from_statement"):
            found = _python_entries(node)
            if any(entry[1] == "*" for entry in found):
                close()
                parts.append(Atom(tuple(found)))
                continue
            run += found
            last_line, of_last = node.end_point[0], len(found)
        elif node.type in COMMENTS and run and node.start_point[0] == last_line:
            run[-of_last:] = [(*entry, canonical(text(node), "python")) for entry in run[-of_last:]]
        elif node.type == "future_import_statement":
            close()
            parts.append(Atom(("__future__", frozenset(_python_entries(node)))))
        else:
            close()
            parts.append(node)
    close()
    return parts


def _python_entries(node: Node) -> list[tuple[str, ...]]:
    """(module, name, local name) of each name, with the comments tools obey that stand among them."""
    module = "".join(text(node.child_by_field_name("module_name")).split())
    plain = node.type == "import_statement"
    found: list[tuple[str, ...]] = []
    for child in node.children:
        if child.type == "wildcard_import":
            found.append((module, "*", ""))
        elif child.type in COMMENTS:
            if obeyed(text(child), "python"):
                found.append((module, "comment", canonical(text(child), "python")))
        elif child.type == "aliased_import":
            name = "".join(text(child.child_by_field_name("name")).split())
            found.append((module, name, text(child.child_by_field_name("alias")), "as"))
        elif child.type == "dotted_name" and child != node.child_by_field_name("module_name"):
            name = "".join(text(child).split())
            found.append((module, name, name.split(".")[0] if plain else name))
    return found


def _twice(run: list[tuple[str, ...]]) -> bool:
    """Whether a local name is bound to two things: `import a.b` and `import a.c` both bind `a` to one thing."""
    bound: dict[str, tuple[str, ...]] = {}
    for entry in run:
        module, name, local = entry[:3]
        if name == "comment" or local == "":
            continue
        plain = module == "" and "as" not in entry[3:4]
        target = ("", local) if plain else (module, name)
        if bound.setdefault(local, target) != target:
            return True
    return False


def javascript_names(nodes: list[Node]) -> list[Part]:
    """The names between the braces of an import or export, whose order says nothing; comments keep theirs."""
    if any(node.type in COMMENTS for node in nodes):
        return list(nodes)
    return [block((tuple(text(node).split()) for node in nodes), ordered=False)]


def specs(nodes: Iterable[Node]) -> Atom:
    """Whole import declarations where order never says anything (Go, Java)."""
    return block((tuple(text(node).split()) for node in nodes), ordered=False)
