"""What the Markdown pages show: fenced blocks, the commands in them with what they print, and code in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PLACES = ("*.md", "docs/**/*.md", "hooks/**/*.md", "examples/**/*.md", "evals/**/*.md", "benchmarks/**/*.md",
          "allowlists/*.md")  # fmt: skip
PAGES = sorted({str(path.relative_to(ROOT)) for place in PLACES for path in ROOT.glob(place)})
SHELL = frozenset({"sh", "bash", "shell", "console"})
FENCE = re.compile(r"^( *)(```+)[ ]*([\w-]*)[^\n]*\n(.*?)^\1\2[ ]*$", re.M | re.S)


class Block(NamedTuple):
    page: str
    line: int
    """1-based, of the fence"""
    kind: str
    text: str
    """without the indentation of the fence"""


class Command(NamedTuple):
    page: str
    line: int
    text: str
    """continuation lines joined"""
    shown: str
    """what the page shows that it prints: in the same block, or as JSON in the next; empty when it shows nothing"""


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[Block]:
    text = text_of(page)
    for found in FENCE.finditer(text):
        margin, _, kind, inside = found.groups()
        lines = "".join(line.removeprefix(margin) for line in inside.splitlines(keepends=True))
        yield Block(
            page, text.count("\n", 0, found.start()) + 1, kind or ("console" if lines[:2] == "$ " else ""), lines
        )


def commands(page: str) -> Iterator[Command]:
    """Each command line of each shell block: in `console` what follows `$ `, elsewhere every line that is no comment."""
    every = list(blocks(page))
    for block, after in zip_longest(every, every[1:]):
        if block.kind not in SHELL:
            continue
        prompt = "$ " if block.kind == "console" else ""
        lines = block.text.replace("\\\n", " ").splitlines()
        starts = [n for n, line in enumerate(lines) if line.startswith(prompt) and line.strip() and line[0] != "#"]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            shown = "\n".join(lines[start + 1 : end]).strip("\n") if prompt else ""
            if end == len(lines) and after and after.kind == "json":
                shown = after.text
            yield Command(page, block.line + 1 + start, lines[start].removeprefix(prompt), shown)


def spans(page: str) -> Iterator[str]:
    """Code in a line of prose, tables included; blanks folded."""
    prose = FENCE.sub("", text_of(page))
    for found in re.finditer(r"(`+)(.+?)\1(?!`)", prose, re.S):
        yield " ".join(found[2].split())
