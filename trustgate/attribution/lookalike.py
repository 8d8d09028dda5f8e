"""Letters that imitate ASCII ones. A name written with them is never taken for the name it imitates."""

from __future__ import annotations

import re
from collections import Counter

# Confusables of ASCII letters in Cyrillic, Greek and Armenian (Unicode TR 39, confusables.txt: those a reader cannot
# tell apart in common fonts), the fullwidth forms, and characters that are not drawn at all.
_PAIRS = (
    "аaАAвbВBсcСCԁdеeЕEһhНHіiІIїiјjЈJкkКKӏlмmМMոnпnоoОOрpРPԛqѕsЅSтtТTսuцuѵvѴVԝwѡwхxХXуyУYүyᴢz"
    "αaΑAβbΒBεeΕEηnΗHιiΙIκkΚKμuΜMνvΝNοoΟOρpΡPτtΤTυuΥYχxΧXΖZϲcσoıiⅼlⅰiⅽcⅾdⅿm"
)
_TABLE: dict[int, str | None] = {ord(_PAIRS[i]): _PAIRS[i + 1] for i in range(0, len(_PAIRS), 2)}
_TABLE.update({0xFF01 + i: chr(0x21 + i) for i in range(94)})
_TABLE.update(dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)))

_WORD = re.compile(r"[^\W_]{3,}")


def fold(text: str) -> str:
    """The ASCII text that `text` looks like; everything else is left as it is. Linear."""
    return text if text.isascii() else text.translate(_TABLE)


def imitates(text: str, words: frozenset[str]) -> bool:
    """Whether `text` holds one of the (lower-case) words in letters that only look like its own."""
    folded = fold(text)
    if folded == text:
        return False
    real = Counter(_WORD.findall(text.lower()))
    seen = Counter(_WORD.findall(folded.lower()))
    return any(count > real[word] for word, count in seen.items() if word in words)
