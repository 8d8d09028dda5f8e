"""Builds `pypi-names.bloom` from a list of every PyPI project name. A maintainer runs it at release.

    python allowlists/build_pypi_names.py NAMES --date 2026-11-01 [--output allowlists/pypi-names.bloom]

NAMES has one project a line, the name up to the first tab; a first line `name<TAB>…` is a header.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from trustgate.analyzers.dependencies.bloom import build
from trustgate.manifests.dependency import normal_pypi


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", type=Path)
    parser.add_argument("--date", required=True, type=date.fromisoformat, help="the day the list was made")
    parser.add_argument("--false-positives", type=float, default=0.002)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("pypi-names.bloom"))
    options = parser.parse_args()
    lines = options.names.read_text("utf-8").splitlines()
    names = {normal_pypi(line.partition("\t")[0]) for line in lines if line.strip()}
    if lines and lines[0].startswith("name\t") and not any(line.startswith("name\t") for line in lines[1:]):
        names.discard("name")
    options.output.write_bytes(build(sorted(names), options.date, options.false_positives))
    print(f"{len(names)} names, {options.output.stat().st_size} bytes in {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
