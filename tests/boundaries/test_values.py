"""Literals and their orders: what is looser than what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.boundaries.values import (
    ORDERS,
    Order,
    is_loose,
    looser,
    members,
    mode,
    number,
    safe_to_lose,
    version,
    word,
)
from trustgate.finding import Confidence

RANKED = Order("ranked", ("none", "lax", "strict"))
ALGORITHMS = Order("members", loose=("hs256",), mixed=True)

KEPT = {
    "on, still on": (Order("on"), "True", "true"),
    "on, back on": (Order("on"), "False", "True"),
    "on, to nothing, as a default that somebody else fills in": (Order("on"), "True", "None"),
    "on, to a variable": (Order("on"), "True", "settings.verify"),
    "off, switched off": (Order("off"), "true", "false"),
    "ranked, stricter": (RANKED, '"Lax"', "'Strict'"),
    "ranked, unknown word": (RANKED, '"Strict"', '"weird"'),
    "larger, grows": (Order("larger"), "2048", "4096"),
    "larger, to a name": (Order("larger"), "2048", "SIZE"),
    "smaller, grows less than the factor": (Order("smaller", factor=10), "60 * 60", "3600 * 5"),
    "limit, longer": (Order("limit"), "5", "50"),
    "version, newer": (Order("version"), "ssl.TLSVersion.TLSv1_2", "ssl.TLSVersion.TLSv1_3"),
    "members, another strong one": (ALGORITHMS, '["RS256"]', '["RS256", "RS512"]'),
    "members, was loose already": (ALGORITHMS, '["RS256", "HS256"]', '["HS256"]'),
    "members, replaced": (ALGORITHMS, '["RS256"]', '["HS256"]'),
    "mode, narrower": (Order("mode"), "0o644", "0o600"),
    "mode, may be run": (Order("mode"), "0o644", "0o755"),
    "umask, narrower": (Order("umask"), "0o022", "0o077"),
    "avoid, unnamed safe value": (Order("avoid", ("localhost",), ("0.0.0.0",)), '"10.0.0.1"', '"0.0.0.0"'),
}


@pytest.mark.parametrize(("order", "old", "new"), KEPT.values(), ids=KEPT)
def test_looser_leaves_alone(order: Order, old: str, new: str) -> None:
    assert looser(order, old, new) is None


LOOSER = {
    "on": (Order("on"), "True", "False"),
    "on, JavaScript": (Order("on"), "true", "false,"),
    "off": (Order("off"), "False", "True"),
    "ranked": (RANKED, '"Strict"', '"None"'),
    "ranked by name": (Order("ranked", ("cert_none", "cert_required")), "ssl.CERT_REQUIRED", "ssl.CERT_NONE"),
    "larger": (Order("larger"), "600_000", "1000"),
    "smaller": (Order("smaller", factor=10), "timedelta(minutes=5)", "timedelta(days=30)"),
    "smaller, Go": (Order("smaller", factor=10), "15 * time.Minute", "24 * time.Hour"),
    "smaller, text": (Order("smaller", factor=10), '"15m"', '"7d"'),
    "limit, none": (Order("limit"), "10", "None"),
    "limit, zero": (Order("limit"), "10.5", "0"),
    "version": (Order("version"), "tls.VersionTLS12", "tls.VersionTLS10"),
    "version, lowest of several": (Order("version"), "TLSv1.2 TLSv1.3", "TLSv1 TLSv1.2 TLSv1.3"),
    "version, SSL": (Order("version"), "TLSv1", "SSLv3"),
    "members": (ALGORITHMS, '["RS256"]', '["RS256", "HS256"]'),
    "words": (
        Order("words", loose=("unsafe-inline",)),
        "\"script-src 'self'\"",
        "\"script-src 'self' 'unsafe-inline'\"",
    ),
    "words lost": (Order("words", ("includesubdomains",)), '"max-age=1; includeSubDomains"', '"max-age=1"'),
    "mode": (Order("mode"), "0o600", "0o644"),
    "mode, Go": (Order("mode"), "0600", "0666"),
    "mode, named bits": (Order("mode"), "stat.S_IRUSR | stat.S_IWUSR", "0o640"),
    "umask": (Order("umask"), "0o077", "0o022"),
    "avoid": (Order("avoid", ("127.0.0.1",), ("0.0.0.0",)), '"127.0.0.1"', '"0.0.0.0"'),
}


@pytest.mark.parametrize(("order", "old", "new"), LOOSER.values(), ids=LOOSER)
def test_looser_flags(order: Order, old: str, new: str) -> None:
    assert looser(order, old, new) is Confidence.HIGH


def test_looser_is_less_sure_when_the_old_value_is_a_name() -> None:
    assert looser(Order("on"), "settings.verify", "False") is Confidence.MEDIUM
    assert safe_to_lose(Order("on"), "settings.verify") is Confidence.MEDIUM


def test_safe_to_lose_only_what_was_safe() -> None:
    assert safe_to_lose(Order("on"), "True") is Confidence.HIGH
    assert safe_to_lose(Order("on"), "False") is None
    assert safe_to_lose(Order("members", loose=("*",)), '["*"]') is None
    assert safe_to_lose(Order("mode"), "0o644") is None


def test_is_loose_by_itself() -> None:
    assert is_loose(Order("off"), "true", bare=True)
    assert not is_loose(Order("off"), "${PRIVILEGED:-true}", bare=True)
    assert is_loose(Order("version", factor=1.2), "TLSv1.1 TLSv1.2", bare=True)
    assert not is_loose(Order("larger"), "1")


def test_literals_are_read() -> None:
    assert word('"Lax"', bare=False) == "lax"
    assert word("f'{x}'", bare=False) == ""
    assert word("`${x}`", bare=False) == ""
    assert number("60 * 60") == 3600
    assert number("0x10") == 16
    assert number("7.days") == 604800
    assert number("Duration.ofMinutes(5)") == 300
    assert number("settings.TTL") is None
    assert mode("'0640'") == 0o640
    assert mode("0o") is None
    assert version("ssl.PROTOCOL_TLS_CLIENT") is None
    assert members("[get, '*']", bare=True) == {"get", "*"}


@given(st.sampled_from(sorted(ORDERS)), st.text(max_size=60), st.text(max_size=60), st.booleans())
def test_any_text_has_an_answer_and_nothing_is_looser_than_itself(kind: str, old: str, new: str, bare: bool) -> None:
    order = Order(kind, ("a", "b"), ("c",))
    assert looser(order, old, new, bare=bare) in (None, Confidence.MEDIUM, Confidence.HIGH)
    assert looser(order, old, old, bare=bare) is None
    assert safe_to_lose(order, old, bare=bare) in (None, Confidence.MEDIUM, Confidence.HIGH)
    assert is_loose(order, new, bare=bare) in (True, False)
