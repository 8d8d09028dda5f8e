"""How well the name rule does on labelled names: prints one table an ecosystem, and the time a name.

    python evals/names.py LABELS [--show KIND]

LABELS is a folder with typosquats.tsv, negatives.tsv and hallucinated.tsv (columns ecosystem, name, target, kind,
evidence, source). `--show misses|alarms` lists the names behind the figures. A name of the bundled popularity list is
exempt, as in use. Rows with evidence `research` are reported apart: names that nobody would type.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from trustgate.analyzers.dependencies.popularity import load_popular
from trustgate.analyzers.dependencies.similar import COMBO, STRONG, WEAK, likeness


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def levels(ecosystem: str, labelled: list[dict[str, str]]) -> list[tuple[dict[str, str], str]]:
    popular = load_popular(ecosystem)
    judged = ((row, likeness(row["name"], popular)) for row in labelled if row["ecosystem"] == ecosystem)
    return [(row, found.level if found else "") for row, found in judged]


def line(label: str, judged: list[tuple[dict[str, str], str]]) -> str:
    count = Counter(level for _, level in judged)
    total = len(judged) or 1
    shares = [count[STRONG], count[STRONG] + count[WEAK], count[STRONG] + count[WEAK] + count[COMBO]]
    return f"  {label:24}{len(judged):6}" + "".join(f"{100 * share / total:10.1f}" for share in shares)


def report(ecosystem: str, folder: Path, show: str) -> None:
    squats, honest = (levels(ecosystem, rows(folder, name)) for name in ("typosquats.tsv", "negatives.tsv"))
    real = [pair for pair in squats if pair[0]["evidence"] != "research"]
    print(f"{ecosystem}\n  {'percent':24}{'names':>6}{'strong':>10}{'or weak':>10}{'or combo':>10}")
    print(line("squats found, real", real))
    for field, values in (("evidence", ("documented", "campaign", "reviewed")), ("kind", ())):
        for value in values or sorted({row["kind"] for row, _ in real}):
            print(line(f"  {value}", [pair for pair in real if pair[0][field] == value]))
    targets = defaultdict(list)
    for row, level in real:
        targets[row["target"]].append(level in (STRONG, WEAK))
    print(f"  {'mean over targets':24}{len(targets):6}{'':10}", end="")
    print(f"{100 * sum(sum(hits) / len(hits) for hits in targets.values()) / (len(targets) or 1):10.1f}")
    print(line("research", [pair for pair in squats if pair[0]["evidence"] == "research"]))
    print(line("invented, flagged", levels(ecosystem, rows(folder, "hallucinated.tsv"))))
    for kind in sorted({row["kind"] for row, _ in honest}):
        print(line(f"honest: {kind}", [pair for pair in honest if pair[0]["kind"] == kind]))
    if show:
        wanted = real if show == "misses" else honest
        for row, level in wanted:
            if (show == "misses" and level not in (STRONG, WEAK)) or (
                show == "alarms" and level in (STRONG, WEAK) and row["kind"] in ("tail", "r15k-60k")
            ):
                found = likeness(row["name"], load_popular(ecosystem))
                print(f"    {row['name']} -> {row['target']} [{row['kind']}] {found}")


def speed(ecosystem: str, folder: Path) -> None:
    names = [row["name"] for row in rows(folder, "negatives.tsv") if row["ecosystem"] == ecosystem]
    popular = load_popular(ecosystem)
    tail = [name for name in names if name not in popular.ranks]
    start = time.perf_counter()
    for name in tail:
        likeness(name, popular)
    print(f"  {1000 * (time.perf_counter() - start) / (len(tail) or 1):.3f} ms a name that is not in the list, warm")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--show", choices=("misses", "alarms"), default="")
    options = parser.parse_args()
    for ecosystem in ("pypi", "npm"):
        start = time.perf_counter()
        popular = load_popular(ecosystem)
        loaded = time.perf_counter()
        likeness("reqeustes-oauthlib", popular)
        first = time.perf_counter()
        report(ecosystem, options.labels, options.show)
        speed(ecosystem, options.labels)
        print(
            f"  {1000 * (loaded - start):.2f} ms to load the list, {1000 * (first - loaded):.2f} ms for the first name"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
