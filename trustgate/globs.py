"""Anchored path globs and name patterns, matched without regular expressions so that no pattern can be slow.

A path glob is compared from the root of the repository, segment by segment: `*` is any text inside one segment, `?` one
character, `**` any number of whole segments. There is no negation and no character class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

WILD = ("*", "?")
LONGEST = 512
"""characters in a pattern"""


def is_glob(text: str) -> bool:
    return any(sign in text for sign in WILD)


def fault_of_path_glob(pattern: str) -> str:
    """Why `pattern` can not name paths in an exception or line, or the empty string.

    It must be relative, spelled plainly and begin with a literal segment, so that nothing is accepted everywhere.
    """
    parts = pattern.split("/")
    if not pattern or len(pattern) > LONGEST:
        return f"must have 1 to {LONGEST} characters"
    if "\\" in pattern or "\0" in pattern:
        return "must use / between segments"
    if any(part in ("", ".", "..") for part in parts):
        return "must be relative to the root of the repository, without empty, `.` or `..` segments"
    if is_glob(parts[0]):
        return "must begin with a literal folder or file name (`tests/**`, not `**` or `auth*`)"
    if any("**" in part and part != "**" for part in parts):
        return "must have `**` as a whole segment"
    return ""


def path_matches(pattern: str, path: str) -> bool:
    """Whether the whole of `path` matches; case counts, as it does in git."""
    parts = pattern.split("/")
    if parts[-1] == "**":
        parts[-1:] = ["*", "**"]  # `tests/**` is what lies below, not `tests` itself
    return _wild(parts, path.split("/"), "**", text_matches)


def text_matches(pattern: str, text: str) -> bool:
    """Whether the whole of `text` matches, `*` being any text and `?` one character."""
    return _wild(pattern, text, "*", _same_character)


def _same_character(pattern: str, text: str) -> bool:
    return pattern in ("?", text)


def _wild(pattern: Sequence[str], items: Sequence[str], star: str, same: Callable[[str, str], bool]) -> bool:
    """Match a sequence where `star` is any run of items; only the last star is ever tried again, so quadratic."""
    at = here = 0
    last = mark = -1
    while here < len(items):
        if at < len(pattern) and pattern[at] == star:
            last, mark = at, here
            at += 1
        elif at < len(pattern) and same(pattern[at], items[here]):
            at += 1
            here += 1
        elif last >= 0:
            at = last + 1
            mark += 1
            here = mark
        else:
            return False
    return all(part == star for part in pattern[at:])
