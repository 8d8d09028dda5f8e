"""Tests that replace, with a stand-in, the very code that they are there to test and that the change edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Rules, compiled
from trustgate.analyzers.boundaries.verification.cases import JAVASCRIPT
from trustgate.analyzers.boundaries.verification.data import Book
from trustgate.analyzers.boundaries.verification.marks import Hit, came_off, new_hits
from trustgate.analyzers.boundaries.verification.subjects import Edited, Subjects, is_module
from trustgate.finding import Finding
from trustgate.syntax.outline import Span

QUOTED = r"""["'`]([\w@~./-]{2,200})["'`]"""
OWNED = r"""([\w.]{1,120})\s*,\s*["'](\w{1,80})["']"""


def find_mocked_subjects(tests: Sequence[FileDelta], subjects: Subjects, book: Book, rules: Rules) -> Iterator[Finding]:
    """Stand-ins that are new in a test file that was there, for a function whose body the change edits."""
    marks = book.marks_of("subject-mocked")
    moved = came_off(tests, marks, comments=False)
    rule = rules.named["subject-mocked"]
    for delta in tests:
        if delta.old is None or delta.new is None:
            continue
        own = subjects.named_for(delta)
        if not own:
            continue
        for hit in new_hits(delta, marks, moved, comments=False):
            what = _replaced(delta, delta.new, hit, own, subjects)
            if what and what in delta.old.text.text:
                span = Span(hit.line, 0, hit.line, 10_000)
                evidence = (
                    f"replaced by a stand-in: {what}",
                    f"{hit.mark.what}: {hit.text[:120]}",
                    f"beside the code it tests: named after {own[0].path}",
                )
                yield rule.finding(
                    delta.new.location(span), delta.new.symbol(hit.line), hit.text, evidence, hit.mark.confidence
                )


def _replaced(delta: FileDelta, new: SideDelta, hit: Hit, own: Sequence[Edited], subjects: Subjects) -> str:
    """Name of the edited function, or module, that the stand-in takes the place of."""
    if delta.language in JAVASCRIPT:
        quoted = compiled(QUOTED).search(hit.text)
        if hit.mark.what.endswith("module"):
            found = quoted is not None and any(is_module(delta.path, quoted[1], code) for code in own)
            return quoted[1] if quoted and found else ""
    for code in own:
        edited = _edited_functions(subjects.delta_of(code))
        dotted = compiled(QUOTED).search(hit.text)
        if dotted and "." in dotted[1]:
            module, _, name = dotted[1].rpartition(".")
            if name in edited and is_module(delta.path, module, code):
                return name
        owned = compiled(OWNED).search(hit.text)
        if owned and owned[2] in edited:
            holder = new.outline.imports.get(owned[1].split(".")[0], owned[1])
            if is_module(delta.path, holder, code) or holder.rsplit(".", 1)[-1].lower() == code.stem.lower():
                return owned[2]
    return ""


def _edited_functions(code: FileDelta) -> frozenset[str]:
    """Last names of the functions in which the change edits a line."""
    return frozenset(
        scope.name.rsplit(".", 1)[-1]
        for side in code.sides
        for line in side.lines
        for scope in side.chain(line.number)
        if scope.kind == "function"
    )
