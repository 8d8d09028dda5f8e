"""CPU seconds a commit of `trustgate audit` in one process, over the last commits of repositories.

    python benchmarks/audit.py [--last 55] REPOSITORY...

Merges included. CPU is that of this process and of the git processes it started and that have ended; the rest of
git's is added at the end of each repository and shared out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections import Counter
from pathlib import Path

from trustgate.audit import audit
from trustgate.changes.git import Git
from trustgate.changes.revisions import resolve


def cpu() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def summary(figures: list[float]) -> str:
    middle, mean = statistics.median(figures), statistics.mean(figures)
    return f"median {middle:.3f}, mean {mean:.3f}, most {max(figures):.2f} CPU s a commit"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--last", type=int, default=55)
    parser.add_argument("repositories", type=Path, nargs="+")
    options = parser.parse_args()
    spent: list[float] = []
    decisions: Counter[str] = Counter()
    commits = faults = 0
    for folder in options.repositories:
        with Git.open(str(folder)) as git:
            ids = git.run("rev-list", "-n", str(options.last), resolve(git, "HEAD")).decode().split()
        here: list[float] = []
        began = cpu()
        for done in audit(str(folder), ids, offline=True, jobs=1):
            here.append(cpu() - began)
            began = cpu()
            commits += 1
            if done.fault:
                faults += 1
                print(f"  {done.commit[:12]} {done.fault}")
            else:
                decisions[json.loads(done.line)["decision"]] += 1
        name = folder.parent.name if folder.name == "repo" else folder.name
        print(f"{name}: {len(here)} of {len(ids)} commits, {summary(here)}")
        spent += here
    print(f"all: {commits} commits, {faults} faults, {dict(decisions)}")
    print(f"  {summary(spent)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
