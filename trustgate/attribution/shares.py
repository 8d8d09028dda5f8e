"""How many lines of a range each origin introduced, by blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trustgate.attribution.commit_text import claims_of
from trustgate.attribution.gathering import Origins
from trustgate.attribution.lines import LineOrigins, Said
from trustgate.attribution.origin import Origin
from trustgate.attribution.recorded import Recorded
from trustgate.attribution.registry import registry_of
from trustgate.attribution.strictness import strictness
from trustgate.changes.changeset import CommitInfo
from trustgate.changes.history import History
from trustgate.errors import CannotJudge
from trustgate.rulebook import Rulebook


class Share(NamedTuple):
    origin: Origin
    lines: int


class Shares(NamedTuple):
    """Lines at the head that a commit of the range introduced. A line with several origins counts for the strictest."""

    shares: tuple[Share, ...]
    """most lines first"""
    lines: int
    files: int
    """files with such a line"""
    unread: tuple[tuple[str, str], ...]
    """paths that could not be blamed, and why"""


def line_shares(
    history: History,
    paths: Sequence[str],
    commits: Sequence[CommitInfo],
    rulebook: Rulebook,
    records: Mapping[str, Recorded],
) -> Shares:
    """The shares of these files at the head of `history`. Lines moved within a file keep their origin (`blame.MOVED`).

    `commits` are those of the range; a line of any other commit is older, and does not count.
    """
    registry, origins = registry_of(rulebook), Origins()
    said: dict[str, Said] = {}
    for commit in commits:
        text, record = claims_of(commit, registry), records.get(commit.id, Recorded())
        said[commit.id] = Said(text, record, origins.add(commit.id, (*record.claims, *text)))
    lookup = LineOrigins(said, origins)
    counts: dict[tuple[str, ...], int] = {}
    files, unread = 0, []
    for path in paths:
        try:
            blocks = history.blame(path, moved=True)
        except CannotJudge as error:
            unread.append((path, error.message))
            continue
        before = sum(counts.values())
        for block in blocks:
            for first, last, ids in lookup.of(block):
                counts[ids] = counts.get(ids, 0) + last - first + 1
        files += sum(counts.values()) > before
    found = {origin.id: origin for origin in origins.all()}
    total: dict[str, int] = {}
    for ids, count in counts.items():
        worst = max((found[name] for name in ids), key=strictness)
        total[worst.id] = total.get(worst.id, 0) + count
    ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    return Shares(tuple(Share(found[name], count) for name, count in ranked), sum(total.values()), files, tuple(unread))
