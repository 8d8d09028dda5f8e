"""gradle.lockfile: `group:artifact:version=configurations` (Gradle documentation, "Locking Versions")."""

from __future__ import annotations

from trustgate.manifests.dependency import MAVEN, Dependency, Manifest, ManifestError, OpenFile, clean
from trustgate.manifests.text import LOCK_LIMIT, text_of

FORMAT = "gradle.lockfile"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError. The file holds no hashes and no roots."""
    del open_file
    found: list[Dependency] = []
    for number, line in enumerate(text_of(path, data, LOCK_LIMIT).split("\n"), 1):
        text = line.strip()
        if not text or text[0] == "#" or text.startswith("empty="):
            continue
        parts = text.partition("=")[0].split(":")
        if len(parts) != 3 or not all(parts):
            raise ManifestError(path, "a line that is not group:artifact:version", number)
        name, version = clean(f"{parts[0]}:{parts[1]}"), clean(parts[2])
        found.append(Dependency(MAVEN, name, name, version, path, number, version, direct=False))
    return Manifest(path, FORMAT, tuple(found), lock=True)
