"""What of a JavaScript or TypeScript tree is layout: quotes, semicolons, grouping brackets, blanks that JSX drops."""

from __future__ import annotations

import re

from tree_sitter import Node

from trustgate.analyzers.boundaries.mechanical.compare import Atom, Part
from trustgate.analyzers.boundaries.mechanical.grouping import BRACKETS, innermost, javascript_redundant, ungrouped
from trustgate.analyzers.boundaries.mechanical.imports import javascript_names
from trustgate.analyzers.boundaries.mechanical.nodes import (
    children,
    inner,
    parts_of,
    text,
    unescape_quotes,
)

LANGUAGE = "javascript"
_END = frozenset((";",))
_COMMA = frozenset((",",))
_BOTH = frozenset((",", ";"))
DROPPED = {
    **dict.fromkeys(
        (
            *("expression_statement", "lexical_declaration", "variable_declaration", "return_statement"),
            *("throw_statement", "break_statement", "continue_statement", "debugger_statement", "do_statement"),
            *("import_statement", "export_statement", "class_body", "type_alias_declaration", "import_alias"),
            *("ambient_declaration", "public_field_definition", "field_definition", "method_signature"),
            "function_signature",
        ),
        _END,
    ),
    **dict.fromkeys(
        (
            *("arguments", "object", "formal_parameters", "named_imports", "export_clause", "object_pattern"),
            *("enum_body", "type_arguments", "type_parameters", "tuple_type"),
        ),
        _COMMA,
    ),
    **dict.fromkeys(("object_type", "interface_body"), _BOTH),
}
_KEY = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_EXACT = frozenset(("regex", "escape_sequence", "hash_bang_line"))
_NUMBER = re.compile(r"(\d*)(?:\.(\d*))?(?:e\+?(-?\d+))?")
_TYPES = frozenset(("type_identifier", "predefined_type", "generic_type", "literal_type", "object_type", "array_type"))
_BLOCKS = frozenset(("program", "statement_block", "class_body", "switch_case", "switch_default"))
_ELEMENTS = frozenset(("jsx_element", "jsx_fragment"))
_TAGS = frozenset(("jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"))


class JavascriptDialect:
    names = frozenset(("identifier",))

    def bare(self, node: Node) -> Node:
        if node.type == BRACKETS:
            node = ungrouped(node, LANGUAGE, javascript_redundant)
        if node.type == "parenthesized_type" and _plain_type(node):
            return inner(node, LANGUAGE) or node
        if node.type == "jsx_expression" and _only_string(node):
            return node.named_children[0]
        return node

    def parts(self, node: Node) -> tuple[str, list[Part]]:
        kind = node.type
        if kind == "string":
            return kind, [_string(node)]
        if kind == BRACKETS:
            held = innermost(node, LANGUAGE)
            return kind, [held] if held is not None else parts_of(node, LANGUAGE)
        if kind == "number":
            return kind, [Atom(_number(text(node)))]
        if kind in _EXACT:
            return kind, [Atom(text(node))]
        if kind in ("template_string", "template_literal_type"):
            return kind, _template(node)
        if kind in _ELEMENTS:
            return kind, _jsx(node)
        if kind in ("union_type", "intersection_type"):
            return kind, list(_members(node))
        if kind in ("named_imports", "export_clause"):
            return kind, javascript_names(list(children(node, LANGUAGE, _COMMA)))
        dropped = DROPPED.get(kind, frozenset())
        found = parts_of(node, LANGUAGE, dropped)
        if kind in _BLOCKS:
            found = [part for part in found if isinstance(part, Atom) or part.type != "empty_statement"]
        elif kind in ("array", "array_pattern"):
            found = _without_last_comma(found)
        elif kind in ("pair", "pair_pattern", "property_signature"):
            found = [_key(found[0]), *found[1:]] if found else found
        elif kind == "new_expression" and found and not _is(found[-1], "arguments"):
            found.append(Atom(("arguments",)))  # `new A` is `new A()`
        elif kind == "new_expression" and not isinstance(found[-1], Atom) and found[-1].named_child_count == 0:
            found[-1] = Atom(("arguments",))
        elif kind == "arrow_function":
            found = [_parameters(part) for part in found]
        return kind, found


def _plain_type(node: Node) -> bool:
    held = inner(node, LANGUAGE)
    if held is None or node.parent is None:
        return False
    return held.type in _TYPES or node.parent.type in ("type_annotation", "type_alias_declaration", "type_arguments")


def _string(node: Node) -> Atom:
    raw = text(node).replace("\r\n", "\n")
    in_jsx = node.parent is not None and node.parent.type == "jsx_attribute"
    return Atom(raw[1:-1] if in_jsx else unescape_quotes(raw[1:-1]))


def _only_string(node: Node) -> bool:
    """`a={"b"}`, which is `a="b"`."""
    if node.parent is None or node.parent.type != "jsx_attribute" or node.named_child_count != 1:
        return False
    held = node.named_children[0]
    return held.type == "string" and not set(text(held)[1:-1]) & set("\\&\n\"'")


def _number(written: str) -> str:
    lowered = written.lower()
    found = _NUMBER.fullmatch(lowered)
    if found is None or not any(found.groups()) or (len(lowered) > 1 and lowered.isdigit()):
        return lowered
    whole, fraction, exponent = found[1] or "0", (found[2] or "").rstrip("0"), found[3]
    return f"{whole}{'.' if fraction else ''}{fraction}{'e' if exponent else ''}{exponent or ''}"


def _template(node: Node) -> list[Part]:
    """Texts as they are written, and what is put in between them."""
    found: list[Part] = []
    raw, start = node.text or b"", node.start_byte
    for child in node.children:
        if child.type in ("template_substitution", "template_type"):
            between = raw[start - node.start_byte : child.start_byte - node.start_byte]
            found += [Atom(between.replace(b"\r\n", b"\n")), child]
            start = child.end_byte
    return [*found, Atom(raw[start - node.start_byte :].replace(b"\r\n", b"\n"))]


def _jsx(node: Node) -> list[Part]:
    """An element's tags and children; runs of text and `{" "}` as the one text that is shown."""
    found: list[Part] = []
    shown = ""
    raw = node.text or b""
    start = node.start_byte

    def close() -> None:
        nonlocal shown
        if shown:
            found.append(Atom(("text", shown)))
        shown = ""

    for child in node.children:
        if child.type in ("jsx_text", "html_character_reference") or (child.start_byte < start):
            continue
        if child.type in _TAGS or child.type not in ("<", ">", "</", "/"):
            shown += _shown(raw[start - node.start_byte : child.start_byte - node.start_byte])
            literal = _literal_blank(child)
            if literal:
                shown += literal
            elif not _empty_expression(child):
                close()
                found.append(child)
            start = child.end_byte
        else:
            found.append(child)
            start = child.end_byte
    close()
    return found


def _shown(raw: bytes) -> str:
    """JSX text as it is compiled: lines trimmed at line breaks, lines of blanks dropped, the rest joined by a blank."""
    lines = raw.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = []
    for number, line in enumerate(lines):
        bare = line.replace("\t", " ")
        bare = bare if number == 0 else bare.lstrip(" ")
        bare = bare if number == len(lines) - 1 else bare.rstrip(" ")
        if bare:
            kept.append(bare)
    return " ".join(kept)


def _literal_blank(node: Node) -> str:
    r"""The blanks of `{" "}`, which formatters put where a line break would drop them."""
    if node.type != "jsx_expression" or node.named_child_count != 1 or node.named_children[0].type != "string":
        return ""
    body = text(node.named_children[0])[1:-1]
    return body if body and not body.strip(" ") else ""


def _empty_expression(node: Node) -> bool:
    """`{/* a comment */}` that no tool obeys."""
    if node.type != "jsx_expression":
        return False
    return all(child.type in ("{", "}") for child in children(node, LANGUAGE))


def _members(node: Node) -> list[Part]:
    """`A | B | C`, with or without a mark before the first, as one list."""
    found: list[Part] = []
    stack = [node]
    while stack:
        at = stack.pop()
        if at.type == node.type:
            stack.extend(reversed([child for child in children(at, LANGUAGE) if child.is_named]))
        else:
            found.append(at)
    return found


def _without_last_comma(parts: list[Part]) -> list[Part]:
    """`[a,]` is `[a]`; every other comma of an array may stand for a hole."""
    if len(parts) > 3 and _is(parts[-2], ",") and not _is(parts[-3], ","):
        return [*parts[:-2], parts[-1]]
    return parts


def _is(part: Part, kind: str) -> bool:
    return not isinstance(part, Atom) and part.type == kind


def _key(part: Part) -> Part:
    if isinstance(part, Atom):
        return part
    if part.type == "property_identifier":
        return Atom(("key", text(part)))
    body = text(part)[1:-1]
    return Atom(("key", body)) if part.type == "string" and _KEY.fullmatch(body) else part


def _parameters(part: Part) -> Part:
    """`(x) =>` as `x =>`."""
    if isinstance(part, Atom) or part.type != "formal_parameters":
        return part
    held = inner(part, LANGUAGE)
    if held is not None and held.type == "required_parameter" and held.child_count == 1:
        held = held.children[0]
    return held if held is not None and held.type == "identifier" else part
