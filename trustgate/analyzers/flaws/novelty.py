"""The difference of two sides: which results of the new side the old side did not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from trustgate.analyzers.flaws.engine import Hit
from trustgate.facts import FileView
from trustgate.finding import Confidence, Finding, Location, Side
from trustgate.syntax.outline import chain, symbol
from trustgate.syntax.paths import PathKind, path_kind


class FileHits(NamedTuple):
    view: FileView
    new: list[Hit]
    old: list[Hit]
    old_known: bool
    """False where there is no old side, or it was not read to its end: then only changed lines can be new"""


class _Gone:
    """Results that stood on removed lines. Each explains one result of the new side: an edit, or a move."""

    def __init__(self, files: Sequence[FileHits]) -> None:
        self._left: set[int] = set()
        self._hits: list[Hit] = []
        self._by_place: dict[tuple[str, str, str], list[int]] = {}
        self._by_text: dict[tuple[str, str], list[int]] = {}
        for file in files:
            removed = {number for hunk in file.view.change.hunks for number in hunk.old_lines}
            for hit in file.old:
                if any(number in removed for number in range(hit.line, hit.end_line + 1)):
                    number = len(self._hits)
                    self._hits.append(hit)
                    self._left.add(number)
                    self._by_place.setdefault((file.view.path, hit.rule.id, _innermost(hit)), []).append(number)
                    self._by_text.setdefault((hit.rule.id, hit.matched), []).append(number)

    def here(self, path: str, hit: Hit) -> bool:
        """Takes one away that stood in the same symbol of the same file."""
        return self._take(self._by_place.get((path, hit.rule.id, _innermost(hit)), ()))

    def anywhere(self, hit: Hit) -> bool:
        """Takes one away that read the same, in whatever file."""
        return self._take(self._by_text.get((hit.rule.id, hit.matched), ()))

    def _take(self, numbers: Sequence[int]) -> bool:
        for number in numbers:
            if number in self._left:
                self._left.remove(number)
                return True
        return False


def new_findings(files: Sequence[FileHits], redact: Callable[[str], str]) -> Iterator[Finding]:
    """Results on changed lines that were neither there before nor moved, and results on unchanged lines that were not
    results before: there the change took away what made them safe, or now leads to them."""
    gone = _Gone(files)
    unexplained = [
        (file, hit, changed)
        for file in files
        for hit, changed in _candidates(file)
        if not gone.here(file.view.path, hit)
    ]
    for file, hit, changed in unexplained:
        if not gone.anywhere(hit):
            yield _finding(file, hit, changed, redact)


def _candidates(file: FileHits) -> Iterator[tuple[Hit, bool]]:
    added = {number for hunk in file.view.change.hunks for number in hunk.new_lines}
    before = {(hit.rule.id, hit.line) for hit in file.old}
    after = {(hit.rule.id, hit.line) for hit in file.new}
    seen = set()
    for hit in sorted(file.new, key=lambda hit: (hit.line, hit.column)):
        if (hit.rule.id, hit.line) in seen or any((rule, hit.line) in after for rule in hit.rule.yields_to):
            continue
        seen.add((hit.rule.id, hit.line))
        if any(number in added for number in range(hit.line, hit.end_line + 1)):
            yield hit, True
        elif file.old_known and (hit.rule.id, _old_line(file.view, hit.line)) not in before:
            yield hit, False


def _old_line(view: FileView, new_line: int) -> int:
    """Where an unchanged line stood on the old side."""
    shift = 0
    for hunk in view.change.hunks:
        if hunk.new_start + max(hunk.new_count - 1, 0) >= new_line:
            break
        shift += hunk.old_count - hunk.new_count
    return new_line + shift


def _innermost(hit: Hit) -> str:
    scopes = chain(hit.subject.text.outline, hit.line)
    return scopes[-1].name if scopes else ""


def _finding(file: FileHits, hit: Hit, changed: bool, redact: Callable[[str], str]) -> Finding:
    kind = path_kind(file.view.path)
    confidence = Confidence.LOW if kind is PathKind.TEST else hit.confidence
    text = redact(hit.matched)[:120]
    return hit.rule.finding(
        Location(file.view.path, Side.NEW, hit.line, hit.end_line, hit.column, hit.end_column),
        symbol(hit.subject.text.outline, hit.line),
        hit.matched,
        confidence,
        (f"added: {text}" if changed else f"not safe any more since this change: {text}",),
    )
