"""package.json: the four dependency maps, overrides and resolutions (npm, Yarn and pnpm documentation)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trustgate.manifests.dependency import Dependency, Hook, Manifest, OpenFile, Problem, Setting, clean
from trustgate.manifests.npm_spec import npm_dependency
from trustgate.manifests.text import json_key_lines, load_json, text_of

FORMAT = "package.json"
_MAPS = (
    ("dependencies", "runtime"),
    ("devDependencies", "dev"),
    ("optionalDependencies", "optional"),
    ("peerDependencies", "peer"),
)
_OVERRIDES = (("overrides",), ("resolutions",), ("pnpm", "overrides"))
_TWICE = frozenset(("overrides", "resolutions", "pnpm", "scripts", *(key for key, _ in _MAPS)))
_HOOKS = ("preinstall", "install", "postinstall")
"""scripts that run when a package is installed; `prepare` does so for git sources and one's own checkout only"""
_DEPTH = 12


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError. Of a duplicate key both lines are reported and the last value is read, as npm does."""
    del open_file
    text = text_of(path, data)
    document = load_json(path, text)
    lines = json_key_lines(text, _DEPTH)
    found: list[Dependency] = []
    problems: list[Problem] = []
    twice: list[Problem] = []
    for key, group in _MAPS:
        entries = document.get(key)
        if isinstance(entries, list):
            entries = dict.fromkeys((str(item) for item in entries), "*")
        if entries is not None and not isinstance(entries, dict):
            problems.append(Problem(path, lines.get((key,), [1])[0], f"{key} is not an object"))
            continue
        for name, spec in (entries or {}).items():
            line = lines.get((key, name), lines.get((key,), [1]))[-1]
            if isinstance(spec, str):
                found.append(npm_dependency(name, spec, path, line, group))
            else:
                problems.append(Problem(path, line, f"the version of {clean(name)} is not a string", clean(name)))
    for where in _OVERRIDES:
        table: Any = document
        for key in where:
            table = table.get(key) if isinstance(table, dict) else None
        found.extend(_overrides(path, table, where, lines))
    for keys, places in lines.items():
        if len(places) > 1 and keys[0] in _TWICE:
            twice.append(Problem(path, places[-1], f"the key {clean(keys[-1])} stands twice", clean("/".join(keys))))
    found.extend(_catalogs(path, document, lines))
    name = document.get("name")
    own = (clean(name),) if isinstance(name, str) else ()
    hooks, settings = _scripts(path, document, lines)
    return Manifest(path, FORMAT, tuple(found), settings, tuple(problems), own=own, twice=tuple(twice), hooks=hooks)


_Places = dict[tuple[str, ...], list[int]]


def _catalogs(path: str, document: dict[str, Any], lines: _Places) -> Iterator[Dependency]:
    """`catalog` and `catalogs` of Bun, at the top or inside `workspaces`."""
    workspaces = document.get("workspaces")
    for where, table in (((), document), (("workspaces",), workspaces if isinstance(workspaces, dict) else {})):
        catalogs = table.get("catalogs")
        named = [((*where, "catalog"), table.get("catalog"))]
        named += [
            ((*where, "catalogs", key), inner)
            for key, inner in (catalogs.items() if isinstance(catalogs, dict) else ())
        ]
        for keys, entries in named:
            for name, spec in entries.items() if isinstance(entries, dict) else ():
                if isinstance(spec, str):
                    yield npm_dependency(name, spec, path, lines.get((*keys, name), [1])[-1], "runtime")


def _scripts(path: str, document: dict[str, Any], lines: _Places) -> tuple[tuple[Hook, ...], tuple[Setting, ...]]:
    """Scripts that run when this project is installed, and packages whose own scripts may run (Bun, pnpm)."""
    scripts = document.get("scripts")
    hooks = tuple(
        Hook(name, clean(scripts[name]), path, lines.get(("scripts", name), [1])[-1])
        for name in _HOOKS
        if isinstance(scripts, dict) and isinstance(scripts.get(name), str)
    )
    pnpm = document.get("pnpm")
    trusted: list[tuple[object, tuple[str, ...]]] = [(document.get("trustedDependencies"), ("trustedDependencies",))]
    if isinstance(pnpm, dict):
        trusted.append((pnpm.get("onlyBuiltDependencies"), ("pnpm", "onlyBuiltDependencies")))
    settings = tuple(
        Setting("install-scripts", clean(name), "", path, lines.get(keys, [1])[-1])
        for names, keys in trusted
        for name in (names if isinstance(names, list) else ())
    )
    return hooks, settings


def _overrides(
    path: str, table: object, where: tuple[str, ...], lines: dict[tuple[str, ...], list[int]]
) -> list[Dependency]:
    """Entries of a nested override map. `foo@^1` and `a/**/b` name the last package; `$foo` points at a direct one."""
    found: list[Dependency] = []
    pending = [(where, table)]
    while pending:
        keys, value = pending.pop()
        if len(keys) > _DEPTH or not isinstance(value, dict):
            continue
        for key, inner in value.items():
            inside = (*keys, key)
            name = override_target(keys[-1] if key == "." else key)
            if isinstance(inner, dict):
                pending.append((inside, inner))
            elif isinstance(inner, str) and not inner.startswith("$"):
                line = lines.get(inside, lines.get(where, [1]))[-1]
                made = npm_dependency(name, inner or "*", path, line, "override")
                found.append(made._replace(direct=False))
    return found


def override_target(key: str) -> str:
    """The package that a key of an override map means, without its range and the packages above it."""
    last = key.rpartition(">")[2].rpartition("**/")[2].strip()
    parts = last.split("/")
    if len(parts) > 1:
        last = "/".join(parts[-2:]) if parts[-2].startswith("@") else parts[-1]
    at = last.find("@", 1)
    return last[:at] if at > 0 else last
