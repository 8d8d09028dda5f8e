"""What one edit between a typed and a well-known name looks like: a slip, or the way in which honest names differ."""

from __future__ import annotations

SEPARATORS = "-_."
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""letters of a QWERTY keyboard; neighbours are mistyped for one another"""
_GLYPHS = ("0o", "1l", "1i", "li", "5s", "3e", "4a", "7t", "uv", "vw", "nm", "2z", "8b", "6b", "9g", "gq", "ce", "kc")
"""pairs that look or sound alike"""


def is_slip(typed: str, target: str) -> bool:
    """Whether the one edit between the two is a slip (a swap, a doubled, lost or neighbouring letter).

    False for the edits by which honest names differ: digits, a plural, one letter put before or behind, a separator.
    """
    if len(typed) == len(target):
        return _slip_in_place(typed, target)
    longer, shorter = (typed, target) if len(typed) > len(target) else (target, typed)
    at = next((i for i, char in enumerate(shorter) if char != longer[i]), len(shorter))
    extra = longer[at]
    if extra in SEPARATORS or extra.isdigit():
        return False
    if at and longer[at - 1] == extra:
        return True  # a doubled letter, or one of a pair lost
    at_end = at + 1 == len(longer) or longer[at + 1] in SEPARATORS
    if extra == "s" and at_end:
        return False
    return at > 0 and not at_end


def _slip_in_place(typed: str, target: str) -> bool:
    differ = [i for i, char in enumerate(typed) if char != target[i]]
    if len(differ) == 2:
        return True  # a swap, since the distance is one
    at = differ[0]
    one, other = typed[at], target[at]
    if one.isdigit() and other.isdigit():
        return False
    if one + other in _GLYPHS or other + one in _GLYPHS or _neighbours(one, other):
        return True
    return 0 < at < len(typed) - 1 and not (one.isdigit() or other.isdigit())


def _neighbours(one: str, other: str) -> bool:
    places = {char: (y, x) for y, row in enumerate(_ROWS) for x, char in enumerate(row) if char in (one, other)}
    if len(places) < 2:
        return False
    (y1, x1), (y2, x2) = places[one], places[other]
    return abs(y1 - y2) <= 1 and abs(x1 - x2) <= 1


def one_edit(name: str, alphabet: str) -> set[str]:
    """Every text one edit away from `name`, except itself."""
    splits = [(name[:i], name[i:]) for i in range(len(name) + 1)]
    found = {head + tail[1:] for head, tail in splits if tail}
    found.update(head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1)
    found.update(head + char + tail[1:] for head, tail in splits if tail for char in alphabet)
    found.update(head + char + tail for head, tail in splits for char in alphabet)
    found.discard(name)
    return found
