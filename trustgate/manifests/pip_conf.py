"""pip.conf and pip.ini: indexes and look-up options of any section (pip documentation, "Configuration")."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import Manifest, OpenFile, Setting, bare_address, clean, host_of
from trustgate.manifests.text import text_of

FORMAT = "pip.conf"
_KINDS = ("index-url", "extra-index-url", "find-links", "trusted-host", "no-index", "pre", "index")
_KEY = re.compile(r"([A-Za-z_-]{1,60})\s*[=:]\s*(.*)$")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError over the size limit. Further lines of a value are indented."""
    del open_file
    settings: list[Setting] = []
    key = ""
    for number, line in enumerate(text_of(path, data).split("\n"), 1):
        text = line.strip()
        if not text or text[0] in "#;[":
            continue
        match = None if line[0].isspace() else _KEY.match(text)
        if match:
            key, text = match[1].lower().replace("_", "-"), match[2]
        if key in _KINDS:
            for value in text.split():
                host = value.partition(":")[0] if key == "trusted-host" else host_of(value)
                settings.append(Setting(key, clean(bare_address(value)), clean(host), path, number))
    return Manifest(path, FORMAT, (), tuple(settings))
