"""The name filter: what was put in is in, and damage is noticed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.dependencies.bloom import build, parse, read
from trustgate.errors import CannotJudge

DAY = date(2026, 11, 1)


@given(st.lists(st.text(max_size=20), unique=True, max_size=40))
def test_every_name_that_was_put_in_is_in(names: list[str]) -> None:
    made = parse(build(names, DAY))
    assert all(name in made for name in names)
    assert (made.count, made.made) == (len(names), DAY)


def test_few_absent_names_seem_present() -> None:
    made = parse(build([f"name-{i}" for i in range(5000)], DAY, 0.01))
    assert sum(f"other-{i}" in made for i in range(5000)) < 100


def test_the_shipped_filter_knows_the_popular_names() -> None:
    from trustgate.analyzers.dependencies.existence import pypi_names
    from trustgate.analyzers.dependencies.popularity import load_popular

    names = pypi_names()
    missing = [name for name in load_popular("pypi").ranks if name not in names]
    assert len(missing) < 30  # taken down since the popularity list was made
    assert names.count > 800_000
    assert len(names.data) < 1_700_000


GOOD = build(["a"], DAY)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"TGBLOOM2" + GOOD[8:], id="another version"),
        pytest.param(GOOD[:-1], id="cut short"),
        pytest.param(GOOD + b"\0", id="too long"),
        pytest.param(GOOD[:8] + b"2026-99-99" + GOOD[18:], id="no date"),
        pytest.param(GOOD[:18] + b"\0\0" + GOOD[20:], id="no hashes"),
    ],
)
def test_damage_is_noticed(data: bytes) -> None:
    with pytest.raises(CannotJudge):
        parse(data)


@given(st.binary(max_size=80))
def test_any_bytes_parse_or_are_refused(data: bytes) -> None:
    try:
        parse(GOOD[:8] + data)
    except CannotJudge as error:
        assert error.message


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotJudge, match=r"pypi-names\.bloom"):
        read(tmp_path / "pypi-names.bloom")
