"""The enclosing symbols of every line at once are those of each line looked at alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.boundaries.delta import _all_chains
from trustgate.syntax.outline import Scope

SCOPES = st.lists(
    st.tuples(st.integers(1, 25), st.integers(0, 12)).map(lambda at: Scope("f", "function", at[0], at[0] + at[1])),
    max_size=9,
).map(lambda scopes: sorted(scopes, key=lambda scope: scope.start))


@given(SCOPES, st.integers(0, 30))
def test_all_at_once_are_those_of_each_line(scopes: list[Scope], lines: int) -> None:
    alone = {line: tuple(scope for scope in scopes if scope.start <= line <= scope.end) for line in range(1, lines + 1)}
    assert _all_chains(scopes, lines) == alone
