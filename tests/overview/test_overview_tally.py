"""The fold over reports: who wrote, what was stopped, where; and the text made of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from trustgate.ledger.sums import Sum, total
from trustgate.overview.exceptions import lasting
from trustgate.overview.tally import overview
from trustgate.overview.text import render
from trustgate.policy.model import Accepted

DAY = date(2026, 11, 21)
NO_EXCEPTIONS = lasting((), DAY)


def origin(id_: str = "o0", model: str = "", **more: Any) -> dict[str, Any]:
    base = {"id": id_, "class": "generated" if model else "unknown", "agent": "", "model": model, "provider": ""}
    return {
        **base,
        "hosting": "unknown",
        "jurisdiction": "",
        "raised": False,
        "lines_added": 10,
        "lines_removed": 1,
        **more,
    }


def finding(action: str = "warn", **more: Any) -> dict[str, Any]:
    return {
        "rule": "auth-guard-removed",
        "kind": "weakening",
        "boundary": "auth",
        "action": action,
        "origin": "o0",
        **more,
    }


def report(decision: str = "allow", **more: Any) -> dict[str, Any]:
    return {"decision": decision, "complete": True, "origins": [origin()], "findings": [], **more}


def test_nothing_is_nothing() -> None:
    made = overview([])
    assert (made.commits, made.by_lines(), made.as_json()["boundaries"]) == (0, [], [])


def test_one_backend_over_two_commits_is_one_row() -> None:
    made = overview([
        report(origins=[origin("o1", "glm-5.2")]),
        report("escalate", origins=[origin("o7", "glm-5.2", raised=True)], findings=[finding("escalate", origin="o7")]),
    ])  # fmt: skip
    (row,) = made.by_lines()
    assert (row.commits, row.stopped, row.lines_added, row.lines_removed, row.raised) == (2, 1, 20, 2, True)
    assert row.told == {"weakening": 1}


def test_a_commit_with_two_backends_counts_for_both_and_a_finding_for_the_one_it_names() -> None:
    made = overview([report("block", origins=[origin("o0"), origin("o1", "glm-5.2")], findings=[finding(origin="o1")])])
    rows = {row.who[2]: row for row in made.by_lines()}
    assert {name: (row.commits, row.stopped, dict(row.told)) for name, row in rows.items()} == {
        "": (1, 1, {}), "glm-5.2": (1, 1, {"weakening": 1}),
    }  # fmt: skip


def test_the_same_backend_on_other_evidence_adds_no_lines_twice() -> None:
    made = overview([report(origins=[origin("o1", "glm-5.2"), origin("o2", "glm-5.2", raised=True)])])
    (row,) = made.by_lines()
    assert (row.commits, row.lines_added, row.raised) == (1, 10, True)


def test_a_boundary_counts_commits_and_tests_are_no_boundary() -> None:
    twice = [finding("silent"), finding("warn"), finding("warn"), finding("warn", boundary="verification")]
    made = overview([report(findings=twice), report(findings=[finding("note", boundary="crypto")])])
    assert made.as_json()["boundaries"] == [
        {"boundary": "auth", "touched": 1, "weakened": 1},
        {"boundary": "crypto", "touched": 1, "weakened": 0},
    ]
    assert made.as_json()["rules"] == [{"rule": "auth-guard-removed", "findings": 3}]


def test_a_blind_commit_is_counted_as_seen_in_part() -> None:
    made = overview([report(complete=False)])
    assert made.incomplete == 1
    assert "1 seen in part only" in render(made, ("2026-11-01", "2026-11-21"), None, NO_EXCEPTIONS)


ROW = {"kind": "attempt", "outcome": "answered"}


def test_a_sum_is_of_attempts_and_says_what_it_does_not_know() -> None:
    rows = [
        {**ROW, "cost_microdollars": 1500},
        {**ROW, "cost_microdollars": None, "outcome": "timeout"},
        {**ROW, "kind": "judgement"},
        {"kind": "damaged"},
    ]
    assert total(rows) == Sum(2, 1, 1500, 1)


@pytest.mark.parametrize(("days", "place"), [(-1, "ended"), (0, "ending"), (30, "ending"), (31, "held only")])
def test_an_exception_is_named_in_its_last_thirty_days(days: int, place: str) -> None:
    entry = Accepted("weak-cipher", "r", "o", DAY + timedelta(days=days), path="a.py")
    found = lasting((entry,), DAY)
    assert (found.held, found.ended) == ((0, 1) if place == "ended" else (1, 0))
    assert found.ending == ((entry,) if place == "ending" else ())


def test_the_text_escapes_what_a_commit_says_of_itself() -> None:
    made = overview([report(origins=[origin("o1", "glm\x1b[2J\u202e" + "x" * 100)])])
    shown = render(made, ("2026-11-01", "2026-11-21"), None, NO_EXCEPTIONS)
    assert "\x1b" not in shown and "\u202e" not in shown
    assert max(map(len, shown.splitlines())) < 120


def test_the_text_has_one_row_a_backend_and_aligned_numbers() -> None:
    some = [report(origins=[origin("o1", f"m{number}", lines_added=number)]) for number in range(12)]
    lines = render(overview(some), ("2026-11-01", "2026-11-21"), Sum(3, 2, 12_300, 1), NO_EXCEPTIONS).splitlines()
    assert lines[0] == "12 commits, 2026-11-01 to 2026-11-21: 12 allowed"
    assert [line.split()[:4] for line in lines[3:5]] == [["m11", "1", "0", "11"], ["m10", "1", "0", "10"]]
    assert lines[13] == "… and 2 more"
    assert lines[-1] == "asked of models, from this machine: 3 times, 2 answered, $0.0123, and 1 of unknown cost"
