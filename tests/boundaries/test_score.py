"""The score of a touch: between 0 and 100, never lower for more evidence, and no padding that lowers it for ever."""

from __future__ import annotations

import pytest
from boundary_cases import findings
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.evidence import Seen
from trustgate.analyzers.boundaries.score import SIZE_CAP, WEIGHTS, enough, score
from trustgate.finding import Kind

KINDS = (
    "word",
    "api",
    "key",
    "guard",
    "marker",
    "entry",
    "sink",
    "literal",
    "scope",
    "place",
    "string",
    "weak",
    "exit",
    "path",
)
SIDE: SideDelta = object.__new__(SideDelta)
DELTA: FileDelta = object.__new__(FileDelta)
PIECES = st.lists(
    st.builds(
        lambda kind, what: Seen(kind, what, 1, SIDE, DELTA),
        st.sampled_from(KINDS),
        st.sampled_from(["a", "b", "c", "d"]),
    ),
    max_size=8,
)


@given(PIECES, PIECES, st.integers(0, 5000))
def test_more_evidence_never_lowers_a_score(some: list[Seen], more: list[Seen], size: int) -> None:
    assert 0 <= score(some, size) <= score([*some, *more], size) <= 100


@given(PIECES, st.integers(0, 5000))
def test_lines_beyond_the_cap_change_nothing(some: list[Seen], size: int) -> None:
    assert score(some, SIZE_CAP + size) == score(some, SIZE_CAP)


def test_no_weight_of_evidence_is_below_zero() -> None:
    assert {name for name, weight in WEIGHTS.items() if weight < 0} == {"size", "constant"}


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    {
        "nothing": ([], False),
        "a path alone": ([("path", "auth")], False),
        "one weak word": ([("weak", "token")], False),
        "one word in scope and line": ([("weak", "token"), ("place", "token")], False),
        "two words of two classes": ([("weak", "token"), ("place", "user")], True),
        "one strong": ([("word", "password")], True),
    }.values(),
)
def test_one_strong_piece_or_two_independent_ones(kinds: list[tuple[str, str]], verdict: bool) -> None:
    assert enough([Seen(kind, what, 1, SIDE, DELTA) for kind, what in kinds]) is verdict


INERT = {
    "a log call that names nothing sensitive": 'log.info("login of %s", count)\n',
    "a metric": 'metrics.incr("login.password.ok")\n',
    "a print": 'print("authentication done")\n',
}


@pytest.mark.parametrize("line", INERT.values(), ids=INERT)
def test_inert_lines_are_no_touch(line: str) -> None:
    before = "def handle(count):\n    return count\n"
    assert findings({"a.py": before}, {"a.py": before.replace("    return", f"    {line}    return")}) == []


def test_a_secret_that_reaches_a_log_is_a_touch_of_secrets() -> None:
    before = "def handle(token):\n    return send(token)\n"
    found = findings({"a.py": before}, {"a.py": before.replace("    return", "    log.debug(token)\n    return")})
    assert [(f.kind, f.boundary) for f in found] == [(Kind.TOUCH, "secrets")]
    assert "sink: token" in found[0].evidence
