"""The YAML that tools and people write in manifests, with the line of every entry. Not a full YAML reader.

Read are block and flow collections, plain, quoted and block scalars, comments, anchors, aliases and several documents
(YAML 1.2, chapters 6 to 8). Every scalar is text. Anything else is refused, so nothing is misread as empty. An alias is
the very object of its anchor, so aliases of aliases ("billion laughs") take no room; a reader that walks everything has
to bound itself. Nesting is bounded, a line is looked at once, tags construct nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from trustgate.manifests.dependency import ManifestError, clean

DEPTH = 60
"""levels of nesting; the deepest manifest that we know has 9"""
ALIASES = 500
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SINGLE = re.compile(r"'((?:[^']|'')*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "v": "\v",
    "_": "\xa0",
    "N": "\x85",
    "L": "\u2028",
    "P": "\u2029",
}
_PROPERTY = re.compile(r"(?:([&!])([^\s,\[\]{}]*))(?:[ \t]+|$)")
_HEADER = re.compile(r"[|>][-+0-9]{0,2}[ \t]*(?:#.*)?$")


class Node(NamedTuple):
    value: str | list[Node] | dict[str, Node]
    line: int
    """1-based line of its key or dash"""
    twice: tuple[tuple[str, int], ...] = ()
    """keys of a mapping that stand more than once, with the line of the later one"""
    block: bool = False
    """a text that begins on the line behind its key, one line of it a line of the file"""
    folded: bool = False
    """a block whose lines are one line to its reader"""

    @property
    def table(self) -> dict[str, Node]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        return self.value if isinstance(self.value, list) else []

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""

    def at(self, *keys: str) -> Node:
        """What stands under a chain of keys; an empty text where there is nothing."""
        node = self
        for key in keys:
            node = node.table.get(key, _NOTHING)
        return node


_NOTHING = Node("", 0)


def load_yaml(path: str, text: str) -> list[Node]:
    """The documents of a file, at least one. Raises ManifestError with the line."""
    documents: list[Node] = []
    lines = text.replace("\r\n", "\n").split("\n")
    start = 0
    for number in range(len(lines) + 1):
        if number == len(lines) or (lines[number][:3] in ("---", "...") and lines[number][3:4] in ("", " ", "\t")):
            reader = _Reader(path, lines, start, number)
            if reader.lines:
                documents.append(reader.document())
            start = number + 1
            if number < len(lines) and lines[number][3:].strip() and not lines[number][3:].strip().startswith("#"):
                raise ManifestError(path, "a document that begins on the line of its marker is not read", start)
    return documents or [Node({}, 1)]


class _Line(NamedTuple):
    number: int
    """0-based"""
    indent: int
    content: str


class _Reader:
    def __init__(self, path: str, raw: list[str], start: int, end: int) -> None:
        self.path = path
        self.raw = raw
        self.end = end
        self.at = 0
        self.anchors: dict[str, Node] = {}
        self.aliases = 0
        self.lines: list[_Line] = []
        for number in range(start, end):
            line = raw[number]
            content = line.strip(" \t")
            if content and content[0] != "#" and line[0] != "%":
                self.lines.append(_Line(number, len(line) - len(line.lstrip(" ")), content))

    def fail(self, number: int, reason: str) -> ManifestError:
        return ManifestError(self.path, f"not readable as YAML: {reason}", number + 1)

    def document(self) -> Node:
        first = self.lines[0]
        node = self.block(first.indent, 0, first.number)
        if self.at < len(self.lines):
            raise self.fail(self.lines[self.at].number, "an indentation that fits nothing before it")
        return node

    def block(self, indent: int, depth: int, number: int) -> Node:
        """The collection or scalar whose first line is the next one. `number` is the line that it belongs to."""
        if depth > DEPTH:
            raise self.fail(number, f"more than {DEPTH} levels")
        line = self.lines[self.at]
        if line.content.startswith("\t") or "\t" in self.raw[line.number][: line.indent + 1]:
            raise self.fail(line.number, "indented by a tab")
        if _is_item(line.content):
            return self.sequence(indent, depth, number)
        if self.split(line.content) is not None:
            return self.mapping(indent, depth, number)
        self.at += 1
        return self.value(line.content, line.number, indent - 1, depth, nested=False)._replace(line=number + 1)

    def mapping(self, indent: int, depth: int, number: int) -> Node:
        found: dict[str, Node] = {}
        twice: list[tuple[str, int]] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.indent != indent or _is_item(line.content):
                break
            if self.raw[line.number][line.indent : line.indent + 1] == "\t":
                raise self.fail(line.number, "indented by a tab")
            parts = self.split(line.content)
            if parts is None:
                raise self.fail(line.number, "neither a key nor an item")
            key, rest = parts
            self.at += 1
            if rest is None:  # `? key`, with its value behind a colon on the next line
                after = self.lines[self.at] if self.at < len(self.lines) else None
                if after is None or after.indent != indent or not after.content.startswith(":"):
                    raise self.fail(line.number, "a key of several lines")
                rest = after.content[1:].strip()
                if rest and (self.split(rest) is not None or _is_item(rest)):
                    inner = indent + 1 + len(after.content[1:]) - len(after.content[1:].lstrip())
                    self.lines[self.at] = _Line(after.number, inner, rest)
                    node = self.block(inner, depth + 1, line.number)
                else:
                    self.at += 1
                    node = self.value(rest, line.number, indent, depth)
            else:
                node = self.value(rest, line.number, indent, depth)
            if key in found:
                twice.append((key, line.number + 1))
            found[key] = node
        return Node(found, number + 1, tuple(twice))

    def sequence(self, indent: int, depth: int, number: int) -> Node:
        found: list[Node] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.indent != indent or not _is_item(line.content):
                break
            rest = line.content[1:].lstrip()
            anchor, body = self.properties(rest)
            if body and (_is_item(body) or (body[0] not in "{[|>" and self.split(body) is not None)):
                inner = indent + len(line.content) - len(body)
                self.lines[self.at] = _Line(line.number, inner, body)
                node = self.block(inner, depth + 1, line.number)
                if anchor:
                    self.anchors[anchor] = node
            else:
                self.at += 1
                node = self.value(rest, line.number, indent, depth, same=False)
            found.append(node)
        return Node(found, number + 1)

    def split(self, content: str) -> tuple[str, str | None] | None:
        """Key and rest of a line; a rest of None for `? key`; None where the line has no key."""
        first = content[0]
        if first in "\"'":
            match = (_DOUBLE if first == '"' else _SINGLE).match(content)
            after = content[match.end() :].lstrip() if match else ""
            if match is None or after[:1] != ":" or after[1:2] not in ("", " ", "\t"):
                return None
            return _unquoted(match[0]), after[1:].strip()
        if content.startswith("? "):
            key = _uncommented(content[2:].strip())
            return (_unquoted(key) if key[:1] in "\"'" and len(key) > 1 and key[-1] == key[0] else key), None
        if first in "{[|>@`%":
            return None
        at = content.find(":")
        while at >= 0:
            if content[at + 1 : at + 2] in ("", " ", "\t"):
                comment = content.find(" #", 0, at)
                return None if comment >= 0 else (content[:at].rstrip(), content[at + 1 :].strip())
            at = content.find(":", at + 1)
        return None

    def properties(self, rest: str) -> tuple[str, str]:
        """The anchor, if any, and what follows anchor and tag."""
        anchor = ""
        for _ in range(2):
            match = _PROPERTY.match(rest)
            if match is None:
                break
            if match[1] == "&":
                anchor = match[2]
            rest = rest[match.end() :]
        return anchor, rest

    def value(self, rest: str, number: int, indent: int, depth: int, *, nested: bool = True, same: bool = True) -> Node:
        """What stands behind a key or a dash at `indent`; `same` allows items in the column of the key."""
        anchor, rest = self.properties(rest)
        if rest[:1] == "*":
            self.aliases += 1
            name = _uncommented(rest[1:]).strip()
            if self.aliases > ALIASES or name not in self.anchors:
                raise self.fail(
                    number, "an alias of nothing before it" if self.aliases <= ALIASES else "too many aliases"
                )
            return self.anchors[name]._replace(line=number + 1)
        node = self._plain_value(rest, number, indent, depth, nested=nested, same=same)
        if anchor:
            self.anchors[anchor] = node
        return node

    def _plain_value(self, rest: str, number: int, indent: int, depth: int, *, nested: bool, same: bool) -> Node:
        first = rest[:1]
        if first in ("", "#"):
            after = self.lines[self.at] if self.at < len(self.lines) else None
            if (
                nested
                and after
                and (after.indent > indent or (same and after.indent == indent and _is_item(after.content)))
            ):
                return self.block(after.indent, depth + 1, number)
            return Node("", number + 1)
        if first in "|>" and _HEADER.match(rest):
            return Node(self.literal(number, indent), number + 1, block=True, folded=first == ">")
        if first in "{[\"'":
            scanner = _Scanner(rest, lambda: self.more(number))
            try:
                node = scanner.read(number + 1, depth)
            except _Broken as error:
                raise self.fail(number, str(error)) from error
            left = scanner.left()
            if left and not left.startswith("#"):
                raise self.fail(number, "text behind a closing quote or bracket")
            return node
        if first in "@`%":
            raise self.fail(number, f"a value that begins with {first}")
        words = [_uncommented(rest)]
        cut = words[0] != rest
        while self.at < len(self.lines) and self.lines[self.at].indent > indent and not cut:
            text = self.lines[self.at].content
            if self.split(text) is not None:
                raise self.fail(self.lines[self.at].number, "a key inside a text of several lines")
            words.append(_uncommented(text))
            cut = words[-1] != text
            self.at += 1
        return Node(" ".join(words), number + 1)

    def more(self, number: int) -> str | None:
        """The next significant line, for a value that is still open."""
        if self.at >= len(self.lines):
            return None
        self.at += 1
        return self.lines[self.at - 1].content

    def literal(self, number: int, indent: int) -> str:
        """A block scalar, folded ones with their lines too: whatever is indented more than its key, blanks included."""
        last = number
        kept: list[str] = []
        margin = 0
        for line_number in range(number + 1, self.end):
            line = self.raw[line_number]
            if line.strip(" ") == "":
                kept.append("")
                continue
            width = len(line) - len(line.lstrip(" "))
            margin = margin or width
            if width <= indent:
                break
            kept.append(line[min(margin, width) :])
            last = line_number
        while self.at < len(self.lines) and self.lines[self.at].number <= last:
            self.at += 1
        return "\n".join(kept[: last - number])


class _Broken(ValueError):
    """A quoted or flow value that cannot be read; the text says why."""


class _Scanner:
    """Quoted and flow values, over as many lines as they take."""

    def __init__(self, text: str, more: Callable[[], str | None]) -> None:
        self.pieces = [text]
        self.text = text
        self.position = 0
        self.more = more

    def left(self) -> str:
        return self.text[self.position :].strip()

    def extend(self) -> None:
        line = self.more()
        if line is None:
            raise _Broken("a quote or bracket that is not closed")
        self.text = self.text[self.position :] + "\n" + line
        self.position = 0

    def blanks(self) -> str:
        """Skips blanks and comments; the next character."""
        while True:
            while self.position < len(self.text) and self.text[self.position] in " \t\n":
                self.position += 1
            at = self.position
            if at < len(self.text) and not (self.text[at] == "#" and self.text[at - 1 : at] in ("", " ", "\t", "\n")):
                return self.text[at]
            self.position = len(self.text)
            self.extend()

    def quoted(self) -> str:
        start = self.position
        quote = self.text[start]
        position = start + 1
        while True:
            while position < len(self.text):
                char = self.text[position]
                if char == "\\" and quote == '"':
                    position += 2
                elif char != quote:
                    position += 1
                elif quote == "'" and self.text[position + 1 : position + 2] == "'":
                    position += 2
                else:
                    self.position = position + 1
                    return _unquoted(self.text[start : position + 1])
            line = self.more()
            if line is None:
                raise _Broken("a quote that is not closed")
            self.text += "\n" + line

    def read(self, line: int, depth: int) -> Node:
        if depth > DEPTH:
            raise _Broken(f"more than {DEPTH} levels")
        char = self.blanks()
        if char in "\"'":
            return Node(self.quoted(), line)
        if char == "[":
            return self.list(line, depth)
        if char == "{":
            return self.map(line, depth)
        return Node(self.plain(), line)

    def list(self, line: int, depth: int) -> Node:
        self.position += 1
        found: list[Node] = []
        while self.blanks() != "]":
            if self.text[self.position] == ",":
                self.position += 1
                continue
            node = self.read(line, depth + 1)
            if self.blanks() == ":":
                self.position += 1
                node = Node({node.text: self.read(line, depth + 1)}, line)
            elif self.text[self.position] not in ",]":
                raise _Broken("no comma between two values")
            found.append(node)
        self.position += 1
        return Node(found, line)

    def map(self, line: int, depth: int) -> Node:
        self.position += 1
        found: dict[str, Node] = {}
        twice: list[tuple[str, int]] = []
        while self.blanks() != "}":
            if self.text[self.position] == ",":
                self.position += 1
                continue
            key = self.read(line, depth + 1).text
            node = Node("", line)
            if self.blanks() == ":":
                self.position += 1
                if self.blanks() not in ",}":
                    node = self.read(line, depth + 1)
            if self.blanks() not in ",}":
                raise _Broken("no comma between two entries")
            if key in found:
                twice.append((key, line))
            found[key] = node
        self.position += 1
        return Node(found, line, tuple(twice))

    def plain(self) -> str:
        start = position = self.position
        text = self.text
        while position < len(text):
            char = text[position]
            if char in ",[]{}\n" or (char == "#" and text[position - 1] in " \t"):
                break
            if char == ":" and text[position + 1 : position + 2] in ("", " ", "\t", "\n", ",", "}", "]"):
                break
            position += 1
        if position == start:
            raise _Broken(f"{clean(text[position : position + 1])} where a value should be")
        self.position = position
        return text[start:position].strip()


def _is_item(content: str) -> bool:
    return content[0] == "-" and content[1:2] in ("", " ", "\t")


def _uncommented(text: str) -> str:
    at = text.find(" #")
    return text[:at].rstrip() if at >= 0 else text


def _unquoted(text: str) -> str:
    if text[0] == "'":
        return _folded(text[1:-1].replace("''", "'"))
    return _ESCAPE.sub(_character, _folded(text[1:-1]) if "\n" in text else text[1:-1])


def _folded(text: str) -> str:
    return " ".join(part.strip(" \t") for part in text.split("\n")) if "\n" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "xuU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _ESCAPES.get(code, code)
