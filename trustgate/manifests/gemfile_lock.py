"""Gemfile.lock and gems.locked (Bundler documentation, `Bundler::LockfileParser`)."""

from __future__ import annotations

import re

from trustgate.manifests.dependency import (
    GEM,
    Dependency,
    Manifest,
    ManifestError,
    OpenFile,
    SourceKind,
    bare_address,
    clean,
    host_of,
)
from trustgate.manifests.text import LOCK_LIMIT, text_of

FORMAT = "Gemfile.lock"
_SECTIONS = {
    "GEM": SourceKind.REGISTRY,
    "GIT": SourceKind.GIT,
    "PATH": SourceKind.PATH,
    "PLUGIN SOURCE": SourceKind.URL,
}
_OTHER = ("PLATFORMS", "DEPENDENCIES", "RUBY VERSION", "BUNDLED WITH", "CHECKSUMS")
_SPEC = re.compile(r"([^\s!]+)(?: \(([^)]*)\))?!?$")
_SUM = re.compile(r"(\S+) \(([^)]*)\)(?: (\S+))?$")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError, also for a section that is not known: then nothing can be said to be read."""
    del open_file
    found: list[Dependency] = []
    roots: list[str] = []
    sums: dict[tuple[str, str], tuple[str, ...]] = {}
    section, remotes, revision = "", list[str](), ""
    for number, line in enumerate(text_of(path, data, LOCK_LIMIT).replace("\r\n", "\n").split("\n"), 1):
        content = line.strip()
        if not content:
            continue
        if line[0] != " ":
            if content not in _SECTIONS and content not in _OTHER:
                raise ManifestError(path, f"a section {content[:60]} that is not known", number)
            section, remotes, revision = content, [], ""
            continue
        indent = len(line) - len(line.lstrip(" "))
        if section in _SECTIONS and indent == 2:
            key, _, value = content.partition(": ")
            remotes += [value] if key == "remote" else []
            revision = value if key == "revision" else revision
            continue
        match = (_SUM if section == "CHECKSUMS" else _SPEC).match(content)
        if match is None:
            if section in ("RUBY VERSION", "BUNDLED WITH", "PLATFORMS"):
                continue
            raise ManifestError(path, "a line that is no gem", number)
        if section in _SECTIONS and indent == 4:
            found.append(_entry(path, number, (match[1], match[2] or ""), _SECTIONS[section], (remotes, revision)))
        elif section in _SECTIONS and indent == 6 and found:
            found[-1] = found[-1]._replace(needs=(*found[-1].needs, clean(match[1])))
        elif section == "DEPENDENCIES":
            roots.append(clean(match[1]))
        elif section == "CHECKSUMS" and match[3]:
            sums[clean(match[1]), clean(match[2])] = tuple(
                clean(one.replace("=", ":", 1)) for one in match[3].split(",")
            )
    wanted = frozenset(roots)
    kept = [item._replace(direct=item.name in wanted, hashes=sums.get((item.name, item.spec), ())) for item in found]
    return Manifest(path, FORMAT, tuple(kept), lock=True, roots=tuple(roots))


def _entry(path: str, line: int, named: tuple[str, str], kind: SourceKind, origin: tuple[list[str], str]) -> Dependency:
    """With several remotes a lock does not say which one a gem comes from: all hosts are named."""
    remotes, revision = origin
    place = bare_address(remotes[0]) if remotes else ""
    hosts = " ".join(sorted({host_of(one) for one in remotes} - {""}))
    source = "" if kind is SourceKind.REGISTRY else f"{place}#{revision}" if revision else place
    return Dependency(
        ecosystem=GEM,
        name=clean(named[0]),
        raw_name=clean(named[0]),
        spec=clean(named[1]),
        manifest=path,
        line=line,
        version=clean(named[1].partition("-")[0] if kind is SourceKind.REGISTRY else named[1]),
        source_kind=kind,
        source=clean(source),
        host=clean(hosts),
    )
