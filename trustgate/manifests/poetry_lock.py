"""poetry.lock, lock versions 1 and 2 (Poetry documentation; `metadata.files` held the hashes until version 2)."""

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
    normal_pypi,
)
from trustgate.manifests.python_lock import locked, packages_of

FORMAT = "poetry.lock"
_KINDS = {"git": SourceKind.GIT, "url": SourceKind.URL, "directory": SourceKind.PATH, "file": SourceKind.PATH}


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a lock version that is not known."""
    roots = roots_beside(path, "pyproject.toml", "pyproject", open_file)
    found: list[Dependency] = []
    for document, package, line in packages_of(path, data):
        metadata = document.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        version = clean(metadata.get("lock-version", "1.0"))
        if not version.startswith(("1.", "2.")):
            raise ManifestError(path, f"lock-version {version} is not known")
        made = _entry(path, package, line, metadata)
        found.append(made._replace(direct=made.name in roots))
    return Manifest(path, FORMAT, tuple(found), lock=True, roots=roots)


def _entry(path: str, package: dict[str, Any], line: int, metadata: dict[str, Any]) -> Dependency:
    source = package.get("source")
    source = source if isinstance(source, dict) else {}
    kind = _KINDS.get(str(source.get("type", "")), SourceKind.INDEX if source else SourceKind.REGISTRY)
    address = str(source.get("url", ""))
    ref = source.get("resolved_reference")
    if kind is SourceKind.GIT and isinstance(ref, str):
        address = f"{address}@{ref}"
    files = package.get("files")
    if files is None:
        listed = metadata.get("files")
        files = listed.get(package["name"]) if isinstance(listed, dict) else None
    hashes = tuple(
        str(item["hash"]) for item in files or () if isinstance(item, dict) and isinstance(item.get("hash"), str)
    )
    made = locked(path, package, line, kind=kind, source=address, hashes=hashes)
    needs = package.get("dependencies")
    return made._replace(needs=tuple(normal_pypi(clean(name)) for name in (needs if isinstance(needs, dict) else ())))
