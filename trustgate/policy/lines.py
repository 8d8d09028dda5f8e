"""The `[[line]]` tables of a policy file: rows of the shipped table changed by id, and a team's own rows."""

from __future__ import annotations

from collections.abc import Container

from trustgate.errors import ConfigError
from trustgate.finding import BOUNDARIES, CORE_BOUNDARIES, OTHER_BOUNDARIES, Confidence, Kind, Severity
from trustgate.globs import fault_of_path_glob
from trustgate.policy.exceptions import known_rule
from trustgate.policy.model import Line, Match
from trustgate.policy.tables import Table, near

ANALYZERS = ("boundaries", "flaws", "secrets", "dependencies", "models", "integrity", "reviewer")
"""values of `Finding.analyzer`"""
CLEARABLE = ("", "person", "reviewer")
MOST_LINES = 500


def read_lines(
    before: tuple[Line, ...], tables: list[Table], known: Container[str] | None, shipped: bool
) -> tuple[Line, ...]:
    """The lines of one file over those before: known ids are changed, new ones stand in front in their own order.

    Every line keeps `raised` at or above `unknown`. `shipped` lets the last line match everything.
    """
    lines = {line.id: line for line in before}
    fresh: dict[str, Line] = {}
    seen: set[str] = set()
    if len(tables) > MOST_LINES:
        raise ConfigError(
            f"{tables[0].name}: {len(tables)} lines are over the limit of {MOST_LINES}", "match more with each"
        )
    for table in tables:
        line_id = table.text("id", longest=100)
        table.where = f"{table.where} ({line_id!r})"
        if line_id in seen:
            table.fail("id", "is used twice in this file")
        seen.add(line_id)
        if line_id in lines:
            lines[line_id] = _changed(lines[line_id], table)
        elif table.has("match"):
            fresh[line_id] = _new(line_id, table, known, shipped)
        else:
            table.fail("id", "is no shipped line, and a new line needs `match`", near(line_id, lines))
        table.done()
    return (*fresh.values(), *lines.values())


def _changed(line: Line, table: Table) -> Line:
    if table.has("match"):
        table.fail("match", "can not change on a shipped line", "leave it out, or give the line an id of its own")
    was = "/".join(action.label for action in (line.commit, line.unknown, line.raised))
    changed = line._replace(
        commit=table.action("commit", line.commit),
        unknown=table.action("unknown", line.unknown),
        raised=table.action("raised", line.raised),
        clearable=table.choice("clearable", CLEARABLE, line.clearable),
        why=table.text("why", line.why),
        source=table.name,
        was=was,
    )
    return _ordered(changed, table)


def _new(line_id: str, table: Table, known: Container[str] | None, shipped: bool) -> Line:
    if not shipped and not set(line_id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        table.fail("id", "must be lower-case letters, digits and hyphens")
    accept = table.choice("accept", ("any", "fingerprint"), "any")
    line = Line(
        id=line_id,
        match=_match(Table(table.name, f"{table.where} match", table.raw("match")), known, anything=shipped),
        commit=table.action("commit"),
        unknown=table.action("unknown"),
        raised=table.action("raised"),
        why=table.text("why"),
        clearable=table.choice("clearable", CLEARABLE, ""),
        fingerprint_only=accept == "fingerprint",
        source=table.name,
    )
    return _ordered(line, table)


def _ordered(line: Line, table: Table) -> Line:
    if line.raised < line.unknown:
        table.fail(
            "raised",
            f"is {line.raised.label}, milder than `unknown` ({line.unknown.label})",
            "a riskier origin is never judged more mildly: raise `raised` or lower `unknown`",
        )
    return line


def _match(table: Table, known: Container[str] | None, anything: bool) -> Match:
    rules = table.strings("rule")
    for rule in rules:
        known_rule(table, "rule", rule, known)
    boundaries: list[str] = []
    for name in table.choices("boundary", ("core", "other", *BOUNDARIES)):
        boundaries += {"core": CORE_BOUNDARIES, "other": OTHER_BOUNDARIES}.get(name, (name,))
    paths = table.strings("path")
    for path in paths:
        if fault := fault_of_path_glob(path):
            table.fail("path", fault)
    severity = table.choice("severity_at_least", [s.label for s in Severity], "")
    match = Match(
        rules=rules,
        analyzers=table.choices("analyzer", ANALYZERS),
        kinds=table.choices("kind", [kind.value for kind in Kind]),
        boundaries=tuple(boundaries),
        confidences=tuple(Confidence[c.upper()] for c in table.choices("confidence", [c.label for c in Confidence])),
        severity_at_least=Severity[severity.upper()] if severity else 0,
        paths=paths,
        above_threshold=table.flag("above_threshold", False),
        with_lane=table.flag("with_lane", False),
    )
    table.done()
    for key, value in table.values.items():
        if value in ([], False) and not anything:
            table.fail(key, "says nothing", "leave it out, or name what must hold")
    if match == Match() and not anything:
        raise ConfigError(
            f"{table.name}: {table.where} is empty and would decide everything",
            "name at least a rule, kind, boundary or path; `anything-else` is the shipped last line",
        )
    return match
