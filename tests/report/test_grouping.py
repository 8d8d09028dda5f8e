"""Findings of one rule said together: nothing is lost, nothing unlike is put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import judged

from trustgate.finding import Kind, Location, Side
from trustgate.report.grouping import grouped, places
from trustgate.verdict import Action


def whole(path, **changes):
    return judged(rule="own-rules-changed", path=path, line=0, **changes)


def paths(items):
    return [item.finding.location.path for item in items]


def test_of_whole_files_one_is_shown_in_full():
    (group,) = grouped(whole(f"rules/{n}.toml") for n in range(41))
    assert paths(group.shown) == ["rules/0.toml"]
    assert paths(group.more) == [f"rules/{n}.toml" for n in range(1, 41)]


def test_the_line_of_an_integrity_finding_stands_for_its_file():
    (group,) = grouped(judged(path=f"{n}.toml", line=1, kind=Kind.INTEGRITY) for n in range(3))
    assert len(group.shown) == 1


def test_findings_with_lines_of_their_own_are_shown_three_times():
    (group,) = grouped(judged(line=n) for n in range(1, 6))
    assert [item.finding.location.line for item in group.shown] == [1, 2, 3]
    assert [item.finding.location.line for item in group.more] == [4, 5]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(judged(rule="another"), id="rule"),
        pytest.param(judged(Action.NOTE), id="action"),
        pytest.param(judged(policy="other-line"), id="policy line"),
        pytest.param(judged(origin="o9"), id="origin"),
    ],
)
def test_what_differs_is_left_apart(other):
    assert [len(group.items) for group in grouped([judged(), other])] == [1, 1]


def test_the_order_of_the_worst_is_kept():
    items = [judged(Action.BLOCK, rule="b"), judged(Action.BLOCK, rule="a"), judged(Action.BLOCK, rule="b", line=3)]
    assert [group.shown[0].finding.rule for group in grouped(items)] == ["b", "a"]


def test_lines_of_a_file_are_put_together_and_the_rest_is_counted():
    items = [judged(path="a.py", line=n) for n in (9, 3, 3)] + [judged(path=f"{n}.py", line=1) for n in range(4)]
    named, left = places(items, titles=False, limit=2)
    assert [place.path + place.position for place in named] == ["a.py:3,9", "0.py:1"]
    assert left == 3


def test_removed_and_added_lines_are_not_mixed():
    old = judged(location=Location("a.py", Side.OLD, 3, 3))
    named, _ = places([old, judged(path="a.py", line=3)], titles=False, limit=9)
    assert [(place.position, place.removed) for place in named] == [(":3", True), (":3", False)]


def test_titles_that_differ_are_kept():
    items = [judged(rule="dependency-new", path="p.json", line=n, title=f"new {n}") for n in (1, 2)]
    (group,) = grouped(items)
    assert not group.titled
    assert [place.title for place in places(items, titles=True, limit=9)[0]] == ["new 1", "new 2"]


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(list(Action)), st.integers(0, 9)), max_size=40),
    st.integers(1, 5),
    st.integers(0, 5),
)
def test_nothing_is_lost(drawn, in_full, limit):
    items = [judged(action, rule=rule, line=line, location=Location("x", line=line)) for rule, action, line in drawn]
    groups = grouped(items, in_full)
    assert sorted(map(id, items)) == sorted(id(item) for group in groups for item in group.items)
    for group in groups:
        named, left = places(group.items, titles=False, limit=limit)
        assert len(named) <= limit
        if left == 0:
            lines = {item.finding.location.line for item in group.items} - {0}
            assert {line for place in named for line in place.lines} == lines
