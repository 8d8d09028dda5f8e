"""uv.toml, .cargo/config.toml and bunfig.toml: where packages come from (documentation of uv, Cargo and Bun)."""

from __future__ import annotations

from typing import Any

from trustgate.manifests.dependency import Manifest, OpenFile, Setting, bare_address, clean, host_of
from trustgate.manifests.text import TomlLines, load_toml, text_of

FORMAT = "TOML settings"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    text = text_of(path, data)
    document = load_toml(path, text)
    lines = TomlLines(text)
    found: list[tuple[str, str, int]] = []
    name = path.rpartition("/")[2]
    if name == "uv.toml":
        _uv(document, lines, found)
    elif name == "bunfig.toml":
        _bun(_table(document, "install"), lines, found)
    else:
        _cargo(document, lines, found)
    made = [
        Setting(
            kind, clean(bare_address(value)), clean(value if kind == "trusted-host" else host_of(value)), path, line
        )
        for kind, value, line in found
    ]
    return Manifest(path, FORMAT, (), tuple(made))


def _table(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _uv(document: dict[str, Any], lines: TomlLines, found: list[tuple[str, str, int]]) -> None:
    indexes = document.get("index")
    for item in indexes if isinstance(indexes, list) else ():
        address = item.get("url") if isinstance(item, dict) else None
        if isinstance(address, str):
            kind = "index-url" if item.get("default") is True else "extra-index-url"
            found.append((kind, address, lines.string("index", "url", address)))
    for table, options in (("", document), ("pip", _table(document, "pip"))):
        for key in ("index-url", "extra-index-url", "find-links", "allow-insecure-host"):
            value = options.get(key)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str):
                    kind = "trusted-host" if key == "allow-insecure-host" else key
                    found.append((kind, item, lines.key(table, key)))


def _bun(install: dict[str, Any], lines: TomlLines, found: list[tuple[str, str, int]]) -> None:
    registry = install.get("registry")
    address = registry.get("url") if isinstance(registry, dict) else registry
    if isinstance(address, str):
        found.append(("registry", address, lines.key("install", "registry")))
    for scope, value in _table(install, "scopes").items():
        place = value.get("url") if isinstance(value, dict) else value
        if isinstance(place, str):
            found.append(("scope-registry", place, lines.key("install.scopes", scope)))


def _cargo(document: dict[str, Any], lines: TomlLines, found: list[tuple[str, str, int]]) -> None:
    for name, entry in _table(document, "registries").items():
        if isinstance(entry, dict) and isinstance(entry.get("index"), str):
            found.append(("registry", entry["index"], lines.key(f"registries.{name}", "index")))
    for name, entry in _table(document, "source").items():
        for key in ("registry", "replace-with", "local-registry", "directory", "git"):
            if isinstance(entry, dict) and isinstance(entry.get(key), str):
                found.append(
                    (
                        "source-replacement",
                        f"{name}: {entry[key]}" if "://" not in entry[key] else entry[key],
                        lines.key(f"source.{name}", key),
                    )
                )
    patches = _table(document, "patch")
    for registry, entries in patches.items():
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            place = entry.get("git", entry.get("path", "")) if isinstance(entry, dict) else ""
            found.append(("source-replacement", f"{name}: {place}", lines.key(f"patch.{registry}", name)))
