"""go.sum: the hash of each module that was looked at on the way, far more than are built (Go Modules Reference)."""

from __future__ import annotations

from trustgate.manifests.dependency import GOLANG, Dependency, Manifest, ManifestError, OpenFile, clean
from trustgate.manifests.text import LOCK_LIMIT, text_of

FORMAT = "go.sum"
GROUP = "checksum"
"""an entry that says what a module's bytes are, and not that it is used"""


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError. The hash of a go.mod file stands under the version with `/go.mod` behind it."""
    del open_file
    found: dict[tuple[str, str], Dependency] = {}
    for number, line in enumerate(text_of(path, data, LOCK_LIMIT).split("\n"), 1):
        words = line.split()
        if not words:
            continue
        if len(words) != 3 or ":" not in words[2]:
            raise ManifestError(path, "a line that is not module, version and hash", number)
        name, version, digest = (clean(word) for word in words)
        kept = found.get((name, version))
        if kept is None:
            found[name, version] = Dependency(
                GOLANG, name, name, version, path, number, version, group=GROUP, direct=False, hashes=(digest,)
            )
        elif digest not in kept.hashes:
            found[name, version] = kept._replace(hashes=(*kept.hashes, digest))
    return Manifest(path, FORMAT, tuple(found.values()), lock=True)
