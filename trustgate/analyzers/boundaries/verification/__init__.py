"""Tests and checks as a boundary: what a change takes away from what stands between it and green."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta
from trustgate.analyzers.boundaries.rules import Rules
from trustgate.facts import FileView
from trustgate.finding import Finding
from trustgate.syntax.paths import PathKind, path_kind


def find_verification(views: Sequence[FileView], judged: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    """Tests, type and lint checks, steps of CI and floors of coverage that the change loosens.

    Every changed file is looked at, also those that are not in `judged` because they are proven mechanical (a marker
    that silences a checker is a comment) or recorded output.
    """
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
