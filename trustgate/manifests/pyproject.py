"""pyproject.toml: PEP 621, PEP 518, PEP 735 and the tables of Poetry, uv, PDM and Hatch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
from trustgate.manifests.pep508 import BadRequirement, python_dependency
from trustgate.manifests.text import TomlLines, load_toml, text_of

FORMAT = "pyproject"


class _Reader:
    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = TomlLines(text)
        self.dependencies: list[Dependency] = []
        self.settings: list[Setting] = []
        self.problems: list[Problem] = []

    def requirements(self, items: object, table: str, key: str, group: str) -> None:
        """An array of PEP 508 strings."""
        if not isinstance(items, list):
            if items is not None:
                self.problems.append(Problem(self.path, self.lines.key(table, key), f"{table}.{key} is not an array"))
            return
        entries = [item for item in items if not isinstance(item, dict)]
        # PEP 735 `{include-group = "…"}` is a table: that group is read on its own.
        lines = self.lines.strings(table, key, [str(item) for item in entries])
        for item, line in zip(entries, lines, strict=True):
            try:
                if not isinstance(item, str):
                    raise BadRequirement("an entry is not a string")
                text = item.removeprefix("-e ")  # PDM writes editable entries this way
                self.dependencies.append(python_dependency(text, self.path, line, group))
            except BadRequirement as error:
                self.problems.append(Problem(self.path, line, str(error), clean(item)))

    def setting(self, kind: str, value: object, line: int) -> None:
        if isinstance(value, str):
            address = clean(bare_address(value))
            self.settings.append(Setting(kind, address, clean(host_of(value)), self.path, line))


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Every table that names packages. Raises ManifestError."""
    del open_file
    text = text_of(path, data)
    document = load_toml(path, text)
    reader = _Reader(path, text)
    project = _table(document, "project")
    reader.requirements(project.get("dependencies"), "project", "dependencies", "runtime")
    for name, items in _table(project, "optional-dependencies").items():
        reader.requirements(items, "project.optional-dependencies", name, "optional")
    for name, items in _table(document, "dependency-groups").items():
        reader.requirements(items, "dependency-groups", name, "dev")
    reader.requirements(_table(document, "build-system").get("requires"), "build-system", "requires", "build")
    tool = _table(document, "tool")
    _poetry(reader, _table(tool, "poetry"))
    _uv(reader, _table(tool, "uv"))
    _pdm(reader, _table(tool, "pdm"))
    for name, env in _table(_table(tool, "hatch"), "envs").items():
        if isinstance(env, dict):
            for key in ("dependencies", "extra-dependencies"):
                reader.requirements(env.get(key), f"tool.hatch.envs.{name}", key, "dev")
    hatch = _table(tool, "hatch")
    targets = _table(_table(hatch, "build"), "targets")
    for where, hooks in [
        ("tool.hatch.build.hooks", _table(_table(hatch, "build"), "hooks")),
        *((f"tool.hatch.build.targets.{name}.hooks", _table(_table(targets, name), "hooks")) for name in targets),
    ]:
        for name, hook in hooks.items():
            if isinstance(hook, dict):
                reader.requirements(hook.get("dependencies"), f"{where}.{name}", "dependencies", "build")
    own = {normal_pypi(str(_table(*pair).get("name", ""))) for pair in ((document, "project"), (tool, "poetry"))}
    kept = tuple(item for item in reader.dependencies if item.name not in own)
    names = tuple(sorted(own - {""}))
    return Manifest(path, FORMAT, kept, tuple(reader.settings), tuple(reader.problems), own=names)


def _table(parent: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _tables(parent: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
    value = parent.get(key)
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def _poetry(reader: _Reader, poetry: dict[str, Any]) -> None:
    maps = [("tool.poetry.dependencies", "runtime", poetry.get("dependencies"))]
    maps.append(("tool.poetry.dev-dependencies", "dev", poetry.get("dev-dependencies")))
    for name, group in _table(poetry, "group").items():
        if isinstance(group, dict):
            maps.append((f"tool.poetry.group.{name}.dependencies", "dev", group.get("dependencies")))
    for table, kind, entries in maps:
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if name.lower() == "python":
                continue
            for value in entry if isinstance(entry, list) else [entry]:
                reader.dependencies.append(_poetry_entry(reader, table, kind, name, value))
    for source in _tables(poetry, "source"):
        line = reader.lines.string("tool.poetry.source", "url", str(source.get("url", "")))
        priority = str(source.get("priority", "primary"))
        kind = "index-url" if priority in ("primary", "default") else "extra-index-url"
        reader.setting(kind, source.get("url"), line)


def _poetry_entry(reader: _Reader, table: str, group: str, name: str, value: object) -> Dependency:
    fields = value if isinstance(value, dict) else {"version": value}
    spec = clean(fields.get("version", ""))
    plain = Dependency(
        ecosystem=PYPI,
        name=normal_pypi(clean(name)),
        raw_name=clean(name),
        spec=spec,
        manifest=reader.path,
        line=reader.lines.key(table, name),
        version=exact(spec),
        group="optional" if fields.get("optional") is True else group,
    )
    return _with_source(plain, fields)


def exact(spec: str) -> str:
    """The pin of a Poetry constraint: a bare version or `==version`; empty for a range."""
    match = re.fullmatch(r"(?:={2,3}\s*)?v?([0-9][A-Za-z0-9.!+-]*)", spec)
    return match[1] if match else ""


def _with_source(plain: Dependency, fields: Mapping[str, Any]) -> Dependency:
    """Poetry and uv name a source by the same keys: git, url, path, index or source, workspace."""
    kinds = (
        ("git", SourceKind.GIT),
        ("url", SourceKind.URL),
        ("path", SourceKind.PATH),
        ("index", SourceKind.INDEX),
        ("source", SourceKind.INDEX),
    )
    if fields.get("workspace") is True:
        return plain._replace(source_kind=SourceKind.WORKSPACE)
    for key, kind in kinds:
        if isinstance(fields.get(key), str):
            address = bare_address(fields[key])
            ref = fields.get("rev") or fields.get("tag") or fields.get("branch")
            source = f"{address}@{ref}" if kind is SourceKind.GIT and isinstance(ref, str) else address
            host = host_of(address) if kind in (SourceKind.GIT, SourceKind.URL) else ""
            return plain._replace(source_kind=kind, source=clean(source), host=clean(host))
    return plain


def _uv(reader: _Reader, uv: dict[str, Any]) -> None:
    reader.requirements(uv.get("dev-dependencies"), "tool.uv", "dev-dependencies", "dev")
    for key in ("constraint-dependencies", "build-constraint-dependencies"):
        reader.requirements(uv.get(key), "tool.uv", key, "constraint")
    reader.requirements(uv.get("override-dependencies"), "tool.uv", "override-dependencies", "override")
    for index in _tables(uv, "index"):
        kind = "index-url" if index.get("default") is True else "extra-index-url"
        reader.setting(kind, index.get("url"), reader.lines.string("tool.uv.index", "url", str(index.get("url", ""))))
    for table, options in (("tool.uv", uv), ("tool.uv.pip", _table(uv, "pip"))):
        for key in ("index-url", "extra-index-url", "find-links", "no-index", "allow-insecure-host"):
            value = options.get(key)
            kind = "trusted-host" if key == "allow-insecure-host" else key
            for item in value if isinstance(value, list) else [value]:
                text = str(item).lower() if isinstance(item, bool) and item else item
                reader.setting(kind, text, reader.lines.key(table, key))
    sources = {normal_pypi(clean(name)): (name, entry) for name, entry in _table(uv, "sources").items()}
    reader.dependencies = [_uv_source(reader, item, sources) for item in reader.dependencies]


def _uv_source(reader: _Reader, item: Dependency, sources: Mapping[str, tuple[str, Any]]) -> Dependency:
    """A uv source says where a declared name comes from; of several the first that is not the registry counts."""
    name, entry = sources.get(item.name, ("", None))
    for fields in entry if isinstance(entry, list) else [entry]:
        sourced = _with_source(item, fields) if isinstance(fields, dict) else item
        if sourced.source_kind is not item.source_kind:
            local = sourced.source_kind is SourceKind.WORKSPACE
            return sourced if local else sourced._replace(line=reader.lines.key("tool.uv.sources", name))
    return item


def _pdm(reader: _Reader, pdm: dict[str, Any]) -> None:
    for name, items in _table(pdm, "dev-dependencies").items():
        reader.requirements(items, "tool.pdm.dev-dependencies", name, "dev")
    for source in _tables(pdm, "source"):
        kind = "find-links" if source.get("type") == "find_links" else "extra-index-url"
        reader.setting(
            kind, source.get("url"), reader.lines.string("tool.pdm.source", "url", str(source.get("url", "")))
        )
