"""The cheap first look, before anything is parsed: which hunks could be mechanical at all. It never proves a thing."""

from __future__ import annotations

import re

from trustgate.changes.changeset import Hunk
from trustgate.facts import SideText
from trustgate.record import NamedTuple

_LAYOUT = b" \t\r\n\f\v(),;'\"\\{}`|"
"""bytes that formatters add and take away"""
_NAME = r"[\w.$*]+(?:\s+as\s+\w+)?"
_IMPORT = re.compile(
    rf"\s*(?:import\b|from\b|{_NAME}(?:\s*,\s*{_NAME})*\s*,?\s*[)}}]?\s*(?:#.*)?$|[)}}(]|[\"'].*[\"']\s*$"
    r"|(?:\w+\s+)?\"[^\"]+\"$|$)"
)
_WORD = re.compile(r"[^\W\d]\w*")
_PREFIX = re.compile(r"\b[fFuUrRbB]{1,2}(?=[\"'])")
RENAMES = 6
"""different names in one file; more is no rename any more"""


class Look(NamedTuple):
    """Hunks that could be mechanical, by what could make them so."""

    layout: tuple[Hunk, ...] = ()
    imports: tuple[Hunk, ...] = ()
    renames: tuple[Hunk, ...] = ()


def look(old: SideText, new: SideText, hunks: tuple[Hunk, ...], mark: str) -> Look:
    """`mark` begins a comment of the language. Blank lines and comments beside other edits are left to the rest of the
    analyzer, which does not count them: a proof would cost a parse and change nothing.
    """
    if _bytes(old.data) == _bytes(new.data):
        return Look(hunks)
    layout: list[Hunk] = []
    imports: list[Hunk] = []
    renames: list[Hunk] = []
    trivial = True
    for hunk in hunks:
        before = [old.line(n) for n in hunk.old_lines]
        after = [new.line(n) for n in hunk.new_lines]
        a, b = squeezed(before, mark), squeezed(after, mark)
        if a == b or squeezed(before, "") == squeezed(after, "") or _same_strings(before, after, mark):
            layout.append(hunk)
            trivial = trivial and not a
        elif all(_IMPORT.match(line[:400]) for line in (*before, *after)):
            imports.append(hunk)
        elif len(before) == len(after) and _renames(before, after):
            renames.append(hunk)
    rest = [hunk for hunk in hunks if hunk not in layout and hunk not in imports]
    if rest and _same_tokens(old, new, rest, mark):  # a token that went over an unchanged line to the next hunk
        layout, renames, trivial = sorted((*layout, *rest)), [], False
    if imports and len(layout) + len(imports) < len(hunks) and not _same_names(old, new, imports):
        imports = []
    if trivial and not imports and len(layout) + len(renames) < len(hunks):
        return Look()
    if len(layout) + len(imports) + len(renames) < len(hunks):
        renames = []
    return Look(tuple(layout), tuple(imports), tuple(renames))


def squeezed(lines: list[str], mark: str) -> bytes:
    """The lines without layout, and without what follows the mark of a comment."""
    if mark:
        lines = [line.split(mark, 1)[0] for line in lines if not line.lstrip().startswith((mark, "*", "/*"))]
    return _bytes("\n".join(lines).encode("utf-8", "surrogateescape"))


def _same_strings(before: list[str], after: list[str], mark: str) -> bool:
    """Whether the lines are equal but for layout and the prefixes of Python's strings."""
    if mark != "#" or not before or not after or not any('"' in line or "'" in line for line in before):
        return False
    a = squeezed([_PREFIX.sub("", line) for line in before], mark)
    return a == squeezed([_PREFIX.sub("", line) for line in after], mark)


def _bytes(data: bytes) -> bytes:
    return data.translate(None, _LAYOUT).lower()


def _same_tokens(old: SideText, new: SideText, hunks: list[Hunk], mark: str) -> bool:
    before = squeezed([old.line(n) for hunk in hunks for n in hunk.old_lines], mark)
    return before == squeezed([new.line(n) for hunk in hunks for n in hunk.new_lines], mark)


def _same_names(old: SideText, new: SideText, hunks: list[Hunk]) -> bool:
    before = {word for hunk in hunks for n in hunk.old_lines for word in _WORD.findall(old.line(n))}
    after = {word for hunk in hunks for n in hunk.new_lines for word in _WORD.findall(new.line(n))}
    return before - {"from", "import"} == after - {"from", "import"}


def _renames(before: list[str], after: list[str]) -> bool:
    """Whether the lines are equal but for a few names."""
    pairs: dict[str, str] = {}
    for a, b in zip(before, after, strict=True):
        if len(a) > 400 or _WORD.sub("\0", a) != _WORD.sub("\0", b):
            return False
        for one, other in zip(_WORD.findall(a), _WORD.findall(b), strict=True):
            if pairs.setdefault(one, other) != other:
                return False
    return sum(one != other for one, other in pairs.items()) <= RENAMES
