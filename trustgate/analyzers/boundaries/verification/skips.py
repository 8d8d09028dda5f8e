"""Tests that stood there and run no more: skip marks, expected failures, and `.only` on another test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta
from trustgate.analyzers.boundaries.rules import Rules, compiled
from trustgate.analyzers.boundaries.verification.cases import is_test_name
from trustgate.analyzers.boundaries.verification.data import Book
from trustgate.analyzers.boundaries.verification.losses import beside
from trustgate.analyzers.boundaries.verification.marks import Hit, came_off, new_hits
from trustgate.analyzers.boundaries.verification.subjects import Subjects
from trustgate.finding import Finding
from trustgate.syntax.outline import Span

TITLES = r"""(["'`])(?:(?!\1).){1,200}\1"""
ONLY = ".only"


def find_skips(tests: Sequence[FileDelta], subjects: Subjects, book: Book, rules: Rules) -> Iterator[Finding]:
    """Each test or group of tests that a new mark keeps from running."""
    marks = book.marks_of("test-skipped")
    if not marks:
        return
    moved = came_off(tests, marks, comments=False)
    rule = rules.named["test-skipped"]
    for delta in tests:
        if delta.new is None:
            continue
        for hit in new_hits(delta, marks, moved, comments=False):
            if not _was_there(delta, hit):
                continue
            confidence, how = beside(subjects, delta, hit.mark.confidence)
            span = Span(hit.line, 0, hit.line, 10_000)
            symbol = delta.new.symbol(hit.line)
            evidence = (f"{hit.mark.what}: {hit.text[:120]}", *how)
            yield rule.finding(delta.new.location(span), symbol, hit.text, evidence, confidence)


def _was_there(delta: FileDelta, hit: Hit) -> bool:
    """Whether the marked test stood on the old side: by its function or class, or by its title.

    With `.only` it is the other tests of the file that stop.
    """
    old, new = delta.old, delta.new
    if old is None or new is None:
        return False
    if ONLY in hit.found:
        return True
    scopes = new.chain(hit.line)
    tests = [scope for scope in scopes if scope.kind == "function" and is_test_name(scope.name)]
    if tests:
        return tests[-1].name in {scope.name for scope in old.outline.scopes}
    if scopes and scopes[-1].kind == "class":
        return any(scope.kind == "class" and scope.name == scopes[-1].name for scope in old.outline.scopes)
    title = compiled(TITLES).search(hit.text)
    return title is not None and title[0] in old.text.text
