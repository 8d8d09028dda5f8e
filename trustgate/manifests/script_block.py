"""The `# /// script` block of a Python file (PEP 723): its dependencies and uv's indexes."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import Dependency, Manifest, ManifestError, OpenFile, Problem
from trustgate.manifests.text import text_of

FORMAT = "script block"
_OPENS = re.compile(r"# /// script[ \t]*$")
_LIMIT = 64 * 1024


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """The block read as a pyproject of its own, at the lines of the file. Raises ManifestError."""
    from trustgate.manifests import pyproject

    lines = text_of(path, data).replace("\r\n", "\n").split("\n")
    starts = [number for number, line in enumerate(lines) if _OPENS.match(line)]
    if not starts:
        return Manifest(path, FORMAT)
    if len(starts) > 1:
        raise ManifestError(path, "two script blocks", starts[1] + 1)
    inner: list[str] = []
    closed = -1
    for number in range(starts[0] + 1, len(lines)):
        line = lines[number]
        if line != "#" and not line.startswith("# "):
            break
        if line.rstrip() == "# ///":
            closed = len(inner)
        inner.append(line[2:])
    if closed < 0:
        raise ManifestError(path, "a script block that is not closed", starts[0] + 1)
    block = "\n".join(inner[:closed])
    if len(block) > _LIMIT:
        raise ManifestError(path, f"a script block of over {_LIMIT} characters", starts[0] + 1)
    # `dependencies` stands at the top of a block and in `[project]` of a pyproject: the heading takes the opening line
    written = pyproject.read(path, f"[project]\n{block}".encode("utf-8", "surrogateescape"), open_file)
    move = starts[0]

    def at(item: Dependency) -> Dependency:
        return item._replace(line=item.line + move)

    return Manifest(
        path,
        FORMAT,
        tuple(at(item) for item in written.dependencies),
        tuple(item._replace(line=item.line + move) for item in written.settings),
        tuple(Problem(path, item.line + move, item.reason, item.text) for item in written.problems),
    )
