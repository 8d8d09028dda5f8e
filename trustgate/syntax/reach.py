"""What a tree says about the way through a function: conditions term by term, code nothing reaches, handlers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tree_sitter import Node, Query, QueryCursor

from trustgate.record import NamedTuple
from trustgate.syntax.grammars import GRAMMARS
from trustgate.syntax.outline import Outline, Span
from trustgate.syntax.shapes import span_of, text_of
from trustgate.syntax.tree import TreeOutline, language_for

NEVER = frozenset(("False", "0", "false", "None", "null", "nil", '""', "''", "notTrue", "!true", "!1", "not1"))
NODE_LIMIT = 40_000
"""nodes of one question that are looked at"""
CONDITIONALS = frozenset(
    (
        "if_statement",
        "elif_clause",
        "if",
        "unless",
        "elsif",
        "if_expression",
        "while_statement",
        "conditional_expression",
    )
)
HANDLERS = frozenset(("except_clause", "catch_clause", "rescue", "catch_block"))
LEAVING = frozenset(("return_statement", "raise_statement", "throw_statement"))
BLOCKS = frozenset(
    ("block", "statement_block", "statement_list", "function_body", "compound_statement", "body_statement")
)
HOISTED = frozenset(("function_declaration", "function_definition", "class_declaration", "comment"))
EMPTY = frozenset(
    ("pass_statement", "comment", "line_comment", "block_comment", "continue_statement", "empty_statement")
)
NOTHING = frozenset(("", "None", "null", "nil", "undefined", "True", "true"))


class Condition(NamedTuple):
    """What an `if`, `elif` or `while` asks."""

    text: str
    operator: str
    """`and`, `or`, or empty for a single term"""
    terms: tuple[str, ...]
    """the operands of the outermost operator, blanks folded"""
    leaves: bool
    """the consequence ends in return, raise or throw"""
    line: int
    first: int = 0
    """first line of the consequence; 0 where there is none"""
    last: int = -1


class Handler(NamedTuple):
    """An exception handler."""

    span: Span
    swallows: bool
    """it does nothing, or only logs, or returns nothing"""


class Reach(NamedTuple):
    conditions: tuple[Condition, ...]
    dead: frozenset[int]
    """lines that nothing reaches: under `if False`, or after a return in the same block"""
    handlers: tuple[Handler, ...]


NONE = Reach((), frozenset(), ())


def reach_of(outline: Outline, ranges: Iterable[tuple[int, int]]) -> Reach:
    """Of the 1-based inclusive line ranges. Empty for an outline without a tree."""
    if not isinstance(outline, TreeOutline) or outline.language not in GRAMMARS:
        return NONE
    wanted = list(ranges)
    conditions: list[Condition] = []
    dead: set[int] = set()
    handlers: list[Handler] = []
    for node in _nodes(outline, wanted):
        if node.type in CONDITIONALS:
            condition = _condition(node)
            if condition is None:
                continue
            conditions.append(condition)
            body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
            if body is not None and _never(condition):
                dead.update(range(body.start_point[0] + 1, body.end_point[0] + 2))
                dead.discard(node.start_point[0] + 1)
        elif node.type in HANDLERS:
            handlers.append(Handler(span_of(node), _swallows(node)))
        elif node.type in LEAVING and node.parent is not None and node.parent.type in BLOCKS:
            after = node.next_named_sibling
            if after is not None and after.type not in HOISTED:
                dead.update(range(after.start_point[0] + 1, node.parent.end_point[0] + 2))
    return Reach(tuple(conditions), frozenset(dead), tuple(handlers))


@lru_cache(maxsize=32)
def _query(name: str) -> Query | None:
    """The kinds of node that are asked for and that the grammar has."""
    language = language_for(name)
    kinds = sorted(kind for kind in CONDITIONALS | HANDLERS | LEAVING if language.id_for_node_kind(kind, True))
    return Query(language, f"[{' '.join(f'({kind})' for kind in kinds)}] @node") if kinds else None


def _nodes(outline: TreeOutline, ranges: list[tuple[int, int]]) -> list[Node]:
    query = _query(outline.language)
    seen: dict[int, Node] = {}
    if query is None:
        return []
    for first, last in ranges:
        cursor = QueryCursor(query)
        cursor.set_point_range((max(first - 1, 0), 0), (last, 0))
        for node in cursor.captures(outline.root).get("node", ()):
            seen[node.id] = node
    return sorted(seen.values(), key=lambda node: node.start_byte)[:NODE_LIMIT]


def _condition(node: Node) -> Condition | None:
    asked = node.child_by_field_name("condition")
    if asked is None:
        return None
    while asked.type == "parenthesized_expression" and asked.named_child_count == 1:
        asked = asked.named_children[0]
    body = node.child_by_field_name("consequence")
    operator, terms = _terms(asked)
    return Condition(
        text_of(asked),
        operator,
        tuple("".join(text_of(term).split()) for term in terms),
        body is not None and _leaves(body),
        node.start_point[0] + 1,
        *_branch(body),
    )


def _branch(body: Node | None) -> tuple[int, int]:
    """Lines of the statements of a branch, its braces aside."""
    if body is None or not body.named_child_count or body.type not in BLOCKS:
        return 0, -1
    inside = body.named_children
    return inside[0].start_point[0] + 1, inside[-1].end_point[0] + 1


def _terms(node: Node) -> tuple[str, list[Node]]:
    operator = _operator(node)
    if not operator:
        return "", [node]
    terms: list[Node] = []
    stack = [node]
    while stack and len(terms) < 40:
        item = stack.pop()
        if _operator(item) == operator:
            stack.extend(
                child for child in (item.child_by_field_name("right"), item.child_by_field_name("left")) if child
            )
        else:
            terms.append(item)
    return operator, terms


def _operator(node: Node) -> str:
    if node.type not in ("boolean_operator", "binary_expression", "binary"):
        return ""
    sign = node.child_by_field_name("operator")
    return {"and": "and", "&&": "and", "or": "or", "||": "or"}.get(text_of(sign), "")


def _never(condition: Condition) -> bool:
    terms = NEVER.intersection(condition.terms)
    return bool(terms) if condition.operator != "or" else len(terms) == len(condition.terms)


def _leaves(body: Node) -> bool:
    if body.type in LEAVING:
        return True
    last = [child for child in body.named_children if "comment" not in child.type][-1:]
    return bool(last) and (last[0].type in LEAVING or (last[0].type == "statement_list" and _leaves(last[0])))


def _swallows(node: Node) -> bool:
    body = node.child_by_field_name("body") or next(
        (child for child in reversed(node.named_children) if child.type in BLOCKS), None
    )
    if body is None:
        return False
    for child in body.named_children:
        if child.type in EMPTY:
            continue
        text = text_of(child).rstrip(";").strip()
        if child.type == "return_statement" and text.removeprefix("return").strip() in NOTHING:
            continue
        if child.type == "expression_statement" and _is_log(text):
            continue
        return False
    return True


def _is_log(text: str) -> bool:
    head = text.split("(", 1)[0].lower()
    return any(word in head for word in ("log", "print", "warn", "console.", "debug"))
