"""uv.lock and poetry.lock: `[[package]]` tables with name, version, source and file hashes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from trustgate.manifests.dependency import (
    PYPI,
    Dependency,
    ManifestError,
    SourceKind,
    bare_address,
    clean,
    host_of,
    normal_pypi,
)
from trustgate.manifests.text import TOML_LOCK_LIMIT, load_toml, text_of

_SEPARATOR = "\n[[package]]\n"


def package_lines(text: str) -> Iterator[int]:
    """1-based lines of the `name = …` entry of each `[[package]]`, in order."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if line.strip() == "[[package]]":
            inside = range(number, min(number + 4, len(lines)))
            yield next((index + 1 for index in inside if lines[index].lstrip().startswith("name")), number)


def _by_blocks(text: str) -> dict[str, Any] | None:
    """The document, read package by package: the two sides of a change share nearly all of them, each is parsed once.

    None where the pieces do not stand on their own (a multi-line string that holds the separator, a key that stands
    twice): then the whole is parsed. A piece that parses alone reads the same inside the whole.
    """
    head, *blocks = text.replace("\r\n", "\n").split(_SEPARATOR)
    packages: list[Any] = []
    try:
        document = dict(_block(head + "\n"))
        for block in blocks:
            piece = _block("[[package]]\n" + block)
            packages.extend(piece["package"])
            rest = {key: value for key, value in piece.items() if key != "package"}
            if rest.keys() & document.keys() or "package" in document:
                return None
            document.update(rest)
    except ManifestError:
        return None
    return {**document, "package": packages} if blocks else None


@lru_cache(maxsize=8192)
def _block(text: str) -> dict[str, Any]:
    return load_toml("", text)


def packages_of(path: str, data: bytes) -> Iterator[tuple[dict[str, Any], dict[str, Any], int]]:
    """(document, package, line) for each package. Raises ManifestError."""
    text = text_of(path, data, TOML_LOCK_LIMIT)
    document = _by_blocks(text) or load_toml(path, text)
    packages = document.get("package", [])
    if not isinstance(packages, list):
        raise ManifestError(path, "`package` is not an array of tables")
    lines = list(package_lines(text))
    for index, package in enumerate(packages):
        if isinstance(package, dict) and isinstance(package.get("name"), str):
            yield document, package, lines[index] if len(lines) == len(packages) else 1
        else:
            raise ManifestError(path, f"package {index + 1} has no name")


def locked(
    path: str,
    package: dict[str, Any],
    line: int,
    *,
    kind: SourceKind = SourceKind.REGISTRY,
    source: str = "",
    host: str = "",
    hashes: tuple[str, ...] = (),
    direct: bool = False,
) -> Dependency:
    version = clean(package.get("version", ""))
    return Dependency(
        ecosystem=PYPI,
        name=normal_pypi(clean(package["name"])),
        raw_name=clean(package["name"]),
        spec=version,
        manifest=path,
        line=line,
        version=version,
        source_kind=kind,
        source=clean(bare_address(source)),
        host=clean(host or host_of(source)),
        direct=direct,
        hashes=tuple(clean(item) for item in hashes),
    )
