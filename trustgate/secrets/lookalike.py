"""Is this text a real secret or something that only looks like one: placeholders, made-up values, plain words."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import log2

PLACEHOLDER_WORDS = (
    "example", "sample", "placeholder", "changeme", "change-me", "change_me", "changethis", "change-this",
    "change_this", "your", "xxxx", "****", "....", "----", "____", "dummy", "fake", "redacted", "insert", "replace",
    "notreal", "not-real", "not_real", "insecure", "invalid", "deadbeef", "foobar", "lorem", "hunter2", "todo", "mock",
    "test", "demo", "elided", "removed", "masked", "censored", "${", "{{", "}}", "<", "%(", "%s", "$(", "#{", "…",
)  # fmt: skip
"""Lower-case pieces that no issued secret contains (four letters fall into a random one about once in a million)."""

PLACEHOLDER_NAMES = (
    "my-",
    "my_",
    "some-",
    "some_",
    "not-a",
    "not_a",
    "default",
    "secret",
    "password",
    "hidden",
    "token",
)
"""More of them, for literals whose only proof is the name they are given to."""


def has_placeholder_word(secret: str, more: tuple[str, ...] = ()) -> bool:
    lowered = secret.lower()
    return any(word in lowered for word in (*PLACEHOLDER_WORDS, *more))


def entropy(text: str) -> float:
    """Shannon entropy in bits per character; at most log2 of the number of different characters."""
    size = len(text)
    if size == 0:
        return 0.0
    return -sum(count / size * log2(count / size) for count in Counter(text).values())


def _longest_run(text: str, step: int) -> int:
    best = run = 1
    for before, after in pairwise(text):
        run = run + 1 if ord(after) - ord(before) == step else 1
        best = max(best, run)
    return best


def made_up(secret: str) -> bool:
    """True for keyboard walks, counting, repeats and interleaved counting (`a1b2c3d4`): a hand typed it."""
    lowered = secret.lower()
    if len(set(lowered)) < min(8, len(secret) // 3):
        return True
    if 0 < (lowered + lowered).find(lowered, 1) < len(lowered):
        return True
    if _longest_run(lowered, 1) >= 6 or _longest_run(lowered, 0) >= 5 or _longest_run(lowered, -1) >= 6:
        return True
    halves = (lowered[::2], lowered[1::2])
    return all(_longest_run(half, 1) >= 4 for half in halves) or "qwerty" in lowered


def _character_class(char: str) -> int:
    if char.isdigit():
        return 0
    if char.isalpha():
        return 1 if char.islower() else 2
    return 3


def class_changes(text: str) -> int:
    """How often the kind of character (digit, lower, upper, other) changes: words change rarely, random text often."""
    kinds = [_character_class(char) for char in text]
    return sum(1 for before, after in pairwise(kinds) if before != after)


def looks_random(text: str) -> bool:
    """True for a literal that was generated, or typed as a strong password; False for words, names and identifiers."""
    if not any(char.isdigit() for char in text) or not any(char.isalpha() for char in text):
        return False
    needed = 3.0 if len(text) < 20 else 3.3
    return class_changes(text) >= max(4, len(text) // 5) and entropy(text) >= needed
