"""The tests of a change: those that stand on both sides, under whatever name, those that went and those that came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import compiled
from trustgate.analyzers.boundaries.verification.cases import (
    Case,
    cases_of,
    hard_pattern,
    is_test_name,
    likeness,
    pair_by_name,
)
from trustgate.analyzers.boundaries.verification.data import Book

SAME = 0.6
"""likeness from which a test under another name is the same test"""
ROW = 0.4
"""the same where the new test runs over several rows"""
CALLED = r"([A-Za-z_$][\w$]*)\s*\("
CANDIDATES = 20
"""tests that one vanished test is compared with"""


class Kept(NamedTuple):
    """A test that stands on both sides; its file may differ."""

    after: FileDelta
    old_side: SideDelta
    side: SideDelta
    old: Case
    new: Case


class Placed(NamedTuple):
    delta: FileDelta
    side: SideDelta
    case: Case


class Suite:
    """Tests of every changed test file, paired across the change."""

    def __init__(self, tests: Sequence[FileDelta], book: Book) -> None:
        self._book = book
        self._tests = tests
        kept: list[Kept] = []
        gone: list[Placed] = []
        fresh: list[Placed] = []
        for delta in tests:
            old = cases_of(delta.old, delta.language, book) if delta.old is not None else []
            new = cases_of(delta.new, delta.language, book) if delta.new is not None else []
            pairing = pair_by_name(old, new)
            if delta.old is not None:
                gone += [Placed(delta, delta.old, case) for case in pairing.gone]
            if delta.new is not None:
                fresh += [Placed(delta, delta.new, case) for case in pairing.fresh]
            if delta.old is not None and delta.new is not None:
                kept += [Kept(delta, delta.old, delta.new, *pair) for pair in pairing.pairs]
        changed = [Placed(item.after, item.side, item.new) for item in kept if item.old.body != item.new.body]
        moved, self.gone = _moved(gone, fresh, changed)
        taken = Counter(id(item.new) for item in moved)
        self.fresh = [item for item in fresh if id(item.case) not in taken]
        alone = [item for item in moved if taken[id(item.new)] == 1]  # several in one cannot be compared line by line
        self.kept = [item for item in (*kept, *alone) if item.old.body != item.new.body]

    @cached_property
    def gained(self) -> frozenset[str]:
        """Texts of the assertions that some test has now and had not before."""
        found = {check.text for item in self.fresh for check in item.case.checks}
        for item in self.kept:
            found |= {check.text for check in item.new.checks} - {check.text for check in item.old.checks}
        return frozenset(found)

    @cached_property
    def helpers(self) -> frozenset[str]:
        """Functions of the changed test files, tests left out, that assert something."""
        return frozenset(name for delta in self._tests if delta.new is not None for name in self._asserting(delta))

    def _asserting(self, delta: FileDelta) -> Iterator[str]:
        side: SideDelta | None = delta.new
        if side is None:
            return
        hard = compiled(hard_pattern(delta.language, self._book))
        for scope in side.outline.scopes:
            if scope.kind == "function" and not is_test_name(scope.name):
                lines = range(scope.start + 1, min(scope.end, scope.start + 300) + 1)
                if any(hard.search(side.text.line(number)[:5000]) for number in lines):
                    yield scope.name.rsplit(".", 1)[-1]

    def calls_helper(self, old: Case, new: Case) -> bool:
        """Whether the new test calls an asserting function that the old one did not call."""
        calls = compiled(CALLED)
        now = {name for line in new.body[1:] for name in calls.findall(line[:2000])}
        before = {name for line in old.body[1:] for name in calls.findall(line[:2000])}
        return bool((now - before) & self.helpers)


def _moved(
    gone: Sequence[Placed], fresh: Sequence[Placed], changed: Sequence[Placed]
) -> tuple[list[Kept], list[Placed]]:
    """Vanished tests whose body stands in another test now, and those that are gone for good.

    Several may have become one, as when tests are merged into a table.
    """
    places = [*fresh, *changed]
    by_line: dict[str, list[int]] = {}
    for at, place in enumerate(places):
        for line in set(place.case.body[1:]):
            if len(line) > 3:
                by_line.setdefault(line, []).append(at)
    by_name = {place.case.name.rsplit(".", 1)[-1]: at for at, place in enumerate(fresh)}
    moved, lost = [], []
    for item in gone:
        hits: Counter[int] = Counter()
        for line in set(item.case.body[1:]):
            found = by_line.get(line, ())
            if len(found) <= 200:
                hits.update(found)
        options = [at for at, _ in hits.most_common(CANDIDATES)]
        same_name = by_name.get(item.case.name.rsplit(".", 1)[-1])
        if same_name is not None:
            moved.append(_kept(item, places[same_name]))
            continue
        best = max(options, key=lambda at: likeness(item.case, places[at].case), default=None)
        if best is not None and _is_same(item.case, places[best].case):
            moved.append(_kept(item, places[best]))
        else:
            lost.append(item)
    return moved, lost


def _kept(item: Placed, place: Placed) -> Kept:
    return Kept(place.delta, item.side, place.side, item.case, place.case)


def _is_same(old: Case, new: Case) -> bool:
    return likeness(old, new) >= (ROW if new.tables > old.tables else SAME)
