"""bandit (https://bandit.readthedocs.io), out of process: our tests only, its markers and settings switched off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.flaws.engine import Answer, Hit, Subject, Unread, parse_answer
from trustgate.analyzers.flaws.rules import FlawRule
from trustgate.finding import Confidence
from trustgate.process import Finished, ToolFailed, module_command, run_tool

NAME = "bandit"
SECONDS = 60.0
SECONDS_A_FILE = 1.0

CANARY = "canary.py"
_CANARY_TEXT = b"import tempfile\ntempfile.mktemp()  # nosec\n"
_CANARY_TEST = "B306"
"""A flaw that must be found, marker and all, in every run: a bandit that misses it sees nothing else either."""

_SYNTAX = "syntax error"
"""start of the reason that bandit gives for text that the running Python cannot parse (`core/manager.py`)"""


def scan(subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> Iterator[Hit | Unread]:
    """Results of `rules` in `subjects`. Raises CannotJudge when the run failed."""
    tests = ",".join(sorted({_CANARY_TEST, *(rule.code for rule in rules)}))
    # The folder is ours and empty but for the subjects, so no `.bandit`, no `pyproject.toml` and no baseline is found.
    done = run_tool(
        (
            *module_command("bandit"),
            *("--format", "json", "--quiet", "--exit-zero", "--ignore-nosec"),
            *("--tests", tests),
            *(CANARY, *(subject.name for subject in subjects)),
        ),
        files={CANARY: _CANARY_TEXT} | {subject.name: subject.data for subject in subjects},
        seconds=SECONDS + SECONDS_A_FILE * len(subjects),
    )
    yield from read(done, subjects, rules)


def read(done: Finished, subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> Iterator[Hit | Unread]:
    """What a finished run says. Raises ToolFailed when it did not do its work, or answers in another form."""
    by_code = {rule.code: rule for rule in rules}
    by_name = {subject.name: subject for subject in subjects}
    if done.returncode != 0:
        raise ToolFailed(f"bandit failed: {done.last_words}")
    answer = parse_answer(done.stdout, NAME)
    seen = {name.removeprefix("./") for name in answer["metrics"].names}
    results = answer["results"].items
    if not any(_file(result) == CANARY for result in results):
        raise ToolFailed("bandit did not find the flaw that is put in front of it in every run")
    for error in answer["errors"].items:
        subject = by_name.get(_file(error))
        if subject is not None:
            reason = error["reason"].text
            yield Unread(subject, reason, error=not reason.startswith(_SYNTAX))
    for name in by_name.keys() - seen:
        yield Unread(by_name[name], "the file was left out", error=True)
    for result in results:
        subject = by_name.get(_file(result))
        rule = by_code.get(result["test_id"].text)
        if subject is not None and rule is not None:
            yield _hit(subject, rule, result)


def _file(answer: Answer) -> str:
    return answer["filename"].text.removeprefix("./")


def _hit(subject: Subject, rule: FlawRule, result: Answer) -> Hit:
    """`line_range` holds the lines of the statement; columns are 0-based UTF-8 bytes, as in Python's `ast`."""
    lines = [item.number for item in result["line_range"].items] or [result["line_number"].number]
    first, last = min(lines), max(lines)
    column, end_column = result.get("col_offset"), result.get("end_col_offset")
    exact = isinstance(column, int) and isinstance(end_column, int) and min(column, end_column) >= 0
    if exact and first == last and end_column <= column:
        exact = False
    return Hit(
        subject,
        rule,
        subject.line(first),
        subject.line(last),
        subject.column(first, column) if exact else 1,
        subject.column(last, end_column) if exact else 1,
        Confidence.LOW if result["issue_confidence"].text == "LOW" else rule.confidence,
    )
