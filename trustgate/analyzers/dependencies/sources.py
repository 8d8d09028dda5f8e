"""Findings on where packages come from: a source that changed, a new address, an index or a look-up flag added."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from trustgate.analyzers.dependencies.making import Maker, Seen, seen_of
from trustgate.analyzers.dependencies.pairs import Pair
from trustgate.analyzers.dependencies.scripts import ALLOWED
from trustgate.finding import Confidence, Finding
from trustgate.manifests.dependency import GENERIC, GITHUB, PYPI, Dependency, Setting, SourceKind
from trustgate.manifests.npm_spec import pinned_commit

_INDEXES = (
    *("index-url", "extra-index-url", "find-links", "trusted-host", "registry", "scope-registry", "index"),
    *("source", "repository", "mirror", "channel", "goproxy", "source-replacement", "plugin"),
)
_USUAL = frozenset(
    (
        "a4aa2ac280bb8d1a",
        "c899567ee9068517",
        "0dc11026ac75c015",
        "70bb4000cd2fab03",
        "71741fe2460a6150",
        "317d2d52829b7812",
        "43c04ed1dabe979b",
        "f483c1237e51a1fa",
        "00a7dc5a0cc38858",
        "eb7e11c7f9ecbcf4",
        "f5c653675ede2254",
    )
)
"""SHA-256, 16 digits, of the hosts that pip, npm, Yarn, RubyGems, Maven, Gradle, Go and Cargo ask by default. A file
that names one of them adds nothing; host names of registries are not written in this project."""
_ADDRESSES = (SourceKind.GIT, SourceKind.URL)
_WORDS = {
    SourceKind.REGISTRY: "the registry",
    SourceKind.GIT: "git",
    SourceKind.URL: "an address",
    SourceKind.PATH: "a path",
    SourceKind.INDEX: "a named index",
    SourceKind.WORKSPACE: "the workspace",
}


def setting_findings(pair: Pair, maker: Maker) -> Iterator[Finding]:
    """Lines that the change adds and that say where, or how, every package is looked up."""
    for item in pair.added_settings:
        if item.kind == ALLOWED or (item.kind in _INDEXES and is_default(item.host)):
            continue
        matched = f"{item.kind} {item.value}"
        seen = Seen(item.manifest, item.line, matched, item.kind)
        if item.kind in _INDEXES:
            yield maker.make("dependency-index-added", seen, (item.value,), {"kind": item.kind, "host": _where(item)})
        else:
            yield maker.make("dependency-lookup-flag", seen, (matched.strip(),), {"kind": item.kind})


def is_default(host: str) -> bool:
    """Whether a host is the one that a tool asks anyway."""
    return bool(host) and hashlib.sha256(host.encode("utf-8", "surrogateescape")).hexdigest()[:16] in _USUAL


def _where(item: Setting) -> str:
    return item.host or item.value or "another place"


def source_findings(pairs: Sequence[Pair], maker: Maker) -> Iterator[Finding]:
    """Packages that the change takes from another kind of source, or newly from an address."""
    before: dict[tuple[str, str], list[Dependency]] = {}
    for pair in pairs:
        for item in pair.old.dependencies if pair.old else ():
            before.setdefault(item.key, []).append(item)
    told: set[tuple[str, str, SourceKind]] = set()
    for pair in sorted(pairs, key=lambda one: (one.form.lock, one.view.path)):
        for item in pair.added:
            was = before.get(item.key) or _same_key(item, pair)
            mark = (item.ecosystem, item.name, item.source_kind)
            if item.ecosystem in (GITHUB, GENERIC) and item.source_kind is SourceKind.GIT:
                continue  # a workflow step or a hook: a repository by nature
            if mark not in told and item.source_kind is not SourceKind.WORKSPACE:
                found = _changed(item, was, maker) or _address(item, was, maker)
                if found is not None:
                    told.add(mark)
                    yield found


def _same_key(item: Dependency, pair: Pair) -> list[Dependency]:
    """Entries that stood under the same key, so that `"lodash": "npm:other@1"` is seen as a change of lodash."""
    old = pair.old.dependencies if pair.old else ()
    return [one for one in old if one.ecosystem == item.ecosystem != PYPI and one.raw_name == item.raw_name]


def _changed(item: Dependency, was: Sequence[Dependency], maker: Maker) -> Finding | None:
    kinds = {one.source_kind for one in was}
    names = {one.name for one in was}
    other_name = bool(was) and item.name not in names
    if not was or (item.source_kind in kinds and not other_name and not _moved(item, was)):
        return None
    if not item.alias and item.source_kind is SourceKind.REGISTRY and all(one.alias for one in was):
        return None  # the name means itself again
    if kinds <= {SourceKind.WORKSPACE, SourceKind.PATH} and item.source_kind is SourceKind.REGISTRY:
        sure = Confidence.MEDIUM
    elif item.source_kind is SourceKind.REGISTRY and not other_name:
        return None  # back to the registry from git or an address: stricter than before
    else:
        sure = Confidence.MEDIUM if item.source_kind is SourceKind.PATH else Confidence.HIGH
    first = was[0]
    old = f"{first.source or _WORDS[first.source_kind]}" + (f" as {first.name}" if other_name else "")
    new = f"{item.source or _WORDS[item.source_kind]}" + (f" as {item.name}" if other_name else "")
    return maker.make(
        "dependency-source-changed",
        seen_of(item),
        (f"before: {old}", f"after: {new}"),
        {
            "name": item.raw_name,
            "old": first.name if other_name else _from(first, item),
            "new": item.name if other_name else _from(item, first),
        },
        confidence=sure,
    )


def _from(item: Dependency, other: Dependency) -> str:
    """The source in words; where both are of one kind, the place itself."""
    return _WORDS[item.source_kind] if item.source_kind is not other.source_kind else _place(item)


def _moved(item: Dependency, was: Sequence[Dependency]) -> bool:
    """Whether a package that came from an address comes from another host now, or from another repository there."""
    if item.source_kind not in _ADDRESSES:
        return False
    places = {_place(one) for one in was if one.source_kind in _ADDRESSES}
    return bool(places) and _place(item) not in places


def _place(item: Dependency) -> str:
    """Host and repository of an address; for a plain URL the host alone, since its path holds the version."""
    if item.source_kind is SourceKind.URL:
        return item.host
    scheme, _, rest = item.source.partition("://")
    path = (rest or scheme).partition("#")[0].rpartition("@")[0] or (rest or scheme).partition("#")[0]
    return path.removesuffix("/").removesuffix(".git").lower()


def _address(item: Dependency, was: Sequence[Dependency], maker: Maker) -> Finding | None:
    """A package newly taken from git or a URL: no registry, no advisories, no names to compare."""
    if was or item.source_kind not in _ADDRESSES:
        return None
    pinned = item.source_kind is SourceKind.GIT and pinned_commit(item.source)
    state = "pinned to a commit" if pinned else "pinned by hash" if item.hashes else "not pinned to a commit or hash"
    return maker.make(
        "dependency-url", seen_of(item), (item.source, state), {"name": item.name, "host": item.host or "git"}
    )
