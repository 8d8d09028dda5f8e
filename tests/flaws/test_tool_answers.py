"""What bandit and Semgrep say, played by hand: results, faults of single files, and answers that are none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import pytest
from flaw_cases import RULES
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.flaws import bandit, semgrep
from trustgate.analyzers.flaws.engine import Hit, Subject, Unread
from trustgate.analyzers.flaws.semgrep_calls import Target
from trustgate.errors import CannotJudge
from trustgate.facts import SideText
from trustgate.finding import Confidence
from trustgate.process import Finished, ToolFailed, ToolMissing, ToolTooSlow

SUBJECT = Subject("new0", "python", SideText("a.py", "oid", b"import tempfile\nx = 'e', tempfile.mktemp()\n"))
READ: dict[str, tuple[ModuleType, str]] = {
    "bandit": (bandit, "temporary-name-race"),
    "semgrep": (semgrep, "redirect-from-request"),
}


def of_bandit(**fields: Any) -> dict[str, Any]:
    return {
        "filename": "./new0.py",
        "test_id": "B306",
        "line_number": 2,
        "line_range": [2],
        "col_offset": 9,
        "end_col_offset": 26,
        "issue_confidence": "HIGH",
        **fields,
    }


def bandit_says(*results: dict[str, Any], **fields: Any) -> dict[str, Any]:
    canary = of_bandit(filename="./canary.py")
    seen = {"./canary.py": {}, "./new0.py": {}, "_totals": {}}
    return {"errors": [], "metrics": seen, "results": [canary, *results], **fields}


def of_semgrep(**fields: Any) -> dict[str, Any]:
    spot = {"start": {"line": 2, "col": 10}, "end": {"line": 2, "col": 27}}
    return {"check_id": "redirect-from-request", "path": "new0.py", **spot, **fields}


def semgrep_says(*results: dict[str, Any], **fields: Any) -> dict[str, Any]:
    canary = of_semgrep(check_id="canary", path="canary.py")
    return {"errors": [], "paths": {"scanned": ["new0.py", "canary.py"]}, "results": [canary, *results], **fields}


def read(engine: str, said: Any, code: int = 0) -> list[Hit | Unread]:
    module, rule = READ[engine]
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    found: Iterator[Hit | Unread] = module.read(
        Finished(code, data, b"Traceback\nModuleNotFoundError: x\n"), [SUBJECT], [RULES[rule]]
    )
    return list(found)


GOOD: dict[str, tuple[Callable[..., dict[str, Any]], Callable[..., dict[str, Any]]]] = {
    "bandit": (bandit_says, of_bandit),
    "semgrep": (semgrep_says, of_semgrep),
}


@pytest.mark.parametrize("engine", READ)
def test_nothing_found_is_nothing(engine: str) -> None:
    assert read(engine, GOOD[engine][0]()) == []


@pytest.mark.parametrize("engine", READ)
def test_a_result_is_a_hit_where_it_stands(engine: str) -> None:
    says, result = GOOD[engine]
    (hit,) = read(engine, says(result()))
    assert isinstance(hit, Hit)
    assert (hit.line, hit.end_line, hit.matched, hit.confidence) == (2, 2, "tempfile.mktemp()", Confidence.MEDIUM)


def test_bandit_s_own_doubt_is_kept() -> None:
    (hit,) = read("bandit", bandit_says(of_bandit(issue_confidence="LOW")))
    assert isinstance(hit, Hit)
    assert hit.confidence is Confidence.LOW


@pytest.mark.parametrize("fields", [{"col_offset": -1}, {"end_col_offset": 3}, {"col_offset": None}])
def test_columns_that_make_no_sense_are_not_shown(fields: dict[str, Any]) -> None:
    (hit,) = read("bandit", bandit_says(of_bandit(**fields)))
    assert isinstance(hit, Hit)
    assert (hit.column, hit.end_column) == (1, 1)


OTHERS = [
    ("bandit", bandit_says(of_bandit(test_id="B101"))),
    ("bandit", bandit_says(of_bandit(filename="./other.py"))),
    ("semgrep", semgrep_says(of_semgrep(check_id="x.y"))),
    ("semgrep", semgrep_says(of_semgrep(path="../a.py"))),
]


@pytest.mark.parametrize(("engine", "said"), OTHERS)
def test_what_was_not_asked_is_left_alone(engine: str, said: dict[str, Any]) -> None:
    assert read(engine, said) == []


UNREAD = {
    "bandit, syntax": (
        "bandit",
        {"errors": [{"filename": "./new0.py", "reason": "syntax error while parsing AST from file"}]},
        False,
    ),
    "bandit, a crash of its own": (
        "bandit",
        {"errors": [{"filename": "./new0.py", "reason": "exception while scanning file"}]},
        True,
    ),
    "bandit, left out": ("bandit", {"metrics": {"./canary.py": {}}}, True),
    "semgrep, syntax": (
        "semgrep",
        {"errors": [{"path": "new0.py", "type": ["PartialParsing", []], "level": "warn"}]},
        False,
    ),
    "semgrep, too slow": ("semgrep", {"errors": [{"path": "new0.py", "type": "Timeout", "level": "warn"}]}, True),
    "semgrep, of a new type": ("semgrep", {"errors": [{"path": "new0.py", "type": 7}]}, True),
    "semgrep's core, syntax": (
        "semgrep",
        {"errors": [{"location": {"path": "new0.py"}, "error_type": ["PartialParsing", []], "severity": "warn"}]},
        False,
    ),
    "semgrep's core, too slow": (
        "semgrep",
        {"errors": [{"location": {"path": "new0.py"}, "error_type": "Timeout", "rule_id": "x"}]},
        True,
    ),
    "semgrep, left out": ("semgrep", {"paths": {"scanned": ["canary.py"]}}, True),
}


@pytest.mark.parametrize(("engine", "fields", "error"), UNREAD.values(), ids=UNREAD)
def test_a_file_that_was_not_read_is_named(engine: str, fields: dict[str, Any], error: bool) -> None:
    (item,) = read(engine, GOOD[engine][0](**fields))
    assert isinstance(item, Unread)
    assert (item.subject, item.error) == (SUBJECT, error)


FAILED = {
    "no answer": ("bandit", b""),
    "no JSON": ("bandit", b"Usage: bandit"),
    "another form": ("bandit", {"results": []}),
    "blind": ("bandit", {"errors": [], "metrics": {"./new0.py": {}, "./canary.py": {}}, "results": []}),
    "semgrep, no answer": ("semgrep", b""),
    "semgrep, a list": ("semgrep", b"[]"),
    "semgrep, another form": ("semgrep", {"results": []}),
    "semgrep, blind": ("semgrep", {"errors": [], "paths": {"scanned": ["new0.py"]}, "results": []}),
    "semgrep's core, a fault of a rule": (
        "semgrep",
        semgrep_says(errors=[{"error_type": "Rule parse error", "message": "bad", "location": {"path": "rules.yaml"}}]),
    ),
    "semgrep, a fault of a rule": ("semgrep", semgrep_says(errors=[{"type": "Rule parse error", "message": "bad"}])),
}


@pytest.mark.parametrize(("engine", "said"), FAILED.values(), ids=FAILED)
def test_a_run_that_did_not_do_its_work_failed(engine: str, said: Any) -> None:
    with pytest.raises(ToolFailed, match=engine):
        read(engine, said)


@pytest.mark.parametrize("engine", READ)
def test_an_exit_code_is_a_failure_whatever_was_said(engine: str) -> None:
    with pytest.raises(ToolFailed, match=engine):
        read(engine, GOOD[engine][0](), code=2)


def test_the_last_line_of_a_crash_is_told() -> None:
    with pytest.raises(ToolFailed, match="ModuleNotFoundError: x"):
        read("bandit", b"", code=1)


ANSWER = Finished(0, json.dumps(semgrep_says(of_semgrep())).encode(), b"")


class Call:
    """One way to call Semgrep: notes that it was asked and ends as it is told."""

    def __init__(self, end: Finished | CannotJudge) -> None:
        self.end = end
        self.asked = 0

    def __call__(self, files: Mapping[str, bytes], targets: Sequence[Target]) -> Finished:
        self.asked += 1
        if isinstance(self.end, CannotJudge):
            raise self.end
        return self.end


FIRST = {
    "never tried": ToolMissing("the core of semgrep 2.0 was never tried"),
    "ended by a signal": ToolFailed("semgrep-core was ended by signal SIGSEGV"),
    "crashed": Finished(2, b"", b"Fatal error: exception Stack_overflow\n"),
    "of another form": Finished(0, b'{"runs": []}', b""),
    "blind": Finished(0, json.dumps({"errors": [], "paths": {"scanned": ["new0.py"]}, "results": []}).encode(), b""),
}


def test_the_second_way_is_not_asked_when_the_first_answers() -> None:
    first, last = Call(ANSWER), Call(ANSWER)
    assert len(list(semgrep.scan([SUBJECT], [RULES["redirect-from-request"]], first, last))) == 1
    assert (first.asked, last.asked) == (1, 0)


@pytest.mark.parametrize("end", FIRST.values(), ids=FIRST)
def test_where_the_first_way_does_not_deliver_the_second_is_asked(end: Finished | CannotJudge) -> None:
    last = Call(ANSWER)
    assert len(list(semgrep.scan([SUBJECT], [RULES["redirect-from-request"]], Call(end), last))) == 1
    assert last.asked == 1


def test_what_took_too_long_is_not_tried_in_the_slow_way() -> None:
    last = Call(ANSWER)
    with pytest.raises(ToolTooSlow):
        list(semgrep.scan([SUBJECT], [RULES["redirect-from-request"]], Call(ToolTooSlow("not done")), last))
    assert last.asked == 0


def test_a_language_that_semgrep_is_blind_in_is_a_failure() -> None:
    other = Subject("new1", "go", SideText("a.go", "oid", b"package a\n"))
    said = semgrep_says(paths={"scanned": ["new0.py", "new1.go", "canary.py"]})
    with pytest.raises(ToolFailed, match="did not find the go flaw"):
        list(semgrep.read(Finished(0, json.dumps(said).encode(), b""), [SUBJECT, other], []))


def test_each_rule_is_told_in_which_files_it_can_hold() -> None:
    asked = Subject("new0", "python", SideText("a.py", "oid", b"redirect(request.args)\n"))
    other = Subject("new1", "python", SideText("b.py", "oid", b"x = 1\n"))
    files, targets = semgrep.work([asked, other], [RULES["redirect-from-request"], RULES["template-from-request"]])
    rules = files["rules.yaml"].decode()
    assert 'include: ["new0.py"]' in rules
    assert rules.count("- id: ") == 2
    assert [target.name for target in targets] == ["new0.py", "new1.py", "canary.py"]


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 9)
    | st.sampled_from(["new0.py", "./new0.py", "B306", "canary.py", "x"]),
    lambda inner: st.lists(inner, max_size=3),
)


@given(st.sampled_from(sorted(READ)), st.data())
def test_a_result_of_any_shape_is_read_or_refused(engine: str, data: st.DataObject) -> None:
    says, result = GOOD[engine]
    broken = result()
    broken[data.draw(st.sampled_from(sorted(broken)))] = data.draw(values)
    try:
        found = read(engine, says(broken))
    except ToolFailed:
        return
    assert all(isinstance(item, Hit) for item in found)
    assert all(len(item.matched) <= 400 for item in found if isinstance(item, Hit))
