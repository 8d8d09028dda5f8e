"""Writing an exception: every byte before it stays, and what is written reads back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_samples import RULES, TODAY

from trustgate.errors import ConfigError, UsageError
from trustgate.policy.accepting import read_exceptions, with_entry, write_exceptions
from trustgate.policy.exceptions import EXCEPTIONS_PATH, parse_exceptions
from trustgate.policy.model import Accepted

ENTRY = Accepted("weak-cipher", "legacy format", "ada", date(2030, 7, 1), "ab" * 32, "", TODAY)


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"# a comment without an end",
        (
            b'[[exception]] # mine\r\nrule = "weak-cipher"\r\nfingerprint = "0123456789abcdef"\r\nreason = "r"\r\n'
            b'owner = "o"\r\nexpires = 2030-06-30\r\n'
        ),
    ],
    ids=["empty", "no line feed at the end", "line ends of Windows"],
)
def test_keeps_every_byte_and_its_line_ends(before: bytes) -> None:
    after = with_entry(before, ENTRY, RULES, today=TODAY)
    assert after.startswith(before)
    assert parse_exceptions(after, RULES, TODAY)[-1] == ENTRY
    assert (b"\r\n" in after) is (b"\r\n" in before)
    assert after.count(b"\n") == after.count(b"\r\n") or b"\r\n" not in after


def test_a_new_file_says_what_it_is() -> None:
    assert with_entry(None, ENTRY, RULES, today=TODAY).decode() == (
        "# Findings a person accepted. An entry counts once it is on the trusted base, until it expires.\n"
        "\n[[exception]]\n"
        'rule = "weak-cipher"\n'
        f'fingerprint = "{"ab" * 32}"\n'
        'reason = "legacy format"\nowner = "ada"\nexpires = 2030-07-01\nadded = 2030-06-01\n'
    )


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=60),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=60),
)
def test_any_words_read_back_and_nothing_else_comes_along(reason: str, owner: str) -> None:
    entry = Accepted("weak-cipher", reason, owner, date(2030, 7, 1), "ab" * 32, "", TODAY)
    try:
        data = with_entry(None, entry, RULES, today=TODAY)
    except ConfigError as error:
        assert not reason.strip() or not owner.strip(), error.message
    else:
        assert parse_exceptions(data, RULES, TODAY) == (entry,)


def test_twice_is_once() -> None:
    data = with_entry(None, ENTRY, RULES, today=TODAY)
    with pytest.raises(UsageError, match="accepts weak-cipher:abababababababab already, until 2030-07-01"):
        with_entry(data, ENTRY, RULES, today=TODAY)


def test_an_expired_one_can_be_renewed() -> None:
    old = Accepted("weak-cipher", "r", "ada", date(2030, 5, 1), "ab" * 32)
    data = with_entry(None, old, RULES, today=date(2030, 4, 1))
    assert parse_exceptions(with_entry(data, ENTRY, RULES, today=TODAY), RULES, TODAY) == (old, ENTRY)


@pytest.mark.parametrize("data", [b"[[", b"[[exception]]\n", b"x = 1\n"])
def test_a_broken_file_is_left_alone(data: bytes) -> None:
    with pytest.raises(ConfigError, match="exceptions"):
        with_entry(data, ENTRY, RULES, today=TODAY)


def test_bytes_that_are_no_text_are_refused() -> None:
    bad = Accepted("weak-cipher", "caf\udce9", "ada", date(2030, 7, 1), "ab" * 32)
    with pytest.raises(UsageError, match="UTF-8"):
        with_entry(None, bad, RULES, today=TODAY)


def test_writes_in_one_step_and_keeps_the_mode(tmp_path: Path) -> None:
    assert read_exceptions(tmp_path) is None
    write_exceptions(tmp_path, b"# one\n")
    target = tmp_path / EXCEPTIONS_PATH
    target.chmod(0o600)
    write_exceptions(tmp_path, b"# two\n")
    assert read_exceptions(tmp_path) == b"# two\n"
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["exceptions.toml"]


@pytest.mark.parametrize("link", [".trustgate", EXCEPTIONS_PATH])
def test_refuses_symbolic_links(link: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "exceptions.toml").write_text("# theirs\n")
    top = tmp_path / "top"
    (top / link).parent.mkdir(parents=True)
    (top / link).symlink_to(outside if link == ".trustgate" else outside / "exceptions.toml")
    for attempt in (lambda: read_exceptions(top), lambda: write_exceptions(top, b"")):
        with pytest.raises(UsageError, match="symbolic link"):
            attempt()
    assert (outside / "exceptions.toml").read_text() == "# theirs\n"


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / EXCEPTIONS_PATH).mkdir(parents=True)
    with pytest.raises(UsageError, match="not a file"):
        write_exceptions(tmp_path, b"")
