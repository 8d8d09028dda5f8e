"""A consistent rename inside one file: every use of a local goes over to one new name that meant nothing before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from trustgate.analyzers.boundaries.mechanical.compare import Dialect, compare
from trustgate.analyzers.boundaries.mechanical.nodes import text
from trustgate.syntax.words import wordset

FUNCTIONS = frozenset(
    (
        *("function_definition", "function_declaration", "generator_function_declaration", "method_definition"),
        *("arrow_function", "function_expression", "method_declaration", "constructor_declaration"),
    )
)
CLASSES = frozenset(("class_definition", "class_declaration", "class", "class_body", "object_creation_expression"))
BY_NAME = re.compile(
    rb"\b(?:eval|exec|locals|globals|vars|dir|getattr|setattr|with|Function|reflect|arguments)\b|\$\{|=\s*[}!:]"
)
"""what finds a variable by its name at run time; Python's `f"{x = }"` among it"""
_WORD = re.compile(rb"[^\W\d][\w$]*")
_BINDS = frozenset(
    (
        *("assignment", "pattern_list", "tuple_pattern", "list_pattern", "for_statement", "for_in_clause"),
        *("as_pattern_target", "named_expression", "variable_declarator", "for_in_statement", "array_pattern"),
        *("short_var_declaration", "expression_list", "var_spec", "range_clause", "enhanced_for_statement"),
    )
)


def renamed(language: str, old: Node, new: Node, dialect: Dialect, words: frozenset[str]) -> str:
    """The proof in words, or the empty string. `words` are those a name may neither lose nor gain."""
    found = compare(old, new, dialect, renames=True)
    if not found.same or not found.renamed:
        return ""
    said: dict[tuple[str, str], None] = {}
    by_scope: dict[int, dict[str, str]] = {}
    scopes: dict[int, tuple[Node, Node]] = {}
    for a, b in found.renamed:
        outer, other = _outermost(a), _outermost(b)
        if outer is None or other is None or not _plain_use(a) or not _plain_use(b):
            return ""
        name, new_name = text(a), text(b)
        if wordset(name) & words != wordset(new_name) & words:
            return ""
        if not name.isascii() or not new_name.isascii() or "_" in (name, new_name):
            return ""
        names = by_scope.setdefault(outer.id, {})
        scopes[outer.id] = (outer, other)
        if names.setdefault(name, new_name) != new_name:
            return ""
        said[(name, new_name)] = None
    for key, names in by_scope.items():
        if not _sound(language, *scopes[key], names):
            return ""
    shown = ", ".join(f"{a} -> {b}" for a, b in said)
    return "; ".join((f"consistent rename {shown}", *sorted(found.notes)))


def _sound(language: str, old: Node, new: Node, names: dict[str, str]) -> bool:
    """Every old name is a local of this function and gone from it; every new name is new to it."""
    raw, after = old.text or b"", new.text or b""
    if BY_NAME.search(raw) or BY_NAME.search(after) or any(node.type in CLASSES for node in _below(old)):
        return False
    if len(set(names.values())) < len(names):
        return False
    before, now = set(_WORD.findall(raw)), set(_WORD.findall(after))
    if any(name.encode() in before for name in names.values()) or any(name.encode() in now for name in names):
        return False
    bound = {text(node) for node in _below(old) if node.type == "identifier" and _binds(language, node)}
    barred = {text(node) for node in _below(old) if node.type == "identifier" and _is_given(language, node)}
    return set(names) <= bound - barred


def _outermost(node: Node) -> Node | None:
    """The outermost function round a node that stands in no class within it; None outside of functions."""
    found = None
    at = node.parent
    while at is not None:
        if at.type in FUNCTIONS:
            found = at
        at = at.parent
    return found


def _below(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.id != root.id:
            yield node
        stack.extend(node.children)


def _plain_use(node: Node) -> bool:
    """Not an attribute, keyword, key, label, export or tag: a name that only its scope can see."""
    parent = node.parent
    if parent is None:
        return False
    kind = parent.type
    if kind in ("export_specifier", "export_statement", "import_specifier", "aliased_import", "dotted_name"):
        return False
    if kind.startswith("jsx_") and kind != "jsx_expression":
        return False
    if kind in ("global_statement", "nonlocal_statement", "labeled_statement", "literal_element", "keyed_element"):
        return False
    if kind in ("element_value_pair", "annotation", "marker_annotation", "scoped_identifier", "method_reference"):
        return False
    if kind in FUNCTIONS:
        return False
    field = _field(parent, node)
    if kind == "keyword_argument":
        return field != "name"
    if kind in ("attribute", "field_access", "method_invocation"):
        return field == "object"
    return True


def _field(parent: Node, node: Node) -> str:
    for index, child in enumerate(parent.children):
        if child.id == node.id:
            return parent.field_name_for_child(index) or ""
    return ""


def _binds(language: str, node: Node) -> bool:
    """Whether the name is bound here as a local variable."""
    at, parent = node, node.parent
    while parent is not None and parent.type in ("pattern_list", "tuple_pattern", "list_pattern", "array_pattern"):
        at, parent = parent, parent.parent
    if parent is None or parent.type not in _BINDS:
        return _is_parameter(language, node)
    if parent.type == "as_pattern_target":
        return True
    if parent.type == "expression_list":
        holder = parent.parent
        if language != "go" or holder is None or holder.type not in ("short_var_declaration", "range_clause"):
            return False
        return _field(holder, parent) == "left"
    return _field(parent, at) in ("left", "name")


def _is_parameter(language: str, node: Node) -> bool:
    """Parameters where no caller can name them: not in Python (keywords), not in Java (reflection reads them)."""
    parent = node.parent
    if parent is None or language not in ("javascript", "typescript", "tsx", "go"):
        return False
    if parent.type == "required_parameter":
        return not any(child.type in ("accessibility_modifier", "readonly") for child in parent.children)
    return parent.type in ("formal_parameters", "parameter_declaration", "arrow_function", "catch_clause")


def _is_given(language: str, node: Node) -> bool:
    """Names that somebody outside can use: parameters of Python and Java, names declared global."""
    parent = node.parent
    kinds: Iterable[str] = ("global_statement", "nonlocal_statement")
    if language in ("python", "java"):
        kinds = (
            *kinds,
            *("parameters", "lambda_parameters", "default_parameter", "typed_parameter", "typed_default_parameter"),
            *("list_splat_pattern", "dictionary_splat_pattern", "formal_parameter", "spread_parameter"),
            *("inferred_parameters", "lambda_expression", "import_statement", "import_from_statement"),
        )
    if parent is None or parent.type not in kinds:
        return False
    return parent.type not in ("default_parameter", "lambda_expression") or _field(parent, node) != "value"
