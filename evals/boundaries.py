"""How well boundary edits are seen: labelled fixes, their reversals, and random commits of the same repositories.

    python evals/boundaries.py LABELS_DIR MIRROR_DIR

LABELS_DIR holds fixes.tsv and controls.tsv (columns repo, sha, category, language, cwe, id, source or kind, label).
MIRROR_DIR holds bare clones as `owner+name/repo`; rows whose clone is absent are counted and named. A reversal swaps
the sides of a fix, which is what an edit that undoes it looks like.
"""

from __future__ import annotations

import argparse
import csv
import sys
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
from trustgate.finding import CORE_BOUNDARIES, Confidence, Finding, Kind
from trustgate.rulebook import load_rulebook

BOOK = load_rulebook()


class Seen(NamedTuple):
    row: dict[str, str]
    findings: tuple[Finding, ...]


def reversed_change(change: ChangeSet) -> ChangeSet:
    """The same change the other way round."""
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


def look(change: ChangeSet) -> tuple[Finding, ...]:
    files = tuple(FileView(item, change) for item in change.files)
    found = boundaries.analyze(Context(change, files, BOOK))
    return tuple(item for item in found if isinstance(item, Finding))


def read(rows: Iterable[dict[str, str]], mirror: Path, *, backwards: bool, absent: Counter[str]) -> Iterator[Seen]:
    by_repo: dict[str, list[dict[str, str]]] = {}
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
                    change = commit_change(git, row["sha"])
                except TrustgateError as error:
                    absent[f"{name}@{row['sha'][:12]}: {error.message}"] += 1
                    continue
                yield Seen(row, look(reversed_change(change) if backwards else change))


def rate(items: list[Seen], test: object) -> str:
    return f"{100 * sum(map(test, items)) / max(len(items), 1):5.1f}"  # type: ignore[arg-type]


def core(item: Seen) -> bool:
    return any(f.boundary in CORE_BOUNDARIES and f.confidence > Confidence.LOW for f in item.findings)


def right(item: Seen) -> bool:
    return any(f.boundary == item.row["category"] and f.confidence > Confidence.LOW for f in item.findings)


def weak_high(item: Seen) -> bool:
    return any(f.kind is Kind.WEAKENING and f.confidence is Confidence.HIGH for f in item.findings)


def weak_any(item: Seen) -> bool:
    return any(f.kind is Kind.WEAKENING for f in item.findings)


def off(item: Seen) -> bool:
    return any(f.kind is Kind.FLAW and f.confidence is Confidence.HIGH for f in item.findings)


def show(name: str, items: list[Seen]) -> None:
    cells = (rate(items, test) for test in (core, weak_high, weak_any, off))
    print(f"{name:24} {len(items):5}   {'   '.join(cells)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("labels", type=Path)
    parser.add_argument("mirror", type=Path)
    options = parser.parse_args()
    fixes = [r for r in rows_of(options.labels / "fixes.tsv") if r["category"] in CORE_BOUNDARIES]
    controls = [r for r in rows_of(options.labels / "controls.tsv") if r["kind"] == "code"]
    absent: Counter[str] = Counter()
    forward = list(read(fixes, options.mirror, backwards=False, absent=absent))
    backward = list(read(fixes, options.mirror, backwards=True, absent=Counter()))
    others = list(read(controls, options.mirror, backwards=False, absent=absent))
    print("per cent of commits with   rows   any core   lost guard, high   lost guard   switch-off, high")
    show("fixes, core five", forward)
    show("reversed fixes", backward)
    show("code controls", others)
    show("  read as ordinary", [item for item in others if item.row["label"] == "ordinary"])
    print(f"fixes with the labelled category among those seen: {rate(forward, right)} %")
    for category in CORE_BOUNDARIES:
        members = [item for item in forward if item.row["category"] == category]
        print(f"  {category:16} {len(members):4} rows: any core {rate(members, core)}, right {rate(members, right)}")
    for name, count in absent.items():
        print(f"not measured: {count} rows: {name}")
    return 0


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


if __name__ == "__main__":
    sys.exit(main())
