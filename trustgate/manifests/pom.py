"""pom.xml and settings.xml of Maven: dependencies, plugins, parent, extensions, repositories (Maven documentation)."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import (
    MAVEN,
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    Problem,
    Setting,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.text import text_of
from trustgate.manifests.xml_text import Element, elements

FORMAT = "pom.xml"
_KINDS = {"dependency": "runtime", "plugin": "build", "parent": "build", "extension": "build", "path": "build"}
_PLACES = {"repository": "repository", "pluginRepository": "repository", "mirror": "mirror"}
_PLUGINS = "org.apache.maven.plugins"
_HOLE = re.compile(r"\$\{([A-Za-z0-9_.\-]{1,200})\}")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError. Properties of the same file are filled in, those of a parent elsewhere are not."""
    del open_file
    listed = elements(path, text_of(path, data))
    root = listed[-1].path[0] if listed else ""
    if root not in ("project", "settings", "extensions"):
        raise ManifestError(path, f"the root is <{clean(root)}>, not <project> or <settings>", 1)
    fields: dict[int, dict[str, Element]] = {}
    for item in listed:
        fields.setdefault(item.order, {}).setdefault(item.path[-1], item)
    properties = {
        item.path[-1]: item.text
        for item in listed
        if item.path[:2] == ("project", "properties") and len(item.path) == 3
    }
    project = fields.get(listed[-1].number, {})
    for key in ("version", "groupId", "artifactId"):
        if key in project:
            properties.setdefault(f"project.{key}", project[key].text)
    found: list[Dependency] = []
    settings: list[Setting] = []
    problems: list[Problem] = []
    for item in listed:
        mine = fields.get(item.number, {})
        name = item.path[-1]
        if name in _PLACES and "url" in mine and "distributionManagement" not in item.path:
            place = _filled(mine["url"].text, properties)
            settings.append(
                Setting(_PLACES[name], clean(bare_address(place)), clean(host_of(place)), path, mine["url"].line)
            )
        elif name in _KINDS and "artifactId" in mine and (name != "parent" or len(item.path) == 2):
            found.append(_entry(path, item, mine, properties))
        elif name == "dependency" and item.path[0] == "project" and len(mine) > 0:
            problems.append(Problem(path, item.line, "a dependency without artifactId", clean(sorted(mine))))
    return Manifest(path, FORMAT, tuple(found), tuple(settings), tuple(problems))


def _filled(text: str, properties: dict[str, str]) -> str:
    return _HOLE.sub(lambda hole: properties.get(hole[1], hole[0])[:300], text)


def _entry(path: str, item: Element, mine: dict[str, Element], properties: dict[str, str]) -> Dependency:
    def value(key: str) -> str:
        return _filled(mine[key].text, properties) if key in mine else ""

    group = value("groupId") or (_PLUGINS if item.path[-1] == "plugin" else "")
    name = clean(f"{group}:{value('artifactId')}")
    spec = clean(value("version"))
    scope = value("scope")
    kind = _KINDS[item.path[-1]] if scope != "test" else "dev"
    managed = "dependencyManagement" in item.path or "pluginManagement" in item.path
    return Dependency(
        ecosystem=MAVEN,
        name=name,
        raw_name=name,
        spec=spec,
        manifest=path,
        line=mine["artifactId"].line,
        version="" if "${" in spec or spec[:1] in "[(" else spec,
        group="constraint" if managed and scope != "import" else kind,
    )
