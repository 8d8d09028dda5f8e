"""Slips of the hand, and the edits by which honest names differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.dependencies.distance import within_plain
from trustgate.analyzers.dependencies.edits import is_slip, one_edit


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        pytest.param("httplib3", "httplib2", id="another digit"),
        pytest.param("pandas1", "pandas", id="a digit behind"),
        pytest.param("setting", "settings", id="a plural"),
        pytest.param("types-nodes", "types-node", id="a plural of a word"),
        pytest.param("apandas", "pandas", id="a letter before"),
        pytest.param("pandasx", "pandas", id="a letter behind"),
        pytest.param("scikitlearn", "scikit-learn", id="a separator"),
        pytest.param("toolr", "toolz", id="another last letter, far away on the keyboard"),
    ],
)
def test_honest_edits(typed: str, target: str) -> None:
    assert not is_slip(typed, target)


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        pytest.param("reqeusts", "requests", id="a swap"),
        pytest.param("requuests", "requests", id="a letter doubled"),
        pytest.param("acess", "access", id="one of a pair lost"),
        pytest.param("reqests", "requests", id="a letter lost"),
        pytest.param("requezts", "requests", id="a neighbour on the keyboard"),
        pytest.param("f1ask", "flask", id="a glyph that looks alike"),
        pytest.param("pandss", "pandas", id="another letter inside"),
    ],
)
def test_slips(typed: str, target: str) -> None:
    assert is_slip(typed, target)


@given(st.text(alphabet="abc", min_size=1, max_size=5))
def test_one_edit_is_all_of_distance_one(name: str) -> None:
    made = sorted(one_edit(name, "abc"))
    assert name not in made
    assert {distance for _, distance in within_plain(name, made, 9)} <= {1}
    assert len(made) >= 3 * len(name)
