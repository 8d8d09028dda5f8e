"""OSV records and the versions that they are about."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.advisories.osv import Advisory, distinct, read_record
from trustgate.advisories.versions import sort_key
from trustgate.errors import CannotJudge


def advisory(*events: tuple[str, str], versions: tuple[str, ...] = ()) -> Advisory:
    return Advisory("X-1", (), "", "", (events,) if events else (), versions)


@pytest.mark.parametrize(
    ("ecosystem", "events", "inside", "outside"),
    [
        pytest.param("pypi", (("introduced", "0"), ("fixed", "2.0")), ["0.1", "1.9.post1", "2.0rc1"], ["2.0", "2.0.0", "3"], id="until a fix"),
        pytest.param("pypi", (("introduced", "1.0"), ("last_affected", "1.5")), ["1.0", "1.5.0"], ["0.9", "1.5.1"], id="up to and with"),
        pytest.param("npm", (("introduced", "0"), ("fixed", "1.2.6")), ["0.0.1", "1.2.5", "1.2.6-beta.1"], ["1.2.6", "1.10.0"], id="npm, numbers not letters"),
        pytest.param("npm", (("introduced", "1.0.0"), ("fixed", "1.1.0"), ("introduced", "2.0.0"), ("fixed", "2.0.5")), ["1.0.5", "2.0.1"], ["1.5.0", "2.0.5", "0.9.0"], id="two stretches"),
        pytest.param("npm", (("introduced", "2.0.0"),), ["2.0.0", "99.0.0"], ["1.9.9", "2.0.0-alpha"], id="no fix yet"),
        pytest.param("golang", (("introduced", "0"), ("fixed", "1.3.0")), ["v1.2.9", "1.2.9"], ["v1.3.0"], id="Go, with its v"),
        pytest.param("pypi", (("introduced", "0"),), ["1"], ["not a version"], id="no version"),
    ],
)  # fmt: skip
def test_ranges(ecosystem: str, events: Any, inside: list[str], outside: list[str]) -> None:
    for order in (events, tuple(reversed(events))):
        made = advisory(*order)
        assert [made.affects(ecosystem, one) for one in (*inside, *outside)] == [True] * len(inside) + [False] * len(
            outside
        )


def test_enumerated_versions() -> None:
    made = advisory(versions=("1.0", "2.0"))
    assert made.affects("pypi", "1.0.0")
    assert made.affects("npm", "2.0")
    assert not made.affects("pypi", "3.0")


@pytest.mark.parametrize(
    ("less", "more"),
    [("1.0.0-alpha", "1.0.0-alpha.1"), ("1.0.0-alpha.1", "1.0.0-beta"), ("1.0.0-rc.1", "1.0.0"), ("1.0.0-2", "1.0.0-11"), ("1.2", "1.2.1"), ("0", "0.0.0-a")],
)  # fmt: skip
def test_order_of_semantic_versions(less: str, more: str) -> None:
    assert sort_key("npm", less) < sort_key("npm", more)


RECORD: dict[str, Any] = {
    "id": "GHSA-1",
    "aliases": ["CVE-1"],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Some_Pkg"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        },
        {"package": {"ecosystem": "Debian:12", "name": "some-pkg"}},
        {
            "package": {"ecosystem": "npm", "name": "Some_Pkg"},
            "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}],
            "versions": ["1"],
        },
    ],
}


def test_a_record() -> None:
    found = list(read_record(json.dumps(RECORD).encode()))
    assert [(ecosystem, name, len(made.ranges)) for ecosystem, name, made in found] == [
        ("pypi", "some-pkg", 1),
        ("npm", "Some_Pkg", 0),
    ]
    assert Advisory.from_json(json.loads(json.dumps(found[0][2].as_json()))) == found[0][2]


def test_a_withdrawn_record_says_nothing() -> None:
    assert list(read_record(json.dumps({**RECORD, "withdrawn": "2024-01-01T00:00:00Z"}).encode())) == []


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"id": 1}', b"[" * 100_000, b"\xff"])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(CannotJudge):
        list(read_record(data))


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["package", "ranges", "events", "versions", "introduced", "name", "ecosystem", "severity"]), inner, max_size=4), max_leaves=20)  # fmt: skip


@given(
    st.fixed_dictionaries(
        {"id": st.text(max_size=5), "affected": json_values, "aliases": json_values, "summary": json_values}
    )
)
def test_any_record_is_read_or_refused(record: dict[str, Any]) -> None:
    with suppress(CannotJudge):
        for ecosystem, _, made in read_record(json.dumps(record).encode()):
            made.affects(ecosystem, "1.0")


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(CannotJudge):
        list(read_record(data))


def test_aliases_fold_into_one() -> None:
    one = Advisory("PYSEC-1", ("CVE-1",), "", "", (), ())
    other = Advisory("GHSA-1", ("CVE-1",), "said", "HIGH", (), ())
    for order in ([one, other], [other, one]):
        assert distinct(order) == [other]
