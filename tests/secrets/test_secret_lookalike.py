"""Real secret, or something that only looks like one."""

from __future__ import annotations

import pytest

from trustgate.secrets.lookalike import class_changes, entropy, has_placeholder_word, looks_random, made_up


@pytest.mark.parametrize(
    "value",
    [
        "abcdef0123456789",
        "a1b2c3d4e5f6g7h8",
        "x9x9x9x9x9x9x9x9",
        "aaaaaaaaaaaaaaaa",
        "qwerty-key-93hf7",
        "zzzzz8Qk2LmW0vRt",
    ],
)
def test_made_up(value: str) -> None:
    assert made_up(value)


@pytest.mark.parametrize("value", ["tR7vQ2mLx9Zp4w6K", "9f2kQ7xLm3Zt8vRw1BnY5cHd", "c0ffee91d24ab3780e6f15b2d9"])
def test_not_made_up(value: str) -> None:
    assert not made_up(value)


@pytest.mark.parametrize("value", ["your-key-here", "<token>", "${TOKEN}", "xxxxxxxx", "changeme1", "EXAMPLEKEY"])
def test_placeholder(value: str) -> None:
    assert has_placeholder_word(value)


@pytest.mark.parametrize("value", ["tR7!vQ2m#Lx9Zp4w", "q8Zt3LmX0vKc7RbY2nWd", "S3cr3tPa55w0rd!x"])
def test_random(value: str) -> None:
    assert looks_random(value)


@pytest.mark.parametrize("value", ["forgot-password-link", "access_token_expired", "oauth2_token", "1234567890123456"])
def test_words_and_numbers_are_not_random(value: str) -> None:
    assert not looks_random(value)


def test_entropy_and_class_changes() -> None:
    assert entropy("") == 0
    assert entropy("aabb") == 1
    assert class_changes("ab12C") == 2
