""".gemrc and .bundle/config: sources and mirrors of RubyGems and Bundler (their documentation)."""

from __future__ import annotations

from trustgate.manifests.dependency import Manifest, OpenFile, Setting, bare_address, clean, host_of
from trustgate.manifests.text import text_of
from trustgate.manifests.yaml_text import load_yaml

FORMAT = ".gemrc"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    document = load_yaml(path, text_of(path, data))[0]
    settings: list[Setting] = []
    for key in (":sources", "sources"):
        for node in document.at(key).items:
            settings.append(
                Setting("source", clean(bare_address(node.text)), clean(host_of(node.text)), path, node.line)
            )
    for name, node in document.table.items():
        if name.startswith("BUNDLE_MIRROR__") or name == "BUNDLE_RUBYGEMS__URL":
            settings.append(
                Setting("mirror", clean(bare_address(node.text)), clean(host_of(node.text)), path, node.line)
            )
        elif name in (":ssl_verify_mode", "BUNDLE_SSL_VERIFY_MODE") and node.text in ("0", "none"):
            settings.append(Setting("ssl-verify-mode", clean(node.text), "", path, node.line))
    return Manifest(path, FORMAT, (), tuple(settings))
