"""Assertions that a surviving test lost or that got looser, tests left without a check, and tests that are gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta
from trustgate.analyzers.boundaries.rules import Rule, Rules, compiled
from trustgate.analyzers.boundaries.verification.cases import JAVASCRIPT, Case, Check, likeness
from trustgate.analyzers.boundaries.verification.data import Book, Loosening
from trustgate.analyzers.boundaries.verification.subjects import WORD, Subjects
from trustgate.analyzers.boundaries.verification.suite import Kept, Placed, Suite
from trustgate.finding import Confidence, Finding
from trustgate.syntax.outline import Span

WORDS = r"[A-Za-z_$][\w$]*|\d+"
ALIKE = 0.3
"""share of common words from which two assertions are about the same thing"""
NAMES_OF_CHECKS = frozenset(("assert", "expect", "self", "require", "not", "is", "to", "be", "toBe", "toEqual", "t"))
REWRITTEN, NAMED_ALIKE = 0.3, 0.5
"""share of lines, or of the words of the name, from which a new test may be the old one rewritten"""
SHOWN = 120
MOST = 10
"""findings of one rule in one file"""


def find_losses(suite: Suite, subjects: Subjects, book: Book, rules: Rules) -> Iterator[Finding]:
    """What the tests of the change check no more."""
    counts: Counter[tuple[str, str]] = Counter()
    for kept in suite.kept:
        for finding in _of_test(kept, suite, subjects, book, rules):
            counts[finding.rule, finding.location.path] += 1
            if counts[finding.rule, finding.location.path] <= MOST:
                yield finding
    yield from _deleted(suite, subjects, rules.named["test-deleted"])


def beside(subjects: Subjects, delta: FileDelta, wanted: Confidence) -> tuple[Confidence, tuple[str, ...]]:
    """The confidence of a finding in this test file, and its evidence: low unless edited code is what it tests."""
    how = subjects.tested_by(delta)
    return (wanted, (how,)) if how else (Confidence.LOW, ())


def _of_test(kept: Kept, suite: Suite, subjects: Subjects, book: Book, rules: Rules) -> Iterator[Finding]:
    old, new = kept.old, kept.new
    if not old.real:
        return
    if not new.real:
        if not _still_checks(old, new, suite, subjects):
            yield _at_new(kept, new.start, rules.named["test-emptied"], subjects, f"no check left in {new.name}")
        return
    left = _left_early(kept)
    if left:
        yield _at_new(kept, left, rules.named["test-emptied"], subjects, f"leaves before its checks: {new.name}")
        return
    lost, gained = _differing(old, new)
    pairs = _paired(lost, gained)
    if len(gained) <= len(lost):
        yield from _loosened(kept, pairs, subjects, book)
    yield from _removed(kept, lost, gained, pairs, suite, subjects, rules.named["assertion-removed"])


def _still_checks(old: Case, new: Case, suite: Suite, subjects: Subjects) -> bool:
    if any(not check.hard for check in new.checks) or suite.calls_helper(old, new):
        return True
    if all(_spoken_of(check, subjects.gone_words) for check in old.real):
        return True
    return all(check.text in suite.gained for check in old.real)


def _left_early(kept: Kept) -> int:
    """Line of a new bare `return` at the outer level of the test, before all its checks; 0 without one."""
    side, case = kept.side, kept.new
    inner = None
    first = case.checks[0].line
    for number in range(case.start + 1, first):
        text = side.text.line(number)
        bare = text.strip()
        if not bare or bare.startswith(("#", "//", "*", "@", '"""', "'''", ")")):
            continue
        indent = len(text) - len(text.lstrip())
        if inner is None and not side.text.line(number - 1).rstrip().endswith((",", "(")):
            inner = indent
        if bare in ("return", "return;") and indent == inner and number in side.numbers:
            return number
    return 0


def _differing(old: Case, new: Case) -> tuple[list[Check], list[Check]]:
    """Assertions of the old test that the new one has not, word for word, and the other way round."""
    after = Counter(check.text for check in new.checks)
    before = Counter(check.text for check in old.checks)
    lost = []
    for check in old.real:
        if after[check.text] > 0:
            after[check.text] -= 1
        else:
            lost.append(check)
    gained = []
    for check in new.checks:
        if before[check.text] > 0:
            before[check.text] -= 1
        elif not check.vacuous:
            gained.append(check)
    return lost, gained


def _paired(lost: Sequence[Check], gained: Sequence[Check]) -> list[tuple[Check, Check]]:
    """Each lost assertion with the new one that is most like it."""
    if len(lost) * len(gained) > 10_000:
        return []
    words = {check: _words(check.text) for check in (*lost, *gained)}
    ranked = sorted(
        (
            (_share(words[one], words[other]), -at, -to)
            for at, one in enumerate(lost)
            for to, other in enumerate(gained)
        ),
        reverse=True,
    )
    pairs, used, taken = [], set(), set()
    for share, at, to in ranked:
        if share >= ALIKE and at not in used and to not in taken:
            used.add(at)
            taken.add(to)
            pairs.append((lost[-at], gained[-to]))
    return pairs


def _words(text: str) -> frozenset[str]:
    return frozenset(compiled(WORDS).findall(text[:3000])) - NAMES_OF_CHECKS


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(min(len(one), len(other)), 1)


def _loosened(kept: Kept, pairs: Sequence[tuple[Check, Check]], subjects: Subjects, book: Book) -> Iterator[Finding]:
    for lost, gained in pairs:
        for loosening in book.loosenings:
            if _fits(loosening, kept.after.language, lost.text[:3000], gained.text[:3000]):
                what = f"{loosening.what}: `{lost.text[:SHOWN]}` is now `{gained.text[:SHOWN]}`"
                yield _at_new(kept, gained.line, loosening.rule, subjects, what)
                break


def _fits(loosening: Loosening, language: str, old: str, new: str) -> bool:
    family = "javascript" if language in JAVASCRIPT else language
    if loosening.languages and family not in loosening.languages:
        return False
    if not compiled(loosening.after).search(new) or compiled(loosening.after).search(old):
        return False
    if not compiled(loosening.before).search(old) or compiled(loosening.before).search(new):
        return False
    return not (loosening.unless and compiled(loosening.unless).search(old))


def _removed(
    kept: Kept,
    lost: Sequence[Check],
    gained: Sequence[Check],
    pairs: Sequence[tuple[Check, Check]],
    suite: Suite,
    subjects: Subjects,
    rule: Rule,
) -> Iterator[Finding]:
    """More assertions went than came, and they did not move to a helper, another test or a table."""
    replaced = {check for check, _ in pairs}
    left = [check for check in lost if check not in replaced and not _kept_elsewhere(check, gained, suite, subjects)]
    many = min(len(left), len(lost) - len(gained))
    if many <= 0 or suite.calls_helper(kept.old, kept.new) or _became_table(kept.old, kept.new):
        return
    confidence, how = beside(subjects, kept.after, rule.confidence)
    if _other_lines_lost(kept) > 0:
        confidence = Confidence.LOW
    count = f"{many} of {len(kept.old.real)} assertions of {kept.new.name} went"
    evidence = (*(f"removed: {check.text[:SHOWN]}" for check in left[:3]), count, *how)
    yield rule.finding(
        kept.old_side.location(_line_span(left[0].line)), kept.old.name, left[0].text, evidence, confidence
    )


def _kept_elsewhere(check: Check, gained: Sequence[Check], suite: Suite, subjects: Subjects) -> bool:
    if check.text in suite.gained or _spoken_of(check, subjects.gone_words):
        return True
    words = {word for word in _words(check.text) if not word.isdigit() and not word.lower().startswith("assert")}
    return any(words <= _words(other.text) for other in gained)


def _spoken_of(check: Check, gone: frozenset[str]) -> bool:
    """Whether the assertion is about something that the change takes out of the code."""
    return bool(gone) and not gone.isdisjoint(compiled(WORD).findall(check.text[:3000]))


def _became_table(old: Case, new: Case) -> bool:
    return new.tables > old.tables


def _other_lines_lost(kept: Kept) -> int:
    """Lines that are no assertion and went without others in their place: the test does less, so it checks less."""
    asserted = " ".join(check.text for check in kept.old.checks)
    before = Counter(line for line in kept.old.body[1:] if line not in asserted)
    after = Counter(kept.new.body[1:])
    return sum((before - after).values())


def _deleted(suite: Suite, subjects: Subjects, rule: Rule) -> Iterator[Finding]:
    """Tests that are gone while the code that they test stays and is edited: one finding a file."""
    by_file: dict[str, list[Placed]] = {}
    for item in suite.gone:
        if item.case.real and not _about_gone_code(item.case, subjects):
            by_file.setdefault(item.delta.path, []).append(item)
    for items in by_file.values():
        delta, side = items[0].delta, items[0].side
        confidence, how = beside(subjects, delta, rule.confidence)
        if subjects.lost_subject(delta) or all(_rewritten(item.case, suite) for item in items):
            confidence = Confidence.LOW
        names = tuple(f"gone: {item.case.name[:SHOWN]}" for item in items[:5])
        more = (f"and {len(items) - 5} more",) if len(items) > 5 else ()
        first = items[0].case
        symbol = first.name if delta.new is not None else ""
        matched = "\n".join(item.case.name for item in items)
        yield rule.finding(side.location(_line_span(first.start)), symbol, matched, (*names, *more, *how), confidence)


def _rewritten(case: Case, suite: Suite) -> bool:
    """Whether a new test has a good part of its lines, or most words of its name."""
    words = _name_words(case.name)
    return any(
        likeness(case, item.case) >= REWRITTEN or _share(words, _name_words(item.case.name)) >= NAMED_ALIKE
        for item in suite.fresh[:300]
    )


def _name_words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name.rsplit(".", 1)[-1])) - {
        "test",
        "Test",
        "it",
        "should",
    }


def _about_gone_code(case: Case, subjects: Subjects) -> bool:
    gone = subjects.gone_words
    words = compiled(WORD)
    if not gone:
        return False
    if any(not gone.isdisjoint(words.findall(line[:2000])) for line in case.body):
        return True
    return not {word.lower() for word in gone}.isdisjoint(re.split(r"[\W_]+", case.name.lower()))


def _at_new(kept: Kept, line: int, rule: Rule, subjects: Subjects, what: str) -> Finding:
    side = kept.side
    confidence, how = beside(subjects, kept.after, rule.confidence)
    return rule.finding(side.location(_line_span(line)), kept.new.name, what, (what, *how), confidence)


def _line_span(number: int) -> Span:
    return Span(number, 0, number, 10_000)
