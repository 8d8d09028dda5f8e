"""How often the gate speaks on ordinary work: the last non-merge commits of repositories, at the shipped policy.

    python evals/noise.py [--last 300] REPOSITORY...

Each commit is judged on its own with unknown origin, offline, at the commit stage and at the pull-request stage.
Every commit that would fail, be blocked or be escalated is listed with what was found, so that it can be read.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from trustgate.analyzers.context import Settings
from trustgate.attribution.origin import Attribution
from trustgate.changes.git import Git
from trustgate.changes.ranges import commit_change
from trustgate.errors import TrustgateError
from trustgate.gate import gather, judge
from trustgate.policy.load import load_policy, today_utc
from trustgate.rulebook import describe, load_rulebook
from trustgate.verdict import Action, Decision, Verdict

BOOK = load_rulebook()
KNOWN = describe(BOOK)
BUDGET = (
    ("commit stage fails", 1.0),
    ("commit stage prints", 5.0),
    ("pull request blocks", 0.5),
    ("pull request escalates", 3.0),
    ("could not judge", 0.0),
)


def measure(folder: Path, last: int, counts: Counter[str]) -> None:
    with Git.open(str(folder)) as git:
        ids = git.run("rev-list", "--no-merges", "-n", str(last), head_of(git)).decode().split()
        for oid in ids:
            counts["commits"] += 1
            try:
                change = commit_change(git, oid)
                policy = load_policy(lambda _path: None, BOOK, KNOWN)
                gathered = gather(change, BOOK, Settings(offline=True))
                at_commit, at_pr = (
                    judge(change, gathered, policy, Attribution(), BOOK, stage=stage, today=today_utc())
                    for stage in ("commit", "pr")
                )
            except TrustgateError as error:
                counts["could not judge"] += 1
                print(f"  {oid[:12]} could not judge: {error.message}")
                continue
            tally(oid, at_commit, at_pr, counts)


def head_of(git: Git) -> str:
    from trustgate.changes.revisions import resolve

    return resolve(git, "HEAD")


def tally(oid: str, at_commit: Verdict, at_pr: Verdict, counts: Counter[str]) -> None:
    shown = [item for item in at_commit.findings if item.action >= Action.WARN]
    counts["commit stage fails"] += at_commit.exit_code != 0
    counts["commit stage prints"] += bool(shown) or not at_commit.complete
    counts["pull request blocks"] += at_pr.decision is Decision.BLOCK
    counts["pull request escalates"] += at_pr.decision is Decision.ESCALATE
    counts["could not judge"] += not at_pr.complete
    for skip in at_pr.skips:
        print(f"  {oid[:12]} skip: {skip.analyzer}: {skip.path}: {skip.reason}")
    for item in at_pr.findings:
        at = item.finding.location
        if item.action >= Action.ESCALATE or any(s.finding is item.finding for s in shown):
            evidence = "; ".join(item.finding.evidence)[:160]
            print(f"  {oid[:12]} {item.action.label} {item.finding.rule} {at.path}:{at.line} {evidence}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--last", type=int, default=300)
    parser.add_argument("repositories", type=Path, nargs="+")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    for folder in options.repositories:
        name = folder.parent.name if folder.name == "repo" else folder.name
        print(f"{name}:")
        counts: Counter[str] = Counter()
        began = time.process_time()
        measure(folder, options.last, counts)
        spent = time.process_time() - began
        print(f"  {line(counts)}; {spent / max(counts['commits'], 1):.3f} CPU s a commit")
        total += counts
    print(f"all: {line(total)}")
    for what, most in BUDGET:
        share = 100 * total[what] / max(total["commits"], 1)
        print(f"  {what:24} {share:5.2f} %   (budget {most} %){'' if share <= most else '   OVER'}")
    return 0


def line(counts: Counter[str]) -> str:
    return f"{counts['commits']} commits, " + ", ".join(f"{what} {counts[what]}" for what, _ in BUDGET)


if __name__ == "__main__":
    sys.exit(main())
