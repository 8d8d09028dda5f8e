"""Lists of `sha256sum`: its plain form, its escaped names and the tagged form of BSD (coreutils 9.1, `digest.c`)."""

from __future__ import annotations

import re

from trustgate.errors import UsageError

LARGEST = 8 * 1024 * 1024
_PLAIN = re.compile(r"(\\?)([0-9a-fA-F]{64}) [ *](.+)")
_TAGGED = re.compile(r"(\\?)SHA256 \((.+)\) = ([0-9a-fA-F]{64})")
_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}


def read_sums(data: bytes, name: str) -> dict[str, str]:
    """Path to digest (lower case). Raises UsageError with the line that cannot be read; every line counts."""
    if len(data) > LARGEST:
        raise UsageError(f"{name}: over {LARGEST} bytes")
    found: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        row = line.removesuffix("\r")
        if not row or row.startswith("#"):
            continue
        if match := _PLAIN.fullmatch(row):
            escaped, digest, path = match.groups()
        elif match := _TAGGED.fullmatch(row):
            escaped, path, digest = match.groups()
        else:
            raise UsageError(f"{name}: line {number} is no line of sha256sum")
        if escaped:
            path = re.sub(r"\\[\\nr]", lambda part: _ESCAPES[part[0]], path)
        path = path.removeprefix("./")
        if found.setdefault(path, digest.lower()) != digest.lower():
            raise UsageError(f"{name}: line {number} gives {path!r} another digest than an earlier line")
    if not found:
        raise UsageError(f"{name}: no line of sha256sum in it")
    return found


def write_sums(rows: list[tuple[str, str]]) -> str:
    """Lines for `sha256sum -c` from paths and digests; names with a backslash or line break are escaped as it does."""
    out = []
    for path, digest in rows:
        escaped = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        out.append(f"{'' if escaped == path else chr(92)}{digest}  {escaped}\n")
    return "".join(out)
