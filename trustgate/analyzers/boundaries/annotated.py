"""Lines that only gained a type annotation: inert, since nothing reads it when the code runs."""

from __future__ import annotations

from functools import lru_cache

from tree_sitter import Node, Query, QueryCursor

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta, line_key
from trustgate.syntax.tree import TreeOutline, language_for

KINDS = {"python": "(type)", "typescript": "(type_annotation)", "tsx": "(type_annotation)"}
READ = ("(", "Secret", "Literal", "Annotated")
"""marks of annotations that frameworks act on: calls (`Depends(user)`), types that hide or restrict a value"""


def only_annotated(delta: FileDelta) -> tuple[frozenset[int], frozenset[int]]:
    """Old and new lines that read the same once the annotations that the new ones gained are taken out."""
    old, new = delta.old, delta.new
    nothing = frozenset[int](), frozenset[int]()
    if old is None or new is None or delta.language not in KINDS:
        return nothing
    before: set[int] = set()
    after: set[int] = set()
    bare: dict[int, str] | None = None
    for hunk in delta.view.change.hunks:
        if not hunk.old_count or not any(":" in new.text.line(n) or "->" in new.text.line(n) for n in hunk.new_lines):
            continue
        if bare is None:
            bare = _without(new, delta.language)
        texts = {line_key(old.text.line(n)): n for n in hunk.old_lines}
        for number in hunk.new_lines:
            partner = texts.get(line_key(bare[number])) if number in bare else None
            if partner is not None:
                before.add(partner)
                after.add(number)
    return frozenset(before), frozenset(after)


def _without(side: SideDelta, language: str) -> dict[int, str]:
    """The changed lines that hold annotations, without them; lines with one that a framework may read are left out."""
    outline = side.outline
    if not isinstance(outline, TreeOutline) or outline.degraded:
        return {}
    cursor = QueryCursor(_query(language))
    found: dict[int, bytes] = {}
    for node in cursor.captures(outline.root).get("type", ()):
        first, start = (node.prev_sibling or node).start_point if language == "python" else node.start_point
        last, end = node.end_point
        number = first + 1
        if number not in side.numbers or first != last:
            continue
        text = (node.text or b"").decode("utf-8", "surrogateescape")
        line = found.get(number, side.text.line(number).encode("utf-8", "surrogateescape"))
        if not _declares(node, language) or any(mark in text for mark in READ):
            line = b"\0"
        elif line != b"\0":
            line = line[:start] + b" " * (end - start) + line[end:]
        found[number] = line
    return {n: line.decode("utf-8", "surrogateescape") for n, line in found.items() if line != b"\0"}


@lru_cache(maxsize=4)
def _query(language: str) -> Query:
    return Query(language_for(language), f"{KINDS[language]} @type")


def _declares(node: Node, language: str) -> bool:
    """Whether the type follows a colon or an arrow, and is not part of another type or of a statement of its own."""
    if language != "python":
        return True
    before = node.prev_sibling
    return before is not None and before.type in (":", "->")
