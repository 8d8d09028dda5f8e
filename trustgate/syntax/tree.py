"""Outline of a blob from its tree-sitter tree. One generic query a language; details only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from time import process_time
from types import ModuleType
from warnings import catch_warnings, simplefilter

from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

from trustgate.record import NamedTuple
from trustgate.syntax.grammar import Grammar
from trustgate.syntax.grammars import GRAMMARS
from trustgate.syntax.imports import import_names
from trustgate.syntax.outline import NODES, Argument, Call, Detail, Guard, Marker, Scope, Setting, Span, Text

TEXT_LIMIT = 400
EXIT_CALLS = frozenset({"abort", "panic", "exit", "fail", "deny", "reject", "redirect", "halt", "die", "fatal"})
EXIT_METHODS = frozenset(
    {"status", "sendStatus", "abort", "exit", "Fatal", "Fatalf", "Error", "JSON", "writeHead", "end"}
)


class _Loaded(NamedTuple):
    language: Language
    grammar: Grammar
    symbols: Query
    details: Query


def _binding(package: str) -> ModuleType:
    """The grammar's extension module without the package round it, whose import of importlib.resources costs 7 ms.

    Falls back to the package where it is laid out in another way.
    """
    home = PathFinder.find_spec(package)
    found = PathFinder.find_spec(f"{package}._binding", home.submodule_search_locations) if home else None
    if found is None or found.loader is None:
        return import_module(package)
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def can_read(name: str) -> bool:
    """Whether the grammar's wheel is installed and fits."""
    try:
        _load(name)
    except (ImportError, AttributeError, ValueError):  # absent, laid out in another way, of another tree-sitter
        return False
    return True


@lru_cache(maxsize=32)
def _load(name: str) -> _Loaded:
    grammar = GRAMMARS[name]
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)  # some wheels hand out a number, not a capsule
        language = Language(getattr(_binding(grammar.module), grammar.entry)())

    def any_of(kinds: tuple[str, ...], capture: str) -> str:
        return f"[{' '.join(f'({kind})' for kind in kinds)}] @{capture}\n" if kinds else ""

    symbols = any_of(grammar.functions, "function") + any_of(grammar.classes, "class")
    symbols += any_of(grammar.imports, "import") + any_of(grammar.settings[:2], "setting")
    symbols += any_of(grammar.blocks, "block") + grammar.more_symbols
    details = any_of(grammar.calls, "call") + any_of(grammar.ifs, "if") + any_of(grammar.asserts, "assert")
    details += any_of(grammar.settings, "setting") + any_of(grammar.strings, "string")
    details += any_of(grammar.comments, "comment") + grammar.more_details
    return _Loaded(language, grammar, Query(language, symbols), Query(language, details))


def finishes(name: str, data: bytes, seconds: float) -> bool:
    """Whether the text parses within so much CPU time. Only a text handed over in pieces can be given up half-way."""
    end = process_time() + seconds
    try:
        Parser(_load(name).language).parse(
            lambda offset, _: data[offset : offset + 65_536], progress_callback=lambda _, __: process_time() > end
        )
    except ValueError:
        return False
    return True


def language_for(name: str) -> Language:
    """The grammar itself, for queries of one's own."""
    return _load(name).language


def parse(name: str, data: bytes) -> Node:
    """Root of the tree alone, for a text that needs no outline."""
    return Parser(_load(name).language).parse(data).root_node


def _span(node: Node) -> Span:
    start, end = node.start_point, node.end_point
    return Span(start[0] + 1, start[1], end[0] + 1, end[1])


def _text(node: Node | None, limit: int = TEXT_LIMIT) -> str:
    return "" if node is None or node.text is None else node.text[:limit].decode("utf-8", "surrogateescape")


FLOOD = 20_000
"""children of one node with a syntax error; a query over more of them takes the square of their number"""


class Flooded(Exception):
    """The tree is one heap of errors: lines say as much, in a moment."""


def _is_flooded(root: Node) -> bool:
    return root.has_error and any(
        node.child_count > FLOOD for node in (root, *(child for child in root.children[:FLOOD] if child.is_error))
    )


class TreeOutline:
    """An outline backed by a tree. Tolerates syntax errors: what parsed is used, and `degraded` is set."""

    def __init__(self, language: str, data: bytes) -> None:
        self.language = language
        self._loaded = _load(language)
        self._tree: Tree = Parser(self._loaded.language).parse(data)
        if _is_flooded(self._tree.root_node):
            raise Flooded
        self._cut: set[int] = set()
        self._nodes = QueryCursor(self._loaded.symbols).captures(self._tree.root_node)

    @property
    def cut_lines(self) -> frozenset[int]:
        """Lines beyond NODES of what a call of `detail` found; known once it was called."""
        return frozenset(self._cut)

    @property
    def root(self) -> Node:
        return self._tree.root_node

    @cached_property
    def degraded(self) -> bool:
        return self._tree.root_node.has_error

    @cached_property
    def _imports(self) -> tuple[dict[str, str], frozenset[int]]:
        names: dict[str, str] = {}
        lines: set[int] = set()
        for node in self._nodes.get("import", ()):
            found = import_names(self.language, node)
            if found is not None:
                names.update(found)
                span = _span(node)
                lines.update(range(span.line, span.end_line + 1))
        return names, frozenset(lines)

    @property
    def imports(self) -> dict[str, str]:
        return self._imports[0]

    @property
    def import_lines(self) -> frozenset[int]:
        return self._imports[1]

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        scopes = []
        for kind in ("class", "function"):
            for node in self._nodes.get(kind, ()):
                name = self._scope_name(node)
                if name:
                    markers = self._markers(node)
                    start = min([node.start_point[0] + 1, *(m.span.line for m in markers)])
                    scopes.append(Scope(name, kind, start, node.end_point[0] + 1, markers))
        for node in self._nodes.get("setting", ()):
            first, last = node.start_point[0] + 1, node.end_point[0] + 1
            left = node.child_by_field_name("left") or node.child_by_field_name("name")
            if last > first and left is not None and not self._names_function(node):
                scopes.append(Scope(_text(left, 80), "variable", first, last))
        scopes.sort(key=lambda scope: (scope.start, -scope.end))
        return tuple(scopes)

    def _names_function(self, node: Node) -> bool:
        value = node.child_by_field_name("right") or node.child_by_field_name("value")
        return value is not None and value.type in self._loaded.grammar.functions

    def _scope_name(self, node: Node) -> str:
        named = node.child_by_field_name("name")
        if named is None and node.parent is not None:
            parent = node.parent
            for field in ("name", "key", "left", "property"):
                named = named or parent.child_by_field_name(field)
        name = _text(named, 120).strip("\"'")
        receiver = node.child_by_field_name("receiver")
        if receiver is not None:  # a Go method belongs to its receiver's type
            name = f"{_text(receiver, 120).strip('()').split(' ')[-1].lstrip('*')}.{name}"
        return name

    def _markers(self, node: Node) -> tuple[Marker, ...]:
        kinds = self._loaded.grammar.markers
        if not kinds:
            return ()
        nodes = [child for child in node.children if child.type in kinds]
        for child in node.children:
            if child.type == "modifiers":
                nodes += [mark for mark in child.children if mark.type in kinds]
        parent = node.parent
        if parent is not None and parent.type in ("decorated_definition", "export_statement"):
            nodes += [child for child in parent.children if child.type in kinds]
        sibling = node.prev_named_sibling
        while sibling is not None and sibling.type in kinds and parent is not None and parent.type == "class_body":
            nodes.append(sibling)
            sibling = sibling.prev_named_sibling
        return tuple(self._marker(mark) for mark in nodes)

    def _marker(self, node: Node) -> Marker:
        text = _text(node)
        bare = text.lstrip("@").split("(")[0].strip()
        return Marker(self._resolve(bare), " ".join(text.split()), _span(node))

    def _resolve(self, callee: str) -> str:
        callee = "".join(callee.split()).replace("?.", ".")
        first, dot, rest = callee.partition(".")
        return f"{self.imports.get(first, first)}{dot}{rest}"

    def detail(self, ranges: Iterable[tuple[int, int]]) -> Detail:
        seen: dict[int, tuple[str, Node]] = {}
        for first, last in ranges:
            cursor = QueryCursor(self._loaded.details)
            cursor.set_point_range((max(first - 1, 0), 0), (last, 0))
            for kind, nodes in cursor.captures(self._tree.root_node).items():
                for node in nodes:
                    seen[node.id] = (kind, node)
        calls: list[Call] = []
        guards: list[Guard] = []
        settings: list[Setting] = []
        strings: list[Text] = []
        comments: list[Text] = []
        ordered = sorted(seen.values(), key=lambda item: (item[1].start_byte, -item[1].end_byte))
        self._cut.update(node.start_point[0] + 1 for _, node in ordered[NODES:])
        for kind, node in ordered[:NODES]:
            if kind == "call":
                calls.append(self._call(node))
            elif kind == "if":
                guard = self._guard(node)
                if guard is not None:
                    guards.append(guard)
            elif kind == "assert":
                span = _span(node)
                guards.append(Guard(_text(node), "assert", span, span.end_line))
            elif kind == "setting":
                setting = self._setting(node)
                if setting is not None:
                    settings.append(setting)
            elif kind == "string":
                target = comments if self._is_docstring(node) else strings
                target.append(Text(_text(node, 4000), _span(node)))
            else:
                comments.append(Text(_text(node, 4000), _span(node)))
        return Detail(tuple(calls), tuple(guards), tuple(settings), tuple(strings), tuple(comments))

    def _is_docstring(self, node: Node) -> bool:
        return self.language == "python" and node.parent is not None and node.parent.type == "expression_statement"

    def _call(self, node: Node) -> Call:
        target = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        if target is None:  # Java: object.name(...) and new Type(...)
            owner, name = node.child_by_field_name("object"), node.child_by_field_name("name")
            made = node.child_by_field_name("type")
            callee = (
                _text(made) if made is not None else f"{_text(owner)}{'.' if owner is not None else ''}{_text(name)}"
            )
        else:
            callee = _text(target)
        arguments = node.child_by_field_name("arguments")
        parent = node.parent
        while parent is not None and parent.type in ("await", "await_expression", "parenthesized_expression"):
            parent = parent.parent
        statement = parent is not None and parent.type == "expression_statement"
        return Call(self._resolve(callee), self._arguments(arguments), _text(node), _span(node), statement)

    @staticmethod
    def _arguments(node: Node | None) -> tuple[Argument, ...]:
        if node is None:
            return ()
        found = []
        for child in node.named_children[:60]:
            if child.type == "keyword_argument":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                found.append(Argument(_text(name, 80), _text(value), _span(child)))
            elif child.type not in ("comment", "line_comment", "block_comment"):
                found.append(Argument("", _text(child), _span(child)))
        return tuple(found)

    def _guard(self, node: Node) -> Guard | None:
        body = node.child_by_field_name("consequence")
        condition = node.child_by_field_name("condition")
        if body is None or condition is None or body.end_point[0] - body.start_point[0] > 12:
            return None
        exit_word = self._exit_of(body)
        if not exit_word:
            return None
        bound = node.child_by_field_name("initializer")
        text = f"{_text(bound)}; {_text(condition)}" if bound is not None else _text(condition)
        return Guard(text, exit_word, _span(node), condition.end_point[0] + 1)

    def _exit_of(self, body: Node) -> str:
        if body.type in self._loaded.grammar.exits:
            return body.type.split("_")[0]
        block = body
        while len(block.named_children) == 1 and block.named_children[0].type in ("statement_list",):
            block = block.named_children[0]
        for child in reversed(block.named_children):
            if child.type in self._loaded.grammar.exits:
                return child.type.split("_")[0]
            if child.type == "expression_statement" and child.named_children:
                callee = _text(child.named_children[0], 120).split("(")[0]
                last = callee.rsplit(".", 1)[-1].strip()
                if last in EXIT_CALLS or last in EXIT_METHODS:
                    return last
            if child.type not in ("comment", "line_comment", "block_comment"):
                return ""
        return ""

    @staticmethod
    def _setting(node: Node) -> Setting | None:
        left = node.child_by_field_name("left") or node.child_by_field_name("name") or node.child_by_field_name("key")
        right = node.child_by_field_name("right") or node.child_by_field_name("value")
        if left is None or right is None:
            return None
        return Setting(_text(left, 160).strip("\"'`"), _text(right), _span(node), right.start_point[0] + 1)
