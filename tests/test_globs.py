"""Path globs are anchored, names are compared whole, and no pattern is slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.globs import fault_of_path_glob, path_matches, text_matches

APART = [
    ("auth.py", "src/auth.py"),
    ("src/auth", "src/auth.py"),
    ("src/auth.py", "src/authXpy"),
    ("src/*", "src/a/b.py"),
    ("src/*.py", "src/a/b.py"),
    ("src/**", "src"),
    ("src/**", "src2/a.py"),
    ("src/**/x.py", "src/ax.py"),
    ("src/a?.py", "src/a/.py"),
    ("Src/a.py", "src/a.py"),
    ("src/[ab].py", "src/a.py"),
    ("src/a.py", "src/a.py/b"),
    ("src/a.py", "src/a.py\n"),
]
TOGETHER = [
    ("auth.py", "auth.py"),
    ("src/*", "src/a.py"),
    ("src/*.py", "src/.py"),
    ("src/**", "src/a/b/c.py"),
    ("src/**/x.py", "src/x.py"),
    ("src/**/x.py", "src/a/b/x.py"),
    ("src/**/t/**/x*.py", "src/t/a/b/x1.py"),
    ("src/a?.py", "src/ab.py"),
    ("src/[ab].py", "src/[ab].py"),
]


@pytest.mark.parametrize(("pattern", "path"), APART)
def test_leaves_alone(pattern: str, path: str) -> None:
    assert not path_matches(pattern, path)


@pytest.mark.parametrize(("pattern", "path"), TOGETHER)
def test_matches(pattern: str, path: str) -> None:
    assert fault_of_path_glob(pattern) == ""
    assert path_matches(pattern, path)


@pytest.mark.parametrize(
    "pattern",
    ["", "*", "**", "**/x.py", "auth*", "?", "/etc/x", "../x", "a/../b", "a//b", "./a", "a\\b", "a/b**", "x" * 513],
)
def test_too_wide_or_oddly_spelled(pattern: str) -> None:
    assert fault_of_path_glob(pattern)


@settings(deadline=None)
@given(st.text(alphabet="ab*?", max_size=12), st.text(alphabet="ab", max_size=12))
def test_text_matching_agrees_with_a_plain_definition(pattern: str, text: str) -> None:
    def plain(p: str, t: str) -> bool:
        if not p:
            return not t
        if p[0] == "*":
            return plain(p[1:], t) or (bool(t) and plain(p, t[1:]))
        return bool(t) and p[0] in ("?", t[0]) and plain(p[1:], t[1:])

    assert text_matches(pattern, text) is plain(pattern, text)


def test_the_worst_pattern_is_not_slow() -> None:
    started = time.process_time()
    assert not path_matches("a/" + "**/*a/" * 80 + "b", "a/" + "aa/" * 1300 + "c")
    assert not text_matches("*a" * 200 + "b", "a" * 4000)
    assert time.process_time() - started < 2
