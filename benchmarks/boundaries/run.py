"""How well boundary edits are seen: labelled fixes, their reversals, and random commits of the same repositories.

    python benchmarks/boundaries/run.py LABELS_DIR MIRROR_DIR [--misses]

LABELS_DIR holds fixes.tsv and controls.tsv (columns repo, sha, category, language, cwe, id, source or kind, label).
MIRROR_DIR holds bare clones as `owner+name/repo`; rows whose clone is absent are counted and named. A reversal swaps
the sides of a fix, which is what an edit that undoes it looks like. `labels.tsv` beside this file says which code
controls are ordinary.
"""

from __future__ import annotations

import argparse
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from math import sqrt
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from commits import Row, Seen, changes, look, reversed_change, rows_of, shown

from trustgate.finding import CORE_BOUNDARIES, Confidence, Finding, Kind, Side

Test = Callable[[Seen], object]


def flagged(item: Seen) -> bool:
    return any(shown(finding) for finding in item.findings)


def categories(item: Seen) -> list[str]:
    """Boundaries raised, best first."""
    ordered = sorted((f for f in item.findings if shown(f) and f.boundary), key=lambda f: -f.rank)
    return list(dict.fromkeys(f.boundary for f in ordered))


def right(item: Seen) -> bool:
    return item.row["category"] in categories(item)[:2]


def weakened(confidence: Confidence) -> Test:
    return lambda item: any(f.kind is Kind.WEAKENING and f.confidence >= confidence for f in item.findings)


def first_tells(item: Seen) -> bool:
    """Whether the first finding is a weakening or a switch-off, or lies on a line that the edit removes."""
    if not item.findings:
        return False
    first = min(item.findings, key=lambda f: (f.kind is Kind.TOUCH, -f.confidence, -f.rank))
    return first.kind is not Kind.TOUCH or first.location.side is Side.OLD


def score(item: Seen) -> float:
    return max((finding.rank for finding in item.findings), default=0.0)


def auc(above: Sequence[float], below: Sequence[float]) -> float:
    ordered = sorted(below)
    wins = sum((bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 for value in above)
    return wins / (len(above) * len(below))


def rate(items: Sequence[Seen], test: Test) -> str:
    """Per cent with its 95 % Wilson interval."""
    n, hits, z = len(items), sum(bool(test(item)) for item in items), 1.96
    if not n:
        return "    -"
    share = hits / n
    middle, half = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = (100 * (middle - half) / (1 + z * z / n), 100 * (middle + half) / (1 + z * z / n))
    return f"{100 * share:5.1f}  ({low:.1f}-{high:.1f}, n={n})"


def table(fixes: list[Seen], backward: list[Seen], controls: list[Seen], ordinary: set[tuple[str, str]]) -> None:
    core = [item for item in fixes if item.row["category"] in CORE_BOUNDARIES]
    undone = [item for item in backward if item.row["category"] in CORE_BOUNDARIES]
    plain = [item for item in controls if (item.row["repo"], item.row["sha"]) in ordinary]
    several = [len(categories(item)) for item in (*core, *controls) if categories(item)]
    lines: list[tuple[str, str]] = [
        ("core five, touch, any category", rate(core, flagged)),
        ("  the same, advisory-linked only", rate([i for i in core if i.row["source"] != "commit-message"], flagged)),
        ("right category among the first two", rate(core, right)),
        ("categories raised per flagged commit, mean", f"{sum(several) / max(len(several), 1):5.2f}"),
        ("code controls flagged", rate(controls, flagged)),
        ("ordinary commits flagged", rate(plain, flagged)),
        ("reversal: first finding tells", rate(undone, first_tells)),
        ("weakening on the reversal", rate(undone, weakened(Confidence.LOW))),
        ("weakening on the reversal, medium or high", rate(undone, weakened(Confidence.MEDIUM))),
        ("weakening on the fix", rate(core, weakened(Confidence.LOW))),
        ("weakening on the fix, medium or high", rate(core, weakened(Confidence.MEDIUM))),
        ("weakening on code controls", rate(controls, weakened(Confidence.LOW))),
        ("weakening on code controls, medium or high", rate(controls, weakened(Confidence.MEDIUM))),
        ("weakening on code controls, high", rate(controls, weakened(Confidence.HIGH))),
        ("AUC, fixes above code controls", f"{auc([score(i) for i in core], [score(i) for i in controls]):6.3f}"),
    ]
    everything = [*fixes, *backward, *controls]
    cpu = 1000 * sum(item.seconds for item in everything) / max(sum(item.files for item in everything), 1)
    lines.append(("CPU a changed file, ms, git's reading included", f"{cpu:5.1f}"))
    for name, value in lines:
        print(f"{name:48} {value}")
    for column in ("category", "language"):
        print(f"\nby {column:24} any / right / weakening on the reversal")
        for value in sorted({item.row[column] for item in fixes}):
            here = [item for item in fixes if item.row[column] == value]
            gone = [item for item in backward if item.row[column] == value]
            cells = (rate(here, flagged), rate(here, right), rate(gone, weakened(Confidence.LOW)))
            print(f"  {value:16} {cells[0]:28} {cells[1]:28} {cells[2]}")


def misses(fixes: list[Seen], backward: list[Seen], controls: list[Seen]) -> None:
    """Fixes with no flag, weakenings on fixes and on controls, each with what was seen."""
    for item in fixes:
        if not flagged(item):
            print("not seen     ", _name(item.row), item.row["category"])
    for name, items in (("on a fix     ", fixes), ("on a control ", controls)):
        for item in items:
            for finding in item.findings:
                if finding.kind is Kind.WEAKENING and finding.confidence > Confidence.LOW:
                    print(name, _name(item.row), _told(finding))
    for item in backward:
        if not weakened(Confidence.LOW)(item):
            print("no weakening ", _name(item.row), item.row["category"], categories(item)[:2])


def _name(row: Row) -> str:
    return f"{row['repo']}@{row['sha'][:10]}"


def _told(finding: Finding) -> str:
    where = f"{finding.location.path}:{finding.location.line}"
    return f"{finding.rule} {finding.confidence.label} {where} {finding.message[:140]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("labels", type=Path)
    parser.add_argument("mirror", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    absent: Counter[str] = Counter()
    fixes, backward = [], []
    for row, change in changes(rows_of(options.labels / "fixes.tsv"), options.mirror, absent):
        fixes.append(look(row, change))
        backward.append(look(row, reversed_change(change)))
    code = [row for row in rows_of(options.labels / "controls.tsv") if row["kind"] == "code"]
    controls = [look(row, change) for row, change in changes(code, options.mirror, absent)]
    labels = rows_of(Path(__file__).with_name("labels.tsv"))
    table(fixes, backward, controls, {(row["repo"], row["sha"]) for row in labels if row["label"] == "ordinary"})
    if options.misses:
        misses(fixes, backward, controls)
    for name, count in absent.items():
        print(f"not measured: {count} rows: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
