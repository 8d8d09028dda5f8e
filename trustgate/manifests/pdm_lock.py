"""pdm.lock, lock versions 3 and 4 (PDM documentation, "Lock file"; the schema is PDM's own)."""

from __future__ import annotations

from typing import Any

from trustgate.manifests.beside import roots_beside
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
from trustgate.manifests.pep508 import BadRequirement, parse_requirement
from trustgate.manifests.python_lock import locked, packages_of

FORMAT = "pdm.lock"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a lock version that is not known."""
    roots = roots_beside(path, "pyproject.toml", "pyproject", open_file)
    found: list[Dependency] = []
    for document, package, line in packages_of(path, data):
        metadata = document.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        version = clean(metadata.get("lock_version", ""))
        if not version.startswith(("3", "4.", "4")) or version[1:2] not in ("", "."):
            raise ManifestError(path, f"pdm lock_version {version or 'without a value'} is not known")
        if package.get("path") != ".":
            found.append(_entry(path, package, line, metadata, roots))
    return Manifest(path, FORMAT, tuple(found), lock=True, roots=roots)


def _entry(
    path: str, package: dict[str, Any], line: int, metadata: dict[str, Any], roots: tuple[str, ...]
) -> Dependency:
    kind, address = SourceKind.REGISTRY, ""
    if isinstance(package.get("git"), str):
        kind, address = SourceKind.GIT, f"{package['git']}@{package.get('revision', '')}"
    elif isinstance(package.get("url"), str):
        kind, address = SourceKind.URL, package["url"]
    elif isinstance(package.get("path"), str):
        kind, address = SourceKind.PATH, package["path"]
    files = package.get("files")
    if files is None:
        listed = metadata.get("files")
        listed = listed if isinstance(listed, dict) else {}
        files = listed.get(f"{package['name']} {package.get('version', '')}")
    entries = [item for item in files or () if isinstance(item, dict)] if isinstance(files, list) else []
    hashes = tuple(str(item["hash"]) for item in entries if isinstance(item.get("hash"), str))
    hosts = {host_of(str(item["url"])) for item in entries if isinstance(item.get("url"), str)}
    made = locked(
        path,
        package,
        line,
        kind=kind,
        source=address,
        host=" ".join(sorted(hosts)),
        hashes=hashes,
        direct=normal_pypi(clean(package["name"])) in roots,
    )
    return made._replace(needs=needed(package.get("dependencies")))


def needed(items: object) -> tuple[str, ...]:
    """Names of an array of PEP 508 strings; what cannot be read names nothing."""
    names: list[str] = []
    for item in items if isinstance(items, list) else ():
        try:
            names.append(normal_pypi(clean(parse_requirement(str(item)).name)))
        except BadRequirement:
            continue
    return tuple(names)
