"""environment.yml of conda: its own packages, and those of the nested `pip:` list (conda documentation)."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import (
    CONDA,
    Dependency,
    Manifest,
    OpenFile,
    Problem,
    Setting,
    SourceKind,
    bare_address,
    clean,
    host_of,
    pinned_version,
)
from trustgate.manifests.pep508 import BadRequirement, python_dependency
from trustgate.manifests.requirements import requirement_lines
from trustgate.manifests.text import text_of
from trustgate.manifests.yaml_text import Node, load_yaml

FORMAT = "environment.yml"
_MATCH = re.compile(r"(?:(?P<channel>[^\s:]+)::)?(?P<name>[A-Za-z0-9_.\-]+)\s*(?P<spec>[^\[\]]*)(?:\[.*\])?$")
_USUAL_CHANNELS = ("defaults", "conda-forge", "nodefaults", "bioconda", "main", "r")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError. A channel that is none of the usual ones is a setting: packages come from there."""
    document = load_yaml(path, text_of(path, data))[0]
    found: list[Dependency] = []
    settings: list[Setting] = []
    problems: list[Problem] = []
    includes: list[str] = []
    for node in document.at("channels").items:
        if node.text and node.text not in _USUAL_CHANNELS:
            place = bare_address(node.text)
            settings.append(Setting("channel", clean(place), clean(host_of(place)), path, node.line))
    for node in document.at("dependencies").items:
        if node.table:
            for item in node.at("pip").items:
                lines = requirement_lines(path, item.text, item.line, open_file)
                found.extend(lines.dependencies)
                settings.extend(lines.settings)
                problems.extend(lines.problems)
                includes.extend(lines.includes)
        elif node.text:
            _conda(path, node, found, problems)
    return Manifest(path, FORMAT, tuple(found), tuple(settings), tuple(problems), tuple(includes))


def _conda(path: str, node: Node, found: list[Dependency], problems: list[Problem]) -> None:
    if "://" in node.text:
        try:
            found.append(python_dependency(node.text, path, node.line, "runtime")._replace(ecosystem=CONDA))
        except BadRequirement as error:
            problems.append(Problem(path, node.line, str(error), clean(node.text)))
        return
    match = _MATCH.match(node.text)
    if match is None:
        problems.append(Problem(path, node.line, "not a conda package", clean(node.text)))
        return
    name, spec, channel = match["name"].lower(), match["spec"].strip(), match["channel"] or ""
    version = spec.lstrip("=").strip().partition("=")[0]
    found.append(
        Dependency(
            ecosystem=CONDA,
            name=clean(name),
            raw_name=clean(match["name"]),
            spec=clean(spec),
            manifest=path,
            line=node.line,
            version=clean(pinned_version(version)) if spec.startswith("=") and "*" not in spec else "",
            source_kind=SourceKind.INDEX if channel and channel not in _USUAL_CHANNELS else SourceKind.REGISTRY,
            source=clean(channel) if channel not in _USUAL_CHANNELS else "",
        )
    )
