"""Python cells of a Jupyter notebook (nbformat 4, JSON): each string of a `source` array is one line of the file."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

from trustgate.syntax.fallback import LineOutline
from trustgate.syntax.mixed import MixedOutline, Part
from trustgate.syntax.outline import Outline
from trustgate.syntax.parsing import parsed

COLUMNS = 2000
"""bytes of a line whose columns are mapped exactly"""
_OPENS = re.compile(rb"^\s*\"source\"\s*:\s*\[\s*$")
_ESCAPED_KEY = re.compile(rb"\"[^\"\\\n]{0,40}\\u[0-9A-Fa-f]{4}[^\"\n]{0,40}\"\s*:\s*[\[\"]")
_MAGIC = re.compile(r"\s*(?:[%!?]|[\w.]{1,80}\s*=\s*[%!]|[\w.]{1,80}\?{1,2}\s*$)")
_PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%prun")


def notebook_outline(data: bytes) -> Outline | None:
    """The cells' outline at the lines of the file; None when the file is no notebook, or not laid out line by line."""
    cells = _cells(data)
    if cells is None or _ESCAPED_KEY.search(data):
        return None
    lines = data.split(b"\n")
    code: dict[int, bytes] = {}
    starts: dict[int, int] = {}
    loud: set[int] = set()
    waiting = 0
    for first, sources in _arrays(lines):
        loud.update(range(first, first + len(sources)))
        if waiting < len(cells) and cells[waiting][1] == sources:
            if not cells[waiting][0]:
                loud.difference_update(range(first, first + len(sources)))
            elif any("\n" in source[:-1] for source in sources):
                return None
            else:
                for number, source in _python(first, sources):
                    code[number] = source
                    starts[number] = lines[number - 1].index(b'"') + 1
            waiting += 1
    if waiting < len(cells):
        return None
    inner = parsed("python", b"\n".join(code.get(number, b"") for number in range(1, len(lines) + 1)))
    silent = frozenset(range(1, len(lines) + 1)) - loud
    part = Part(inner, frozenset(code), shift=partial(_column, lines, starts))
    sizes = tuple(map(len, lines))
    base = LineOutline("notebook", data)
    return MixedOutline("python", base, (part,), degraded=inner.degraded, silent=silent, sizes=sizes)


def _cells(data: bytes) -> list[tuple[bool, list[str]]] | None:
    """Whether it is code, and the source lines, of each cell that has any."""
    try:
        whole: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(whole, dict) or not isinstance(whole.get("cells"), list):
        return None
    about: Any = whole.get("metadata")
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        told = about.get(key) if isinstance(about, dict) else None
        spoken = told.get(name) if isinstance(told, dict) else None
        if isinstance(spoken, str) and "python" not in spoken.lower():
            return None
    cells = []
    for cell in whole["cells"]:
        source = cell.get("source") if isinstance(cell, dict) else None
        if not isinstance(source, list) or not all(isinstance(line, str) for line in source):
            return None
        if source:
            cells.append((cell.get("cell_type") not in ("markdown", "raw"), source))
    return cells


def _arrays(lines: list[bytes]) -> list[tuple[int, list[str]]]:
    """Arrays under a key `source` that have one string a line: the first string's 1-based line, and the strings."""
    found = []
    number = 0
    while number < len(lines):
        number += 1
        if not _OPENS.match(lines[number - 1]):
            continue
        first = number + 1
        sources: list[str] = []
        while number < len(lines):
            text = _string(lines[number])
            if text is None:
                break
            sources.append(text)
            number += 1
        found.append((first, sources))
    return found


def _string(line: bytes) -> str | None:
    bare = line.strip().removesuffix(b",")
    if not bare.startswith(b'"'):
        return None
    try:
        text = json.loads(bare)
    except ValueError:
        return None
    return text if isinstance(text, str) else None


def _python(first: int, sources: list[str]) -> list[tuple[int, bytes]]:
    """Lines of a cell without magics and shell lines."""
    head = next((source.strip() for source in sources if source.strip()), "")
    if head.startswith("%%") and not head.startswith(_PYTHON_CELLS):
        return []
    return [
        (first + n, source.rstrip("\r\n").encode("utf-8", "surrogatepass"))
        for n, source in enumerate(sources)
        if not _MAGIC.match(source[:200])
    ]


def _column(lines: list[bytes], starts: dict[int, int], line: int, column: int) -> int:
    """Column in the file of a column in the decoded line: escapes take more bytes in the file."""
    start = starts.get(line, 0)
    if not start or column > COLUMNS:
        return start + column
    raw = lines[line - 1]
    position, seen = start, 0
    while seen < column and position < len(raw):
        step = 1 if raw[position] != 0x5C else 6 if raw[position + 1 : position + 2] == b"u" else 2
        code = raw[position + 2 : position + 6] if step == 6 else b""
        seen += 1 if code < b"0080" else 2 if code < b"0800" else 3
        position += step
    return position
