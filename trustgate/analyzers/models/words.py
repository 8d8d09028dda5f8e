"""Commands in any text as words: shell lines, exec arrays, YAML lists and folded blocks, cells that begin with `!`.

Nothing is expanded but `${NAME:-default}` and names that the same file sets once. Linear; never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LINE = 20_000
"""characters of a line that are read"""
JOINED = 60
"""lines of one command"""
_PIECE = re.compile(
    r"\"((?:[^\"\\\n]|\\.){0,2000})\"|'([^'\n]{0,2000})'|(&&|\|\||[;|&()`]|\$\()|([^\s\"'\[\],;|&()`]+)|([\[\],])"
)
_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w{0,60}):?-([^{}$]{1,200})\}|\$\{?([A-Za-z_]\w{0,60})\}?")
_SET = re.compile(
    r"^\s*(?:export\s+|readonly\s+|local\s+|ARG\s+|ENV\s+)?([A-Za-z_]\w{0,60})\s?[:?]?=\s?[\"']?([^\s\"'#;]{1,200})[\"']?\s*(?:#.*)?$",
    re.MULTILINE,
)
_ITEM = re.compile(r"^(\s*)-\s+(?!\w[\w.-]{0,60}:(?:\s|$))(.*)$")
_FOLDED = re.compile(r">[+-]?\d?\s*$")


class Word(NamedTuple):
    text: str
    line: int
    """1-based"""
    start: int
    """0-based character column of the text on its line; 0 with `end` 0 where it cannot be told"""
    end: int
    begins: bool
    """first of the line or of an array, or after an operator: a command may begin here"""
    operator: bool = False
    quoted: bool = False
    """first of a quoted string"""


class Command(NamedTuple):
    words: tuple[Word, ...]
    line: int
    end_line: int


def variables_of(text: str) -> dict[str, str]:
    """Names that the text gives one plain value."""
    found: dict[str, set[str]] = {}
    for match in _SET.finditer(text):
        found.setdefault(match[1], set()).add(match[2])
    return {name: next(iter(values)) for name, values in found.items() if len(values) == 1}


def expanded(text: str, names: dict[str, str]) -> str:
    """References that have a default or one plain value, replaced; the others stay."""

    def value(found: re.Match[str]) -> str:
        if found[1]:
            return names.get(found[1]) or found[2]
        return names.get(found[3], found[0])

    return _VARIABLE.sub(value, text) if "$" in text else text


def commands_at(lines: list[str], numbers: Iterable[int]) -> Iterator[Command]:
    """The command that each of the 1-based lines belongs to, each once."""
    done: set[int] = set()
    for number in sorted(numbers):
        if number in done or not 0 < number <= len(lines):
            continue
        first, last = _extent(lines, number)
        done.update(range(first, last + 1))
        words = [word for n in range(first, last + 1) for word in words_of(_without_dash(lines[n - 1]), n)]
        yield Command(tuple(words), first, last)


def _without_dash(line: str) -> str:
    """A YAML list item with a blank for its dash, so that columns stay."""
    return line.replace("-", " ", 1) if _ITEM.match(line) else line


def _extent(lines: list[str], number: int) -> tuple[int, int]:
    """First and last line of the command round a line."""
    line = lines[number - 1]
    item = _ITEM.match(line)
    if item is not None:
        return _listed(lines, number, len(item[1]))
    folded = _folded(lines, number)
    if folded is not None:
        return folded
    first = number
    while first > 1 and number - first < JOINED and lines[first - 2].rstrip().endswith("\\"):
        first -= 1
    last = number
    while last < len(lines) and last - first < JOINED and lines[last - 1].rstrip().endswith("\\"):
        last += 1
    if first == last:
        return _array(lines, number)
    return first, last


def _listed(lines: list[str], number: int, indent: int) -> tuple[int, int]:
    def belongs(line: str) -> bool:
        found = _ITEM.match(line)
        return (found is not None and len(found[1]) == indent) or line.lstrip().startswith("#")

    first = last = number
    while first > 1 and number - first < JOINED and belongs(lines[first - 2]):
        first -= 1
    while last < len(lines) and last - number < JOINED and belongs(lines[last]):
        last += 1
    return first, last


def _folded(lines: list[str], number: int) -> tuple[int, int] | None:
    """A YAML `>` block is one line."""
    indent = _indent(lines[number - 1])
    head = number - 1
    while head > 0 and number - head < JOINED and (not lines[head - 1].strip() or _indent(lines[head - 1]) >= indent):
        head -= 1
    if head <= 0 or not _FOLDED.search(lines[head - 1]) or ":" not in lines[head - 1]:
        return None
    last = number
    while last < len(lines) and last - number < JOINED and (not lines[last].strip() or _indent(lines[last]) >= indent):
        last += 1
    return head + 1, last


def _array(lines: list[str], number: int) -> tuple[int, int]:
    """Lines of an array in brackets round a line, or the line alone."""
    first = number
    closed = 0
    while first > 1 and number - first < 12:
        bare = lines[first - 2].strip()
        if not bare.endswith((",", "[", "(")):
            break
        first -= 1
        if bare.endswith(("[", "(")) or "[" in bare:
            closed = 1
            break
    if first < number and not closed:
        first = number
    text = lines[first - 1]
    depth = text.count("[") - text.count("]")
    last = first
    while depth > 0 and last < len(lines) and last - first < JOINED:
        text = lines[last]
        depth += text.count("[") - text.count("]")
        last += 1
    return (first, last) if last >= number else (number, number)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def words_of(line: str, number: int, offset: int = 0, nested: bool = False) -> list[Word]:
    """Words of one line. A quoted string with blanks in it is taken apart, as what `sh -c` is given."""
    bare = line[:LINE]
    if not nested and bare.lstrip().startswith(("#", "//")) and not bare.lstrip().startswith("#!"):
        return []
    out: list[Word] = []
    first, stop = True, -1
    for found in _PIECE.finditer(bare):
        start, end = found.span()
        quoted = found[1] if found[1] is not None else found[2]
        text = found[4] if quoted is None else quoted
        if text is None:
            if found[3]:
                out.append(Word(found[3], number, offset + start, offset + end, False, operator=True))
            first, stop = (found[3] is not None or found[5] == "["), -1
        elif quoted is None and text.startswith("#") and start != stop and not nested:
            break  # the rest is a comment
        elif quoted is not None and (" " in text or "\\n" in text) and not nested:
            plain = text.replace("\\n", "  ").replace('\\"', '"')
            inner = words_of(plain, number, offset + start + 1, nested=True)
            out += [word._replace(begins=first and n == 0, quoted=n == 0) for n, word in enumerate(inner[:1])] + inner[
                1:
            ]
            first, stop = False, -1
        elif text != "\\":
            if out and start == stop:
                out[-1] = out[-1]._replace(text=out[-1].text + text, end=offset + end)
            else:
                shift = quoted is not None
                out.append(Word(text, number, offset + start + shift, offset + end - shift, first, quoted=shift))
            first, stop = False, end
    return out


def lines_with(text: str, words: Iterable[str]) -> list[int]:
    """1-based numbers of the lines with one of the words, in order; the lines themselves are not walked."""
    places = set()
    for word in words:
        position = text.find(word)
        while position >= 0:
            places.add(position)
            position = text.find(word, position + len(word))
    numbers: list[int] = []
    line, counted = 1, 0
    for position in sorted(places):
        line += text.count("\n", counted, position)
        counted = position
        if not numbers or numbers[-1] != line:
            numbers.append(line)
    return numbers
