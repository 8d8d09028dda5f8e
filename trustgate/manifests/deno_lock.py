"""deno.lock, versions 2 to 5 (Deno documentation): npm and JSR packages, and addresses with the hash of their text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trustgate.manifests.deno_spec import deno_dependency, split
from trustgate.manifests.dependency import JSR, NPM, Dependency, Manifest, ManifestError, OpenFile, clean
from trustgate.manifests.text import LOCK_LIMIT, json_key_lines, load_json, text_of

FORMAT = "deno.lock"
_VERSIONS = ("2", "3", "4", "5")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a version that is not known."""
    del open_file
    text = text_of(path, data, LOCK_LIMIT)
    document = load_json(path, text)
    version = document.get("version")
    if version not in _VERSIONS:
        raise ManifestError(path, f"deno.lock version {clean(version)} is not known")
    lines = json_key_lines(text, 4)
    places = {keys[-1]: numbers[0] for keys, numbers in reversed(list(lines.items()))}
    parts = document if version in ("4", "5") else _table(document, "packages")
    specifiers = _table(parts, "specifiers")
    npm = _table(parts, "npm")
    if version == "2":
        specifiers, npm = (
            _table(npm or _table(document, "npm"), "specifiers"),
            _table(_table(document, "npm"), "packages"),
        )
    roots = {split(str(key).partition(":")[2] or str(key))[0] for key in specifiers}
    found = [*_packages(path, npm, NPM, places, roots), *_packages(path, _table(parts, "jsr"), JSR, places, roots)]
    for address, digest in _table(document, "remote").items():
        made = deno_dependency(address, address, path, places.get(address, 1))
        if made is not None:
            found.append(made._replace(hashes=(f"sha256:{clean(digest)}",), direct=False))
    return Manifest(path, FORMAT, tuple(found), lock=True, roots=tuple(sorted(clean(name) for name in roots)))


def _table(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _packages(
    path: str, packages: dict[str, Any], ecosystem: str, places: dict[str, int], roots: set[str]
) -> Iterator[Dependency]:
    for key, entry in packages.items():
        name, version = split(key)
        fields = entry if isinstance(entry, dict) else {}
        integrity = str(fields.get("integrity") or "")
        if integrity and "-" not in integrity:
            integrity = f"sha256:{integrity}"
        asked = fields.get("dependencies")
        needs = [str(item).partition(":")[2] or str(item) for item in asked] if isinstance(asked, (list, dict)) else []
        yield Dependency(
            ecosystem=ecosystem,
            name=clean(name),
            raw_name=clean(name),
            spec=clean(version.partition("_")[0]),
            manifest=path,
            line=places.get(key, 1),
            version=clean(version.partition("_")[0]),
            direct=name in roots,
            hashes=(clean(integrity),) if integrity else (),
            install_script=fields.get("scripts") is True,
            needs=tuple(clean(split(item)[0]) for item in needs),
        )
