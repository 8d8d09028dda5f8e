"""Where a model finding is: its span, and how much the place takes away from it."""

from __future__ import annotations

from trustgate.facts import ChangedLine, FileView
from trustgate.finding import Confidence, Location
from trustgate.syntax.paths import PathKind, path_kind


def at(view: FileView, line: ChangedLine, start: int = 0, end: int | None = None) -> Location:
    """`start` and `end` are 0-based character offsets, end exclusive."""
    stop = len(line.text) if end is None else end
    return Location(view.path, line.side, line.number, line.number, start + 1, stop + 1)


def confidence_at(view: FileView, otherwise: Confidence | None = None) -> Confidence | None:
    """Low in tests, which load toy models by any name; else `otherwise` (None: the rule's own)."""
    return Confidence.LOW if path_kind(view.path) is PathKind.TEST else otherwise
