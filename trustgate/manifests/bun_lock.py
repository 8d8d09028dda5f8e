"""bun.lock, the text lock file of Bun, lockfileVersion 0 and 1 (Bun documentation): JSON with trailing commas."""

from __future__ import annotations

import re
from typing import Any

from trustgate.manifests.dependency import (
    NPM,
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    SourceKind,
    clean,
    host_of,
)
from trustgate.manifests.jsonc import load_jsonc
from trustgate.manifests.npm_spec import read_spec
from trustgate.manifests.text import LOCK_LIMIT, text_of
from trustgate.manifests.yarn_lock import name_of

FORMAT = "bun.lock"
_MAPS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_ENTRY = re.compile(r'^[ \t]*"([^"\\\n]*)"[ \t]*:[ \t]*\[', re.MULTILINE)


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a lockfileVersion that is not known."""
    del open_file
    document, bare = load_jsonc(path, text_of(path, data, LOCK_LIMIT))
    version = document.get("lockfileVersion")
    if isinstance(version, bool) or version not in (0, 1):
        raise ManifestError(path, f"bun.lock version {clean(version)} is not known")
    roots: set[str] = set()
    workspaces = document.get("workspaces")
    for workspace in workspaces.values() if isinstance(workspaces, dict) else ():
        for key in _MAPS:
            asked = workspace.get(key) if isinstance(workspace, dict) else None
            roots.update(asked if isinstance(asked, dict) else ())
    packages = document.get("packages", {})
    if not isinstance(packages, dict):
        raise ManifestError(path, "`packages` is not an object")
    lines = _lines(bare)
    found = []
    for key, entry in packages.items():
        line = lines.get(key, 1)
        if not isinstance(entry, list) or not entry or not isinstance(entry[0], str):
            raise ManifestError(path, f"the package {clean(key)} is not understood", line)
        made = _entry(path, key, entry, line, roots)
        if made is not None:
            found.append(made)
    return Manifest(path, FORMAT, tuple(found), lock=True, roots=tuple(sorted(clean(name) for name in roots)))


def _lines(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    line, position = 1, 0
    for match in _ENTRY.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        found.setdefault(match[1], line)
    return found


def _entry(path: str, key: str, entry: list[Any], line: int, roots: set[str]) -> Dependency | None:
    name, place = name_of(entry[0])
    spec = read_spec(name, place)
    if spec.kind is SourceKind.WORKSPACE or place.startswith("root:"):
        return None
    registry = len(entry) > 1 and isinstance(entry[1], str) and spec.kind is SourceKind.REGISTRY
    fields = next((item for item in entry[1:] if isinstance(item, dict)), {})
    last = entry[-1] if isinstance(entry[-1], str) and len(entry) > 2 else ""
    hashes = tuple(clean(part) for part in last.split() if re.match(r"(?:sha\d+|md5)-", part))
    parts = key.split("/")
    installed = "/".join(parts[-2:]) if len(parts) > 1 and parts[-2].startswith("@") else parts[-1]
    needs: list[str] = []
    for field in ("dependencies", "optionalDependencies"):
        asked = fields.get(field)
        needs.extend(clean(item) for item in (asked if isinstance(asked, dict) else ()))
    return Dependency(
        ecosystem=NPM,
        name=clean(name),
        raw_name=clean(installed),
        spec=clean(place),
        manifest=path,
        line=line,
        version=clean(place) if spec.kind is SourceKind.REGISTRY else "",
        source_kind=spec.kind,
        source=spec.source,
        host=clean(host_of(entry[1])) if registry else spec.host,
        direct=key == installed and installed in roots,
        hashes=hashes,
        needs=tuple(needs),
    )
