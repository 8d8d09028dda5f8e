"""Ranges of npm, Cargo, Ruby, Poetry and PyPI."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.manifests.ranges import allows


@pytest.mark.parametrize(
    ("ecosystem", "spec", "inside", "outside"),
    [
        ("npm", "^1.2.3", ["1.2.3", "1.9.0"], ["1.2.2", "2.0.0"]),
        ("npm", "^0.2.3", ["0.2.9"], ["0.3.0", "1.0.0"]),
        ("npm", "^0.0.3", ["0.0.3"], ["0.0.4"]),
        ("npm", "~1.2.3", ["1.2.9"], ["1.3.0"]),
        ("npm", "1.x", ["1.0.0", "1.99.0"], ["2.0.0"]),
        ("npm", ">=1.2 <3", ["1.2.0", "2.9.9"], ["1.1.9", "3.0.0"]),
        ("npm", "^1 || ^3", ["1.5.0", "3.1.0"], ["2.0.0"]),
        ("npm", "1.2.3 - 2.3", ["1.2.3", "2.3.9"], ["2.4.0"]),
        ("npm", "1.2.3", ["1.2.3"], ["1.2.4"]),
        ("npm", "*", ["0.0.1"], []),
        ("cargo", "1.2", ["1.2.0", "1.9.0"], ["2.0.0"]),
        ("cargo", "=0.8.5", ["0.8.5"], ["0.8.6"]),
        ("cargo", ">=1, <1.5", ["1.4.9"], ["1.5.0"]),
        ("gem", "~> 7.1.3", ["7.1.9"], ["7.2.0"]),
        ("gem", "~> 7.1", ["7.9.0"], ["8.0.0"]),
        ("pypi", "^2.31", ["2.99.0"], ["3.0.0"]),
        ("pypi", ">=2.31,<3", ["2.31", "2.32.3"], ["3.0", "2.30"]),
        ("pypi", "~=1.4.2", ["1.4.9"], ["1.5.0"]),
        ("pypi", "24.4.2", ["24.4.2"], ["24.4.3"]),
    ],
)
def test_ranges(ecosystem: str, spec: str, inside: list[str], outside: list[str]) -> None:
    assert [allows(ecosystem, spec, version) for version in inside] == [True] * len(inside)
    assert [allows(ecosystem, spec, version) for version in outside] == [False] * len(outside)


@pytest.mark.parametrize("spec", ["latest", "", "workspace:*", "not a range", "catalog:", "x" * 500])
def test_what_is_not_understood_is_not_judged(spec: str) -> None:
    assert allows("npm", spec, "1.0.0") is None


@given(st.sampled_from(["npm", "cargo", "gem", "pypi", "maven"]), st.text(max_size=40), st.text(max_size=20))
def test_any_text(ecosystem: str, spec: str, version: str) -> None:
    assert allows(ecosystem, spec, version) in (True, False, None)
