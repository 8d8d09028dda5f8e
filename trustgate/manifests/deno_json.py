"""deno.json, deno.jsonc and import maps: `imports` and `scopes` (Deno documentation)."""

from __future__ import annotations

from trustgate.manifests.deno_spec import deno_dependency
from trustgate.manifests.dependency import Dependency, Manifest, OpenFile, Problem, clean
from trustgate.manifests.jsonc import load_jsonc
from trustgate.manifests.text import json_key_lines, text_of

FORMAT = "deno.json"


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError."""
    del open_file
    document, bare = load_jsonc(path, text_of(path, data))
    lines = json_key_lines(bare, 3)
    found: list[Dependency] = []
    problems: list[Problem] = []
    twice: list[Problem] = []
    scopes = document.get("scopes")
    tables: list[tuple[tuple[str, ...], object]] = [(("imports",), document.get("imports"))]
    tables += [(("scopes", key), value) for key, value in (scopes.items() if isinstance(scopes, dict) else ())]
    for where, entries in tables:
        if entries is not None and not isinstance(entries, dict):
            problems.append(Problem(path, lines.get(where, [1])[-1], f"{clean(where[-1])} is not an object"))
            continue
        for key, value in (entries or {}).items():
            places = lines.get((*where, key), [1])
            made = deno_dependency(key, value, path, places[-1]) if isinstance(value, str) else None
            if made is not None:
                found.append(made)
            if len(places) > 1:
                twice.append(Problem(path, places[-1], f"the key {clean(key)} stands twice", clean(key)))
    name = document.get("name")
    return Manifest(
        path,
        FORMAT,
        tuple(found),
        (),
        tuple(problems),
        own=(clean(name),) if isinstance(name, str) else (),
        twice=tuple(twice),
    )
