"""Fits the weights of a touch's score on labelled fixes and controls, and says how well they hold elsewhere.

    python benchmarks/boundaries/fit.py LABELS_DIR MIRROR_DIR

Needs numpy, scipy and scikit-learn, which the project itself does not use. A logistic regression without negative
weights for evidence; the figure is cross-validated by repository, the printed weights are of all rows.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from commits import BOOK, Row, changes, rows_of
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from trustgate.analyzers.boundaries.delta import FileDelta, moved_lines
from trustgate.analyzers.boundaries.evidence import evidence_of
from trustgate.analyzers.boundaries.rules import load_rules
from trustgate.analyzers.boundaries.score import WEIGHTS, features
from trustgate.changes.changeset import ChangeSet
from trustgate.facts import FileView
from trustgate.finding import CORE_BOUNDARIES
from trustgate.syntax.paths import PathKind, path_kind

RULES = load_rules(BOOK)
NAMES = [name for name in WEIGHTS if name != "constant"]
FOLDS, RIDGE = 8, 0.3
POSITIVE, OTHER = 3.0, 0.3
"""weight of a fix in its own category, and of a fix in the other categories, whose labels say nothing of them"""


def vectors(change: ChangeSet) -> list[list[float]]:
    """One row of features a category."""
    deltas = [
        FileDelta(view, path_kind(view.path))
        for view in (FileView(item, change) for item in change.files)
        if (view.old or view.new) and path_kind(view.path) in (PathKind.CODE, PathKind.CONFIG)
    ]
    moved = moved_lines(deltas)
    for delta in deltas:
        delta.leave_out(moved)
    size = sum(len(side.lines) for delta in deltas for side in delta.sides)
    guards = {item.rule.boundary: item for item in RULES.guards}
    rows = []
    for lexicon in RULES.lexicons:
        seen = [item for delta in deltas for item in evidence_of(delta, lexicon, guards.get(lexicon.rule.boundary))]
        found = features(seen, size)
        rows.append([found[name] for name in NAMES])
    return rows


def fit(values: Any, labels: Any, weights: Any) -> Any:
    """Weights and the constant of a ridge-penalised logistic regression, evidence bounded at zero."""
    sign = np.where(labels, 1.0, -1.0)

    def loss(point: Any) -> tuple[float, Any]:
        margin = sign * (values @ point[:-1] + point[-1])
        pull = -(weights * sign / (1 + np.exp(margin)))
        total = (weights * np.logaddexp(0, -margin)).sum() + point[:-1] @ point[:-1] / (2 * RIDGE)
        return total, np.r_[values.T @ pull + point[:-1] / RIDGE, pull.sum()]

    bounds = [(None, 0) if name == "size" else (0, None) for name in NAMES] + [(None, None)]
    return minimize(loss, np.zeros(len(NAMES) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("labels", type=Path)
    parser.add_argument("mirror", type=Path)
    options = parser.parse_args()
    absent: Counter[str] = Counter()
    rows: list[tuple[Row, bool, list[list[float]]]] = []
    for name, fixes in (("fixes.tsv", True), ("controls.tsv", False)):
        wanted = [row for row in rows_of(options.labels / name) if fixes or row["kind"] == "code"]
        rows += [(row, fixes, vectors(change)) for row, change in changes(wanted, options.mirror, absent)]
    kinds = [lexicon.rule.boundary for lexicon in RULES.lexicons]
    values = np.array([row[2] for row in rows])
    labels = np.array([[row[1] and row[0]["category"] == kind for kind in kinds] for row in rows])
    fixes_mask = np.array([row[1] for row in rows])
    weights = np.where(labels, POSITIVE, np.where(fixes_mask[:, None], OTHER, 1.0))
    groups = np.array([row[0]["repo"] for row in rows])
    best = np.zeros(len(rows))
    flat = (-1, len(NAMES))
    for train, test in GroupKFold(FOLDS).split(values, groups=groups):
        point = fit(values[train].reshape(flat), labels[train].ravel(), weights[train].ravel())
        best[test] = (values[test] @ point[:-1] + point[-1]).max(1)
    core = np.array([row[1] and row[0]["category"] in CORE_BOUNDARIES for row in rows])
    against = np.r_[np.ones(core.sum()), np.zeros((~fixes_mask).sum())]
    print(f"AUC by repository left out: {roc_auc_score(against, np.r_[best[core], best[~fixes_mask]]):.3f}")
    point = fit(values.reshape(flat), labels.ravel(), weights.ravel())
    for name, weight in zip([*NAMES, "constant"], point, strict=True):
        print(f"{name:10} {weight:6.2f}")
    for what, count in absent.items():
        print(f"not measured: {count} rows: {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
