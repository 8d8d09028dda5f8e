"""pylock.toml and pylock.NAME.toml, lock-version 1.0 (PEP 751)."""

from __future__ import annotations

from typing import Any

from trustgate.manifests.dependency import (
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    SourceKind,
    bare_address,
    clean,
    host_of,
    normal_pypi,
)
from trustgate.manifests.python_lock import locked
from trustgate.manifests.text import TOML_LOCK_LIMIT, load_toml, text_of

FORMAT = "pylock"
_FILES = ("archive", "sdist")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a lock-version that is not known. Roots are not recorded in this format."""
    del open_file
    text = text_of(path, data, TOML_LOCK_LIMIT)
    document = load_toml(path, text)
    version = document.get("lock-version")
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        raise ManifestError(path, f"lock-version {clean(version)} is not known")
    packages = document.get("packages", [])
    if not isinstance(packages, list):
        raise ManifestError(path, "`packages` is not an array of tables")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.strip() == "[[packages]]"]
    found = []
    for index, package in enumerate(packages):
        if not isinstance(package, dict) or not isinstance(package.get("name"), str):
            raise ManifestError(path, f"package {index + 1} has no name")
        line = lines[index] + 1 if len(lines) == len(packages) else 1
        found.append(_entry(path, package, line))
    return Manifest(path, FORMAT, tuple(found), lock=True)


def _entry(path: str, package: dict[str, Any], line: int) -> Dependency:
    kind, source, host = SourceKind.REGISTRY, "", ""
    vcs, folder = package.get("vcs"), package.get("directory")
    wheels = package.get("wheels")
    files = [*(package.get(key) for key in _FILES), *(wheels if isinstance(wheels, list) else ())]
    listed = [item for item in files if isinstance(item, dict)]
    hosts = sorted({host_of(str(item["url"])) for item in listed if isinstance(item.get("url"), str)} - {""})
    if isinstance(vcs, dict):
        place = str(vcs.get("url", vcs.get("path", "")))
        kind, source = SourceKind.GIT, f"{bare_address(place)}@{vcs.get('commit-id', '')}"
        host = host_of(place)
    elif isinstance(folder, dict):
        kind, source = SourceKind.PATH, str(folder.get("path", ""))
    elif isinstance(package.get("archive"), dict):
        place = str(package["archive"].get("url", package["archive"].get("path", "")))
        kind = SourceKind.URL if "://" in place else SourceKind.PATH
        source, host = bare_address(place), host_of(place)
    else:
        source = bare_address(str(package.get("index", "")))
        host = " ".join(hosts) or host_of(source)
    hashes: list[str] = []
    for item in listed:
        values = item.get("hashes")
        hashes.extend(f"{name}:{value}" for name, value in (values.items() if isinstance(values, dict) else ()))
    needs = package.get("dependencies")
    names = [item.get("name") for item in needs if isinstance(item, dict)] if isinstance(needs, list) else []
    made = locked(path, package, line, kind=kind, source=source, host=host, hashes=tuple(hashes))
    return made._replace(needs=tuple(normal_pypi(clean(name)) for name in names))
