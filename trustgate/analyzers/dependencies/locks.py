"""Findings on pins: a new host in a lock, integrity gone or changed, hashes dropped. What is pinned gets installed."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.dependencies.making import LISTED, Maker, Seen, seen_of
from trustgate.analyzers.dependencies.pairs import Pair
from trustgate.analyzers.dependencies.sources import is_default
from trustgate.finding import Confidence, Finding
from trustgate.manifests.dependency import ELSEWHERE, Dependency, SourceKind

_STRENGTH = {"md5": 0, "sha1": 1, "sha224": 2, "sha256": 2, "sha384": 3, "sha512": 4}
_USUAL = 0.9
"""share of hashed entries from which on an entry without hash stands out"""


def lock_findings(pair: Pair, maker: Maker) -> Iterator[Finding]:
    """Compares the two sides of one lock file; a lock file that is new has only itself to be compared with."""
    if pair.new is None:
        return
    old = pair.old.dependencies if pair.old else ()
    yield from _hosts(pair, old, maker)
    yield from _integrity(pair, old, maker)


def _hosts(pair: Pair, old: tuple[Dependency, ...], maker: Maker) -> Iterator[Finding]:
    before = {host for item in old for host in item.host.split()}
    counts: dict[str, int] = {}
    first: dict[str, Dependency] = {}
    for item in pair.new.dependencies if pair.new else ():
        if item.source_kind in (SourceKind.REGISTRY, SourceKind.INDEX):
            for host in item.host.split():
                counts[host] = counts.get(host, 0) + 1
                first.setdefault(host, item)
    usual = before or ({max(counts, key=lambda host: counts[host])} if counts else set())
    for host, item in first.items():
        if host not in usual and not (is_default(host) and any(is_default(other) for other in usual)):
            related = any(_owner(host) == _owner(other) for other in usual)
            several = f"{counts[host]} packages come from it" if counts[host] > 1 else ""
            yield maker.make(
                "lock-new-host",
                Seen(item.manifest, item.line, f"host {host}", item.raw_name),
                (f"{item.name} {item.version} from {host}", several),
                {"host": host},
                confidence=Confidence.HIGH if before and not related else Confidence.MEDIUM,
            )


def _owner(host: str) -> str:
    """The last two labels: usually who runs it. Only ever lowers a confidence."""
    return ".".join(host.split(".")[-2:])


def _integrity(pair: Pair, old: tuple[Dependency, ...], maker: Maker) -> Iterator[Finding]:
    """One finding a kind of loss and lock file: npm's own bugs drop the integrity of hundreds of entries at a time.

    One version may stand several times (a build per platform), so all its hashes of the old side count.
    """
    before: dict[tuple[tuple[str, str], str], set[str]] = {}
    for item in old:
        before.setdefault((item.key, item.version), set()).update(item.hashes)
    share = sum(bool(hashes) for hashes in before.values()) / len(before) if before else 0.0
    gone: list[Dependency] = []
    bare: list[Dependency] = []
    changed: list[Dependency] = []
    for item in pair.new.dependencies if pair.new else ():
        if item.source_kind not in (SourceKind.REGISTRY, SourceKind.INDEX, SourceKind.URL):
            continue
        was, now = before.get((item.key, item.version)), set(item.hashes)
        if ELSEWHERE in now:
            continue
        if was and not now & was:
            if not now or _strongest(now) < _strongest(was):
                gone.append(item)
            elif _kinds(now) & _kinds(was):
                changed.append(item)
        elif was is None and not now and share >= _USUAL:
            bare.append(item)
    usual = f"{round(100 * share)} % of the entries before had one"
    yield from _listed(changed, "lock-integrity-changed", "", Confidence.HIGH, maker)
    yield from _listed(gone, "lock-integrity-gone", "these versions had one before", Confidence.HIGH, maker)
    yield from _listed(bare, "lock-integrity-gone", f"new entries without one; {usual}", Confidence.MEDIUM, maker)


def _listed(items: list[Dependency], rule: str, why: str, confidence: Confidence, maker: Maker) -> Iterator[Finding]:
    if not items:
        return
    shown = sorted({f"{item.name} {item.version}" for item in items})
    more = f" and {len(shown) - LISTED} more" if len(shown) > LISTED else ""
    first = items[0]
    others = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
    yield maker.make(
        rule,
        Seen(first.manifest, first.line, " ".join(shown), first.raw_name),
        (", ".join(shown[:LISTED]) + more, why),
        {"name": first.name + others},
        confidence=confidence,
    )


def twice_findings(pair: Pair, maker: Maker) -> Iterator[Finding]:
    """Keys that stand twice now and did not before: one finding a file, at the first of them."""
    before = {item.text for item in (pair.old.twice if pair.old else ())}
    new = [item for item in (pair.new.twice if pair.new else ()) if item.text not in before]
    if new:
        names = sorted({item.text for item in new})
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        seen = Seen(new[0].manifest, new[0].line, " ".join(names), new[0].text.rpartition("/")[2])
        fields = {"key": new[0].text + (f" and {len(names) - 1} more" if len(names) > 1 else "")}
        yield maker.make("manifest-duplicate-key", seen, (", ".join(names[:LISTED]) + more,), fields)


def hash_findings(pair: Pair, maker: Maker) -> Iterator[Finding]:
    """A requirements file whose entries had `--hash` and have none any more: one finding a file, at the first entry."""
    had = {item.key for item in (pair.old.dependencies if pair.old else ()) if item.hashes}
    bare = [item for item in (pair.new.dependencies if pair.new else ()) if item.key in had and not item.hashes]
    if bare:
        names = ", ".join(item.name for item in bare[:10])
        more = f" and {len(bare) - 10} more" if len(bare) > 10 else ""
        yield maker.make("dependency-hash-dropped", seen_of(bare[0]), (names + more,), {"name": bare[0].name})


def _kinds(hashes: set[str]) -> set[str]:
    return {value.partition("-")[0].partition(":")[0] for value in hashes}


def _strongest(hashes: set[str]) -> int:
    return max((_STRENGTH.get(kind, 0) for kind in _kinds(hashes)), default=-1)
