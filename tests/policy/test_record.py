"""Facts of a review survive the cache, and nothing else is taken for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.origin import Attribution, Evidence, LineRange, Origin
from trustgate.finding import Finding, NotChecked, Skip
from trustgate.policy.record import ReviewFacts, from_record, record_key, to_record


@pytest.fixture
def facts(finding_of: Callable[..., Finding], cheap: Origin) -> ReviewFacts:

    who = cheap._replace(evidence=(Evidence("trailer", "Co-Authored-By: caf\udce9", "c1"),), commits=("c1",))
    return ReviewFacts(
        diff_base="a" * 40,
        head="b" * 40,
        stage="pr",
        findings=(finding_of(path="caf\udce9.py"), finding_of(kind="touch")._replace(evidence=("x", "y"))),
        attribution=Attribution((who,), ("o1",), (LineRange("x.py", 1, 2, "o1"),), (("x.py", ("o1",)),)),
        skips=(Skip("a", "r", "p", False),),
        not_checked=(NotChecked("semgrep", "not installed"),),
        has_lane=True,
        anything_changed=False,
    )


def test_survives_json(facts: ReviewFacts) -> None:
    assert from_record(json.loads(json.dumps(to_record(facts)))) == facts


@pytest.mark.parametrize(
    "change",
    [
        {"form": 2},
        {"findings": [{}]},
        {"findings": 3},
        {"attribution": {}},
        {"attribution": None},
        {"skips": [["a"]]},
        {"not_checked": [[1, 2]]},
        {"stage": None},
    ],
)
def test_anything_else_is_no_record(change: dict[str, Any], facts: ReviewFacts) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_record({**to_record(facts), **change})


@settings(deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_value_reads_or_raises(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_record(value)


def test_the_key_holds_what_the_facts_depend_on() -> None:
    keys = {record_key(*parts) for parts in (("a", "b", "c", "d"), ("a", "b", "c", "e"), ("a", "b", "e", "d"))}
    assert len(keys) == 3
