"""Oracles for the proofs of `mechanical.py`, made of other parsers than the proofs use. For the benchmark only.

Python: the standard library's `ast`. YAML: PyYAML. JavaScript and TypeScript: Babel's parser in Node
(`same_tree.mjs`), where a folder with `node_modules/@babel/parser` is named. All take a block of imports as a set and
docstrings as they are shown.
"""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import warnings
from pathlib import Path

import yaml


def python_tree(data: bytes) -> str | None:
    """A text that is equal for two files that say the same, or None where the file does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
        for node in ast.walk(tree):
            _fold(node)
        tree.body = _sorted_imports(tree.body)
        return ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _fold(node: ast.AST) -> None:
    if isinstance(node, ast.Constant):
        node.kind = None
    if isinstance(node, ast.Import | ast.ImportFrom):
        node.names.sort(key=lambda name: (name.name, name.asname or ""))
    if isinstance(node, ast.Delete) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Tuple):
        node.targets = node.targets[0].elts  # `del (a, b)` is `del a, b`
    if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            lines = inspect.cleandoc(first.value.value).split("\n")
            first.value.value = "\n".join(line.rstrip() for line in lines).strip()


def _sorted_imports(body: list[ast.stmt]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    run: list[ast.stmt] = []
    for statement in [*body, None]:
        if isinstance(statement, ast.Import | ast.ImportFrom) and all(n.name != "*" for n in statement.names):
            for name in statement.names:
                one = (
                    ast.Import([name])
                    if isinstance(statement, ast.Import)
                    else ast.ImportFrom(statement.module, [name], statement.level)
                )
                run.append(one)
            continue
        found += {ast.dump(one): one for one in sorted(run, key=ast.dump)}.values()
        run = []
        if statement is not None:
            found.append(statement)
    return found


def yaml_values(data: bytes) -> str | None:
    """The values as PyYAML loads them, and its events without places, or None where the file does not parse."""
    try:
        events = [
            (
                type(event).__name__,
                getattr(event, "value", None),
                getattr(event, "anchor", None),
                getattr(event, "tag", None),
            )
            for event in yaml.parse(data, Loader=yaml.SafeLoader)
        ]
        return repr((events, list(yaml.safe_load_all(data))))
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return None


class Babel:
    """A Node process that answers one JSON line with another."""

    def __init__(self, folder: Path) -> None:
        script = Path(__file__).with_name("same_tree.mjs")
        command = ["node", str(script), str(folder / "node_modules/@babel/parser/lib/index.js")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tree(self, path: str, data: bytes) -> str | None:
        """A digest that is equal for two files that say the same, or None where the file does not parse."""
        assert self._process.stdin is not None and self._process.stdout is not None
        asked = json.dumps({"path": path, "text": data.decode("utf-8", "replace")})
        self._process.stdin.write(asked + "\n")
        self._process.stdin.flush()
        answer: str | None = json.loads(self._process.stdout.readline())
        return answer
