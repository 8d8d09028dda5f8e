"""Pipfile (Pipenv documentation): `[packages]`, `[dev-packages]`, groups of one's own, and `[[source]]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustgate.manifests.dependency import (
    PYPI,
    Dependency,
    Manifest,
    OpenFile,
    Problem,
    Setting,
    SourceKind,
    bare_address,
    clean,
    host_of,
    normal_pypi,
)
from trustgate.manifests.text import TomlLines, load_toml, text_of

FORMAT = "Pipfile"
_NO_GROUPS = ("source", "requires", "scripts", "pipenv")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    text = text_of(path, data)
    document = load_toml(path, text)
    lines = TomlLines(text)
    found: list[Dependency] = []
    problems: list[Problem] = []
    sources = document.get("source")
    listed = [item for item in (sources if isinstance(sources, list) else [sources]) if isinstance(item, dict)]
    for table, entries in document.items():
        if table in _NO_GROUPS:
            continue
        if not isinstance(entries, dict):
            problems.append(Problem(path, lines.key("", table), f"{clean(table)} is not a table", clean(table)))
            continue
        group = "runtime" if table == "packages" else "dev"
        for name, entry in entries.items():
            found.append(pipenv_entry(path, name, entry, group, lines.key(table, name)))
    settings = []
    for number, item in enumerate(listed):
        address = item.get("url")
        if isinstance(address, str):
            kind = "index-url" if number == 0 else "extra-index-url"
            line = lines.string("source", "url", address)
            settings.append(Setting(kind, clean(bare_address(address)), clean(host_of(address)), path, line))
    return Manifest(path, FORMAT, tuple(found), tuple(settings), tuple(problems))


def pipenv_entry(path: str, name: str, entry: object, group: str, line: int) -> Dependency:
    """One entry of a Pipfile or its lock: a specifier, or a table with `version`, `git`, `file`, `path` or `index`."""
    fields: Mapping[str, Any] = entry if isinstance(entry, dict) else {"version": entry}
    spec = clean(fields.get("version", ""))
    kind, source = SourceKind.REGISTRY, ""
    for key in ("git", "hg", "svn", "bzr"):
        if isinstance(fields.get(key), str):
            ref = fields.get("ref")
            kind, source = SourceKind.GIT, bare_address(fields[key]) + (f"@{ref}" if isinstance(ref, str) else "")
    place = fields.get("file", fields.get("path"))
    if kind is SourceKind.REGISTRY and isinstance(place, str):
        kind, source = (SourceKind.URL if "://" in place else SourceKind.PATH), bare_address(place)
    if kind is SourceKind.REGISTRY and isinstance(fields.get("index"), str):
        kind, source = SourceKind.INDEX, fields["index"]
    hashes = fields.get("hashes")
    return Dependency(
        ecosystem=PYPI,
        name=normal_pypi(clean(name)),
        raw_name=clean(name),
        spec=spec,
        manifest=path,
        line=line,
        version=spec.lstrip("= ") if spec.startswith("==") and "*" not in spec and "," not in spec else "",
        source_kind=kind,
        source=clean(source),
        host=clean(host_of(source)),
        group=group,
        hashes=tuple(clean(item) for item in hashes) if isinstance(hashes, list) else (),
    )
