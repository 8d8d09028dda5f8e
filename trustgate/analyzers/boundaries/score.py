"""How much a changed place looks like a boundary edit: a logistic score over classes of evidence.

The weights were fitted by `benchmarks/boundaries/fit.py` on the development labels, none of them below zero: further
evidence never lowers a score. The number of changed lines counts up to SIZE_CAP, so that padding a change beyond that
moves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from trustgate.analyzers.boundaries.evidence import Seen

STRONG = frozenset(("word", "api", "key", "guard", "marker", "entry", "sink", "listed"))
LISTED = 80
"""hundredths: the least score of a place that the team lists itself"""
SIZE_CAP = 100
"""changed lines of code and settings in the whole change set"""
WEIGHTS = {
    "strong": 3.07,
    "strong+": 0.49,
    "scope": 1.33,
    "place": 0.31,
    "weak": 0.25,
    "string": 0.63,
    "exit": 0.83,
    "literal": 0.68,
    "key": 0.24,
    "weakpair": 1.72,
    "size": -0.54,
    "constant": -2.2,
}
THRESHOLD = 22
"""a touch below it is not reported: at this score 38 of 100 random code commits of security-dense repositories are"""


def features(seen: Iterable[Seen], size: int) -> dict[str, float]:
    """Presence of each class, and the logarithm of how many different pieces of strong evidence there are."""
    what: dict[str, set[str]] = {}
    for item in seen:
        what.setdefault(item.kind, set()).add(item.what)
    has = {kind: float(kind in what) for kind in ("scope", "place", "weak", "string", "literal", "key")}
    strong = set().union(*(what.get(kind, set()) for kind in STRONG))
    return {
        **has,
        "strong": float(bool(strong)),
        "strong+": math.log1p(max(len(strong) - 1, 0)),
        "exit": float("exit" in what or "guard" in what),
        "weakpair": float(not strong and "place" in what and bool(what.keys() & {"weak", "string"})),
        "size": math.log1p(min(size, SIZE_CAP)),
        "constant": 1.0,
    }


def score(seen: Iterable[Seen], size: int) -> int:
    """Hundredths, from 0 to 100."""
    pieces = tuple(seen)
    total = sum(WEIGHTS[name] * value for name, value in features(pieces, size).items())
    value = round(100 / (1 + math.exp(-total)))
    return max(value, LISTED) if any(item.kind == "listed" for item in pieces) else value


def enough(seen: Iterable[Seen]) -> bool:
    """One strong class, or two weak ones that do not rest on the same word. A path alone is never enough."""
    pieces = {(item.kind, item.what) for item in seen if item.kind != "path"}
    if any(kind in STRONG for kind, _ in pieces):
        return True
    return len({kind for kind, _ in pieces}) >= 2 and len({what for _, what in pieces}) >= 2
