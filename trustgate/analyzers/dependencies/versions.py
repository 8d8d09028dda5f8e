"""Findings on versions known to be malicious, also of names that are not new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.dependencies.knownbad import denial
from trustgate.analyzers.dependencies.making import Maker, seen_of
from trustgate.analyzers.dependencies.pairs import Pair
from trustgate.finding import Finding


def version_findings(pairs: Sequence[Pair], maker: Maker) -> Iterator[Finding]:
    """Entries that the change adds or moves to a version known to be malicious. The name may be an honest one."""
    told: set[tuple[str, str, str]] = set()
    for pair in sorted(pairs, key=lambda one: (one.form.lock, one.view.path)):
        for item in pair.added:
            bad = denial(item.ecosystem, item.name, item.version)
            if bad is None or (item.ecosystem, item.name, item.version) in told:
                continue
            told.add((item.ecosystem, item.name, item.version))
            shown = f"{item.name} {item.version}".strip() if bad.versions else item.name
            yield maker.make("dependency-known-bad", seen_of(item), (bad.what, bad.source), {"name": shown})
