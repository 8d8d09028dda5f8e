"""The parts of a commit message that can name an author: subject, trailers, and the lines around them. Pure.

Position, in one rule. A trailer is *in place* when it stands in the last block of trailers as git defines it
(git-interpret-trailers(1): last paragraph, not the first one, every line `Key: value` or a continuation, or a quarter
of them when git itself wrote one) and no `---` line stands above it. The same line anywhere else (a squashed body, the
subject, below `---`) is *out of place*: it makes the same claim with less trust. It is never dropped, or moving a line
would be a way to hide it. Lines that speak of another message are not read at all: quoted with `>`, inside a closed
code fence, or indented by four or more (except in git's own squash template, which indents everything by four).
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from trustgate.attribution.lookalike import fold

MESSAGE_LIMIT = 256 * 1024
"""characters; of a longer message the first and the last half of this are read"""
VALUE_LIMIT = 400
"""characters of one value or line that are compared with marks"""
TRAILER_LIMIT = 1000
"""different trailers of one message"""
_KEY_LIMIT = 40
_SQUASH = "Squashed commit of the following:"
_AUTHORITY_END = re.compile(r"[/\s]")
_URL_END = re.compile(r"[\s<>\"'`)\]]")
_GIT_WROTE = ("Signed-off-by: ", "(cherry picked from commit ")


class Trailer(NamedTuple):
    key: str
    """lower case, blanks and underscores as hyphens, look-alike letters folded"""
    value: str
    """blanks folded, no more than VALUE_LIMIT characters, userinfo and queries of URLs taken out"""
    in_place: bool
    odd_key: bool = False
    """the key is written with letters that only look like its own"""


class Message(NamedTuple):
    subject: str
    trailers: tuple[Trailer, ...]
    """in order of first appearance, without repetitions; in place wins over out of place"""
    lines: tuple[str, ...]
    """other lines that can carry a footer, blanks stripped, cut to VALUE_LIMIT"""


def without_secrets(text: str) -> str:
    """`text` with userinfo, query and fragment cut out of every URL in it. Linear."""
    if "://" not in text:
        return text
    head, *rest = text.split("://")
    return "://".join([head, *map(_bare_url, rest)])


def _bare_url(piece: str) -> str:
    """What follows `://`, up to the next. Userinfo ends at the last `@` before a slash or a blank (RFC 3986 3.2.1)."""
    authority = _AUTHORITY_END.split(piece, maxsplit=1)[0]
    piece = piece[authority.rfind("@") + 1 :]
    end = _URL_END.search(piece)
    url, after = (piece[: end.start()], piece[end.start() :]) if end else (piece, "")
    return url.partition("?")[0].partition("#")[0] + after


def parse_message(text: str, keys: AbstractSet[str]) -> Message:
    """Reads a message; `keys` are the trailer keys (lower case, hyphens) worth reading out of place. Never raises."""
    if len(text) > MESSAGE_LIMIT:
        text = text[: MESSAGE_LIMIT // 2] + "\n" + text[-MESSAGE_LIMIT // 2 :]
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    first = next((i for i, line in enumerate(lines) if line), None)
    if first is None:
        return Message("", (), ())
    start = _last_block(lines, first, keys)
    found: dict[tuple[str, str], Trailer] = {}
    prose: list[str] = []
    for trailer in _block(lines[start:], keys):
        _keep(found, trailer)
    for line in _readable(lines[first:start]):
        trailer_line = _split(line, keys)
        if trailer_line is not None and trailer_line[0] in keys:
            _keep(found, _trailer(*trailer_line, in_place=False))
        elif line:
            prose.append(without_secrets(line[: 4 * VALUE_LIMIT])[:VALUE_LIMIT])
    subject = without_secrets(lines[first].strip()[: 4 * VALUE_LIMIT])[:VALUE_LIMIT]
    return Message(subject, tuple(found.values()), tuple(prose))


def ends_in_trailers(text: str, keys: AbstractSet[str]) -> bool:
    """Whether the last paragraph is a block of trailers, to which one more line can be added."""
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    first = next((i for i, line in enumerate(lines) if line), None)
    return first is not None and _last_block(lines, first, keys) < len(lines)


def _keep(found: dict[tuple[str, str], Trailer], trailer: Trailer) -> None:
    name = (trailer.key, trailer.value)
    if name not in found and len(found) < TRAILER_LIMIT:
        found[name] = trailer


def _trailer(key: str, value: str, odd: bool, *, in_place: bool) -> Trailer:
    value = " ".join(without_secrets(value[: 4 * VALUE_LIMIT]).split())
    if "&lt;" in value:
        value = value.replace("&lt;", "<").replace("&gt;", ">")
    return Trailer(key, value[:VALUE_LIMIT], in_place, odd)


def _split(line: str, keys: AbstractSet[str]) -> tuple[str, str, bool] | None:
    """Key, value and whether the key imitates another; None where the line is no trailer. git's own keys have letters,
    digits and hyphens only; known keys are taken with blanks too (`Assisted By:`)."""
    colon = line.find(":", 0, _KEY_LIMIT + 1)
    if colon <= 0 or line[0].isspace():
        return None
    raw = line[:colon].rstrip()
    plain = fold(raw)
    key = plain.lower().replace(" ", "-").replace("_", "-")
    if key in keys:
        return key, line[colon + 1 :], plain != raw
    if raw.isascii() and raw.replace("-", "").isalnum():
        return key, line[colon + 1 :], False
    return None


def _last_block(lines: list[str], first: int, keys: AbstractSet[str]) -> int:
    """Index of the first line of the last trailer block, len(lines) where there is none."""
    start = len(lines)
    while start > 0 and lines[start - 1]:
        start -= 1
    none = len(lines)
    if start <= first or any(line == "---" or line.startswith("--- ") for line in lines[first:start]):
        return none
    trailers = others = 0
    written_by_git = False
    for line in lines[start:]:
        if line[0].isspace() and (trailers or others):
            continue
        if line.startswith(_GIT_WROTE):
            written_by_git = True
            trailers += 1
        elif _split(line, keys) is not None:
            trailers += 1
        else:
            others += 1
    if trailers and (not others or (written_by_git and trailers * 3 >= others)):
        return start
    return none


def _block(lines: list[str], keys: AbstractSet[str]) -> list[Trailer]:
    """Trailers of the last block, continuation lines (they start with a blank) joined to theirs."""
    joined: list[list[str]] = []
    for line in lines:
        if line[0].isspace() and joined:
            joined[-1].append(line)
        else:
            joined.append([line])
    out = []
    for group in joined:
        parts = _split(group[0], keys)
        if parts is not None:
            key, value, odd = parts
            out.append(_trailer(key, " ".join([value, *group[1:]]), odd, in_place=True))
    return out


def _readable(lines: list[str]) -> list[str]:
    """Lines of a body that speak for this commit, indentation taken off. A literal `\\n` before a trailer is a line
    break that some tool failed to make."""
    template = _SQUASH in lines
    out: list[str] = []
    fences = _closed_fences(lines)
    for number, raw in enumerate(lines):
        if number in fences:
            continue
        line = raw[4:] if template and raw.startswith("    ") else raw
        text = line.lstrip()
        if len(line) - len(text) >= 4 or line.startswith("\t") or text.startswith(">"):
            continue
        if "\\n" in text and "-by:" in text:
            out.extend(part.strip() for part in text.split("\\n"))
        else:
            out.append(text)
    return out


def _closed_fences(lines: list[str]) -> set[int]:
    """Numbers of the lines inside code fences that are closed; an open fence hides nothing."""
    inside: set[int] = set()
    opened, mark = -1, ""
    for number, line in enumerate(lines):
        bare = line.lstrip()
        if not mark:
            if bare.startswith(("```", "~~~")):
                opened, mark = number, bare[:3]
        elif bare.startswith(mark) and not bare.strip(mark[0]):
            inside.update(range(opened, number + 1))
            mark = ""
    return inside
