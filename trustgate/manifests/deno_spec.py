"""What Deno names: `npm:name@range`, `jsr:@scope/name@range`, and addresses (Deno documentation)."""

from __future__ import annotations

from trustgate.manifests.dependency import (
    GENERIC,
    JSR,
    NPM,
    Dependency,
    SourceKind,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.npm_spec import exact


def split(specifier: str) -> tuple[str, str]:
    """`@scope/name@range/path` as name and range."""
    text = specifier.lstrip("/")
    at = text.find("@", 1)
    slash = text.find("/", text.find("/") + 1 if text.startswith("@") else 0)
    if at < 0 or 0 <= slash < at:
        return (text if slash < 0 else text[:slash]), ""
    return text[:at], text[at + 1 :].partition("/")[0]


def deno_dependency(key: str, specifier: str, manifest: str, line: int) -> Dependency | None:
    """None for a local path and for modules of the runtime (`node:fs`)."""
    protocol, colon, rest = specifier.partition(":")
    if colon and protocol in ("npm", "jsr"):
        name, spec = split(rest)
        ecosystem = NPM if protocol == "npm" else JSR
        version = exact(spec)
        return Dependency(ecosystem, clean(name), clean(name), clean(spec), manifest, line, clean(version))
    if colon and protocol in ("http", "https"):
        address = bare_address(specifier)
        return Dependency(
            ecosystem=GENERIC,
            name=clean(address.partition("://")[2]),
            raw_name=clean(key),
            spec=clean(address),
            manifest=manifest,
            line=line,
            source_kind=SourceKind.URL,
            source=clean(address),
            host=clean(host_of(address)),
        )
    return None
