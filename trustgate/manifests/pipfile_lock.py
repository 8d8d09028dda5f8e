"""Pipfile.lock, pipfile-spec 6 (Pipenv documentation)."""

from __future__ import annotations

from trustgate.manifests.beside import roots_beside
from trustgate.manifests.dependency import (
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    SourceKind,
    clean,
    host_of,
)
from trustgate.manifests.pipfile import pipenv_entry
from trustgate.manifests.text import LOCK_LIMIT, json_key_lines, load_json, text_of

FORMAT = "Pipfile.lock"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a pipfile-spec that is not known. An index by name resolves to its address."""
    text = text_of(path, data, LOCK_LIMIT)
    document = load_json(path, text)
    meta = document.get("_meta")
    meta = meta if isinstance(meta, dict) else {}
    if meta.get("pipfile-spec") != 6:
        raise ManifestError(path, f"pipfile-spec {clean(meta.get('pipfile-spec'))} is not known")
    lines = json_key_lines(text, 2)
    roots = roots_beside(path, "Pipfile", "pipfile", open_file)
    listed = meta.get("sources")
    sources = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    places = {str(item.get("name")): str(item.get("url", "")) for item in sources}
    found: list[Dependency] = []
    for table, entries in document.items():
        if table == "_meta" or not isinstance(entries, dict):
            continue
        for name, entry in entries.items():
            line = lines.get((table, name), [1])[-1]
            made = pipenv_entry(path, name, entry, "runtime" if table == "default" else "dev", line)
            host = host_of(places.get(made.source, "")) if made.source_kind is SourceKind.INDEX else made.host
            if made.source_kind is SourceKind.INDEX:  # every entry names one, the default one too
                made = made._replace(source_kind=SourceKind.REGISTRY, source="")
            found.append(made._replace(direct=made.name in roots, host=clean(host), spec=made.version or made.spec))
    return Manifest(path, FORMAT, tuple(found), lock=True, roots=roots)
