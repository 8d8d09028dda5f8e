"""The two ways to score agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.dependencies.distance import within, within_fast, within_plain

words = st.text(alphabet="abc-", max_size=10)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("a", "", 1), ("", "ab", 2), ("ab", "ba", 1), ("requests", "reqeusts", 1), ("kitten", "sitting", 3)],
)
def test_known_distances(one: str, other: str, distance: int) -> None:
    assert within_plain(one, [other], 9) == [(other, distance)]


@given(words, st.lists(words, unique=True, max_size=6), st.integers(0, 4))
def test_plain_and_fast_agree(name: str, candidates: list[str], limit: int) -> None:
    expected = within_plain(name, candidates, limit)
    assert within_fast(name, candidates, limit) == expected
    assert within(name, candidates, limit) == expected
