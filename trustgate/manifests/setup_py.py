"""setup.py by its literals: the file is parsed, never run. What is computed is named as not readable."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from trustgate.manifests.dependency import (
    Dependency,
    Hook,
    Manifest,
    ManifestError,
    OpenFile,
    Problem,
    clean,
    normal_pypi,
)
from trustgate.manifests.pep508 import BadRequirement, python_dependency
from trustgate.manifests.text import text_of

FORMAT = "setup.py"
_GROUPS = {"install_requires": "runtime", "requires": "runtime", "setup_requires": "build", "tests_require": "dev"}
_INSTALLS = frozenset(
    ("install", "develop", "egg_info", "build", "build_py", "build_ext", "build_clib", "bdist_wheel", "install_lib",
     "install_data", "install_scripts", "editable_wheel", "dist_info")
)  # fmt: skip
"""commands that an installation runs; `test` and `sdist` are for the author"""
_DEPTH = 12
_MOST = 20_000
"""values that are looked at in one file: a list of names of lists of names has more than anybody could read"""
_COMPUTED = "computed when setup.py runs, which it does not here"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Entries of the arguments of `setup(…)`, through names assigned once. Raises ManifestError."""
    del open_file
    text = text_of(path, data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes of the file are its own affair
            tree = ast.parse(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    except SyntaxError as error:
        raise ManifestError(path, "not valid Python", error.lineno or 0) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ManifestError(path, f"not readable as Python: {type(error).__name__}") from error
    reader = _Reader(path, _assigned(tree))
    hooks: list[Hook] = []
    for call in _setup_calls(tree):
        for keyword in call.keywords:
            if keyword.arg == "cmdclass":
                names = keyword.value.keys if isinstance(keyword.value, ast.Dict) else []
                listed = [str(key.value) for key in names if isinstance(key, ast.Constant)]
                if listed and not set(listed) & _INSTALLS:
                    continue
                hooks.append(Hook("cmdclass", clean(", ".join(sorted(listed))), path, keyword.value.lineno))
            if keyword.arg in _GROUPS:
                reader.list(keyword.value, _GROUPS[keyword.arg])
            elif keyword.arg == "extras_require":
                reader.table(keyword.value)
            elif keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                reader.own.append(normal_pypi(clean(keyword.value.value)))
    return Manifest(
        path, FORMAT, tuple(reader.found), (), tuple(reader.problems), own=tuple(reader.own), hooks=tuple(hooks)
    )


def _setup_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "setup":
                yield node


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """Values of module-level names that are assigned exactly once."""
    found: dict[str, ast.expr] = {}
    twice: set[str] = set()
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign):
                if target.id in found:
                    twice.add(target.id)
                found[target.id] = node.value
    return {name: value for name, value in found.items() if name not in twice}


class _Reader:
    def __init__(self, path: str, names: dict[str, ast.expr]) -> None:
        self.path = path
        self.names = names
        self.found: list[Dependency] = []
        self.problems: list[Problem] = []
        self.own: list[str] = []
        self.seen = 0

    def computed(self, node: ast.expr) -> None:
        self.problems.append(Problem(self.path, node.lineno, _COMPUTED, type(node).__name__, choice=True))

    def list(self, node: ast.expr, group: str, depth: int = 0) -> None:
        self.seen += 1
        if self.seen > _MOST:
            raise ManifestError(self.path, f"more than {_MOST} values", node.lineno)
        if depth > _DEPTH:
            self.computed(node)
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            for item in node.elts:
                self.list(item, group, depth + 1)
        elif isinstance(node, ast.Starred):
            self.list(node.value, group, depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            self.list(node.left, group, depth + 1)
            self.list(node.right, group, depth + 1)
        elif isinstance(node, ast.Name) and node.id in self.names:
            self.list(self.names[node.id], group, depth + 1)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.strings(node.value, node.lineno, group)
        elif not (isinstance(node, ast.Constant) and node.value is None):
            self.computed(node)

    def strings(self, value: str, line: int, group: str) -> None:
        for offset, text in enumerate(value.split("\n")):
            if text.strip() and not text.strip().startswith("#"):
                try:
                    self.found.append(python_dependency(text.strip(), self.path, line + offset, group))
                except BadRequirement as error:
                    self.problems.append(Problem(self.path, line + offset, str(error), clean(text)))

    def table(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name) and node.id in self.names:
            node = self.names[node.id]
        if isinstance(node, ast.Dict):
            for value in node.values:
                self.list(value, "optional")
        else:
            self.computed(node)
