"""Where a model finding is: its span, how much the place takes away from it, and how its text is read."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from posixpath import basename

from trustgate.facts import ChangedLine, FileView
from trustgate.finding import Confidence, Location
from trustgate.syntax.paths import PathKind, language_of, path_kind


class Form(StrEnum):
    """How the text of a file is looked at for commands and names."""

    SHELL = "shell"
    """commands stand in it as they are: scripts, containers, CI, settings"""
    CODE = "code"
    """only what the program runs is a command"""
    NOTEBOOK = "notebook"
    PROSE = "prose"
    """documents, locks, snapshots, pictures, what others wrote: not looked at"""


_PROSE = (
    *(
        ".md",
        ".mdx",
        ".rst",
        ".txt",
        ".adoc",
        ".po",
        ".lock",
        ".svg",
        ".html",
        ".css",
        ".scss",
        ".snap",
        ".csv",
        ".tsv",
        ".map",
    ),
    *(".xml", ".log", ".patch", ".diff", ".d.ts", ".jsonl", ".tex", ".golden"),
)
_SETTINGS = frozenset(("yaml", "json", "toml", "ini", "dockerfile", "hcl", "bash", "powershell"))


@lru_cache(maxsize=2000)
def form_of(path: str) -> Form:
    lowered = path.lower()
    if lowered.endswith(_PROSE) or path_kind(path) in (
        PathKind.PROSE,
        PathKind.INERT,
        PathKind.LOCK,
        PathKind.VENDORED,
    ):
        return Form.PROSE
    language = language_of(path)
    if language == "notebook":
        return Form.NOTEBOOK
    name = basename(lowered)
    if not language or language in _SETTINGS or "modelfile" in name:
        return Form.SHELL
    return Form.CODE


def is_modelfile(path: str) -> bool:
    name = basename(path.lower())
    return name.startswith("modelfile") or name.endswith(".modelfile")


def at(view: FileView, line: ChangedLine, start: int = 0, end: int | None = None) -> Location:
    """`start` and `end` are 0-based character offsets, end exclusive."""
    stop = len(line.text) if end is None else end
    return Location(view.path, line.side, line.number, line.number, start + 1, stop + 1)


def confidence_at(view: FileView, otherwise: Confidence | None = None) -> Confidence | None:
    """Low in tests, which load toy models by any name; else `otherwise` (None: the rule's own)."""
    return Confidence.LOW if path_kind(view.path) is PathKind.TEST else otherwise
