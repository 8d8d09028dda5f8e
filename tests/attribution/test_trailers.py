from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trustgate.attribution.trailers import MESSAGE_LIMIT, VALUE_LIMIT, parse_message, without_secrets

KEYS = frozenset({"co-authored-by", "assisted-by"})
MARK = "Co-authored-by: Claude <noreply@anthropic.com>"
VALUE = "Claude <noreply@anthropic.com>"

NOT_READ = {
    "quoted": f"Subject\n\n> {MARK}\n\nMore.",
    "in a closed fence": f"Subject\n\n```\n{MARK}\n```\n\nMore.",
    "in a closed fence at the end": f"Subject\n\nText.\n\n~~~\n{MARK}\n~~~",
    "indented as code": f"Subject\n\nWrite:\n\n    {MARK}\n\nMore.",
    "behind a tab": f"Subject\n\nWrite:\n\n\t{MARK}\n\nMore.",
    "in the middle of a line": f"Subject\n\nStrip {MARK} from it.\n\nMore.",
    "a list item": f"Subject\n\n- {MARK}\n\nMore.",
    "an empty message": "",
    "blank lines only": "\n \n\t\n",
}

PLACES = {
    "the last block": (f"Subject\n\nText.\n\n{MARK}\n", True),
    "the last block, with others": (f"Subject\n\nText.\n\nFixes: #1\n{MARK}\nSigned-off-by: J <j@x>\n", True),
    "the last block, git wrote one of it": (f"Subject\n\n{MARK}\nsee above\n(cherry picked from commit 1)\n", True),
    "under a long separator of a squash": (f"Subject\n\n* one\n\n---------\n\n{MARK}", True),
    "any case of the key": (f"Subject\n\n{MARK.upper()}", True),
    "blanks before the colon": ("Subject\n\nCo-authored-by : Claude <noreply@anthropic.com>", True),
    "blanks in the key": ("Subject\n\nCo authored by: Claude <noreply@anthropic.com>", True),
    "folded": ("Subject\n\nCo-authored-by: Claude\n <noreply@anthropic.com>", True),
    "an open fence hides nothing": (f"Subject\n\n```\ncode\n\n{MARK}", True),
    "the middle of the body": (f"Subject\n\n{MARK}\n\nMore text.", False),
    "under the subject without a blank line": (f"Subject\n{MARK}", False),
    "in a paragraph of prose at the end": (f"Subject\n\nText.\n{MARK}", False),
    "after a patch separator": (f"Subject\n\nText.\n---\n\n{MARK}", False),
    "in git's squash template": (
        f"Squashed commit of the following:\n\ncommit 1\nAuthor: J\n\n    Subject\n\n    {MARK}\n\ncommit 2",
        False,
    ),
    "with line breaks that were never made": (f"Subject\\n\\nText\\n\\n{MARK}", False),
}


def marks(text: str) -> list[tuple[str, bool]]:
    return [(t.value, t.in_place) for t in parse_message(text, KEYS).trailers if t.key == "co-authored-by"]


@pytest.mark.parametrize("text", NOT_READ.values(), ids=NOT_READ)
def test_leaves_alone(text: str) -> None:
    assert marks(text) == []


@pytest.mark.parametrize(("text", "in_place"), PLACES.values(), ids=PLACES)
def test_places(text: str, in_place: bool) -> None:
    assert [(value.lower(), place) for value, place in marks(text)] == [(VALUE.lower(), in_place)]


def test_in_place_wins_over_the_same_line_elsewhere() -> None:
    assert marks(f"Subject\n\n{MARK}\n\nText.\n\n{MARK}") == [(VALUE, True)]


def test_different_values_are_all_kept_in_order() -> None:
    text = "Subject\n\nCo-authored-by: A <a@x>\nCo-authored-by: B <b@x>\n\nText.\n\nCo-authored-by: C <c@x>"
    assert [value for value, _ in marks(text)] == ["C <c@x>", "A <a@x>", "B <b@x>"]


def test_a_key_in_look_alike_letters_is_marked() -> None:
    (trailer,) = parse_message("Subject\n\nСo-authored-by: Claude <noreply@anthropic.com>", KEYS).trailers
    assert trailer.odd_key and trailer.key == "co-authored-by"


def test_html_escaped_brackets_are_brackets() -> None:
    assert marks("S\n\nCo-authored-by: Crush &lt;crush@charm.land&gt;") == [("Crush <crush@charm.land>", True)]


URLS = {
    "userinfo": ("see https://jane:hunter2@host.example/a", "see https://host.example/a"),
    "userinfo with an at sign": ("https://jane:p@ss@host.example", "https://host.example"),
    "userinfo with a question mark": ("https://jane:p?ss@host.example", "https://host.example"),
    "query": ("(https://host.example/a?token=1)", "(https://host.example/a)"),
    "fragment": ("https://host.example/a#token=1 b", "https://host.example/a b"),
    "two": ("x://a:b@c y://d:e@f", "x://c y://f"),
    "an address in brackets stays": ("Claude <noreply@anthropic.com>", "Claude <noreply@anthropic.com>"),
}


@pytest.mark.parametrize(("text", "bare"), URLS.values(), ids=URLS)
def test_urls_lose_what_is_private(text: str, bare: str) -> None:
    assert without_secrets(text) == bare


@given(st.text(st.characters(exclude_categories=()), max_size=400))
@example("\ud800: \udfff\n\n\udc80")
def test_any_text_is_read(text: str) -> None:
    message = parse_message(text, KEYS)
    assert all(len(trailer.value) <= VALUE_LIMIT for trailer in message.trailers)
    assert all(len(line) <= VALUE_LIMIT for line in message.lines)


LONG = {
    "one long line": "Co-authored-by: " + "a" * (1 << 20),
    "one long key": "a" * (1 << 20) + ": b",
    "many trailers": "S\n\n" + "".join(f"Co-authored-by: {n} <n@x>\n" for n in range(40000)),
    "many fences": "S\n\n" + "```\n" * 250000,
    "many blanks": "S\n\nCo-authored-by:" + " " * (1 << 20) + "x",
    "many urls": "S\n\nCo-authored-by: " + "://@" * 250000,
    "many escaped line breaks": "S\n\n" + "\\n-by:" * 200000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_message_is_read_quickly(text: str) -> None:
    start = time.process_time()
    assert parse_message(text, KEYS).subject
    assert time.process_time() - start < 1


def test_both_ends_of_a_long_message_are_read() -> None:
    filler = "word " * MESSAGE_LIMIT
    assert marks(f"Subject\n\n{MARK}\n\n{filler}") == [(VALUE, False)]
    assert marks(f"Subject\n\n{filler}\n\n{MARK}") == [(VALUE, True)]
