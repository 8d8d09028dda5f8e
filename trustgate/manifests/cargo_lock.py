"""Cargo.lock, versions 1 to 4 (The Cargo Book; version 1 has its checksums in `[metadata]`)."""

from __future__ import annotations

from typing import Any

from trustgate.manifests.dependency import (
    CARGO,
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    SourceKind,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.python_lock import packages_of

FORMAT = "Cargo.lock"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a version that is not known. Packages without a source are the workspace's own."""
    del open_file
    entries = list(packages_of(path, data))
    if entries and entries[0][0].get("version", 1) not in (1, 2, 3, 4):
        raise ManifestError(path, f"Cargo.lock version {clean(entries[0][0].get('version'))} is not known")
    own = [package for _, package, _ in entries if not isinstance(package.get("source"), str)]
    names = {str(package["name"]) for package in own}
    roots = {name for package in own for name in _needs(package)} - names
    found = [
        _entry(path, document, package, line, roots)
        for document, package, line in entries
        if isinstance(package.get("source"), str)
    ]
    return Manifest(
        path, FORMAT, tuple(found), lock=True, roots=tuple(sorted(roots)), own=tuple(sorted(map(clean, names)))
    )


def _needs(package: dict[str, Any]) -> tuple[str, ...]:
    """`name`, `name version` or `name version (source)`."""
    asked = package.get("dependencies")
    return tuple(clean(str(item).partition(" ")[0]) for item in (asked if isinstance(asked, list) else ()))


def _entry(path: str, document: dict[str, Any], package: dict[str, Any], line: int, roots: set[str]) -> Dependency:
    source = package["source"]
    kind, _, address = source.partition("+")
    version = clean(package.get("version", ""))
    checksum = package.get("checksum")
    metadata = document.get("metadata")
    if checksum is None and isinstance(metadata, dict):
        checksum = metadata.get(f"checksum {package['name']} {package.get('version', '')} ({source})")
    git = kind == "git"
    commit = address.partition("#")[2]
    return Dependency(
        ecosystem=CARGO,
        name=clean(package["name"]),
        raw_name=clean(package["name"]),
        spec=version,
        manifest=path,
        line=line,
        version=version,
        source_kind=SourceKind.GIT if git else SourceKind.REGISTRY,
        source=clean(bare_address(address) + (f"#{commit}" if commit else "")) if git else "",
        host=clean(host_of(address)),
        direct=package["name"] in roots,
        hashes=(f"sha256:{clean(checksum)}",) if isinstance(checksum, str) else (),
        needs=_needs(package),
    )
