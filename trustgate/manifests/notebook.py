"""Notebooks: `!pip install`, `%pip install` and `%conda install` of code cells (nbformat 4, IPython documentation)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from trustgate.manifests.dependency import Manifest, OpenFile
from trustgate.manifests.installs import installs
from trustgate.manifests.text import LOCK_LIMIT, load_json, text_of

FORMAT = "notebook"
_MAGIC = re.compile(r"\s*(?:!{1,2}|%{1,2})\s*(.*)$", re.DOTALL)
_STRING = re.compile(r'^\s*("(?:[^"\\]|\\.)*"),?\s*$')
_CELL_MAGICS = ("%%bash", "%%sh", "%%script bash")


def read(path: str, data: bytes, open_file: OpenFile) -> Manifest:
    """Raises ManifestError. Cells of a notebook laid out on one line count as line 1."""
    del open_file
    if not re.search(rb"install|\badd\b|npx|uvx", data):
        return Manifest(path, FORMAT)
    text = text_of(path, data, LOCK_LIMIT)
    wanted = list(_magics(load_json(path, text)))
    found = installs(path, _placed(text, wanted))
    return Manifest(path, FORMAT, tuple(found.dependencies), tuple(found.settings), tuple(found.problems))


def _magics(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(source line, shell command) of code cells."""
    cells = document.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source")
        lines = source if isinstance(source, list) else str(source or "").splitlines(keepends=True)
        shell = bool(lines) and str(lines[0]).startswith(_CELL_MAGICS)
        for line in lines:
            match = _MAGIC.match(line) if isinstance(line, str) else None
            if match:
                yield line, match[1].rstrip("\n")
            elif shell and isinstance(line, str):
                yield line, line.rstrip("\n")


def _placed(text: str, wanted: list[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    """The commands with the lines of the file on which their source strings stand, in order."""
    places = iter(enumerate(text.split("\n"), 1))
    last = 1
    for source, command in wanted:
        for number, line in places:
            match = _STRING.match(line)
            if match and json.loads(match[1], strict=False) == source:
                last = number
                break
        yield last, command
