"""Test cases of one side of a test file: where each begins and ends, and the checks that it makes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trustgate.analyzers.boundaries.delta import SideDelta
from trustgate.analyzers.boundaries.rules import compiled
from trustgate.analyzers.boundaries.verification.data import Book

BLOCKS = (
    r"^(\s*)(?:it|test|specify|scenario|Deno\.test|bench)\b(?:\.\w+)*"
    r"""(?:\([^'"`]{0,200}\))?\s*\(?\s*(?:(['"`])(.{1,200}?)\2|$)"""
)
"""a test that is a call with a title: JavaScript's runners, RSpec, ExUnit"""
TITLE = r"""^\s*(['"`])(.{1,200}?)\1"""
BY_TITLE = frozenset(("javascript", "typescript", "tsx", "ruby", "elixir", "lua"))
JAVASCRIPT = frozenset(("javascript", "typescript", "tsx"))
TEST_MARKS = frozenset(
    ("test", "tests", "fact", "theory", "testmethod", "testcase", "parameterizedtest", "repeatedtest", "rstest")
)
TABLES = r"\bfor\b|\.each\b|parametrize|\bsubTest\b|\brange\b|\.forEach\b|@ParameterizedTest|\bt\.Run\("
"""how a test runs over several rows"""
COMMENTS = ("#", "//", "*", "/*", '"""', "'''")
JOINED = 20
"""lines of one statement that are read"""
BODY = 3000
"""lines of one test that are read"""


class Check(NamedTuple):
    line: int
    text: str
    """the whole statement, blanks folded"""
    hard: bool
    """an assertion; else the call of a helper that looks like one"""
    vacuous: bool


class Case(NamedTuple):
    name: str
    start: int
    end: int
    checks: tuple[Check, ...]
    body: tuple[str, ...]
    """its lines without blanks at the ends, comments and empty lines"""

    @property
    def real(self) -> tuple[Check, ...]:
        """Assertions that can fail."""
        return tuple(check for check in self.checks if check.hard and not check.vacuous)

    @property
    def tables(self) -> int:
        """Lines that say that the test runs over several rows."""
        return sum(bool(compiled(TABLES).search(line[:500])) for line in self.body)


def cases_of(side: SideDelta, language: str, book: Book) -> list[Case]:
    """Every test of the side, in the order of the file."""
    places = _by_title(side) if language in BY_TITLE else _by_symbol(side)
    return [_case(side, language, book, *place) for place in places]


def _by_symbol(side: SideDelta) -> Iterator[tuple[str, int, int]]:
    for name, scopes in side.symbols.items():
        for scope in scopes:
            if scope.kind == "function" and (is_test_name(scope.name) or _is_marked([m.name for m in scope.markers])):
                yield name, scope.start, min(scope.end, scope.start + BODY)


def is_test_name(name: str) -> bool:
    last = name.rsplit(".", 1)[-1]
    return last.startswith(("test_", "Test", "test")) and last not in ("test", "tests", "testing", "TestMain")


def _is_marked(markers: Sequence[str]) -> bool:
    return any(name.rsplit(".", 1)[-1].rsplit(":", 1)[-1].lower() in TEST_MARKS for name in markers)


def _by_title(side: SideDelta) -> Iterator[tuple[str, int, int]]:
    lines = side.text.lines
    pattern = compiled(BLOCKS)
    for index, line in enumerate(lines):
        found = pattern.match(line[:500])
        if not found:
            continue
        title = found[3]
        if title is None:
            below = compiled(TITLE).match(lines[index + 1][:500]) if index + 1 < len(lines) else None
            if below is None:
                continue
            title = below[2]
        yield title, index + 1, _end_of(lines, index, len(found[1]))


def _end_of(lines: Sequence[str], index: int, indent: int) -> int:
    """1-based last line of the block whose header stands at `index`: the next line that is indented no deeper."""
    for at in range(index + 1, min(len(lines), index + BODY)):
        bare = lines[at].strip()
        if bare and len(lines[at]) - len(lines[at].lstrip()) <= indent:
            return at + 1 if bare[0] in "})" or bare.startswith("end") else at
    return min(len(lines), index + BODY)


def _case(side: SideDelta, language: str, book: Book, name: str, start: int, end: int) -> Case:
    lines = [(number, side.text.line(number)) for number in range(start, end + 1)]
    body = tuple(text.strip() for _, text in lines if text.strip() and not text.lstrip().startswith(COMMENTS))
    return Case(name, start, end, tuple(_checks(lines, language, book)), body)


def hard_pattern(language: str, book: Book) -> str:
    return book.hard.get("javascript" if language in JAVASCRIPT else language) or book.hard["other"]


def _checks(lines: Sequence[tuple[int, str]], language: str, book: Book) -> Iterator[Check]:
    hard, soft, vacuous = compiled(hard_pattern(language, book)), compiled(book.soft), compiled(book.vacuous)
    skip = 1  # the header: `def test_assert_x():` checks nothing
    while skip < len(lines):
        number, text = lines[skip]
        bare = text.strip()
        if not bare or bare.startswith(COMMENTS) or len(text) > 5000:
            skip += 1
            continue
        firm = bool(hard.search(text))
        if not firm and not soft.search(text):
            skip += 1
            continue
        whole, taken = _statement(lines, skip)
        if language == "go":
            whole = _condition(lines, skip) + whole
        yield Check(number, whole, firm, bool(vacuous.search(whole)))
        skip += taken


def _statement(lines: Sequence[tuple[int, str]], first: int) -> tuple[str, int]:
    """The statement that begins at `first`, and how many lines it takes: until its brackets close."""
    parts: list[str] = []
    depth = 0
    for at in range(first, min(len(lines), first + JOINED)):
        bare = lines[at][1].strip()
        if parts and depth <= 0 and not (bare.startswith(".") and not parts[0].startswith(".")):
            break
        parts.append(bare)
        depth += sum(bare.count(mark) for mark in "([{") - sum(bare.count(mark) for mark in ")]}")
        if depth > 0 and bare.endswith(("{", "=> {", "do")):
            break  # a block, not an argument list
    return " ".join(parts), max(len(parts), 1)


def _condition(lines: Sequence[tuple[int, str]], first: int) -> str:
    """`if got != want {` above `t.Errorf(…)`: in Go the check is the condition."""
    for at in range(first - 1, max(first - 4, -1), -1):
        bare = lines[at][1].strip()
        if bare.startswith(("if ", "} else if ")):
            return bare + " "
        if bare == "}":
            break
    return ""


class Pairing(NamedTuple):
    pairs: tuple[tuple[Case, Case], ...]
    gone: tuple[Case, ...]
    fresh: tuple[Case, ...]


def pair_by_name(old: Sequence[Case], new: Sequence[Case]) -> Pairing:
    """The nth test of a name with the nth of the same name; what is left on both sides."""
    waiting: dict[str, list[Case]] = {}
    for case in new:
        waiting.setdefault(case.name, []).append(case)
    pairs, gone = [], []
    for case in old:
        same = waiting.get(case.name)
        if same:
            pairs.append((case, same.pop(0)))
        else:
            gone.append(case)
    fresh = [case for cases in waiting.values() for case in cases]
    return Pairing(tuple(pairs), tuple(gone), tuple(fresh))


def likeness(old: Case, new: Case) -> float:
    """Share of the old test's lines, headers left out, that the new test has too: 0 to 1."""
    before, after = Counter(old.body[1:]), Counter(new.body[1:])
    total = sum(before.values())
    return sum((before & after).values()) / total if total else float(_short(old.name) == _short(new.name))


def _short(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.rsplit(".", 1)[-1]).lower()
