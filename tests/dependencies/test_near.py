"""The search for near names: both ways give what a comparison with every name gives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from trustgate.analyzers.dependencies.near import SHORTEST, Near, squeeze

NAMES = [
    "requests",
    "request",
    "numpy",
    "pandas",
    "python-dateutil",
    "abcdef",
    "abcdefg",
    "is-obj",
    "isobj",
    "a",
    "@scope/requests",
    "django-rest-framework",
]
RANKS = {name: rank for rank, name in enumerate(NAMES)}
PLAIN = [name for name in NAMES if name[0] != "@"]


def expected(name: str) -> set[tuple[str, int]]:
    limit = 2 if len(name) >= SHORTEST else 1
    found = {
        (other, int(far))
        for other, far, _ in process.extract(name, PLAIN, scorer=OSA.distance, score_cutoff=limit, limit=None)
        if far
    }
    ones = {pair for pair in found if pair[1] == 1}
    return ones or found


edits = st.lists(st.tuples(st.sampled_from("drsi"), st.integers(0, 24), st.sampled_from("abcdeqz19-")), max_size=3)


def mistyped(name: str, changes: list[tuple[str, int, str]]) -> str:
    for kind, place, char in changes:
        at = place % (len(name) or 1)
        if kind == "d":
            name = name[:at] + name[at + 1 :]
        elif kind == "i":
            name = name[:at] + char + name[at:]
        elif kind == "r":
            name = name[:at] + char + name[at + 1 :]
        else:
            name = name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]
    return name


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLAIN), edits)
def test_both_ways_agree_with_a_comparison_with_every_name(target: str, changes: list[tuple[str, int, str]]) -> None:
    name = mistyped(target, changes)
    if not name or name in RANKS:
        return
    cold, warm = Near(RANKS, few=10**9), Near(RANKS, few=0)
    assert set(cold.close(name)) == set(warm.close(name)) == expected(name)
    assert sorted(cold.same_letters(name)) == sorted(warm.same_letters(name))


@given(st.text(max_size=30))
def test_any_text_is_taken(name: str) -> None:
    for few in (0, 10**9):
        near = Near(RANKS, few=few)
        near.close(name)
        near.same_letters(name)


def test_the_same_letters() -> None:
    assert list(Near(RANKS).same_letters("is_ob.j")) == ["is-obj", "isobj"]
    assert squeeze("a-b_c.d") == "abcd"
