"""Who wrote a change, as far as mail addresses tell: it decides who may not approve it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.attribution.writers import canonical, co_authors, forge_account

NAMED = {
    "as git writes it": "Fix\n\nCo-authored-by: Ada <ada@x.example>",
    "other case and a blank": "Fix\n\nCO-AUTHORED-BY : Ada <ada@x.example>\r\n",
    "folded": "Fix\n\nCo-authored-by: Ada\n  <ada@x.example>",
    "in the template of a squash": "Squashed commit of the following:\n\n    Co-authored-by: Ada <ada@x.example>",
    "quoted": "Fix\n\n> Co-authored-by: Ada <ada@x.example>",
    "without brackets": "Fix\n\nCo-authored-by: Ada ada@x.example",
    "a long name": f"Fix\n\nCo-authored-by: {'A' * 900} <ada@x.example>",
    "as the kernel writes it": "Fix\n\nCo-developed-by: Ada <ada@x.example>",
    "far down": f"Fix\n\n{'x' * 300_000}\n\nCo-authored-by: Ada <ada@x.example>",
}


@pytest.mark.parametrize("message", NAMED.values(), ids=NAMED)
def test_a_co_author_is_seen(message: str) -> None:
    assert [mail for _, mail in co_authors(message)] == ["ada@x.example"]


def test_several_in_one_line_are_all_seen() -> None:
    line = "Fix\n\nCo-authored-by: Ada L <ada@x.example>, Eve <eve@y.example>\nSigned-off-by: Bob <bob@x.example>"
    assert co_authors(line) == (("Ada L", "ada@x.example"), ("", "eve@y.example"))


@pytest.mark.parametrize("text", ["Fix", "Thanks Ada <ada@x.example>", "Reviewed-by: Ada <ada@x.example>"])
def test_who_is_no_co_author_is_left_alone(text: str) -> None:
    assert co_authors(f"Fix\n\n{text}") == ()


@pytest.mark.parametrize(
    "other", ["ADA@X.example", " ada@x.example ", "ada+git@x.example", "аda@x.example", "ａda@x.example"]
)
def test_one_person_by_another_spelling(other: str) -> None:
    assert canonical(other) == canonical("ada@x.example")


@pytest.mark.parametrize(
    "other", ["adam@x.example", "ada@y.example", "eve+ada@x.example", "1+ada@users.noreply.x.example"]
)
def test_another_person_is_another(other: str) -> None:
    assert canonical(other) != canonical("ada@x.example")


def test_the_addresses_that_a_forge_makes() -> None:
    assert canonical("12+Ada@users.noreply.github.com") == canonical("ada@users.noreply.github.com")
    assert forge_account("12+Ada_corp@Users.NoReply.forge.example") == ("ada_corp", "12")
    assert forge_account("ada@users.noreply.github.com") == ("ada", "")
    assert forge_account("ada@x.example") == ("", "")


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    canonical(text)
    forge_account(text)
    co_authors(f"Co-authored-by: {text}")


@pytest.mark.parametrize("piece", ["co-authored-by:", "co-authored-by: \n ", ">" * 30, "a@", "@", "<a@b"])
def test_no_text_is_slow(piece: str) -> None:
    began = time.process_time()
    co_authors(piece * (300_000 // len(piece)))
    assert time.process_time() - began < 3
