"""package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3 (npm documentation, package-lock.json)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from trustgate.manifests.dependency import (
    NPM,
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    Problem,
    SourceKind,
    clean,
    host_of,
)
from trustgate.manifests.npm_spec import read_spec
from trustgate.manifests.text import LOCK_LIMIT, load_json, text_of

FORMAT = "package-lock"
_MAPS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_NESTING = 200
TWICE_SHOWN = 20
"""keys that stand twice and are named"""


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a lockfileVersion that is not known. Version 2 holds two trees; both are read."""
    del open_file
    text = text_of(path, data, LOCK_LIMIT)
    twice: list[str] = []
    document = load_json(path, text, twice)
    version = document.get("lockfileVersion", 1)
    if version not in (1, 2, 3):
        raise ManifestError(path, f"lockfileVersion {clean(version)} is not known")
    where = _Lines(text)
    found: dict[tuple[str, str, str, str], Dependency] = {}
    packages = document.get("packages")
    wanted: set[str] = set()
    if isinstance(packages, dict):
        wanted = _wanted([value for key, value in packages.items() if "node_modules/" not in key])
        for item in _from_packages(path, packages, wanted, where):
            found.setdefault((item.name, item.version, item.host, item.source), item)
    for item in _from_tree(path, document.get("dependencies"), where, isinstance(packages, dict)):
        found.setdefault((item.name, item.version, item.host, item.source), item)
    roots = tuple(sorted(clean(name) for name in wanted))
    doubled = tuple(
        Problem(path, where.last(key), f"the key {clean(key)} stands twice", clean(key)) for key in dict.fromkeys(twice)
    )
    return Manifest(path, FORMAT, tuple(found.values()), lock=True, roots=roots, twice=doubled[:TWICE_SHOWN])


def _wanted(roots: list[Any]) -> set[str]:
    """Names that the project and its workspace members ask for themselves."""
    names: set[str] = set()
    for root in roots:
        for key in _MAPS:
            entries = root.get(key) if isinstance(root, dict) else None
            names.update(entries if isinstance(entries, dict) else ())
    return names


def _from_packages(path: str, packages: dict[str, Any], wanted: set[str], where: _Lines) -> Iterator[Dependency]:
    for key, entry in packages.items():
        installed = key.rpartition("node_modules/")[2]
        if not isinstance(entry, dict) or "node_modules/" not in key or entry.get("link") is True:
            continue
        direct = key == f"node_modules/{installed}" and installed in wanted
        yield _entry(path, installed, str(entry.get("name") or installed), entry, line=where.of(key), direct=direct)


def _from_tree(path: str, tree: object, where: _Lines, legacy: bool) -> Iterator[Dependency]:
    """The nested tree of version 1, which npm 6 still reads from a version 2 file."""
    pending: list[tuple[object, int]] = [(tree, 0)]
    while pending:
        table, depth = pending.pop()
        if not isinstance(table, dict) or depth > _NESTING:
            continue
        for name, entry in table.items():
            if not isinstance(entry, dict):
                continue
            pending.append((entry.get("dependencies"), depth + 1))
            version = str(entry.get("version", ""))
            spec = read_spec(name, version)
            if spec.kind in (SourceKind.WORKSPACE, SourceKind.PATH) and legacy:
                continue
            fields = {**entry, "resolved": entry.get("resolved") or spec.source}
            if spec.version or spec.kind is not SourceKind.REGISTRY:
                fields["version"] = spec.version or (_by_address(version) if spec.kind is SourceKind.URL else "")
            yield _entry(path, name, spec.name, fields, line=where.of(name), direct=False)


def _by_address(address: str) -> str:
    """In place of a version, a digest of the address: it names the version somewhere, and may hold a token."""
    return f"@{hashlib.sha256(address.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _entry(path: str, key: str, name: str, entry: dict[str, Any], *, line: int, direct: bool) -> Dependency:
    resolved = entry.get("resolved")
    address = resolved if isinstance(resolved, str) else ""
    read = read_spec(name, address) if address and not address.startswith("http") else None
    integrity = entry.get("integrity")
    hashes = tuple(clean(part) for part in integrity.split()) if isinstance(integrity, str) else ()
    groups = (("dev", "dev"), ("optional", "optional"), ("peer", "peer"))
    group = next((name for field, name in groups if entry.get(field) is True), "runtime")
    version = clean(entry.get("version", ""))
    return Dependency(
        ecosystem=NPM,
        name=clean(name),
        raw_name=clean(key),
        spec=version,
        manifest=path,
        line=line,
        version=version,
        source_kind=read.kind if read else SourceKind.REGISTRY,
        source=read.source if read else "",
        host=clean(host_of(address)),
        group=group,
        direct=direct,
        hashes=hashes or (("bundled",) if entry.get("inBundle") or entry.get("bundled") else ()),
        install_script=entry.get("hasInstallScript") is True,
        needs=_needs(entry),
    )


def _needs(entry: dict[str, Any]) -> tuple[str, ...]:
    """Names that an entry asks for; `requires` is what version 1 calls them."""
    names: dict[str, None] = {}
    for key in ("dependencies", "optionalDependencies", "requires"):
        asked = entry.get(key)
        if isinstance(asked, dict):
            names.update({clean(name): None for name, spec in asked.items() if isinstance(spec, str)})
    return tuple(names)


class _Lines:
    """Lines of `"key": {`, found in one pass: a lock of many megabytes is too large for a token walk."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[str, int] | None = None

    def of(self, key: str) -> int:
        if self.found is None:
            self.found = {}
            line, position = 1, 0
            for match in re.finditer(r'^[ \t]*"([^"\\\n]*)"[ \t]*:[ \t]*\{', self.text, re.MULTILINE):
                line += self.text.count("\n", position, match.start())
                position = match.start()
                self.found.setdefault(match[1], line)
        return self.found.get(key, 1)

    def last(self, key: str) -> int:
        """Line of the last place where `key` is one."""
        at = self.text.rfind(f'"{key}"')
        return self.text.count("\n", 0, at) + 1 if at >= 0 else 1
