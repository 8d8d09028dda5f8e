"""Samples of every manifest format: `samples/MODULE.txt` holds files, each with the golden result behind it.

A file begins with `=== PATH` and ends at `--- golden`; then one line for each thing that was read:
`dep ECOSYSTEM NAME as=RAW spec=SPEC version=VERSION line=N kind=KIND source=SOURCE host=HOST group=GROUP …`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trustgate.manifests.dependency import Dependency, Manifest

FOLDER = Path(__file__).parent / "samples"


class Sample(NamedTuple):
    module: str
    path: str
    text: str
    golden: tuple[str, ...]


def samples() -> Iterator[Sample]:
    for file in sorted(FOLDER.glob("*.txt")):
        for piece in ("\n" + file.read_text()).split("\n=== ")[1:]:
            body, _, golden = piece.partition("--- golden")
            path, _, text = body.partition("\n")
            yield Sample(file.stem, path, text, tuple(line for line in golden.split("\n") if line))


def shown(manifest: Manifest) -> tuple[str, ...]:
    lines = [_dependency(item) for item in manifest.dependencies]
    lines += [f"setting {item.kind} {item.value} host={item.host} line={item.line}" for item in manifest.settings]
    lines += [f"problem line={item.line} choice={item.choice} {item.reason}" for item in manifest.problems]
    lines += [f"twice line={item.line} {item.text}" for item in manifest.twice]
    lines += [f"hook {item.kind} line={item.line} {item.text}" for item in manifest.hooks]
    lines += [f"include {item}" for item in manifest.includes]
    if manifest.roots:
        lines.append(f"roots {' '.join(manifest.roots)}")
    if manifest.own:
        lines.append(f"own {' '.join(manifest.own)}")
    return tuple(" ".join(line.split()) for line in lines)


def _dependency(item: Dependency) -> str:
    parts = [f"dep {item.ecosystem} {item.name}"]
    if item.raw_name != item.name:
        parts.append(f"as={item.raw_name}")
    for key in ("spec", "version", "line", "source_kind", "source", "host", "group"):
        value = str(getattr(item, key))
        if value and value not in ("runtime", "registry"):
            parts.append(f"{key.removeprefix('source_')}={value}")
    if item.needs:
        parts.append(f"needs={','.join(item.needs)}")
    if item.hashes:
        parts.append(f"hashes={','.join(item.hashes)}")
    parts += ["transitive"] * (not item.direct) + ["scripts"] * item.install_script
    return " ".join(parts)
