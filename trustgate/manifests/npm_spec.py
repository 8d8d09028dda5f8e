"""What stands behind a name in package.json: range, alias, git, address or path (npm documentation, package.json)."""

from __future__ import annotations

import re
from typing import NamedTuple

from trustgate.manifests.dependency import NPM, Dependency, SourceKind, bare_address, clean, host_of

_VERSION = re.compile(r"[=v]*([0-9]+\.[0-9]+\.[0-9]+(?:[-+][A-Za-z0-9.+-]+)?)")
_SHORTHAND = re.compile(r"(?:github:|gitlab:|bitbucket:|gist:)?[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(?:#.*)?")
_ALIAS = re.compile(r"(@[^@/\s]+/[^@\s]+|[^@\s]+)(?:@(.*))?")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Spec(NamedTuple):
    name: str
    spec: str
    version: str
    kind: SourceKind
    source: str
    host: str = ""


def read_spec(key: str, text: str) -> Spec:
    """`key` is the name as written; an alias (`npm:other@1`) yields the other name."""
    text = text.strip()
    protocol, colon, rest = text.partition(":")
    if colon and protocol in ("workspace", "link", "portal"):
        return Spec(key, clean(text), "", SourceKind.WORKSPACE, "")
    if colon and protocol == "file":
        return Spec(key, clean(text), "", SourceKind.PATH, clean(rest))
    if colon and protocol == "npm":
        target = _ALIAS.fullmatch(rest)
        if target and not re.match(r"[\^~<>=*]|[0-9xv.]+$|[0-9]+\.", target[1]):
            return Spec(target[1], clean(target[2] or ""), exact(target[2] or ""), SourceKind.REGISTRY, "")
        return Spec(key, clean(rest), exact(rest), SourceKind.REGISTRY, "")
    if protocol.startswith("git+") or protocol == "git" or text.startswith("git@") or "://" in text:
        git = protocol.startswith("git") or ".git" in text.rpartition("/")[2] or text.startswith("ssh:")
        kind = SourceKind.GIT if git else SourceKind.URL
        return Spec(key, clean(_address(text)), "", kind, clean(_address(text)), clean(host_of(text)))
    if text.startswith(("./", "../", "/", "~/")) or text.endswith((".tgz", ".tar.gz")):
        return Spec(key, clean(text), "", SourceKind.PATH, clean(text))
    if _SHORTHAND.fullmatch(text) and "/" in text:
        return Spec(
            key, clean(text), "", SourceKind.GIT, clean(text), clean(_shorthand_host(protocol if colon else ""))
        )
    return Spec(key, clean(text), exact(text), SourceKind.REGISTRY, "")


def exact(spec: str) -> str:
    match = _VERSION.fullmatch(spec.strip())
    return clean(match[1]) if match else ""


def _shorthand_host(protocol: str) -> str:
    return {"gitlab": "gitlab.com", "bitbucket": "bitbucket.org", "gist": "gist.github.com"}.get(protocol, "github.com")


def _address(text: str) -> str:
    """The address without credentials; a commit or tag behind `#` says whether it is pinned, so it stays."""
    ref = text.partition("#")[2]
    return bare_address(text) + (f"#{ref}" if ref and "=" not in ref and "@" not in ref else "")


def pinned_commit(source: str) -> bool:
    """Whether a git source ends in a full commit id, behind `#` (npm) or `@` (Python)."""
    return bool(_COMMIT.fullmatch(source.rpartition("#")[2])) or bool(_COMMIT.fullmatch(source.rpartition("@")[2]))


def npm_dependency(key: str, text: str, manifest: str, line: int, group: str) -> Dependency:
    read = read_spec(key, text)
    return Dependency(
        ecosystem=NPM,
        name=clean(read.name),
        raw_name=clean(key),
        spec=read.spec,
        manifest=manifest,
        line=line,
        version=read.version,
        source_kind=read.kind,
        source=read.source,
        host=read.host,
        group=group,
    )
