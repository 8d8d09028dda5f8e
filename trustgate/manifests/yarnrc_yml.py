""".yarnrc.yml of Yarn 2 and later: registries, and what loosens a check (Yarn documentation)."""

from __future__ import annotations

from trustgate.manifests.dependency import Dependency, Manifest, OpenFile, Setting, bare_address, clean, host_of
from trustgate.manifests.npm_spec import npm_dependency
from trustgate.manifests.text import text_of
from trustgate.manifests.yaml_text import Node, load_yaml

FORMAT = ".yarnrc.yml"
_LOOSE = {
    "enableStrictSsl": "false",
    "checksumBehavior": "update",
    "enableImmutableInstalls": "false",
    "enableHardenedMode": "false",
}


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    document = load_yaml(path, text_of(path, data))[0]
    settings: list[Setting] = []
    for name, node in document.table.items():
        if name == "npmRegistryServer":
            settings.append(_place(path, "registry", "", node))
        elif name in ("npmScopes", "npmRegistries"):
            for scope, inner in node.table.items():
                server = inner.at("npmRegistryServer")
                if server.text or name == "npmRegistries":
                    settings.append(
                        _place(path, "scope-registry", scope, server if server.text else Node(scope, inner.line))
                    )
        elif name == "plugins":
            for item in node.items:
                spec = item.at("spec").text or item.text
                if "://" in spec:
                    settings.append(Setting("plugin", clean(bare_address(spec)), clean(host_of(spec)), path, item.line))
        elif _LOOSE.get(name) == node.text:
            settings.append(Setting(name, clean(node.text), "", path, node.line))
    found: list[Dependency] = []
    for table in (document.at("catalog"), *document.at("catalogs").table.values()):
        for name, node in table.table.items():
            if node.text:
                found.append(npm_dependency(name, node.text, path, node.line, "runtime"))
    return Manifest(path, FORMAT, tuple(found), tuple(settings))


def _place(path: str, kind: str, scope: str, node: Node) -> Setting:
    return Setting(
        kind, f"{clean(scope)} {clean(bare_address(node.text))}".strip(), clean(host_of(node.text)), path, node.line
    )
