"""Cargo.toml: dependency tables, target tables, workspace dependencies, patches (The Cargo Book)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trustgate.manifests.dependency import (
    CARGO,
    Dependency,
    Manifest,
    OpenFile,
    Problem,
    SourceKind,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.text import TomlLines, load_toml, text_of

FORMAT = "Cargo.toml"
_TABLES = (("dependencies", "runtime"), ("dev-dependencies", "dev"), ("build-dependencies", "build"),
           ("dev_dependencies", "dev"), ("build_dependencies", "build"))  # fmt: skip


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    text = text_of(path, data)
    document = load_toml(path, text)
    lines = TomlLines(text)
    found: list[Dependency] = []
    problems: list[Problem] = []
    for table, group, entries in _tables(document):
        if not isinstance(entries, dict):
            problems.append(Problem(path, lines.key("", table), f"{clean(table)} is not a table", clean(table)))
            continue
        for key, entry in entries.items():
            line = lines.key(table, key)
            if f"{table}.{key}" in lines.tables:
                line = lines.tables[f"{table}.{key}"] + 1
            found.append(_entry(path, key, entry, group, line))
    package = document.get("package")
    name = package.get("name") if isinstance(package, dict) else None
    return Manifest(
        path, FORMAT, tuple(found), (), tuple(problems), own=(clean(name),) if isinstance(name, str) else ()
    )


def _tables(document: dict[str, Any]) -> Iterator[tuple[str, str, object]]:
    for key, group in _TABLES:
        if key in document:
            yield key, group, document[key]
    targets = document.get("target")
    for target, inner in (targets if isinstance(targets, dict) else {}).items():
        for key, group in _TABLES:
            if isinstance(inner, dict) and key in inner:
                yield f"target.{target}.{key}", group, inner[key]
    workspace = document.get("workspace")
    if isinstance(workspace, dict) and "dependencies" in workspace:
        yield "workspace.dependencies", "runtime", workspace["dependencies"]
    patches = document.get("patch")
    for registry, entries in (patches if isinstance(patches, dict) else {}).items():
        yield f"patch.{registry}", "patch", entries
    if isinstance(document.get("replace"), dict):
        yield "replace", "patch", {str(k).partition(":")[0]: v for k, v in document["replace"].items()}


def _entry(path: str, key: str, entry: object, group: str, line: int) -> Dependency:
    fields: dict[str, Any] = entry if isinstance(entry, dict) else {"version": entry}
    spec = clean(fields.get("version", ""))
    kind, source = SourceKind.REGISTRY, ""
    if isinstance(fields.get("git"), str):
        ref = fields.get("rev") or fields.get("tag") or fields.get("branch")
        kind, source = SourceKind.GIT, bare_address(fields["git"]) + (f"#{ref}" if isinstance(ref, str) else "")
    elif fields.get("workspace") is True:
        kind = SourceKind.WORKSPACE
    elif isinstance(fields.get("path"), str):
        kind, source = SourceKind.PATH, fields["path"]
    elif isinstance(fields.get("registry") or fields.get("registry-index"), str):
        kind, source = SourceKind.INDEX, bare_address(str(fields.get("registry") or fields.get("registry-index")))
    exact = spec.startswith("=")
    return Dependency(
        ecosystem=CARGO,
        name=clean(fields.get("package", key)),
        raw_name=clean(key),
        spec=spec,
        manifest=path,
        line=line,
        version=spec.lstrip("= ") if exact and "," not in spec else "",
        source_kind=kind,
        source=clean(source),
        host=clean(host_of(source)) if kind is SourceKind.GIT else "",
        group="override"
        if group == "patch" and kind is SourceKind.REGISTRY
        else "runtime"
        if group == "patch"
        else group,
    )
