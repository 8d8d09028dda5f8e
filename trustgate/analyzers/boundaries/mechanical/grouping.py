"""Which brackets only group: their content binds tighter than what stands round them, by the language's own precedence.

The grammars' trees are no witness for this: some of them give `await a ** b` or `a && b as T` another shape than the
language does. So brackets are dropped by the tables below alone, and count as part of the tree where these are silent.
"""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from trustgate.analyzers.boundaries.mechanical.nodes import inner, text

BRACKETS = "parenthesized_expression"

PYTHON_TIGHT = frozenset(
    (
        *("identifier", "call", "attribute", "subscript", "string", "concatenated_string", "integer", "float", "list"),
        *("dictionary", "set", "tuple", "true", "false", "none", "ellipsis", "list_comprehension"),
        *("dictionary_comprehension", "set_comprehension", "generator_expression"),
    )
)
PYTHON_DELIMITED = frozenset(
    (
        *("argument_list", "list", "tuple", "set", "pair", "keyword_argument", "assignment", "augmented_assignment"),
        *("return_statement", "expression_statement", "assert_statement", "if_statement", "elif_clause"),
        *("while_statement", "for_statement", "with_item", "raise_statement", "default_parameter", "type", "decorator"),
        *("typed_default_parameter", "subscript", "yield", "named_expression", "as_pattern", "except_clause"),
        "match_statement",
    )
)
PYTHON_LEVELS = {
    "or": 1,
    "and": 2,
    "|": 5,
    "^": 6,
    "&": 7,
    "<<": 8,
    ">>": 8,
    "+": 9,
    "-": 9,
    "*": 10,
    "@": 10,
    "/": 10,
    "//": 10,
    "%": 10,
    "**": 12,
}
"""the Python reference, 6.17 "Operator precedence"; `not` is 3, comparisons 4, signs 11"""
_LOOSE = frozenset(("lambda", "conditional_expression", "named_expression", "yield"))

JS_TIGHT = frozenset(
    (
        *("identifier", "this", "string", "number", "array", "template_string", "true", "false", "null", "regex"),
        *("undefined", "jsx_element", "jsx_self_closing_element", "jsx_fragment"),
        *("member_expression", "subscript_expression", "call_expression"),
    )
)
JS_DELIMITED = frozenset(
    (
        *("arguments", "array", "pair", "variable_declarator", "return_statement", "throw_statement", "if_statement"),
        *(
            "while_statement",
            "do_statement",
            "switch_statement",
            "switch_case",
            "assignment_expression",
            "jsx_expression",
        ),
        *("template_substitution", "arrow_function", "expression_statement", "spread_element", "assignment_pattern"),
        *("public_field_definition", "field_definition", "augmented_assignment_expression"),
    )
)
JS_LEVELS = {
    "||": 1,
    "&&": 2,
    "|": 3,
    "^": 4,
    "&": 5,
    "==": 6,
    "!=": 6,
    "===": 6,
    "!==": 6,
    "+": 9,
    "-": 9,
    "*": 10,
    "/": 10,
    "%": 10,
    "<": 7,
    ">": 7,
    "<=": 7,
    ">=": 7,
    "instanceof": 7,
    "in": 7,
    "<<": 8,
    ">>": 8,
    ">>>": 8,
}
"""ECMA-262, 13.5-13.13. `??` and `**` are left out: both forbid some of their neighbours"""
_WHOLE = frozenset(("if_statement", "while_statement", "do_statement", "expression_statement", "return_statement"))
_HEADS = frozenset(("identifier", "this", "call_expression", "member_expression", "subscript_expression"))
_CHAINS = frozenset(("member_expression", "call_expression", "subscript_expression", "non_null_expression"))
_BEHIND = frozenset(("!", ".", "[", "(", "`", "?.", "as", "satisfies"))
_TYPED = frozenset(("as_expression", "satisfies_expression", "non_null_expression", "type_assertion"))
_ANGLES = frozenset(("<", ">", "<<", ">>", ">>>"))
"""might begin type arguments"""
_STARTS = ("{", "function", "class", "let", "async", "'", '"', "<", "`", "(")
"""what means something else at the start of a statement or of a function's body"""


def ungrouped(node: Node, language: str, redundant: Callable[[Node, Node, Node], bool]) -> Node:
    """The node inside brackets that only group, or the node itself."""
    if node.type != BRACKETS or node.parent is None:
        return node
    held = innermost(node, language)
    outer = node
    while outer.parent is not None and outer.parent.type == BRACKETS:
        outer = outer.parent
    if held is None or outer.parent is None or not redundant(held, outer, outer.parent):
        return node
    return held


def innermost(node: Node, language: str) -> Node | None:
    """What one or more pairs of brackets hold; None where they hold a comment that counts."""
    held: Node | None = node
    while held is not None and held.type == BRACKETS:
        held = inner(held, language)
    return held


def python_redundant(held: Node, brackets: Node, parent: Node) -> bool:
    kind = held.type
    around = parent.type
    if kind in PYTHON_TIGHT:
        if around == "call":
            return kind in ("identifier", "attribute", "call", "subscript")
        return around != "attribute" or kind not in ("integer", "float")
    if around in PYTHON_DELIMITED:
        if around in ("assignment", "augmented_assignment") and not _is(parent, "right", brackets):
            return False
        return around != "subscript" or not _is(parent, "value", brackets)
    if kind in _LOOSE:
        return False
    if around in ("conditional_expression", "lambda", "if_clause", "for_in_clause"):
        return kind in ("boolean_operator", "not_operator", "comparison_operator", "binary_operator", "unary_operator")
    level, wanted = _python_level(held), _python_level(parent)
    return bool(level and wanted) and level > wanted


def _python_level(node: Node) -> int:
    kind = node.type
    if kind == "not_operator":
        return 3
    if kind == "comparison_operator":
        return 4
    if kind == "unary_operator":
        return 11
    if kind in ("binary_operator", "boolean_operator"):
        level = PYTHON_LEVELS.get(_operator(node), 0)
        return level if level != 12 else 0
    return 0


def javascript_redundant(held: Node, brackets: Node, parent: Node) -> bool:
    kind = held.type
    around = parent.type
    if around not in (*_CHAINS, "as_expression") and _followed(brackets):
        return False  # the grammar gives `a || (b)!` the wrong shape
    if around not in JS_DELIMITED and text(held).startswith(("{", "function", "class", "async", "let")):
        return False
    if around in ("expression_statement", "arrow_function") and text(held).startswith(_STARTS):
        return kind.startswith("jsx_")
    if kind in JS_TIGHT:
        if around in _CHAINS:
            return kind in _HEADS and not _ends_chain(held) and not text(held).startswith(("await", "yield", "new"))
        if around in ("new_expression", "class_heritage", "extends_clause", "export_statement", "decorator"):
            return False
        if around in ("await_expression", "yield_expression"):  # outside of async, `await (a).b` calls `await`
            return kind in _HEADS and not text(held).startswith(("(", "[", "`"))
        if around == "binary_expression":
            return _operator(parent) not in _ANGLES
        if around in JS_DELIMITED or around in ("unary_expression", "ternary_expression"):
            return True
        return around in ("as_expression", "satisfies_expression") and _first(parent, brackets)
    if around in JS_DELIMITED:
        if around in ("assignment_expression", "augmented_assignment_expression", "assignment_pattern") and not _is(
            parent, "right", brackets
        ):
            return False
        return kind != "sequence_expression" or around in _WHOLE
    if around == "ternary_expression":
        if _is(parent, "condition", brackets):
            return kind in ("binary_expression", "unary_expression", "await_expression") and _plain(held)
        return kind != "sequence_expression"
    if around == "unary_expression":
        return kind == "await_expression" and _plain(held)
    if around == "member_expression":  # `(new A()).b`
        return kind == "new_expression" and held.children[-1].type == "arguments"
    if around == "for_in_statement":
        return _is(parent, "right", brackets) and kind == "await_expression"
    if around != "binary_expression":
        return kind == around == "as_expression" and _first(parent, brackets)
    if not _plain(held):
        return False
    wanted = JS_LEVELS.get(_operator(parent), 0)
    if kind in ("unary_expression", "await_expression"):
        return bool(wanted) and _operator(parent) not in _ANGLES
    level = JS_LEVELS.get(_operator(held), 0) if kind == "binary_expression" else 0
    tighter = level > wanted or (level == wanted and _is(parent, "left", brackets))
    return bool(level and wanted) and tighter and not {_operator(parent), _operator(held)} & _ANGLES


def _plain(held: Node) -> bool:
    """Without operators of types, whose place in the tree is not to be trusted."""
    return not any(child.type in _TYPED for child in held.named_children)


def _followed(brackets: Node) -> bool:
    """Whether an operator that is written behind its operand stands right behind the brackets."""
    at: Node | None = brackets
    while at is not None and at.next_sibling is None:
        at = at.parent
    at = at.next_sibling if at is not None else None
    while at is not None and at.children:
        at = at.children[0]
    return at is not None and at.type in _BEHIND


def _ends_chain(held: Node) -> bool:
    """Whether `?.` stands in it: brackets end what it skips."""
    at: Node | None = held
    while at is not None and at.type in _HEADS:
        if any(child.type in ("optional_chain", "?.") for child in at.children):
            return True
        at = at.children[0] if at.children else None
    return False


def _operator(node: Node) -> str:
    found = node.child_by_field_name("operator")
    return found.type if found is not None else ""


def _is(parent: Node, field: str, child: Node) -> bool:
    found = parent.child_by_field_name(field)
    return found is not None and found.id == child.id


def _first(parent: Node, child: Node) -> bool:
    return bool(parent.children) and parent.children[0].id == child.id
