"""libs.versions.toml of Gradle: libraries and plugins (Gradle documentation, "Version Catalogs")."""

from __future__ import annotations

from typing import Any

from trustgate.manifests.dependency import MAVEN, Dependency, Manifest, OpenFile, Problem, clean
from trustgate.manifests.text import TomlLines, load_toml, text_of

FORMAT = "version catalog"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    text = text_of(path, data)
    document = load_toml(path, text)
    lines = TomlLines(text)
    versions = document.get("versions")
    versions = versions if isinstance(versions, dict) else {}
    found: list[Dependency] = []
    problems: list[Problem] = []
    for table, group in (("libraries", "runtime"), ("plugins", "build")):
        entries = document.get(table)
        for key, entry in entries.items() if isinstance(entries, dict) else ():
            line = lines.key(table, key)
            name, spec = _named(entry, plugin=table == "plugins")
            spec = spec or _version(entry, versions)
            if not name:
                problems.append(Problem(path, line, f"{clean(key)} names no package", clean(key)))
                continue
            exact = "" if any(mark in spec for mark in "+[(,") else spec
            found.append(
                Dependency(MAVEN, clean(name), clean(name), clean(spec), path, line, clean(exact), group=group)
            )
    return Manifest(path, FORMAT, tuple(found), (), tuple(problems))


def _named(entry: Any, *, plugin: bool) -> tuple[str, str]:
    fields = entry if isinstance(entry, dict) else {}
    if isinstance(entry, str):
        parts = entry.split(":")
        if plugin and len(parts) == 2:
            return f"{parts[0]}:{parts[0]}.gradle.plugin", parts[1]
        return (":".join(parts[:2]), parts[2] if len(parts) > 2 else "") if len(parts) > 1 else ("", "")
    if plugin:
        name = str(fields.get("id", ""))
        return (f"{name}:{name}.gradle.plugin" if name else ""), ""
    if isinstance(fields.get("module"), str):
        return fields["module"], ""
    if isinstance(fields.get("group"), str) and isinstance(fields.get("name"), str):
        return f"{fields['group']}:{fields['name']}", ""
    return "", ""


def _version(entry: Any, versions: dict[str, Any]) -> str:
    value = entry.get("version", "") if isinstance(entry, dict) else ""
    if isinstance(value, dict) and isinstance(value.get("ref"), str):
        value = versions.get(value["ref"], "")
    if isinstance(value, dict):
        value = next((value[key] for key in ("strictly", "require", "prefer") if isinstance(value.get(key), str)), "")
    return value if isinstance(value, str) else ""
