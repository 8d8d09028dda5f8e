"""Lines and columns of an engine counted back to git's, and a tool's answer read with suspicion."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.flaws.engine import Answer, Hit, Subject, parse_answer
from trustgate.analyzers.flaws.rules import load_rules
from trustgate.facts import SideText
from trustgate.finding import Confidence
from trustgate.process import ToolFailed
from trustgate.rulebook import load_rulebook

RULE = load_rules(load_rulebook(), "bandit")[0]


def subject(data: bytes, language: str = "python") -> Subject:
    return Subject("new0", language, SideText("-x\n.py", "oid", data))


@given(st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", "é".encode(), b"\xff"]), max_size=40).map(b"".join))
def test_every_line_an_engine_sees_is_found_again(data: bytes) -> None:
    seen = subject(data)
    assert b"\r" not in seen.data
    for number, line in enumerate(seen.data.split(b"\n"), 1):
        git = seen.line(number)
        assert 1 <= git <= data.count(b"\n") + 1
        assert line in data.split(b"\n")[git - 1]


def test_a_name_of_the_repository_never_goes_out() -> None:
    assert [subject(b"", language).name for language in ("python", "tsx")] == ["new0.py", "new0.tsx"]


def test_lines_behind_a_lone_carriage_return_are_git_s() -> None:
    seen = subject(b"a = 1\rb = 2\r\nc = 3\rd = 4\n")
    assert [seen.line(number) for number in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert seen.column(2, 3) == 1


def test_columns_count_characters() -> None:
    seen = subject("é😀 = f()\r\n".encode())
    assert [seen.column(1, size) for size in (0, 2, 6, 9)] == [1, 2, 3, 6]
    assert seen.column(99, 5) == 1


@pytest.mark.parametrize(
    ("span", "text"),
    [
        ((1, 1, 5, 8), "g(1)"[:3]),
        ((1, 2, 5, 3), "g(1, 2)"[:5] + " 2)"[1:]),
        ((1, 1, 1, 1), "f = g(1,"),
        ((9, 9, 1, 1), ""),
    ],
    ids=["in one line", "over two lines", "columns not known", "outside the file"],
)
def test_the_matched_text(span: tuple[int, int, int, int], text: str) -> None:
    first, last, column, end = span
    hit = Hit(subject(b"f = g(1,\n2)\n"), RULE, first, last, column, end, Confidence.LOW)
    assert hit.matched == text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "x"]), inner, max_size=3),
)


@given(json_values)
def test_an_answer_of_any_shape_is_read_or_refused(value: object) -> None:
    answer = Answer(value, "bandit")
    for read in (
        lambda: answer["a"]["b"].text,
        lambda: [item.number for item in answer["a"].items],
        lambda: sorted(answer["x"].names),
    ):
        try:
            read()
        except ToolFailed as error:
            assert error.message.startswith("bandit answered in a form")


@given(st.binary(max_size=30))
def test_bytes_are_an_answer_or_refused(data: bytes) -> None:
    try:
        parse_answer(data, "semgrep")
    except ToolFailed as error:
        assert error.message == "semgrep gave no readable answer"
    else:
        json.loads(data)


def test_a_deep_answer_is_refused() -> None:
    with pytest.raises(ToolFailed):
        parse_answer(b"[" * 200_000, "semgrep")
