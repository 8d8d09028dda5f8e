"""Labelled commits as change sets, forwards and backwards, and what the boundary analyzer says of them."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from trustgate.analyzers import boundaries
from trustgate.analyzers.context import Context
from trustgate.changes.changeset import ChangeSet, FileChange, Hunk
from trustgate.changes.git import Git
from trustgate.changes.ranges import commit_change
from trustgate.errors import TrustgateError
from trustgate.facts import FileView
from trustgate.finding import Confidence, Finding
from trustgate.rulebook import load_rulebook

BOOK = load_rulebook()
Row = dict[str, str]


class Seen(NamedTuple):
    row: Row
    findings: tuple[Finding, ...]
    """without those about tests and checks, and without those of low confidence that are no weakening"""
    files: int
    seconds: float
    """CPU of reading both sides and looking at them"""


def rows_of(path: Path) -> list[Row]:
    """The rows of a tab-separated list with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def changes(rows: Iterable[Row], mirror: Path, absent: Counter[str]) -> Iterator[tuple[Row, ChangeSet]]:
    """Change sets of the rows with a clone under `mirror` as `owner+name/repo`; the others are counted in `absent`."""
    by_repo: dict[str, list[Row]] = {}
    for row in rows:
        by_repo.setdefault(row["repo"], []).append(row)
    for name, members in sorted(by_repo.items()):
        folder = mirror / name.replace("/", "+") / "repo"
        if not folder.is_dir():
            absent[name] += len(members)
            continue
        with Git.open(str(folder)) as git:
            for row in members:
                try:
                    yield row, commit_change(git, row["sha"])
                except TrustgateError as error:
                    absent[f"{name}@{row['sha'][:12]}: {error.message}"] += 1


def reversed_change(change: ChangeSet) -> ChangeSet:
    """The same change the other way round, without its message."""
    files = tuple(
        FileChange(
            f.old_path, f.status, f.path, f.new_mode, f.old_mode, f.new_id, f.old_id,
            tuple(Hunk(h.new_start, h.new_count, h.old_start, h.old_count) for h in f.hunks), f.new_size, f.old_size,
        )
        for f in change.files
    )  # fmt: skip
    return ChangeSet(
        files, change.head, change.head, change.diff_base, change.read, change.base_file, sniff=change.sniff
    )


def look(row: Row, change: ChangeSet) -> Seen:
    """What a person would be shown of the change's boundaries."""
    started = time.process_time()
    files = tuple(FileView(item, change) for item in change.files)
    outcomes = boundaries.analyze(Context(change, files, BOOK))
    found = tuple(item for item in outcomes if isinstance(item, Finding) and item.boundary != "verification")
    return Seen(row, found, len(files), time.process_time() - started)


def shown(finding: Finding) -> bool:
    """Whether the finding counts as a flag: everything but low-confidence flaws."""
    return finding.confidence > Confidence.LOW or finding.score > 0
