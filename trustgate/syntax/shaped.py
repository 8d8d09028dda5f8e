"""Outline by tree for the grammars whose nodes have other parts than the first ones (see `shapes.py`)."""

from __future__ import annotations

from functools import cached_property

from tree_sitter import Node

from trustgate.syntax.outline import Argument, Call, Guard, Marker, Scope, Setting
from trustgate.syntax.shapes import (
    arguments_of,
    branch_of,
    callee_of,
    dotted,
    last_line,
    leaving,
    marks_of,
    setting_of,
    span_of,
    symbol_name,
    text_of,
)
from trustgate.syntax.tree import TreeOutline

GUARD_LINES = 12
"""a longer branch is no early exit"""
_STATEMENTS = frozenset(
    (
        *("expression_statement", "body_statement", "block_body", "program", "then", "else", "ensure", "begin"),
        *("statements", "block", "compound_statement", "source_file", "template_body", "compilation_unit", "list"),
        *("if_modifier", "unless_modifier", "function_body", "lambda_literal", "pipeline", "redirected_statement"),
        *("if_statement", "else_clause", "do_group", "case_item"),
    )
)
_AROUND = ("await", "await_expression", "parenthesized_expression", "try_expression")


class ShapedOutline(TreeOutline):
    """The same outline, by other fields of the nodes."""

    @property
    def import_lines(self) -> frozenset[int]:
        nodes = self._nodes.get("import", ())
        return frozenset(n for node in nodes for n in range(node.start_point[0] + 1, last_line(node) + 1))

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        found = []
        for kind in ("class", "function"):
            for node in self._nodes.get(kind, ()):
                name = symbol_name(node)
                if name:
                    markers = self._markers(node)
                    start = min([node.start_point[0] + 1, *(m.span.line for m in markers)])
                    found.append(Scope(name, kind, start, last_line(node), markers))
        for node in self._nodes.get("setting", ()):
            first, last = node.start_point[0] + 1, last_line(node)
            if last > first and not self._names_function(node):
                found.append(Scope(symbol_name(node) or self._first_key(node), "variable", first, last))
        found += self._blocks()
        found.sort(key=lambda scope: (scope.start, -scope.end))
        return tuple(scope for scope in found if scope.name)

    @staticmethod
    def _first_key(node: Node) -> str:
        return dotted(text_of(node.named_children[0], 80).strip("\"'$@")) if node.named_child_count else ""

    def _blocks(self) -> list[Scope]:
        nodes = self._nodes.get("block", [])
        if self.language != "dockerfile":
            return [Scope(symbol_name(node), "variable", node.start_point[0] + 1, last_line(node)) for node in nodes]
        ordered = sorted(nodes, key=lambda node: node.start_byte)
        starts = [node.start_point[0] + 1 for node in ordered]
        ends = [*(start - 1 for start in starts[1:]), last_line(self.root)][: len(starts)]
        return [
            Scope(text_of(node.child_by_field_name("as") or node.named_children[0], 120), "variable", start, end)
            for node, start, end in zip(ordered, starts, ends, strict=True)
            if node.named_child_count and end >= start
        ]

    def _markers(self, node: Node) -> tuple[Marker, ...]:
        return tuple(self._marker(mark) for mark in marks_of(node, self._loaded.grammar.markers))

    def _marker(self, node: Node) -> Marker:
        text = " ".join(text_of(node).split())
        bare = text.strip("@#[]! ").split("(")[0].strip()
        return Marker(self._resolve(dotted(bare)), text, span_of(node))

    def _call(self, node: Node) -> Call:
        inner, parent = node, node.parent
        if parent is not None and parent.type == "call_expression":  # Kotlin: the call before its last lambda
            inner, parent = parent, parent.parent
        while parent is not None and parent.type in _AROUND:
            inner, parent = parent, parent.parent
        asked = parent is not None and parent.child_by_field_name("condition") == inner
        statement = parent is not None and parent.type in _STATEMENTS and not asked
        return Call(self._resolve(callee_of(node)), self._given(node), text_of(node), span_of(node), statement)

    @staticmethod
    def _given(node: Node) -> tuple[Argument, ...]:
        return () if node.type == "identifier" else arguments_of(node)

    def _guard(self, node: Node) -> Guard | None:
        if node.type == "block" and node.parent is not None:  # Rust: let PATTERN = VALUE else { return }
            node = node.parent
        branch = branch_of(node)
        if branch is None:
            return None
        condition, body = branch
        if body.end_point[0] - body.start_point[0] > GUARD_LINES:
            return None
        word = leaving(body, self._loaded.grammar.exits)
        return Guard(text_of(condition), word, span_of(node), condition.end_point[0] + 1) if word else None

    @staticmethod
    def _setting(node: Node) -> Setting | None:
        found = setting_of(node)
        if found is None:
            return None
        name, value = found
        text = text_of(value)
        if value.id == node.id:  # an instruction of a Dockerfile: what follows its first word
            text = text[len(name) :].strip()
        return Setting(name, text, span_of(node), value.start_point[0] + 1)
