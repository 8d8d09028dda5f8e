from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.attribution.lookalike import fold, imitates

WORDS = frozenset({"claude", "anthropic", "codex", "assisted"})

HONEST = {
    "plain ascii": "Claude Opus 4.6",
    "Cyrillic prose": "Исправить ошибку",
    "a name with accents": "Jané Čapek",
    "a picture before the name": "💘 Crush",
    "the real word beside Cyrillic": "Иван Claude",
    "Chinese": "修复 claude 的错误",
}

ODD = {
    "Cyrillic capital Es": "Сlaude Opus",
    "Greek omicron": "cοdex",
    "zero width space": "Cl\u200baude",
    "fullwidth": "Ｃｌａｕｄｅ",
    "in an address": "noreply@аnthropic.com",
}


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST)
def test_leaves_alone(text: str) -> None:
    assert not imitates(text, WORDS)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_flags(text: str) -> None:
    assert imitates(text, WORDS)


def test_every_pair_folds_to_one_ascii_letter() -> None:
    from trustgate.attribution import lookalike

    pairs = lookalike._PAIRS
    assert len(pairs) % 2 == 0
    assert all(not pairs[i].isascii() and pairs[i + 1].isascii() for i in range(0, len(pairs), 2))


@given(st.text(st.characters()))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
