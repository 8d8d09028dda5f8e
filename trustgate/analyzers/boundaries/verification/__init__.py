"""Tests and checks as a boundary: what a change takes away from what stands between it and green."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta
from trustgate.analyzers.boundaries.rules import Rules
from trustgate.facts import FileView
from trustgate.finding import Finding
from trustgate.syntax.paths import PathKind, language_of, path_kind

CHECK_FILES = ("conf", "makefile", "noxfile", "tox", "gradle", "gulpfile", "rakefile")
"""parts of the names of code files that set checks up"""


def find_verification(views: Sequence[FileView], judged: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    """Tests, type and lint checks, steps of CI and floors of coverage that the change loosens.

    Every changed file is looked at, also those that are not in `judged` because they are proven mechanical (a marker
    that silences a checker is a comment) or recorded output.
    """
    if not _concerned(views, rules):
        return
    from trustgate.analyzers.boundaries.verification.bounds import find_lower_coverage, find_wider_tolerances
    from trustgate.analyzers.boundaries.verification.data import load_book
    from trustgate.analyzers.boundaries.verification.pipeline import find_optional_steps
    from trustgate.analyzers.boundaries.verification.silenced import find_silenced
    from trustgate.analyzers.boundaries.verification.snapshots import find_rewritten_snapshots
    from trustgate.analyzers.boundaries.verification.subjects import Subjects
    from trustgate.analyzers.boundaries.verification.switches import find_disabled_checks

    book = load_book(rules)
    known = {delta.path: delta for delta in judged}
    deltas = [
        known.get(view.path) or FileDelta(view, path_kind(view.path))
        for view in views
        if view.old is not None or view.new is not None
    ]
    tests = [delta for delta in deltas if delta.kind is PathKind.TEST]
    code = [delta for delta in deltas if delta.kind is PathKind.CODE]
    subjects = Subjects(judged)
    if tests:
        from trustgate.analyzers.boundaries.verification.losses import find_losses
        from trustgate.analyzers.boundaries.verification.mocks import find_mocked_subjects
        from trustgate.analyzers.boundaries.verification.skips import find_skips
        from trustgate.analyzers.boundaries.verification.suite import Suite

        yield from find_skips(tests, subjects, book, rules)
        yield from find_losses(Suite(tests, book), subjects, book, rules)
        yield from find_wider_tolerances(tests, subjects, book)
        yield from find_mocked_subjects(tests, subjects, book, rules)
    yield from find_silenced([*code, *tests], book, rules)
    yield from find_disabled_checks(deltas, subjects.any, book, rules)
    yield from find_optional_steps(deltas, subjects.any, book, rules)
    yield from find_lower_coverage(deltas, subjects.any, book)
    if subjects.any:
        yield from find_rewritten_snapshots(deltas, book, rules)


def _concerned(views: Sequence[FileView], rules: Rules) -> bool:
    """Whether there is more than code, or a marker in it that keeps a checker quiet: a cheap look before a dear one."""
    for view in views:
        kind, name = path_kind(view.path), view.path.rsplit("/", 1)[-1].lower()
        settings = name.startswith(".") or any(word in name for word in CHECK_FILES) or not language_of(name)
        if kind is not PathKind.PROSE and (kind is not PathKind.CODE or settings):
            return True
    marks = rules.tables["check-silenced"].get("mark", ())
    needles = [needle for mark in marks for needle in mark.get("needles", ())]
    return any(needle in line.text for view in views for line in view.added() for needle in needles)
