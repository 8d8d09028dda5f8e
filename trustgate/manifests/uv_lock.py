"""uv.lock, version 1 (uv documentation, "Lockfile"; the schema is uv's own, revisions only add fields)."""

from __future__ import annotations

from typing import Any

from trustgate.manifests.dependency import (
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    SourceKind,
    clean,
    host_of,
    normal_pypi,
)
from trustgate.manifests.python_lock import locked, packages_of

FORMAT = "uv.lock"
_LOCAL = ("editable", "virtual", "directory", "path")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a version that is not known."""
    del open_file
    entries = list(packages_of(path, data))
    if entries and entries[0][0].get("version") != 1:
        raise ManifestError(path, f"uv.lock version {clean(entries[0][0].get('version'))} is not known")
    wanted = {name for _, package, _ in entries if _own(package) for name in _asked(package)}
    found = [_entry(path, package, line, wanted) for _, package, line in entries if not _own(package)]
    roots = tuple(sorted(normal_pypi(clean(name)) for name in wanted))
    return Manifest(path, FORMAT, tuple(found), lock=True, roots=roots)


def _source(package: dict[str, Any]) -> dict[str, Any]:
    source = package.get("source")
    return source if isinstance(source, dict) else {}


def _own(package: dict[str, Any]) -> bool:
    return any(key in _source(package) for key in ("editable", "virtual"))


def _asked(package: dict[str, Any]) -> set[str]:
    lists = [package.get("dependencies", [])]
    for key in ("optional-dependencies", "dev-dependencies"):
        groups = package.get(key)
        lists.extend(groups.values() if isinstance(groups, dict) else ())
    return {
        str(item.get("name"))
        for entries in lists
        if isinstance(entries, list)
        for item in entries
        if isinstance(item, dict)
    }


def _entry(path: str, package: dict[str, Any], line: int, wanted: set[str]) -> Dependency:
    source = _source(package)
    kind, address = SourceKind.REGISTRY, str(source.get("registry", ""))
    for key, value in (("git", SourceKind.GIT), ("url", SourceKind.URL), *((key, SourceKind.PATH) for key in _LOCAL)):
        if key in source:
            kind, address = value, str(source[key]).replace("#", "@") if key == "git" else str(source[key])
    wheels = package.get("wheels")
    files = [package.get("sdist"), *(wheels if isinstance(wheels, list) else [])]
    listed = [item for item in files if isinstance(item, dict)]
    hashes = tuple(str(item["hash"]) for item in listed if isinstance(item.get("hash"), str))
    urls = [host_of(str(item["url"])) for item in listed if isinstance(item.get("url"), str)]
    host = " ".join(sorted(set(urls))) if kind is SourceKind.REGISTRY and urls else ""
    direct = package["name"] in wanted
    made = locked(path, package, line, kind=kind, source=address, host=host, hashes=hashes, direct=direct)
    return made._replace(needs=tuple(sorted(normal_pypi(clean(name)) for name in _asked(package))))
