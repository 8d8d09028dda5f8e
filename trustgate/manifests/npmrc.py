""".npmrc of npm and pnpm, and .yarnrc of Yarn 1: where packages come from, and whether it is checked."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import Manifest, OpenFile, Setting, bare_address, clean, host_of
from trustgate.manifests.text import text_of

FORMAT = ".npmrc"
_LINE = re.compile(r"\s*[\"']?([^\s=\"'#;][^=\s\"']{0,300})[\"']?\s*(?:=|\s)\s*[\"']?([^\"'\n]{0,1000}?)[\"']?\s*$")
_LOOSE = {
    "strict-ssl": "false",
    "ignore-scripts": "false",
    "package-lock": "false",
    "verify-store-integrity": "false",
    "dangerously-allow-all-builds": "true",
    "audit": "false",
}


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError over the size limit. Tokens and passwords are not kept."""
    del open_file
    settings: list[Setting] = []
    for number, line in enumerate(text_of(path, data).split("\n"), 1):
        text = line.strip()
        match = _LINE.match(text) if text and text[0] not in "#;" else None
        if match is None:
            continue
        key, value = match[1].lower(), match[2]
        if key == "registry" or key.endswith(":registry"):
            place = clean(bare_address(value))
            scope = key.rpartition(":")[0]
            settings.append(
                Setting(
                    "scope-registry" if scope else "registry",
                    f"{scope} {place}".strip(),
                    clean(host_of(value)),
                    path,
                    number,
                )
            )
        elif key == "yarn-offline-mirror":
            settings.append(Setting("registry", clean(value), "", path, number))
        elif _LOOSE.get(key) == value.lower():
            settings.append(Setting(key, clean(value), "", path, number))
    return Manifest(path, FORMAT, (), tuple(settings))
