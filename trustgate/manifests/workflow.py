"""CI files: actions (`uses:`), install commands of steps and the environment they run in.

GitHub workflows and composite actions; of GitLab, CircleCI, Azure, Bitbucket and Travis the scripts.
"""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.manifests.dependency import (
    GITHUB,
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    Setting,
    SourceKind,
    clean,
)
from trustgate.manifests.installs import installs, variable
from trustgate.manifests.text import text_of
from trustgate.manifests.yaml_text import Node, load_yaml

FORMAT = "workflow"
_SCRIPTS = (
    "run",
    "script",
    "before_script",
    "after_script",
    "before_install",
    "install",
    "bash",
    "command",
    "commands",
)
_COUNT = 50_000
"""entries that are looked at; aliases may show one of them many times"""


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    found: list[Dependency] = []
    settings: list[Setting] = []
    lines: list[tuple[int, str]] = []
    for key, node in _entries(path, load_yaml(path, text_of(path, data))):
        if key == "uses" and node.text:
            made = used(path, node.text, node.line)
            found.extend([made] if made else [])
        elif key in ("env", "variables", "environment"):
            for name, value in node.table.items():
                made_setting = variable(path, name, value.text, value.line) if "$" not in value.text else None
                settings.extend([made_setting] if made_setting else [])
        elif key in _SCRIPTS:
            for one in (node, *node.items):
                lines.extend(_lines(one))
    commands = installs(path, lines)
    return Manifest(
        path,
        FORMAT,
        tuple(dict.fromkeys((*found, *commands.dependencies))),
        (*settings, *commands.settings),
        tuple(commands.problems),
    )


def _entries(path: str, documents: list[Node]) -> Iterator[tuple[str, Node]]:
    """Every key and what stands under it; an object that aliases share is looked at once. Raises ManifestError."""
    seen: set[int] = set()
    waiting = list(documents)
    while waiting:
        if len(seen) >= _COUNT:
            raise ManifestError(path, f"it has over {_COUNT} entries")
        node = waiting.pop()
        if isinstance(node.value, str) or id(node.value) in seen:
            continue
        seen.add(id(node.value))
        if isinstance(node.value, dict):
            yield from node.value.items()
            waiting.extend(node.value.values())
        else:
            waiting.extend(node.value)


def _lines(node: Node) -> list[tuple[int, str]]:
    """Shell text of a step; each step ends with an empty line, so that none is joined with the next."""
    if not node.text:
        return []
    if not node.block:
        return [(node.line, node.text), (node.line, "")]
    lines = node.text.split("\n")
    mark = " \\" if node.folded else ""
    return [*((node.line + 1 + number, line + (mark if line else "")) for number, line in enumerate(lines)), (0, "")]


def used(path: str, text: str, line: int) -> Dependency | None:
    """`owner/repository/folder@ref`; None for a step of the repository itself, an image, and what is computed."""
    place, _, ref = text.partition("@")
    parts = place.split("/")
    if place.startswith((".", "docker:")) or len(parts) < 2 or "$" in text or "://" in text:
        return None
    name = clean("/".join(parts[:2]).lower())
    return Dependency(
        ecosystem=GITHUB,
        name=name,
        raw_name=name,
        spec=clean(ref),
        manifest=path,
        line=line,
        version=clean(ref),
        source_kind=SourceKind.GIT,
        source=clean(f"https://github.com/{name}#{ref}"),
        host="github.com",
        group="build",
    )
