"""Which results are new, played with an engine that flags each line with `bad` in it outside a `guarded` symbol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from flaw_cases import BOOK, context_of

from trustgate.analyzers.flaws.engine import Hit, Subject, Unread
from trustgate.analyzers.flaws.review import BATCH, HIT_LIMIT, SIZE_LIMIT, run_engine
from trustgate.analyzers.flaws.rules import FlawRule, load_rules
from trustgate.errors import CannotJudge
from trustgate.finding import Confidence, Finding, NotChecked, Skip

RULE = next(rule for rule in load_rules(BOOK, "bandit") if rule.id == "temporary-name-race")._replace(needs=())


class Fake:
    NAME = "bandit"

    def __init__(self, **trouble: object) -> None:
        self.asked: list[list[str]] = []
        self.trouble = trouble

    def scan(self, subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> Iterator[Hit | Unread]:
        self.asked.append([subject.name for subject in subjects])
        for subject in subjects:
            if any(subject.name.startswith(str(name)) for name in self.trouble.get("fails", ())):  # type: ignore[attr-defined]
                raise CannotJudge("bandit was not done within 1 s")
            if subject.name.startswith(str(self.trouble.get("unread"))):
                yield Unread(subject, "broken", error=bool(self.trouble.get("error")))
                continue
            guarded = "guarded()" in subject.text.text
            for number, line in enumerate(subject.text.lines, 1):
                if "bad" in line and not guarded:
                    column = line.index("bad") + 1
                    yield Hit(subject, rules[0], number, number, column, len(line) + 1, Confidence.HIGH)


def run(before: Mapping[str, str], after: Mapping[str, str], engine: Fake | None = None) -> list[object]:
    views = context_of(before, after).files
    return list(run_engine(engine or Fake(), [RULE], views, lambda text: text.replace("hush", "…")))


def lines(found: Sequence[object]) -> list[tuple[str, int]]:
    assert all(isinstance(item, Finding) for item in found), found
    return [(item.location.path, item.location.line) for item in found if isinstance(item, Finding)]


F = "def f():\n    bad(1)\n"
G = "def g():\n    bad(1)\n"
X = "x = 1\n"

LEFT_ALONE = {
    "it was there before": ({"a.py": F}, {"a.py": X + F}),
    "it is edited in its symbol": ({"a.py": F}, {"a.py": F.replace("1", "2")}),
    "it is indented": ({"a.py": F}, {"a.py": "def f():\n    if x:\n        bad(1)\n"}),
    "it moves to another file": ({"a.py": X + F, "b.py": X}, {"a.py": X, "b.py": X + F}),
    "the file moves": ({"a.py": F}, {"b.py": F}),
    "its function is renamed": ({"a.py": F}, {"a.py": G}),
    "it goes": ({"a.py": F + X}, {"a.py": X}),
    "a guard comes": ({"a.py": F}, {"a.py": "guarded()\n" + F}),
    "prose": ({}, {"docs/a.md": F}),
    "a lockfile's neighbour of another language": ({}, {"a.rb": F}),
    "it was there before, below a line that goes": ({"a.py": X + X + F}, {"a.py": F}),
}


@pytest.mark.parametrize(("before", "after"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_leaves_alone(before: dict[str, str], after: dict[str, str]) -> None:
    assert run(before, after) == []


FLAGGED = {
    "a new file": ({}, {"a.py": F}, [("a.py", 2)]),
    "a new function": ({"a.py": F}, {"a.py": F + G}, [("a.py", 4)]),
    "a second one in the same symbol": ({"a.py": F}, {"a.py": F + "    bad(2)\n"}, [("a.py", 3)]),
    "one edited, and the same text again elsewhere": (
        {"a.py": F},
        {"a.py": F.replace("1)", "1)  # still"), "b.py": G},
        [("b.py", 2)],
    ),
    "one moved, and a copy of it": ({"a.py": X + F}, {"a.py": X, "b.py": F + "\n\n" + G}, [("b.py", 6)]),
    "the guard above it goes": ({"a.py": "guarded()\n" + F + X}, {"a.py": F + X}, [("a.py", 2)]),
    "a test": ({}, {"tests/test_a.py": F}, [("tests/test_a.py", 2)]),
    "a vendored file": ({}, {"vendor/a.py": F}, [("vendor/a.py", 2)]),
}


@pytest.mark.parametrize(("before", "after", "where"), FLAGGED.values(), ids=FLAGGED)
def test_flags(before: dict[str, str], after: dict[str, str], where: list[tuple[str, int]]) -> None:
    assert lines(run(before, after)) == where


def test_what_a_finding_says() -> None:
    (found,) = run({}, {"a.py": "class C:\n    def f(self):\n        x = bad('hush')\n"})
    assert isinstance(found, Finding)
    assert (found.symbol, found.location.column, found.location.end_column) == ("C.f", 13, 24)
    assert found.confidence is Confidence.MEDIUM
    assert found.evidence == ("added: bad('…')",)


def test_on_an_unchanged_line_it_says_so() -> None:
    (found,) = run({"a.py": "guarded()\n" + F}, {"a.py": F})
    assert isinstance(found, Finding)
    assert found.evidence == ("not safe any more since this change: bad(1)",)


def test_in_a_test_it_is_unsure() -> None:
    (found,) = run({}, {"tests/test_a.py": F})
    assert isinstance(found, Finding)
    assert found.confidence is Confidence.LOW


def test_a_rule_gives_way_where_one_that_says_more_speaks() -> None:
    class Both(Fake):
        def scan(self, subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> Iterator[Hit | Unread]:
            for hit in super().scan(subjects, rules):
                assert isinstance(hit, Hit)
                yield hit._replace(rule=rules[0])
                if "1" in hit.matched:
                    yield hit._replace(rule=rules[1])

    views = context_of({}, {"a.py": "bad(1)\nbad(2)\n"}).files
    more = RULE._replace(id="more")
    found = list(run_engine(Both(), [RULE._replace(yields_to=frozenset({"more"})), more], views, str))
    assert [(item.rule, item.location.line) for item in found if isinstance(item, Finding)] == [
        ("more", 1),
        ("temporary-name-race", 2),
    ]


def test_the_old_side_is_read_only_when_there_is_something_to_explain() -> None:
    engine = Fake()
    run({"a.py": F, "b.py": X}, {"a.py": X, "b.py": X + X}, engine)
    assert engine.asked == [["new0.py", "new1.py"]]
    engine = Fake()
    run({"a.py": X + F, "b.py": X, "c.py": X}, {"a.py": X, "b.py": X + F, "c.py": X + X}, engine)
    assert engine.asked == [["new0.py", "new1.py", "new2.py"], ["old0.py", "old1.py"]]


def test_no_engine_is_started_for_files_in_which_no_rule_can_hold() -> None:
    engine = Fake()
    views = context_of({}, {"a.py": F, "b.rb": "mktemp"}).files
    assert list(run_engine(engine, [RULE._replace(needs=((b"mktemp",),))], views, str)) == []
    assert engine.asked == []


def test_without_the_old_side_only_changed_lines_are_new_and_it_is_said() -> None:
    before, after = {"a.py": F + X}, {"a.py": F + "bad(3)\n"}
    found = run(before, after, Fake(fails=["old"]))
    assert [item for item in found if isinstance(item, Skip)] == [
        Skip("flaws", "old side: bandit was not done within 1 s; 1 files were not read")
    ]
    assert lines([item for item in found if isinstance(item, Finding)]) == [("a.py", 3)]


def test_an_old_side_that_could_not_be_parsed_makes_no_unchanged_line_new() -> None:
    assert lines(run({"a.py": F + X}, {"a.py": F + "bad(3)\n"}, Fake(unread="old"))) == [("a.py", 3)]


@pytest.mark.parametrize("error", [True, False], ids=["a fault", "not in its grammar"])
def test_a_file_that_was_not_read_is_named(error: bool) -> None:
    (said,) = run({}, {"a.py": F}, Fake(unread="new", error=error))
    expected: object = NotChecked("bandit", "a.py: broken")
    if error:
        expected = Skip("flaws", "bandit: broken", "a.py", error=True)
    assert said == expected


def test_a_bundle_of_somebody_else_that_was_not_read_is_named_and_no_fault() -> None:
    assert run({}, {"vendor/a.py": F}, Fake(unread="new", error=True)) == [NotChecked("bandit", "vendor/a.py: broken")]


def test_a_run_that_fails_is_one_skip() -> None:
    assert run({}, {"a.py": F, "b.py": G}, Fake(fails=["new"])) == [
        Skip("flaws", "bandit was not done within 1 s; 2 files were not read")
    ]


def test_many_files_go_in_batches_and_after_a_failure_the_rest_is_not_tried() -> None:
    files = {f"m{number:04}.py": X for number in range(2 * BATCH + 3)}
    engine = Fake()
    assert run({}, files, engine) == []
    assert [len(names) for names in engine.asked] == [BATCH, BATCH, 3]
    (skip,) = run({}, files, Fake(fails=[f"new{BATCH + 1}."]))
    assert isinstance(skip, Skip)
    assert skip.reason.endswith(f"{BATCH + 3} files were not read")


def test_a_file_over_the_limit_is_named_unless_it_is_a_bundle_of_somebody_else() -> None:
    large = "bad(1)\n" + "# x\n" * (SIZE_LIMIT // 4)
    (skip,) = run({}, {"a.py": large})
    assert skip == Skip("flaws", "bandit: over the limit of 2 MiB", "a.py")
    (said,) = run({}, {"vendor/a.py": large})
    assert isinstance(said, NotChecked)


def test_too_many_results_are_not_passed_over_in_silence() -> None:
    found = run({}, {"a.py": "bad(1)\n" * (HIT_LIMIT + 1)})
    assert len([item for item in found if isinstance(item, Finding)]) == HIT_LIMIT
    assert Skip("flaws", f"bandit: more than {HIT_LIMIT} results", "a.py") in found
