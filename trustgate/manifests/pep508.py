"""One Python requirement: name, specifier, address. Common lines are read here; `packaging` judges the rest.

Importing `packaging.requirements` costs tens of milliseconds, which a hook does not have.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from trustgate.manifests.dependency import (
    PYPI,
    Dependency,
    SourceKind,
    bare_address,
    clean,
    host_of,
    normal_pypi,
)

_COMMON = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)[ \t]*(?:\[([^\[\]]*)\])?[ \t]*(.*)", re.DOTALL)
_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)[ \t]*([A-Za-z0-9._*+!-]+)")
_ADDRESS = re.compile(r"(?:git|hg|svn|bzr)\+[a-z+]+:|[a-z][a-z0-9+.-]*://|file:", re.IGNORECASE)
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz")


class BadRequirement(ValueError):
    """A requirement that cannot be read; the text says why."""


class Requirement(NamedTuple):
    name: str
    spec: str
    version: str = ""
    address: str = ""
    """URL or path as written, credentials included; empty for a registry requirement"""


def parse_requirement(text: str) -> Requirement:
    """Reads PEP 508, a bare address and a path, as pip does. Raises BadRequirement."""
    text = text.strip()
    if _ADDRESS.match(text) or text.startswith((".", "/")) or _is_archive(text):
        return Requirement(_name_in_address(text), "", address=text)
    match = _COMMON.match(text)
    if not match:
        if text[:1].isalnum() or any(ord(char) > 127 for char in text[:3]):
            name = re.split(r"[\s<>=!~;@\[(]", text, maxsplit=1)[0]
            if name and not name.isascii():
                return Requirement(name, text[len(name) :].strip())
        raise BadRequirement("not a requirement")
    name, rest = match[1], match[3].partition(";")[0].strip()
    if rest and ord(rest[0]) > 127:  # a look-alike letter in the middle of a name
        tail = re.split(r"[\s<>=!~;@\[(]", rest, maxsplit=1)[0]
        return Requirement(name + tail, rest[len(tail) :].strip())
    if rest.startswith("@"):
        return Requirement(name, rest, address=rest[1:].strip().partition(" ")[0])
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1].strip()
    clauses = [clause.strip() for clause in rest.split(",")] if rest else []
    parsed = [_CLAUSE.fullmatch(clause) for clause in clauses if clause]
    if not all(parsed):
        return _by_packaging(text)
    pins = [clause[2] for clause in parsed if clause and clause[1] in ("==", "===") and "*" not in clause[2]]
    return Requirement(name, rest, version=pins[0] if pins else "")


def _by_packaging(text: str) -> Requirement:
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Packaged

    try:
        read = Packaged(text)
    except InvalidRequirement as error:
        raise BadRequirement(str(error).partition("\n")[0]) from error
    pins = [item.version for item in read.specifier if item.operator in ("==", "===") and "*" not in item.version]
    return Requirement(read.name, str(read.specifier), pins[0] if pins else "", read.url or "")


def _is_archive(text: str) -> bool:
    return text.partition("#")[0].partition(" ")[0].lower().endswith(_ARCHIVES)


def _name_in_address(address: str) -> str:
    egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", address)
    if egg:
        return egg[1]
    last = address.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    for suffix in _ARCHIVES:
        last = last.removesuffix(suffix)
    head = re.match(r"[A-Za-z0-9._]+(?:-[A-Za-z_][A-Za-z0-9._]*)*", last.partition("@")[0].removesuffix(".git"))
    return head[0] if head else ""


def source_of(address: str) -> tuple[SourceKind, str]:
    """Kind and address without credentials, of what stands behind `@` or alone on a line."""
    if not address:
        return SourceKind.REGISTRY, ""
    scheme = address.partition(":")[0].lower()
    if scheme.partition("+")[0] in ("git", "hg", "svn", "bzr"):
        return SourceKind.GIT, bare_address(address)
    if scheme == "file" or "://" not in address:
        return SourceKind.PATH, bare_address(address)
    return SourceKind.URL, bare_address(address)


def python_dependency(text: str, manifest: str, line: int, group: str) -> Dependency:
    """A requirement as a Dependency. Raises BadRequirement."""
    read = parse_requirement(text)
    kind, source = source_of(read.address)
    name = clean(read.name) or source.rstrip("/").rpartition("/")[2] or source
    made = Dependency(
        ecosystem=PYPI,
        name=normal_pypi(name),
        raw_name=name,
        spec=clean(read.spec) if not read.address else clean(source),
        manifest=manifest,
        line=line,
        version=clean(read.version),
        source_kind=kind,
        source=clean(source),
        group=group,
    )
    return made._replace(host=host_of(source)) if kind in (SourceKind.GIT, SourceKind.URL) else made
