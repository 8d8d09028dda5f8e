"""What some rules say of ordinary work, at any action: the last non-merge commits of repositories.

    python evals/fires.py RULE... [--last 300] [--skip 0] --in REPOSITORY...

RULE is a rule id; `*` stands for any text (`test-*`). Each finding is listed with its evidence, so that it can be read;
`--skip` leaves out that many of the newest commits (those that rules were written on).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

from noise import BOOK, head_of

from trustgate.analyzers.context import Settings
from trustgate.changes.git import Git
from trustgate.changes.ranges import commit_change
from trustgate.errors import TrustgateError
from trustgate.finding import Confidence, Finding
from trustgate.gate import gather


def measure(folder: Path, rules: list[str], last: int, skip: int, counts: Counter[str]) -> None:
    name = folder.parent.name if folder.name == "repo" else folder.name
    with Git.open(str(folder)) as git:
        ids = git.run("rev-list", "--no-merges", "-n", str(last), "--skip", str(skip), head_of(git)).decode().split()
        for oid in ids:
            counts["commits"] += 1
            try:
                findings = gather(commit_change(git, oid), BOOK, Settings(offline=True)).findings
            except TrustgateError as error:
                counts["could not judge"] += 1
                print(f"{name} {oid[:12]} could not judge: {error.message}")
                continue
            meant = [f for f in findings if any(fnmatchcase(f.rule, rule) for rule in rules)]
            counts["with a finding"] += bool(meant)
            counts["with one above low"] += any(f.confidence > Confidence.LOW for f in meant)
            for found in meant:
                print(f"{name} {oid[:12]} {show(found)}")
                counts[f"rule {found.rule}"] += 1


def show(found: Finding) -> str:
    at = found.location
    return f"{found.rule} ({found.confidence.name.lower()}) {at.path}:{at.line} {'; '.join(found.evidence)[:160]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("rules", nargs="+")
    parser.add_argument("--last", type=int, default=300)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--in", type=Path, nargs="+", required=True, dest="repositories")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for folder in options.repositories:
        measure(folder, options.rules, options.last, options.skip, counts)
    for what, number in sorted(counts.items()):
        print(f"{what:40} {number:5}  {100 * number / max(counts['commits'], 1):.2f} % of commits")
    return 0


if __name__ == "__main__":
    sys.exit(main())
