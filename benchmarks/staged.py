"""CPU seconds of the staged hook for one changed file: whole process, git included.

    python benchmarks/staged.py [--runs 31]

Compile the bytecode first (`python -m compileall trustgate`), as an installer does.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BEFORE = "def add(a, b):\n    return a + b\n"
AFTER = "def add(a, b):\n    return b + a\n"


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=31)
    options = parser.parse_args()
    program = Path(sys.executable).with_name("trustgate")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        identity = {f"GIT_{who}_{what}": "bench" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environ = {**os.environ, **identity, "TRUSTGATE_CACHE_DIR": str(folder / "cache")}
        work = folder / "work"
        work.mkdir()

        def git(*args: str) -> None:
            subprocess.run(["git", "-C", str(work), *args], check=True, env=environ)

        git("init", "--quiet")
        (work / "sum.py").write_text(BEFORE)
        git("add", ".")
        git("commit", "--quiet", "--no-verify", "--message", "start")
        (work / "sum.py").write_text(AFTER)
        git("add", ".")
        figures = []
        for number in range(options.runs + 1):
            began = children()
            done = subprocess.run(
                [program, "review", "--staged"], cwd=work, env=environ, capture_output=True, check=True
            )
            assert not done.stdout, done.stdout
            if number:  # the first run fills the cache
                figures.append(children() - began)
    middle = statistics.median(figures)
    print(f"staged, one file: median {middle:.3f}, least {min(figures):.3f}, most {max(figures):.3f} CPU s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
