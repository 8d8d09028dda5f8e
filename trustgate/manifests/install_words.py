"""Shell text as commands of words: enough of POSIX quoting to find install commands. Nothing is expanded or run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LINE_LIMIT = 20_000
"""characters of a joined line; a longer one is no command that a person wrote"""
DEPTH = 10
"""command substitutions inside one another"""
_ENDS = frozenset(";&|\n()`")
_NEXT = "\v"
"""stands where a line was joined to the next one"""


class Word(str):
    """A word of a command, with the 1-based line that it stands on."""

    __slots__ = ("line",)
    line: int

    @staticmethod
    def of(text: str, line: int) -> Word:
        made = Word(text)
        made.line = line
        return made


def joined(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """(line, text) with lines that end in a backslash joined to the next one."""
    parts: list[str] = []
    start = 0
    for number, line in lines:
        start = start if parts else number
        text = line.rstrip().replace(_NEXT, " ")
        if text.endswith("\\") and not text.lstrip().startswith("#"):
            parts.append(text[:-1])
        else:
            yield start, _NEXT.join([*parts, text])
            parts = []
    if parts:
        yield start, _NEXT.join(parts)


def commands(text: str, line: int = 1, depth: int = 0) -> Iterator[list[Word]]:  # noqa: PLR0915
    """The words of each simple command of a joined line. Quotes are taken off, redirections and comments left out."""
    if len(text) > LINE_LIMIT or depth > DEPTH:
        return
    words: list[Word] = []
    word: list[str] | None = None
    position, size = 0, len(text)
    while position < size:
        char = text[position]
        if char in " \t\v" or char in _ENDS:
            if word is not None:
                words.append(Word.of("".join(word), line))
                word = None
            line += char == _NEXT
            if char in _ENDS and words:
                yield words
                words = []
        elif char == "#" and word is None:
            end = text.find(_NEXT, position)
            if end < 0:
                break
            position = end
            continue
        elif char in "<>":
            if word is not None and not "".join(word).isdigit():
                # `pip install a>=1` writes to a file "=1": what the author meant is the requirement
                word.append(char)
            else:
                word = None
                position += 1
                while position < size and text[position] in "<>& \t":
                    position += 1
                while position < size and text[position] not in " \t\v" and text[position] not in _ENDS:
                    position += 1
                continue
        elif char == "\\":
            position += 1
            word = [*(word or []), text[position : position + 1]]
        elif char in "\"'":
            end = _closing(text, position)
            word = [*(word or []), text[position + 1 : end].replace(_NEXT, " ")]
            line += text.count(_NEXT, position, end)
            position = end
        elif char == "$" and text[position : position + 2] in ("$(", "${"):
            end = _bracket(text, position + 1)
            word = [*(word or []), text[position : end + 1]]
            if text[position + 1] == "(":
                yield from commands(text[position + 2 : end], line, depth + 1)
            line += text.count(_NEXT, position, end)
            position = end
        else:
            if word is None:
                word = []
            word.append(char)
        position += 1
    if word is not None:
        words.append(Word.of("".join(word), line))
    if words:
        yield words


def _closing(text: str, start: int) -> int:
    quote = text[start]
    position = start + 1
    while position < len(text) and text[position] != quote:
        position += 2 if text[position] == "\\" and quote == '"' else 1
    return min(position, len(text))


def _bracket(text: str, start: int) -> int:
    """Place of the bracket that closes the one at `start`, or the end of the text."""
    closer = ")" if text[start] == "(" else "}"
    depth = 0
    for position in range(start, len(text)):
        if text[position] == text[start]:
            depth += 1
        elif text[position] == closer:
            depth -= 1
            if depth == 0:
                return position
    return len(text)
