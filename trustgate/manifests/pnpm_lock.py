"""pnpm-lock.yaml, lockfileVersion 5 to 9 (pnpm documentation and the keys that its releases write)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.manifests.dependency import (
    NPM,
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    Problem,
    SourceKind,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.text import LOCK_LIMIT, text_of
from trustgate.manifests.yaml_text import Node, load_yaml

FORMAT = "pnpm-lock"
_MAJORS = ("5", "6", "7", "9")
_MAPS = ("dependencies", "devDependencies", "optionalDependencies")
_OLD_KEY = re.compile(r"((?:@[^/]+/)?[^/@]+)/([0-9][^/_(]*)(?:[_(/].*)?$")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a lockfileVersion that is not known. Of several documents all are read."""
    del open_file
    text = text_of(path, data, LOCK_LIMIT)
    found: list[Dependency] = []
    twice: list[Problem] = []
    roots: set[str] = set()
    for document in load_yaml(path, text):
        version = document.at("lockfileVersion").text
        if version.partition(".")[0] not in _MAJORS:
            raise ManifestError(path, f"lockfileVersion {clean(version) or 'without a value'} is not known")
        wanted = {name for importer in _importers(document) for name in _asked(importer)}
        aliased = dict(pair for importer in _importers(document) for pair in _pins(importer))
        packages = document.at("packages")
        twice.extend(Problem(path, line, f"{clean(key)} stands twice", clean(key)) for key, line in packages.twice)
        for key, node in packages.table.items():
            snapshot = document.at("snapshots", key) if "snapshots" in document.table else node
            found.append(_entry(path, key, node, snapshot, aliased))
        roots.update(aliased.get(f"\0{name}", name) for name in wanted)
    direct = tuple(item._replace(direct=item.name in roots or item.raw_name in roots) for item in found)
    return Manifest(path, FORMAT, direct, lock=True, twice=tuple(twice), roots=tuple(sorted(map(clean, roots))))


def _importers(document: Node) -> Iterator[Node]:
    yield document
    yield from document.at("importers").table.values()


def _asked(importer: Node) -> Iterator[str]:
    for key in _MAPS:
        for name, node in importer.at(key).table.items():
            value = node.text or node.at("version").text
            if not value.startswith(("link:", "workspace:")):
                yield name


def _pins(importer: Node) -> Iterator[tuple[str, str]]:
    """(key of a package, name under which it is installed) of aliases, and their inverse behind a NUL."""
    for key in _MAPS:
        for name, node in importer.at(key).table.items():
            value = node.text or node.at("version").text
            target = value.lstrip("/")
            real = _split(target)[0] if value.startswith("/") or (target.find("@", 1) > 0 and "(" not in target) else ""
            if real and real != name and "://" not in target and not target[:1].isdigit():
                yield target, name
                yield f"\0{name}", real


def _split(key: str) -> tuple[str, str]:
    """Name and version of a package key of any lockfileVersion; the name is empty for one that is no registry's."""
    bare = key.partition("(")[0]
    match = _OLD_KEY.match(bare)
    if match:
        return match[1], match[2]
    at = bare.find("@", 1)
    if at > 0 and "/" not in bare[at:]:
        return bare[:at], bare[at + 1 :].partition("_")[0]
    if at > 0 and ("://" in bare[at:] or bare[at + 1 :].startswith(("file:", "git+", "link:"))):
        return bare[:at], bare[at + 1 :]
    return "", ""


def _entry(path: str, key: str, node: Node, snapshot: Node, aliased: dict[str, str]) -> Dependency:
    bare = key.removeprefix("/")
    prefix = ""
    name, version = _split(bare)
    if not key.startswith("/") and not name and "/" in bare:  # 5.x: a registry of its own stands before the name
        prefix, _, rest = bare.partition("/")
        name, version = _split(rest) if "." in prefix else ("", "")
    resolution = node.at("resolution")
    tarball = resolution.at("tarball").text
    repo = resolution.at("repo").text
    kind, source, host = SourceKind.REGISTRY, "", prefix if "." in prefix else host_of(tarball)
    if repo or resolution.at("type").text == "git":
        kind, source = SourceKind.GIT, f"{bare_address(repo)}#{resolution.at('commit').text}"
        host = host_of(repo) or "git"
    elif bare.startswith("file:") or version.startswith("file:") or resolution.at("directory").text:
        kind, source = SourceKind.PATH, resolution.at("directory").text or bare
    elif tarball.startswith("file:"):
        kind, source = SourceKind.PATH, tarball
    elif tarball and (node.at("name").text or "://" in version or "://" in bare or bare.count("/") > 2):
        git = "codeload." in tarball or "/-/archive/" in tarball or "/tarball/" in tarball
        kind, source = (SourceKind.GIT if git else SourceKind.URL), bare_address(tarball)
    name = node.at("name").text or name
    version = node.at("version").text or version
    if not name:
        raise ManifestError(path, f"the package key {clean(key)} is not understood", node.line)
    needs = [*snapshot.at("dependencies").table, *snapshot.at("optionalDependencies").table]
    integrity = resolution.at("integrity").text
    return Dependency(
        ecosystem=NPM,
        name=clean(name),
        raw_name=clean(aliased.get(bare, aliased.get(bare.partition("(")[0], name))),
        spec=clean(version),
        manifest=path,
        line=node.line,
        version=clean(version),
        source_kind=kind,
        source=clean(source),
        host=clean(host),
        group="dev"
        if node.at("dev").text == "true"
        else "optional"
        if node.at("optional").text == "true"
        else "runtime",
        hashes=tuple(clean(part) for part in integrity.split()),
        install_script=node.at("requiresBuild").text == "true",
        needs=tuple(clean(item) for item in needs),
    )
