"""Somebody edits the ledger's file: every command names the place, and none falls over what it finds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_ledger import JUDGED, attempt

from trustgate.cli.ledger import _line, totals
from trustgate.ledger.book import FILE, Ledger, _parsed
from trustgate.ledger.export import exported
from trustgate.store import StoreError

EDITS = {
    "the end is no number": "UPDATE ending SET seq = 'x'",
    "the end is a blob": "UPDATE ending SET seq = x'ff', hash = x'ff'",
    "a hash is a blob": "UPDATE rows SET hash = x'ff' WHERE seq = 2",
    "all hashes made anew but the end": "UPDATE rows SET hash = 'x'",
    "rows renumbered": "UPDATE rows SET seq = seq + 100",
    "a row in front": "INSERT INTO rows VALUES (0, '{}', 'x')",
}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    with Ledger(tmp_path) as ledger:
        for number in range(1, 6):
            ledger.add(attempt(number))
    return tmp_path


def edit(folder: Path, statement: str, *values: object) -> None:
    raw = sqlite3.connect(folder / FILE)
    with raw:
        raw.execute(statement, values)
    raw.close()


@pytest.mark.parametrize("statement", EDITS.values(), ids=EDITS)
def test_an_edit_is_a_fault_and_no_crash(statement: str, written: Path) -> None:
    edit(written, statement)
    with Ledger(written, make=False) as ledger:
        assert ledger.verify().fault is not None
        assert len(ledger.rows()) >= 5


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
KEYS = (
    "at",
    "scope",
    "tokens",
    "lane",
    "cost_microdollars",
    "outcome",
    "stop_reason",
    "http_status",
    "verdict",
    "usage",
)


@settings(max_examples=150, deadline=None)
@example(kind="judgement", row={"at": "", "tokens": None})
@given(
    kind=st.sampled_from(["attempt", "judgement", "damaged", "x"]), row=st.dictionaries(st.sampled_from(KEYS), VALUES)
)
def test_any_row_can_be_shown_and_exported(kind: str, row: dict[str, Any]) -> None:
    row = {**_parsed(json.dumps({**row, "kind": kind})), "seq": 1, "hash": "x"}
    json.dumps(exported(row))
    _line(row)
    totals([row])


def test_nothing_is_added_behind_an_end_that_was_edited(written: Path) -> None:
    edit(written, "UPDATE ending SET seq = 'x'")
    with Ledger(written) as ledger, pytest.raises(StoreError, match="edited"):
        ledger.add(attempt(6))


@pytest.mark.parametrize("row", [attempt(), attempt(cost=None), JUDGED])
def test_our_own_rows_are_left_alone(row: Any) -> None:
    assert _parsed(json.dumps(row.as_json())) == json.loads(json.dumps(row.as_json()))


def test_a_row_with_hostile_text_is_escaped(written: Path, trustgate: Callable[..., Any]) -> None:
    body = json.dumps({"kind": "attempt", "at": "\x1b[2J", "lane": "\x1b[2J", "outcome": "\x1b[2J"})
    edit(written, "UPDATE rows SET body = ? WHERE seq = 3", body)
    done = trustgate("ledger", "show")
    assert done.returncode == 0 and "\x1b" not in done.stdout
