"""yarn.lock of Yarn 1, and of Yarn 2 to 4 ("berry", `__metadata` version 3 to 10) (Yarn documentation and sources)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from trustgate.manifests.beside import roots_beside
from trustgate.manifests.dependency import (
    ELSEWHERE,
    NPM,
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    SourceKind,
    clean,
    host_of,
)
from trustgate.manifests.npm_spec import read_spec
from trustgate.manifests.text import LOCK_LIMIT, text_of
from trustgate.manifests.yaml_text import Node, load_yaml

FORMAT = "yarn.lock"
_BERRY = range(3, 11)
_PAIR = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|([^\s":]+))(?:\s+(?:"((?:[^"\\]|\\.)*)"|(\S+)))?(:?)$')
_LISTS = ("dependencies", "optionalDependencies")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a version that is not known."""
    text = text_of(path, data, LOCK_LIMIT).replace("\r\n", "\n")
    if re.search(r"^__metadata:", text, re.MULTILINE):
        return _berry(path, text)
    if "# yarn lockfile v1" in text[:2000]:
        return _first(path, text, open_file)
    raise ManifestError(path, "a yarn.lock of a version that is not known: neither v1 nor with __metadata")


def name_of(descriptor: str) -> tuple[str, str]:
    """`@scope/name@range` as name and range."""
    at = descriptor.find("@", 1)
    return (descriptor[:at], descriptor[at + 1 :]) if at > 0 else (descriptor, "")


def _first(path: str, text: str, open_file: OpenFile) -> Manifest:
    roots = roots_beside(path, "package.json", "package_json", open_file)
    found: list[Dependency] = []
    fields: dict[str, str] = {}
    needs: list[str] = []
    head: tuple[str, int] | None = None
    listed = False

    def finish() -> None:
        if head is not None:
            found.append(_first_entry(path, head, fields, tuple(needs), roots))

    for number, line in enumerate(text.split("\n"), 1):
        content = line.strip()
        if not content or content[0] == "#":
            continue
        if line[0] != " ":
            if not content.endswith(":"):
                raise ManifestError(path, "an entry without a colon", number)
            finish()
            head, fields, needs, listed = (content[:-1], number), {}, [], False
            continue
        match = _PAIR.match(content)
        if match is None or head is None:
            raise ManifestError(path, "a line that is no field of an entry", number)
        key, value = match[1] or match[2] or "", match[3] or match[4] or ""
        if not line.startswith("    "):
            listed = key in _LISTS
            fields[key] = value
        elif listed:
            needs.append(clean(key))
    finish()
    return Manifest(path, FORMAT, tuple(found), lock=True, roots=roots)


def _first_entry(
    path: str, head: tuple[str, int], fields: dict[str, str], needs: tuple[str, ...], roots: tuple[str, ...]
) -> Dependency:
    descriptors = [part.strip().strip('"') for part in head[0].split(", ")]
    key, wanted = name_of(descriptors[0])
    spec = read_spec(key, wanted)
    resolved = fields.get("resolved", "")
    address, _, digest = resolved.partition("#")
    hashes = tuple(fields.get("integrity", "").split()) or ((f"sha1-{digest}",) if len(digest) == 40 else ())
    kind = SourceKind.REGISTRY
    if spec.kind in (SourceKind.GIT, SourceKind.URL, SourceKind.PATH):
        kind = spec.kind
    elif resolved and not resolved.startswith("http"):
        kind = read_spec(key, resolved).kind
    version = clean(fields.get("version", ""))
    return Dependency(
        ecosystem=NPM,
        name=clean(spec.name),
        raw_name=clean(key),
        spec=version,
        manifest=path,
        line=head[1],
        version=version,
        source_kind=kind,
        source=clean(read_spec(key, resolved).source) if kind is not SourceKind.REGISTRY and resolved else "",
        host=clean(host_of(address)),
        direct=key in roots or spec.name in roots,
        hashes=tuple(clean(item) for item in hashes),
        needs=needs,
    )


def _berry(path: str, text: str) -> Manifest:
    document = load_yaml(path, text)[0]
    version = document.at("__metadata", "version").text
    if not version.isdigit() or int(version) not in _BERRY:
        raise ManifestError(path, f"yarn.lock version {clean(version) or 'without a value'} is not known")
    entries = [(key, node) for key, node in document.table.items() if key != "__metadata"]
    if document.twice:
        raise ManifestError(path, f"{clean(document.twice[0][0])} stands twice", document.twice[0][1])
    roots: set[str] = set()
    for _, node in entries:
        if "@workspace:" in node.at("resolution").text:
            for key in (*_LISTS, "devDependencies"):
                roots.update(node.at(key).table)
    found = tuple(
        made for key, node in entries if (made := _berry_entry(path, key, node, frozenset(roots))) is not None
    )
    return Manifest(path, FORMAT, found, lock=True, roots=tuple(sorted(clean(name) for name in roots)))


def _berry_entry(path: str, key: str, node: Node, roots: frozenset[str]) -> Dependency | None:
    locator = node.at("resolution").text
    if not locator:
        raise ManifestError(path, f"{clean(key)} has no resolution", node.line)
    installed = name_of(key.partition(", ")[0].strip())[0]
    name, place = name_of(locator)
    protocol, _, rest = place.partition(":")
    if protocol in ("workspace", "link", "portal", "patch"):
        return None  # a patch is a file of this repository, and the package below it has an entry of its own
    kind, source, host = SourceKind.REGISTRY, "", ""
    if protocol == "npm":
        archive = unquote(rest.partition("::__archiveUrl=")[2])
        host = host_of(archive)
    else:
        spec = read_spec(name, place)
        kind, source, host = spec.kind, spec.source, spec.host
        commit = place.partition("#commit=")[2]
        source = f"{source}#{commit}" if commit and "#" not in source else source
        kind = SourceKind.GIT if commit else SourceKind.PATH if kind is SourceKind.REGISTRY else kind
    version = node.at("version").text
    checksum = node.at("checksum").text
    digest = checksum.rpartition("/")[2]
    return Dependency(
        ecosystem=NPM,
        name=clean(name),
        raw_name=clean(installed),
        spec=clean(version),
        manifest=path,
        line=node.line,
        version=clean(version),
        source_kind=kind,
        source=clean(source),
        host=clean(host),
        direct=installed in roots,
        hashes=(f"sha512:{clean(digest)}",) if digest else (ELSEWHERE,) if node.at("conditions").text else (),
        needs=tuple(clean(item) for field in _LISTS for item in node.at(field).table),
    )
