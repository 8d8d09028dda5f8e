"""What the model rules find: in the sample of 24, in lines of our own in other languages, in good lines of others.

    python benchmarks/models/run.py [--show]

Each line is a file of its own that a change adds; the sample is one file. bandit and ruff run on the sample where they
are installed. Exit code 1 where a target is missed: 22 of 22 and 0 of 2, at least 95 % of our lines, at most 2 % of
their good twins, at most 1 of the good lines.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trustgate.analyzers import models
from trustgate.analyzers.context import Context
from trustgate.changes.memory import change_between
from trustgate.facts import FileView
from trustgate.finding import Finding
from trustgate.rulebook import load_rulebook

HERE = Path(__file__).parent
BOOK = load_rulebook()


def found(path: str, text: str) -> list[Finding]:
    """Findings of the model rules on a change that adds one file."""
    change = change_between({}, {path: text.encode()})
    views = tuple(FileView(file, change) for file in change.files)
    return [item for item in models.analyze(Context(change, views, BOOK)) if isinstance(item, Finding)]


def sample() -> tuple[str, set[int], set[int]]:
    """The sample's text, and the numbers of its risky and of its good lines."""
    text = (HERE / "sample.txt").read_text(encoding="utf-8")
    lines = list(enumerate(text.split("\n"), 1))
    return (
        text,
        {n for n, line in lines if line.endswith("# risky")},
        {n for n, line in lines if line.endswith("# good")},
    )


def lines_of(name: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((HERE / name).read_text(encoding="utf-8"))["line"])


def others(text: str) -> Iterator[tuple[str, set[int]]]:
    """Lines of the sample that bandit and ruff speak of, by the rules that have to do with models."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.py"
        file.write_text(text, encoding="utf-8")
        bandit, ruff = shutil.which("bandit"), shutil.which("ruff")
        if bandit:
            done = subprocess.run([bandit, "-q", "-f", "json", str(file)], capture_output=True, check=False)
            yield (
                "bandit",
                {
                    item["line_number"]
                    for item in json.loads(done.stdout)["results"]
                    if item["test_id"] in ("B301", "B614", "B615")
                },
            )
        if ruff:
            command = [ruff, "check", "--isolated", "--select", "S", "--preview", "--output-format", "json", str(file)]
            done = subprocess.run(command, capture_output=True, check=False)
            yield "ruff S", {item["location"]["row"] for item in json.loads(done.stdout) if item["code"] == "S301"}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--show", action="store_true", help="name what is missed and what is flagged wrongly")
    options = parser.parse_args()
    text, risky, good = sample()
    ours = {item.location.line for item in found("app/sample.py", text)}
    table = [("trustgate", ours), *others(text)]
    print(f"{'sample':28} {'found':>9} {'good flagged':>14}")
    for name, lines in table:
        print(f"{name:28} {len(lines & risky):3} of {len(risky)} {len(lines & good):9} of {len(good)}")
    missed, alarms, kinds = [], [], Counter[str]()
    rows = lines_of("lines.toml")
    for row in rows:
        kinds[row["rule"]] += 1
        if row["rule"] not in {item.rule for item in found(row["path"], row["risky"])}:
            missed.append(row["name"])
        said = sorted({item.rule for item in found(row["path"], row["good"])})
        if said:
            alarms.append(f"{row['name']}: {', '.join(said)}")
    twins = f"{len(alarms)} of {len(rows)} good twins flagged; {len(kinds)} rules"
    print(f"\nother lines: {len(rows) - len(missed)} of {len(rows)} found, {twins}")
    calm = lines_of("good.toml")
    loud = [
        f"{row['name']}: {', '.join(sorted({item.rule for item in flagged}))}"
        for row in calm
        if (flagged := found(row["path"], row["text"]))
    ]
    print(f"good lines as people write them: {len(loud)} of {len(calm)} flagged")
    if options.show:
        for title, names in (("missed", missed), ("good twins flagged", alarms), ("good lines flagged", loud)):
            print(f"\n{title}:", *(names or ["none"]), sep="\n  ")
    complete = ours >= risky and not ours & good
    return (
        0 if complete and len(missed) <= 0.05 * len(rows) and len(alarms) <= 0.02 * len(rows) and len(loud) <= 1 else 1
    )


if __name__ == "__main__":
    sys.exit(main())
