"""Builds `npm-known.bloom`: npm names that are much used and yet not in `top-npm.txt`. A maintainer runs it at release.

    python allowlists/build_npm_known.py TABLE --date 2026-11-01 [--most 60000]

TABLE has one package a line: name, version, downloads a month, summary, parted by tabs, with a header. The filter
holds the names of rank 15,001 to `--most` by downloads. A name that npm's staff hold back (`-security` versions) is
left out, since such names were taken from squatters.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from trustgate.analyzers.dependencies.bloom import build
from trustgate.analyzers.dependencies.popularity import load_popular


def used(lines: list[str], most: int) -> list[str]:
    """The names of the first `most` packages by downloads, held names left out."""
    rows = [line.split("\t") for line in lines if line.count("\t") >= 2]
    kept = [
        row for row in rows if row[2].isdigit() and "security" not in row[1] and "security hold" not in row[-1].lower()
    ]
    return [row[0] for row in sorted(kept, key=lambda row: (-int(row[2]), row[0]))[:most]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--date", required=True, type=date.fromisoformat, help="the day the table was made")
    parser.add_argument("--most", type=int, default=60_000, help="rank of the last name taken")
    parser.add_argument("--false-positives", type=float, default=0.005)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("npm-known.bloom"))
    options = parser.parse_args()
    popular = load_popular("npm").ranks
    names = [name for name in used(options.table.read_text("utf-8").splitlines(), options.most) if name not in popular]
    options.output.write_bytes(build(sorted(names), options.date, options.false_positives))
    print(f"{len(names)} names, {options.output.stat().st_size} bytes in {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
