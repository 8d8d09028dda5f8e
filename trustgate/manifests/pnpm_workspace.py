"""pnpm-workspace.yaml: catalogs, overrides and the packages that may run install scripts (pnpm documentation)."""

from __future__ import annotations

from trustgate.manifests.dependency import Dependency, Manifest, OpenFile, Problem, Setting, clean, host_of
from trustgate.manifests.npm_spec import npm_dependency
from trustgate.manifests.package_json import override_target
from trustgate.manifests.text import text_of
from trustgate.manifests.yaml_text import Node, load_yaml

FORMAT = "pnpm-workspace"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    document = load_yaml(path, text_of(path, data))[0]
    found: list[Dependency] = []
    twice: list[Problem] = []
    tables = [("runtime", document.at("catalog"))]
    tables += [("runtime", node) for node in document.at("catalogs").table.values()]
    tables += [("override", document.at("overrides"))]
    for group, table in tables:
        twice.extend(Problem(path, line, f"the key {clean(key)} stands twice", clean(key)) for key, line in table.twice)
        for name, node in table.table.items():
            key = override_target(name) if group == "override" else name
            if node.text and not node.text.startswith("$"):
                made = npm_dependency(key, node.text, path, node.line, group)
                found.append(made._replace(direct=group != "override"))
    settings = [*_scripts(path, document)]
    for key in ("registry", "registries"):
        node = document.at(key)
        for place in (node, *node.table.values()):
            if place.text:
                settings.append(Setting("registry", clean(place.text), clean(host_of(place.text)), path, place.line))
    return Manifest(path, FORMAT, tuple(found), tuple(settings), twice=tuple(twice))


def _scripts(path: str, document: Node) -> list[Setting]:
    listed = [(node.text, node.line) for node in document.at("onlyBuiltDependencies").items]
    listed += [(name, node.line) for name, node in document.at("allowBuilds").table.items() if node.text == "true"]
    if document.at("dangerouslyAllowAllBuilds").text == "true":
        listed.append(("all packages", document.at("dangerouslyAllowAllBuilds").line))
    return [Setting("install-scripts", clean(name), "", path, line) for name, line in listed if name]
