"""What a node of an extra grammar says: who is called with what, which name gets which value, how a branch leaves.

Grammars name these parts differently. The functions here ask for the usual fields first and go by position where a
grammar has no fields. None of them recurses, and each looks at a few children only.
"""

from __future__ import annotations

from collections.abc import Collection

from tree_sitter import Node

from trustgate.syntax.outline import Argument, Span

TEXT_LIMIT = 400
"""characters of a value or callee that are kept"""
CHILDREN = 60
"""arguments of one call that are looked at"""
_OWNERS = ("receiver", "object", "scope")
_NAMES = ("left", "name", "key", "pattern", "declarator", "field", "designator", "target", "label")
_VALUES = ("right", "value", "default_value", "default", "val", "result")
_LISTS = ("arguments", "argument_list", "value_arguments", "function_arguments", "token_tree", "call_suffix")
_EQUALS = ("=", "=>", ":")
_WRAPPERS = frozenset(
    (
        *("block", "then", "compound_statement", "expression_statement", "statements", "body_statement", "list"),
        *("redirected_statement", "binary", "function_body", "begin", "try_expression", "await_expression"),
    )
)
_ARGUMENT_LISTS = frozenset(("arguments", "argument_list"))
_THIN = frozenset(("block_node", "flow_node", "expression", "collection_value", "literal_value", "block_sequence_item"))
_CONTAINERS = frozenset(("block_mapping", "flow_mapping", "object", "inline_table"))
_SEQUENCES = frozenset(("block_sequence", "array", "tuple", "flow_sequence"))
_CALLS = frozenset(
    (
        *("call", "command", "call_expression", "macro_invocation", "function_call_expression", "identifier"),
        *("invocation_expression", "member_call_expression", "scoped_call_expression"),
    )
)
EXITS = frozenset(
    (
        *("abort", "panic", "exit", "fail", "deny", "reject", "redirect", "halt", "die", "fatal", "return", "throw"),
        *("raise", "redirect_to", "redirect_back", "head", "bail", "unreachable", "fatalError", "wp_die", "exit!"),
        *("preconditionFailure", "abort_if", "render_403", "render_404", "not_found", "forbidden", "unauthorized"),
        *("access_denied", "wp_send_json_error", "respondError", "error", "status", "respond", "deny_access", "_exit"),
    )
)
"""last part of the name of a call that ends a branch"""


def text_of(node: Node | None, limit: int = TEXT_LIMIT) -> str:
    return "" if node is None or node.text is None else node.text[:limit].decode("utf-8", "surrogateescape")


def span_of(node: Node) -> Span:
    start, end = node.start_point, node.end_point
    return Span(start[0] + 1, start[1], end[0] + 1, end[1])


def last_line(node: Node) -> int:
    """1-based; a node that ends before the first character of a line ends on the line before."""
    row, column = node.end_point
    return row if column == 0 and row > node.start_point[0] else row + 1


def dotted(text: str) -> str:
    """A qualified name in one notation: `A::B`, `a->b`, `A\\B` and `a?.b` all become dotted."""
    text = "".join(text.split())
    for mark in ("?->", "->", "?.", "!!.", "::", "\\"):
        text = text.replace(mark, ".")
    if text.endswith(">") and "<" in text:
        text = text[: text.rindex("<")]
    return text.lstrip(".*&")


def field_of(node: Node, names: Collection[str]) -> Node | None:
    for name in names:
        found = node.child_by_field_name(name)
        if found is not None:
            return found
    return None


def _tail(node: Node) -> str:
    """The end of a long chain of calls: its last name says what is called."""
    return "" if node.text is None else node.text[-TEXT_LIMIT:].decode("utf-8", "surrogateescape")


def callee_of(node: Node) -> str:
    if node.type == "command":
        return text_of(node.child_by_field_name("name"), 80).strip("\"'")
    head = field_of(node, ("function", "macro"))
    if head is not None:
        if head.type == "generic_function":
            head = head.child_by_field_name("function") or head
        return dotted(_tail(head))
    if node.type.startswith(("include", "require")):
        return node.type.removesuffix("_expression")
    name = field_of(node, ("method", "name"))
    owner = field_of(node, _OWNERS)
    if name is not None:
        return dotted(f"{_tail(owner)}.{text_of(name)}" if owner is not None else text_of(name))
    made = node.child_by_field_name("type")
    if made is None and node.named_child_count:
        made = node.named_children[0]
    return dotted(_tail(made if made is not None else node))


def arguments_of(node: Node) -> tuple[Argument, ...]:
    if node.type == "command":
        given = node.children_by_field_name("argument")[:CHILDREN]
        return tuple(Argument("", text_of(child), span_of(child)) for child in given)
    holder = node.child_by_field_name("arguments")
    for child in node.named_children if holder is None else ():
        if child.type in _LISTS:
            holder = child
    if holder is not None and holder.type == "call_suffix":
        holder = next((child for child in holder.named_children if child.type == "value_arguments"), None)
    if holder is None:
        return ()
    if holder.type == "token_tree":
        return (Argument("", text_of(holder)[1:-1], span_of(holder)),)
    return tuple(_argument(child) for child in holder.named_children[:CHILDREN] if "comment" not in child.type)


def _argument(node: Node) -> Argument:
    span = span_of(node)
    if node.type in ("pair", "assignment_expression"):
        name, value = field_of(node, ("key", "left")), field_of(node, ("value", "right"))
        return Argument(text_of(name, 80).strip("\"':"), text_of(value), span)
    if node.type in ("argument", "value_argument"):
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        parts = node.named_children
        if name is None and len(parts) > 1 and any(child.type == "=" for child in node.children):
            name = parts[0]
        if name is not None and len(parts) > 1:
            return Argument(text_of(name, 80), text_of(value or parts[-1]), span)
    return Argument("", text_of(node), span)


def setting_of(node: Node) -> tuple[str, Node] | None:
    """Name and value node; None where nothing is set, and where the value is a table with settings of its own."""
    if node.type.endswith("_instruction") and node.type != "arg_instruction":
        return (text_of(node.children[0], 40).upper(), node) if node.children else None
    parent = node.parent
    if parent is not None and parent.type in _ARGUMENT_LISTS:
        return None
    name, value = field_of(node, _NAMES), field_of(node, _VALUES)
    if name is None or value is None:
        parts = [child for child in node.named_children if "comment" not in child.type]
        if len(parts) < 2 or not any(child.type in _EQUALS for child in node.children):
            return None
        name, value = name or parts[0], value or parts[-1]
    if _is_table(value):
        return None
    return key_of(name), value


def key_of(node: Node) -> str:
    return dotted(text_of(node, 160).strip("\"'`").lstrip("$@:")).rstrip(":")


def _is_table(node: Node) -> bool:
    for _ in range(12):
        if node.type in _CONTAINERS:
            return True
        if node.type not in _THIN and node.type not in _SEQUENCES:
            return False
        if not node.named_child_count:
            return False
        node = node.named_children[0] if node.type in _SEQUENCES else node.named_children[-1]
    return True


def branch_of(node: Node) -> tuple[Node, Node] | None:
    """Condition and first branch of an `if`, `unless`, `guard`, `let ... else`, `x ?: throw`, or `test || exit`."""
    if node.type == "list":
        parts = node.named_children
        return (parts[0], parts[-1]) if len(parts) > 1 else None
    if node.type == "binary_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return (left, right) if left is not None and right is not None else None
    condition = field_of(node, ("condition", "value"))
    if condition is None:
        return None
    body = field_of(node, ("consequence", "body", "alternative")) if node.type != "if_expression" else None
    body = body or node.child_by_field_name("consequence")
    if body is None:
        conditions = {child.id for child in node.children_by_field_name("condition")}
        after = [child for child in node.named_children if child.start_byte >= condition.end_byte]
        after = [child for child in after if child.id not in conditions and "comment" not in child.type]
        after = [child for child in after if child.type not in ("else", "else_clause", "elif_clause")]
        if not after:
            return None
        body = after[-1] if node.type == "if_statement" and after[0].type != "statements" else after[0]
    return condition, body


def leaving(node: Node, exits: Collection[str]) -> str:
    """The word with which a branch ends by leaving (`return`, `throw`, `exit`), or the empty string."""
    for _ in range(8):
        if node.type in exits:
            words = text_of(node, 40).replace("(", " ").replace(";", " ").split()
            return words[0] if words else ""
        if node.type in _CALLS:
            name = text_of(node, 80) if node.type == "identifier" else callee_of(node)
            last = name.rsplit(".", 1)[-1]
            return last if last in EXITS else ""
        children = [child for child in node.named_children if "comment" not in child.type]
        if node.type not in _WRAPPERS and not (node.type.endswith("_expression") and len(children) == 1):
            return ""
        if not children:
            return ""
        node = children[0] if node.type == "redirected_statement" else children[-1]
    return ""


def symbol_name(node: Node) -> str:
    """Name of a class, function, block or multi-line setting; a nameless function has that of what holds it."""
    if node.type == "block":  # HCL: resource "aws_s3_bucket" "logs"
        parts = [child for child in node.named_children if child.type in ("identifier", "string_lit")]
        return ".".join(text_of(child, 80).strip('"') for child in parts[:4])
    if node.type in ("table", "table_array_element"):
        return text_of(node.named_children[0], 160).replace('"', "") if node.named_child_count else ""
    named = node.child_by_field_name("name")
    if named is None and node.type in ("impl_item", "extension_declaration"):
        named = node.child_by_field_name("type")
    declarator = node.child_by_field_name("declarator") if named is None else None
    for _ in range(8):
        inner = declarator.child_by_field_name("declarator") if declarator is not None else None
        if inner is None:
            break
        declarator = inner
    named = named or declarator
    if named is None and node.parent is not None:
        named = field_of(node.parent, ("left", "name", "key", "pattern"))
    return key_of(named) if named is not None else ""


def marks_of(node: Node, kinds: Collection[str]) -> list[Node]:
    """Attributes and annotations of a declaration, one node each."""
    if not kinds:
        return []
    holders = [child for child in node.children if child.type in kinds]
    for child in node.children:
        if child.type == "modifiers":
            holders += [mark for mark in child.children if mark.type in kinds]
    sibling = node.prev_named_sibling
    while sibling is not None and sibling.type == "attribute_item" and len(holders) < CHILDREN:
        holders.append(sibling)
        sibling = sibling.prev_named_sibling
    found: list[Node] = []
    for holder in holders:
        inner = [holder]
        while inner and inner[0].type in ("attribute_list", "attribute_group", "attribute_declaration"):
            inner = [child for part in inner for child in part.named_children]
        found += [mark for mark in inner if "comment" not in mark.type]
    return sorted(found, key=lambda mark: mark.start_byte)
