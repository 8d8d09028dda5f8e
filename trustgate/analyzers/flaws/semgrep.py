"""Semgrep (https://semgrep.dev), out of process: our own rules only, no network, its markers and ignore files off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.flaws.engine import Answer, Hit, Subject, Unread, parse_answer
from trustgate.analyzers.flaws.rules import FlawRule
from trustgate.errors import ConfigError
from trustgate.process import Finished, ToolFailed, run_tool, script_command
from trustgate.rulebook import shipped_root

NAME = "semgrep"
SECONDS = 90.0
SECONDS_A_FILE = 2.0
RULE_SECONDS = 5
"""seconds that one rule may take on one file; what it did not finish is reported by Semgrep as an error of the file"""

CANARY = "canary.py"
_CANARY_TEXT = b"trustgate_canary()  # nosemgrep\n"
_CANARY_RULE = b"""rules:
- id: canary
  languages: [python]
  severity: INFO
  message: canary
  pattern: trustgate_canary()
"""
"""A call that must be found, marker and all, in every run: a Semgrep that misses it sees nothing else either."""

_OPTIONS = (
    *("--json", "--quiet", "--metrics=off", "--disable-version-check", "--disable-nosem", "--no-git-ignore"),
    *("--no-rewrite-rule-ids", "--jobs", "1", "--max-target-bytes", "0", "--timeout", str(RULE_SECONDS)),
    *("--timeout-threshold", "0"),
)
_PARTIAL = ("PartialParsing", "Syntax error", "Lexical error", "Other syntax error")
"""types of error that mean: the text, or a part of it, is not in Semgrep's grammar (`semgrep_output_v1.atd`)"""


def scan(subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> Iterator[Hit | Unread]:
    """Results of `rules` in `subjects`. Raises CannotJudge when the run failed.

    `--experimental` is Semgrep without its Python half: the same answer for a tenth of the time (0.2 s, not 2 s).
    Where this version of it does not deliver, the slow way is asked.
    """
    files = {CANARY: _CANARY_TEXT, "canary.yaml": _CANARY_RULE}
    files |= {f"{rule.code}.yaml": _rule_text(rule) for rule in rules}
    files |= {subject.name: subject.data for subject in subjects}
    targets = [*(subject.name for subject in subjects), CANARY]
    try:
        found = list(read(_run(("--experimental",), files, targets), subjects, rules))
    except ToolFailed:
        found = list(read(_run((), files, targets), subjects, rules))
    yield from found


def read(done: Finished, subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> Iterator[Hit | Unread]:
    """What a finished run says. Raises ToolFailed when it did not do its work, or answers in another form."""
    by_id = {rule.code: rule for rule in rules}
    by_name = {subject.name: subject for subject in subjects}
    answer = _checked(done)
    unread = set()
    for error in answer["errors"].items:
        subject = by_name.get(str(error.get("path")))
        if subject is None:
            raise ToolFailed(f"semgrep failed: {str(error.get('message'))[:200]}")
        if subject.name not in unread:
            unread.add(subject.name)
            kind = _kind(error)
            yield Unread(subject, kind, error=not kind.startswith(_PARTIAL))
    for name in by_name.keys() - answer["paths"]["scanned"].names - unread:
        yield Unread(by_name[name], "the file was left out", error=True)
    for result in answer["results"].items:
        subject = by_name.get(result["path"].text)
        rule = by_id.get(result["check_id"].text)
        if subject is not None and rule is not None:
            yield _hit(subject, rule, result)


def _run(way: tuple[str, ...], files: dict[str, bytes], targets: list[str]) -> Finished:
    rules = [word for name in files if name.endswith(".yaml") for word in ("--config", name)]
    return run_tool(
        (*script_command(NAME), "scan", *way, *_OPTIONS, *rules, *targets),
        files=files,
        seconds=SECONDS + SECONDS_A_FILE * len(targets),
    )


def _checked(done: Finished) -> Answer:
    """Raises ToolFailed when the run as a whole did not do its work."""
    if not done.stdout.lstrip().startswith(b"{"):
        raise ToolFailed(f"semgrep failed with exit code {done.returncode}: {done.last_words}")
    answer = parse_answer(done.stdout, NAME)
    if done.returncode != 0:
        errors = [str(error.get("message") or error.get("short_msg")) for error in answer["errors"].items]
        raise ToolFailed(
            f"semgrep failed with exit code {done.returncode}: {' '.join(errors)[:200] or done.last_words}"
        )
    if not any(result["path"].text == CANARY for result in answer["results"].items):
        raise ToolFailed("semgrep did not find the call that is put in front of it in every run")
    return answer


def _rule_text(rule: FlawRule) -> bytes:
    path = shipped_root() / "rules" / "flaws" / f"{rule.code}.yaml"
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"rules/flaws/{path.name}: {error.strerror}", "install trustgate-review again") from error


def _kind(error: Answer) -> str:
    """The type of an error: a word, or a list that starts with it."""
    kind = error.get("type")
    if isinstance(kind, list) and kind:
        kind = kind[0]
    return kind[:60] if isinstance(kind, str) else "an error without a type"


def _hit(subject: Subject, rule: FlawRule, result: Answer) -> Hit:
    """Lines are 1-based; columns are 1-based and count bytes (tried with 1.182), whatever the documentation says."""
    start, end = result["start"], result["end"]
    first, last = start["line"].number, end["line"].number
    return Hit(
        subject,
        rule,
        subject.line(first),
        subject.line(last),
        subject.column(first, max(start["col"].number - 1, 0)),
        subject.column(last, max(end["col"].number - 1, 0)),
        rule.confidence,
    )
