"""Existence offline by the dated list, online by an index on loopback."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from trustgate.analyzers.dependencies.bloom import build, parse
from trustgate.analyzers.dependencies.existence import (
    NAMES_ASKED,
    Presence,
    hosts_of,
    offline_existence,
    online_existence,
    split_credentials,
)
from trustgate.analyzers.dependencies.registries import Registry
from trustgate.transport import Transport

NAMES = parse(build(["flask", *(f"name-{number}" for number in range(500))], date(2026, 11, 1)))


@pytest.mark.parametrize(
    ("ecosystem", "name", "today", "presence"),
    [
        pytest.param("pypi", "flask", date(2026, 11, 21), Presence.PRESENT, id="in the list"),
        pytest.param("pypi", "flask", date(2030, 1, 1), Presence.PRESENT, id="in an old list"),
        pytest.param("pypi", "quiet", date(2026, 11, 21), Presence.NOT_LISTED, id="not in a fresh list"),
        pytest.param("pypi", "quiet", date(2027, 1, 1), Presence.UNKNOWN, id="not in a list of over 60 days"),
        pytest.param("npm", "quiet", date(2026, 11, 21), Presence.UNKNOWN, id="npm has no complete list"),
    ],
)
def test_offline(ecosystem: str, name: str, today: date, presence: Presence) -> None:
    assert offline_existence(ecosystem, name, today, NAMES).presence is presence


def ask(names: list[str], registry: Registry) -> dict[str, Presence]:
    with Transport(hosts_of(registry), deadline=2) as transport:
        return {name: found.presence for name, found in online_existence(names, registry, transport)}


def test_online(index: Any) -> None:
    pypi = Registry("pypi", (f"{index.address}/simple",))
    assert ask(["some-honest-tail-package", "absent-otter"], pypi) == {
        "some-honest-tail-package": Presence.PRESENT,
        "absent-otter": Presence.ABSENT,
    }
    npm = Registry("npm", (f"{index.address}/npm/",))
    assert ask(["@scope/known", "@scope/unknown"], npm) == {
        "@scope/known": Presence.PRESENT,
        "@scope/unknown": Presence.ABSENT,
    }
    assert index.asked == ["some-honest-tail-package", "absent-otter", "@scope/known", "@scope/unknown"]


def test_a_second_index_may_have_it(index: Any) -> None:
    registry = Registry("pypi", (f"{index.address}/none", f"{index.address}/simple"))
    assert ask(["some-honest-tail-package"], registry) == {"some-honest-tail-package": Presence.PRESENT}


def test_a_scope_is_asked_at_its_own_registry(index: Any) -> None:
    registry = Registry("npm", ("http://127.0.0.1:1/",), {"scope": f"{index.address}/npm"})
    assert ask(["@scope/known"], registry) == {"@scope/known": Presence.PRESENT}


def test_a_source_that_cannot_be_asked_leaves_it_open(index: Any) -> None:
    registry = Registry("pypi", (f"{index.address}/simple",), unasked=1)
    assert ask(["absent-otter"], registry) == {"absent-otter": Presence.UNKNOWN}


def test_a_directory_of_this_machine_counts(index: Any, tmp_path: Any) -> None:
    (tmp_path / "Absent_Otter-1.0-py3-none-any.whl").touch()
    registry = Registry("pypi", (f"{index.address}/simple",), folders=(tmp_path,))
    assert ask(["absent-otter", "other"], registry) == {"absent-otter": Presence.PRESENT, "other": Presence.ABSENT}


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_registry_that_refuses_is_asked_once(index: Any, status: int) -> None:
    index.status = status
    found = ask(["a-1", "b-2", "c-3"], Registry("pypi", (f"{index.address}/simple",)))
    assert set(found.values()) == {Presence.UNKNOWN}
    assert index.asked == ["a-1"]


def test_a_page_that_is_no_package_page_says_nothing(index: Any) -> None:
    index.status, index.content_type = 200, "text/plain"
    assert ask(["a-1"], Registry("pypi", (f"{index.address}/simple",))) == {"a-1": Presence.UNKNOWN}


def test_no_more_names_are_asked_than_agreed(index: Any) -> None:
    names = [f"absent-{number}" for number in range(NAMES_ASKED + 5)]
    found = ask(names, Registry("pypi", (f"{index.address}/simple",)))
    assert len(index.asked) == NAMES_ASKED
    assert list(found.values()).count(Presence.UNKNOWN) == 5


def test_credentials_are_taken_out_of_the_address() -> None:
    assert split_credentials("https://us%40er:p%3Aw@h.example:8/x") == ("https://h.example:8/x", ("us@er", "p:w"))
    assert split_credentials("https://h.example/x") == ("https://h.example/x", None)
