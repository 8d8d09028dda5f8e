"""What `rules/boundaries/*.toml` says about tests and checks, as values. Patterns are linear regular expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from trustgate.analyzers.boundaries.rules import Rule, Rules
from trustgate.errors import ConfigError
from trustgate.finding import Confidence


class Mark(NamedTuple):
    """A text whose arrival in a line is the fault: a skip mark, `|| true`, a marker that silences a checker."""

    rule: Rule
    what: str
    languages: frozenset[str]
    """empty: every language"""
    files: str
    """pattern over the path; empty: every path"""
    needles: tuple[str, ...]
    """one of these literals must stand in the line before `text` is tried"""
    text: str
    unless: str
    confidence: Confidence


class Loosening(NamedTuple):
    """A check that fits `before`, replaced by one on the same subject that fits `after`."""

    rule: Rule
    what: str
    languages: frozenset[str]
    before: str
    after: str
    unless: str
    """pattern over the old check; what fits it asked no more than the new one"""


class Bound(NamedTuple):
    """A number that says how strict a check is. `text` has the groups `name` and `number`."""

    rule: Rule
    what: str
    files: str
    needles: tuple[str, ...]
    text: str
    looser: str
    """`up` or `down`"""
    factor: float
    """the larger of the two numbers is at least this many times the smaller one; 0: not asked"""
    step: float
    """or the two differ by this much"""
    drop: bool
    """a bound that goes away is as good as none"""


class Switch(NamedTuple):
    """A setting of a checker that has one of `values` after the change and had none of them before."""

    rule: Rule
    what: str
    files: str
    name: str
    """pattern over the whole name"""
    values: frozenset[str]
    """lower-case, quotes taken off"""


class Book(NamedTuple):
    hard: Mapping[str, str]
    """per language, what makes a line an assertion; `other` for the rest"""
    soft: str
    """what else may check: calls of helpers, told by their names"""
    vacuous: str
    """assertions that hold whatever the code does"""
    marks: tuple[Mark, ...]
    loosenings: tuple[Loosening, ...]
    bounds: tuple[Bound, ...]
    switches: tuple[Switch, ...]
    ci_files: str
    ci_commands: str
    snapshots: str

    def marks_of(self, rule: str) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.rule.id == rule)


_last: list[tuple[Rules, Book]] = []


def load_book(rules: Rules) -> Book:
    """The data of these rules; the last book is kept. Raises ConfigError naming the file and the field."""
    if _last and _last[0][0] is rules:
        return _last[0][1]
    book = _load(rules)
    _last[:] = [(rules, book)]
    return book


def _load(rules: Rules) -> Book:
    checks = rules.tables["assertion-removed"]["checks"]
    ci = rules.tables["ci-step-optional"]["ci"]
    return Book(
        hard={language: pattern for language, pattern in checks.items() if language not in ("soft", "vacuous")},
        soft=checks["soft"],
        vacuous=checks["vacuous"],
        marks=tuple(_mark(rule, entry) for rule, entry in _entries(rules, "mark")),
        loosenings=tuple(_loosening(rule, entry) for rule, entry in _entries(rules, "loosening")),
        bounds=tuple(_bound(rule, entry) for rule, entry in _entries(rules, "bound")),
        switches=tuple(_switch(rule, entry) for rule, entry in _entries(rules, "switch")),
        ci_files=ci["files"],
        ci_commands=ci["commands"],
        snapshots=rules.tables["snapshot-rewritten"]["snapshots"]["files"],
    )


def _entries(rules: Rules, key: str) -> Iterator[tuple[Rule, Mapping[str, Any]]]:
    for name, table in rules.tables.items():
        rule = rules.named[name]
        if rule.boundary != "verification":
            continue
        for entry in table.get(key, ()):
            if not isinstance(entry, dict) or "what" not in entry:
                raise ConfigError(f"rules/boundaries/{name}.toml: each [[{key}]] says `what` it is")
            yield rule, entry


def _mark(rule: Rule, entry: Mapping[str, Any]) -> Mark:
    return Mark(
        rule=rule,
        what=entry["what"],
        languages=frozenset(entry.get("languages", ())),
        files=entry.get("files", ""),
        needles=tuple(entry.get("needles", ())),
        text=entry["text"],
        unless=entry.get("unless", ""),
        confidence=Confidence[entry["confidence"].upper()] if "confidence" in entry else rule.confidence,
    )


def _loosening(rule: Rule, entry: Mapping[str, Any]) -> Loosening:
    return Loosening(
        rule=rule,
        what=entry["what"],
        languages=frozenset(entry.get("languages", ())),
        before=entry["before"],
        after=entry["after"],
        unless=entry.get("unless", ""),
    )


def _bound(rule: Rule, entry: Mapping[str, Any]) -> Bound:
    return Bound(
        rule=rule,
        what=entry["what"],
        files=entry.get("files", ""),
        needles=tuple(entry.get("needles", ())),
        text=entry["text"],
        looser=entry["looser"],
        factor=float(entry.get("factor", 0)),
        step=float(entry.get("step", 0)),
        drop=bool(entry.get("drop", False)),
    )


def _switch(rule: Rule, entry: Mapping[str, Any]) -> Switch:
    return Switch(
        rule=rule,
        what=entry["what"],
        files=entry["files"],
        name=entry["name"],
        values=frozenset(entry["values"]),
    )
