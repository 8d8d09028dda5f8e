"""Code inside a document: script blocks of HTML, Vue and Svelte, `run` steps of workflows, RUN lines, notebook cells.

The inner text has the lines and columns of the file, with blanks for all that is not code, so spans need no mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from trustgate.syntax.fallback import LineOutline
from trustgate.syntax.mixed import MixedOutline, Part
from trustgate.syntax.notebook import notebook_outline
from trustgate.syntax.outline import Outline
from trustgate.syntax.parsing import parsed

BLOCKS = 40
"""script blocks or steps that are parsed one by one after a syntax error; more of them stay one text"""
LINES = 20_000
"""lines of a document whose blocks are parsed one by one"""
STEP_LINES = 80
"""how far from a `run` key its `shell` key is looked for"""
_BLANKS = bytes(10 if code == 10 else 32 for code in range(256))
_SCRIPT = re.compile(rb"<script\b([^>]{0,300})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"\b(type|lang)\s*=\s*[\"']?([\w/+.\-]{1,60})", re.IGNORECASE)
_SCRIPT_TYPES = (b"module", b"text/javascript", b"application/javascript", b"text/babel", b"text/typescript")
_LANGUAGES = {b"ts": "typescript", b"typescript": "typescript", b"tsx": "tsx", b"jsx": "tsx"}
_HOLE = re.compile(rb"\{\{[^{}\n]{0,300}\}\}|<%=[^%\n]{0,300}%>|<\?=[^?\n]{0,300}\?>|\$\{\{[^{}\n]{0,300}\}\}")
_TAG = re.compile(rb"\{%[^%\n]{0,300}%\}|<%[^%\n]{0,300}%>|<\?php[^?\n]{0,300}\?>|\{#[^#\n]{0,300}#\}")
_NOT_WORD = re.compile(rb"[^\w]")
_STEP = re.compile(rb"^(?P<before>\s*(?:-\s+)?)(?P<key>run|script):[ \t]*(?P<value>[^\n]*)$")
_BLOCK_MARK = re.compile(rb"[|>][+\-\d]{0,3}\s*(?:#.*)?\r?$")
_RUN = re.compile(rb"^\s*(?:ONBUILD\s+)?RUN\s+((?:--[\w-]+(?:=\S{0,300})?\s+){0,10})", re.IGNORECASE)
_HEREDOC = re.compile(rb"^<<-?[\"']?(\w{1,40})[\"']?\s*$")


class _Block(NamedTuple):
    language: str
    pieces: tuple[tuple[int, bytes], ...]
    """1-based line and its inner text, blanks before it included"""
    both: frozenset[int] = frozenset()
    """lines that hold something of the document too"""
    margin: int = 0
    """columns that the inner text was moved to the left by"""


def embedded_outline(reader: str, data: bytes) -> Outline | None:
    """The outline of a document with the code in it, or None where it cannot be taken apart (a broken notebook)."""
    if reader == "notebook":
        return notebook_outline(data)
    if reader == "workflow":
        return _joined("yaml", parsed("yaml", data), data, _steps(data))
    if reader == "dockerfile":
        return _joined("dockerfile", parsed("dockerfile", data), data, _runs(data))
    blocks = _scripts(data, templated=reader == "html")
    return _joined("html", LineOutline("html", _outside(data, blocks)), data, blocks)


def _outside(data: bytes, blocks: list[_Block]) -> bytes:
    """The document without the code in it."""
    lines = data.split(b"\n")
    for block in blocks:
        for number, piece in block.pieces:
            line = lines[number - 1]
            start = len(piece) - len(piece.lstrip())
            lines[number - 1] = line[:start] + b" " * (len(piece) - start) + line[len(piece) :]
    return b"\n".join(lines)


def _joined(language: str, base: Outline, data: bytes, blocks: list[_Block]) -> Outline:
    if not blocks:
        return base
    count = data.count(b"\n") + 1
    parts: list[Part] = []
    for inner in dict.fromkeys(block.language for block in blocks):
        mine = [block for block in blocks if block.language == inner]
        whole = parsed(inner, _text(count, mine))
        if whole.degraded and 1 < len(mine) <= BLOCKS and count <= LINES:  # a fault in one is not the others'
            parts += [_part(parsed(inner, _text(count, [block])), [block]) for block in mine]
        else:
            parts.append(_part(whole, mine))
    return MixedOutline(language, base, tuple(parts))


def _part(outline: Outline, blocks: list[_Block]) -> Part:
    lines = frozenset(number for block in blocks for number, _ in block.pieces)
    margins = {number: block.margin for block in blocks for number, _ in block.pieces if block.margin}

    def shift(line: int, column: int) -> int:
        return column + margins.get(line, 0)

    both: frozenset[int] = frozenset().union(*(block.both for block in blocks))
    return Part(outline, lines, shift=shift if margins else None, both=both)


def _text(count: int, blocks: Iterable[_Block]) -> bytes:
    """Pieces on one line (`<script>a()</script><script>b()</script>`) are laid over one another."""
    lines = [b""] * count
    for block in blocks:
        for number, piece in block.pieces:
            before = lines[number - 1]
            lines[number - 1] = before + piece[len(before) :]
    return b"\n".join(lines)


def _without_holes(text: bytes) -> bytes:
    """Placeholders of a template become names of the same length, its tags become blanks."""
    if b"{{" not in text and b"{%" not in text and b"{#" not in text and b"<%" not in text and b"<?" not in text:
        return text
    text = _TAG.sub(lambda found: found[0].translate(_BLANKS), text)
    return _HOLE.sub(_as_name, text)


def _as_name(found: re.Match[bytes]) -> bytes:
    text = found[0]
    mark = b"$" if text.startswith(b"$") else b"_"
    return mark + _NOT_WORD.sub(b"_", text[1:])


def _scripts(data: bytes, *, templated: bool) -> list[_Block]:
    found: list[_Block] = []
    lowered = data.lower()
    position, counted, line = 0, 0, 1
    while True:
        opening = _SCRIPT.search(data, position)
        if opening is None:
            return found
        start = opening.end()
        end = lowered.find(b"</script", start)
        end = len(data) if end < 0 else end
        position = max(end, start)
        told = {key.lower(): value.lower() for key, value in _ATTRIBUTE.findall(opening[1])}
        kind = told.get(b"type", b"module")
        if (kind not in _SCRIPT_TYPES and not kind.startswith(b"text/x-")) or b"template" in kind:
            continue
        inner = _without_holes(data[start:end]) if templated else data[start:end]
        first = line = line + data.count(b"\n", counted, start)
        counted = start
        column = start - (data.rfind(b"\n", 0, start) + 1)
        pieces = inner.split(b"\n")
        pieces[0] = b" " * column + pieces[0]
        last = first + len(pieces) - 1
        found.append(
            _Block(
                _LANGUAGES.get(told.get(b"lang", b""), "javascript"),
                tuple((first + n, piece) for n, piece in enumerate(pieces) if piece.strip()),
                frozenset((first, last)),
            )
        )


def _steps(data: bytes) -> list[_Block]:
    """`run` keys of a workflow whose shell is bash (the default of hosted Linux runners), sh or Python."""
    lines = data.split(b"\n")
    found = []
    skip = 0
    for number, line in enumerate(lines, 1):
        step = _STEP.match(line) if number > skip else None
        if step is None:
            continue
        column = len(step["before"])
        value = step["value"]
        pieces: list[tuple[int, bytes]] = []
        both: frozenset[int] = frozenset()
        if _BLOCK_MARK.match(value):
            skip = number
            for after in lines[number:]:
                if after.strip() and len(after) - len(after.lstrip()) <= column:
                    break
                skip += 1
                if after.strip():
                    pieces.append((skip, _without_holes(after.rstrip(b"\r"))))
        elif value.strip() and not value.startswith((b"#", b"&", b"*", b"!")):
            text = value.rstrip()
            if text[:1] in (b'"', b"'") and text[-1:] == text[:1] and len(text) > 1:
                text = b" " + text[1:-1]
            pieces.append((number, b" " * step.start("value") + _without_holes(text)))
            both = frozenset((number,))
        # `script` is what actions/github-script runs, in JavaScript
        language = _shell(lines, number, column) if step["key"] == b"run" else "javascript"
        if pieces and language:
            margin = min(len(piece) - len(piece.lstrip()) for _, piece in pieces) if language == "python" else 0
            found.append(_Block(language, tuple((n, piece[margin:]) for n, piece in pieces), both, margin))
    return found


def _shell(lines: list[bytes], number: int, column: int) -> str:
    """Language of a step by the `shell` key beside it, or the empty string when we cannot read it."""
    after = range(number, min(number + STEP_LINES, len(lines)))
    before = range(number - 1, max(number - STEP_LINES, -1), -1)
    for way in (after, before):
        for index in way:
            line = lines[index]
            plain = line.lstrip()
            bare = plain.lstrip(b"- ")
            margin, indent = len(line) - len(plain), len(line) - len(bare)
            if plain and margin < column and (way is after or not plain.startswith(b"-")):
                break
            if indent == column and bare.startswith(b"shell:"):
                shell = bare[6:].strip().strip(b"\"'").split(b" ")[0]
                return "python" if shell == b"python" else "bash" if shell in (b"bash", b"sh") else ""
            if plain.startswith(b"-") and margin < column:
                break
    return "bash"


def _runs(data: bytes) -> list[_Block]:
    """RUN instructions in shell form, with continuation lines and here-documents."""
    lines = data.split(b"\n")
    found = []
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        run = _RUN.match(line)
        if run is None or line[run.end() :].lstrip().startswith(b"["):
            continue
        pieces = [(number, b" " * run.end() + line[run.end() :])]
        heredoc = _HEREDOC.match(line[run.end() :].strip())
        if heredoc:
            pieces = []
            while number < len(lines) and lines[number].strip() != heredoc[1]:
                number += 1
                pieces.append((number, lines[number - 1]))
        else:
            while number < len(lines) and _continues(lines[number - 1]):
                number += 1
                piece = lines[number - 1]
                if not piece.strip() or piece.lstrip().startswith(b"#"):  # left out by Docker; a shell would stop there
                    piece = piece.translate(_BLANKS)[:-1] + b"\\"
                pieces.append((number, piece))
        if pieces:
            found.append(_Block("bash", tuple(pieces)))
    return found


def _continues(line: bytes) -> bool:
    bare = line.strip()
    return bare.endswith(b"\\") or bare.startswith(b"#") or not bare
