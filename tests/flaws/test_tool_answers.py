"""What bandit and Semgrep say, played by hand: results, faults of single files, and answers that are none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from flaw_cases import RULES
from hypothesis import given
from hypothesis import strategies as st

from trustgate.analyzers.flaws import bandit, semgrep
from trustgate.analyzers.flaws.engine import Hit, Subject, Unread
from trustgate.facts import SideText
from trustgate.finding import Confidence
from trustgate.process import Finished, ToolFailed

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
