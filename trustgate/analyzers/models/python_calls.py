"""Calls in a Python source with their literal arguments: by `ast`, and by brackets where the source does not parse."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

SIZE = 2 * 1024 * 1024
"""characters; a larger source is read by brackets, as is one that does not parse"""
WINDOW = 1500
"""characters of a call that are read by brackets"""


@dataclass(frozen=True, slots=True)
class Value:
    """An argument: the literal where it is one, or a name that stands for one in this module."""

    text: str | bool | None
    """None: not a literal, nor a name with one literal value"""
    literal: bool


@dataclass(frozen=True, slots=True)
class PythonCall:
    name: str
    """dotted, as written"""
    line: int
    end_line: int
    column: int
    """0-based"""
    positional: tuple[Value, ...]
    named: dict[str, Value]
    open_ended: bool
    """takes `**something`: what is not named may be in there"""


def calls_of(text: str) -> tuple[list[PythonCall], bool]:
    """Every call, and whether the source was read by brackets only."""
    if len(text) <= SIZE:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # invalid escapes of the source are not ours to print
                tree = ast.parse(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
            return list(_from_tree(tree)), False
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass  # read by brackets below
    return list(_by_brackets(text)), True


def _from_tree(tree: ast.Module) -> Iterator[PythonCall]:
    constants: dict[str, str | bool] = {}
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)):
            continue
        target = node.targets[0] if len(node.targets) == 1 else None
        if isinstance(target, ast.Name) and isinstance(node.value.value, str | bool):
            constants[target.id] = node.value.value

    def value_of(item: ast.expr) -> Value:
        if isinstance(item, ast.Constant) and (isinstance(item.value, str | bool)):
            return Value(item.value, True)
        if isinstance(item, ast.Name) and item.id in constants:
            return Value(constants[item.id], False)
        return Value(None, isinstance(item, ast.Constant))

    todo: list[ast.AST] = [tree]
    while todo:
        found = todo.pop()
        todo.extend(ast.iter_child_nodes(found))
        if isinstance(found, ast.Call) and (name := _dotted(found.func)):
            yield PythonCall(
                name,
                found.lineno,
                found.end_lineno or found.lineno,
                found.col_offset,
                tuple(value_of(item) for item in found.args),
                {item.arg: value_of(item.value) for item in found.keywords if item.arg},
                any(item.arg is None for item in found.keywords),
            )


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    elif not parts:
        return ""
    return ".".join(reversed(parts))


_CALL = re.compile(r"([A-Za-z_][\w.]{0,100})\(")
_ARGUMENT = re.compile(
    r"(?:\b([A-Za-z_]\w{0,60})\s{0,4}=\s{0,4})?(?:[rRuUbB]?[\"']([^\"'\n]{0,300})[\"']|\b(True|False)\b)"
)
_WANTED = re.compile(r"from_pretrained|pipeline|Transformer|Encoder|LLM|download|torch|load|hub|EngineArgs")


def _by_brackets(text: str) -> Iterator[PythonCall]:
    for number, line in enumerate(text.split("\n"), 1):
        if not _WANTED.search(line):
            continue
        for match in _CALL.finditer(line[:20_000]):
            if not _WANTED.search(match[1]):
                continue
            inside = line[match.end() : match.end() + WINDOW]
            positional: list[Value] = []
            named: dict[str, Value] = {}
            for argument in _ARGUMENT.finditer(inside):
                literal: str | bool = argument[3] == "True" if argument[3] else argument[2]
                if argument[1]:
                    named.setdefault(argument[1], Value(literal, True))
                elif not named:
                    positional.append(Value(literal, True))
            yield PythonCall(match[1], number, number, match.start(), tuple(positional), named, "**" in inside)
