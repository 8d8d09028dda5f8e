from __future__ import annotations

import pytest

from trustgate.attribution.markers import Identity, Marker, identities
from trustgate.attribution.origin import OriginClass

CREDIT = {"co-authored-by": "generated", "assisted-by": "assisted"}

PEOPLE = {
    "Jane Doe <jane@x>": [("Jane Doe", "jane@x")],
    "Jane <jane@x> & Claude <noreply@anthropic.com>": [("Jane", "jane@x"), ("Claude", "noreply@anthropic.com")],
    "Codex": [("Codex", "")],
    "💘 Crush <crush@charm.land": [("Crush", "crush@charm.land")],
    "Claude <<a@x>": [("Claude", "a@x")],
    "<a@x>": [("", "a@x")],
    "(glm-4.7) <a@x>": [("(glm-4.7)", "a@x")],
    "": [("", "")],
}


@pytest.mark.parametrize(("value", "people"), PEOPLE.items(), ids=PEOPLE)
def test_identities(value: str, people: list[tuple[str, str]]) -> None:
    assert identities(value) == tuple(Identity(*person) for person in people)


def test_no_more_than_eight_identities() -> None:
    assert len(identities("a <b@c> " * 100)) == 8


def marker(**fields: object) -> Marker:
    table = {"id": "m", "where": "trailer", "needle": ["x"], "class": "by-key", "trust": "declared"}
    return Marker({**table, **fields}, CREDIT)


def test_the_class_comes_from_the_key_or_the_table() -> None:
    assert marker().origin_class("assisted-by") is OriginClass.ASSISTED
    assert marker(**{"class": "suggested"}).origin_class("assisted-by") is OriginClass.SUGGESTED


APPS = {
    "the name": (Identity("fix-it[bot]", ""), True),
    "the address": (Identity("Fix It", "12+Fix-It[bot]@users.noreply.github.com"), True),
    "the address without a number": (Identity("", "fix-it[bot]@users.noreply.github.com"), True),
    "another app": (Identity("prefix-it[bot]", "1+prefix-it[bot]@users.noreply.github.com"), False),
    "the address elsewhere": (Identity("Fix", "fix-it[bot]@users.noreply.github.com.evil.example"), False),
}


@pytest.mark.parametrize(("person", "good"), APPS.values(), ids=APPS)
def test_forge_apps(person: Identity, good: bool) -> None:
    assert (marker(bots=["fix-it"]).match_identity(person) is not None) is good


def test_all_that_is_given_must_hold() -> None:
    both = marker(name="claude", address="a@x")
    assert both.match_identity(Identity("Claude", "A@X")) == {}
    assert both.match_identity(Identity("Claude", "b@x")) is None
    assert both.match_identity(Identity("Claude Meyer", "a@x")) is None


def test_bare_wants_no_address() -> None:
    assert marker(name="cursor", bare=True).match_identity(Identity("Cursor", "a@x")) is None


def test_a_pattern_that_is_not_needed_is_not_compiled() -> None:
    broken = marker(regex="(")
    assert not broken.near("nothing here")
