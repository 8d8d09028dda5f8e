"""Imports point down only: the floors of docs/design.md, read from the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "trustgate"
FLOORS = {
    "__main__": 12,
    "cli": 11,
    "audit": 10,
    "evaluation": 10,
    "overview": 10,
    "review": 9,
    "forge": 9,
    "adoption": 10,
    "gate": 8,
    "escalation": 8,
    "people": 7,
    "report": 7,
    "diffview": 7,
    "reviewer": 7,
    "ledger": 6,
    "analyzers": 6,
    "policy": 6,
    "verdict": 5,
    "opinion": 4,
    "attribution": 4,
    "advisories": 3,
    "secrets": 3,
    "facts": 3,
    "weights": 3,
    "teamrules": 3,
    "prices": 3,
    "signing": 3,
    "changes": 2,
    "syntax": 2,
    "manifests": 2,
    "rulebook": 2,
    "transport": 2,
    "process": 2,
    "store": 2,
    "finding": 1,
    "errors": 1,
    "escape": 1,
    "globs": 1,
    "record": 0,
    "digest": 0,
    "__init__": 0,
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Rooms of the package that a file imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "trustgate" else [f"trustgate.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "trustgate" and len(parts) > 1 and parts[1] in FLOORS:
                yield parts[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_import_points_down(path: Path) -> None:
    own = room(path)
    assert own in FLOORS, f"{own} has no floor"
    up = [other for other in imported(path) if other != own and FLOORS[other] >= FLOORS[own]]
    assert up == []


DOORS = {
    "subprocess": {
        "changes/git.py",
        "changes/fetching.py",
        "changes/environment.py",
        "changes/objects.py",
        "changes/place.py",
        "process.py",
    },
    "sqlite3": {"store.py"},
    "httpx": {"transport.py"},
    "socket": set(),
    "http.client": set(),
    "urllib.request": set(),
    "asyncio": set(),
    "pickle": set(),
    "marshal": set(),
    "shelve": set(),
}
"""modules that reach outside, and the only files that may import them: git, transport, process and store"""
CALLS = {"eval", "exec", "compile", "__import__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_four_doors_out_and_no_other(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    used |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    wrong = [
        door
        for door, files in DOORS.items()
        if name not in files and any(module == door or module.startswith(f"{door}.") for module in used)
    ]
    assert wrong == []
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called & CALLS == set()
    assert not any(
        isinstance(node, ast.Attribute)
        and node.attr in ("system", "popen")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        for node in ast.walk(tree)
    )
