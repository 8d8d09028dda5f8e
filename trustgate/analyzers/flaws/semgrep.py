"""Semgrep (https://semgrep.dev): our own rules only, no network, its markers and ignore files switched off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from trustgate.analyzers.flaws.engine import Answer, Hit, Subject, Unread, parse_answer
from trustgate.analyzers.flaws.rules import FlawRule
from trustgate.analyzers.flaws.semgrep_calls import RULES_FILE, Target, run_cli, run_core
from trustgate.errors import ConfigError
from trustgate.process import Finished, ToolFailed, ToolMissing
from trustgate.rulebook import shipped_root

NAME = "semgrep"

CANARY = "canary"
_CANARY_RULE = """
  - id: canary
    mode: taint
    languages: [python, javascript, typescript, go, java]
    severity: INFO
    message: canary
    pattern-sources: [{pattern: trustgate_source()}]
    pattern-sinks: [{pattern: trustgate_sink(...)}]
"""
_CANARIES = {
    "python": b"trustgate_sink(trustgate_source())  # nosemgrep\n",
    "javascript": b"trustgate_sink(trustgate_source()); // nosemgrep\n",
    "typescript": b"trustgate_sink(trustgate_source()); // nosemgrep\n",
    "tsx": b"const it = <b>{trustgate_sink(trustgate_source())}</b>; // nosemgrep\n",
    "go": b"package p\nfunc f() { trustgate_sink(trustgate_source()) } // nosemgrep\n",
    "java": b"class C { void f() { trustgate_sink(trustgate_source()); } } // nosemgrep\n",
}
"""A flaw that must be found, marker and all, in each language of every run: a Semgrep that misses it is blind in it."""

_PARTIAL = ("PartialParsing", "Syntax error", "Lexical error", "Other syntax error")
"""types of error that mean: the text, or a part of it, is not in Semgrep's grammar (`semgrep_output_v1.atd`)"""


Call = Callable[[Mapping[str, bytes], Sequence[Target]], Finished]


def scan(
    subjects: Sequence[Subject], rules: Sequence[FlawRule], first: Call = run_core, last: Call = run_cli
) -> Iterator[Hit | Unread]:
    """Results of `rules` in `subjects`. Raises CannotJudge when the run failed.

    Semgrep's core answers in a tenth of the time of the documented command line (0.15 s, not 2 s, for one file). Where
    it is not there, is not of a version that was tried, or does not deliver, the command line is asked; where it took
    too long, that would too.
    """
    files, targets = work(subjects, rules)
    try:
        found = list(read(first(files, targets), subjects, rules))
    except (ToolFailed, ToolMissing):
        found = list(read(last(files, targets), subjects, rules))
    yield from found


def read(done: Finished, subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> Iterator[Hit | Unread]:
    """What a finished run of either kind says. Raises ToolFailed when it did not do its work, or in another form."""
    by_id = {rule.code: rule for rule in rules}
    by_name = {subject.name: subject for subject in subjects}
    answer = _checked(done, {subject.language for subject in subjects})
    unread = set()
    for error in answer["errors"].items:
        path, kind, message = _fault(error)
        subject = by_name.get(path)
        if subject is None:
            raise ToolFailed(f"semgrep failed: {message[:200]}")
        if subject.name not in unread:
            unread.add(subject.name)
            yield Unread(subject, kind, error=not kind.startswith(_PARTIAL))
    for name in by_name.keys() - answer["paths"]["scanned"].names - unread:
        yield Unread(by_name[name], "the file was left out", error=True)
    for result in answer["results"].items:
        subject = by_name.get(result["path"].text)
        rule = by_id.get(result["check_id"].text)
        if subject is not None and rule is not None:
            yield _hit(subject, rule, result)


def work(subjects: Sequence[Subject], rules: Sequence[FlawRule]) -> tuple[dict[str, bytes], list[Target]]:
    """The private folder's files and what of them is scanned: the subjects, and a canary of each of their languages.

    Each rule is told in which subjects it can hold: a rule that follows values through a file costs 10 ms in each.
    """
    texts = []
    for rule in rules:
        names = [subject.name for subject in subjects if rule.wants(subject.language, subject.text.data)]
        if names:
            texts.append(f"{_rule_text(rule)}    paths:\n      include: {json.dumps(names)}\n")
    canaries = [
        Target(_canary(language), language) for language in _CANARIES if any(s.language == language for s in subjects)
    ]
    files = {RULES_FILE: "".join(("rules:", _CANARY_RULE, *texts)).encode()}
    files |= {target.name: _CANARIES[target.language] for target in canaries}
    files |= {subject.name: subject.data for subject in subjects}
    return files, [*(Target(subject.name, subject.language) for subject in subjects), *canaries]


def _canary(language: str) -> str:
    return Subject.name_of(CANARY, language)


def _checked(done: Finished, languages: set[str]) -> Answer:
    """Raises ToolFailed when the run as a whole did not do its work."""
    if not done.stdout.lstrip().startswith(b"{"):
        raise ToolFailed(f"semgrep failed with exit code {done.returncode}: {done.last_words}")
    answer = parse_answer(done.stdout, NAME)
    if done.returncode != 0:
        errors = " ".join(_fault(error)[2] for error in answer["errors"].items)
        raise ToolFailed(f"semgrep failed with exit code {done.returncode}: {errors[:200] or done.last_words}")
    seen = {result["path"].text for result in answer["results"].items}
    for language in sorted(languages):
        if _canary(language) not in seen:
            raise ToolFailed(f"semgrep did not find the {language} flaw that is put in front of it in every run")
    return answer


def _rule_text(rule: FlawRule) -> str:
    """The list entry of a rule's file: what stands below `rules:`."""
    path = shipped_root() / "rules" / "flaws" / f"{rule.code}.yaml"
    try:
        return path.read_text("utf-8").partition("rules:\n")[2]
    except OSError as error:
        raise ConfigError(f"rules/flaws/{path.name}: {error.strerror}", "install trustgate-review again") from error


def _fault(error: Answer) -> tuple[str, str, str]:
    """Path, type and message of an error. Its type is a word, or a list that starts with one."""
    location = error.get("location")  # the core's form; the command line has the path in the error itself
    path = location.get("path") if isinstance(location, dict) else error.get("path")
    kind = error.get("error_type") or error.get("type")
    if isinstance(kind, list) and kind:
        kind = kind[0]
    message = error.get("message") or error.get("short_msg")
    return str(path), kind[:60] if isinstance(kind, str) else "an error without a type", str(message)


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
