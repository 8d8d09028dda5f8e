"""`trustgate policy test FILE`: a table of cases kept beside the policy, each a finding and what it should come to.

[[case]]
name = "a looser check in crypto waits for review"
finding = { rule = "…", kind = "weakening", boundary = "crypto", confidence = "high" }
origin = { hosting = "aggregator" }
stage = "pr"
expect = "escalate"
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from trustgate.attribution.origin import UNKNOWN, Attribution, Hosting, Origin, OriginClass, Trust
from trustgate.errors import ConfigError
from trustgate.finding import BOUNDARIES, Confidence, Finding, Kind, Location, Severity
from trustgate.policy.decide import decide
from trustgate.policy.model import STAGES, Policy
from trustgate.policy.tables import Table, parse_toml
from trustgate.verdict import Action

HOSTS = tuple(host.value for host in Hosting)
CLASSES = tuple(item.value for item in OriginClass)


class Case(NamedTuple):
    name: str
    finding: Finding
    origin: Origin
    stage: str
    has_lane: bool
    expect: Action
    line: str
    """the policy line that should decide, or empty"""


class Outcome(NamedTuple):
    case: Case
    action: Action
    line: str

    @property
    def right(self) -> bool:
        return self.action is self.case.expect and self.case.line in ("", self.line)


def parse_cases(name: str, data: bytes) -> tuple[Case, ...]:
    """The cases of a file. Raises ConfigError, also for a file without any: a test of nothing must not pass."""
    document = Table(name, "", parse_toml(name, data))
    tables = document.tables("case")
    document.done()
    if not tables:
        raise ConfigError(f"{name}: has no [[case]]", "add one: name, finding, expect")
    return tuple(_case(table) for table in tables)


def run_cases(policy: Policy, cases: tuple[Case, ...], today: date) -> tuple[Outcome, ...]:
    outcomes = []
    for case in cases:
        attribution = Attribution((case.origin,), (case.origin.id,))
        judgement = decide(policy, (case.finding,), attribution, case.stage, today=today, has_lane=case.has_lane)
        judged = judgement.judged[0]
        outcomes.append(Outcome(case, judged.action, judged.policy_line))
    return tuple(outcomes)


def _case(table: Table) -> Case:
    case = Case(
        name=table.text("name"),
        finding=_finding(Table(table.name, f"{table.where} finding", table.raw("finding"))),
        origin=_origin(table),
        stage=table.choice("stage", STAGES, "pr"),
        has_lane=table.flag("has_lane", False),
        expect=table.action("expect"),
        line=table.text("line", ""),
    )
    table.done()
    return case


def _finding(table: Table) -> Finding:
    finding = Finding(
        rule=table.text("rule"),
        analyzer="case",
        kind=Kind(table.choice("kind", [kind.value for kind in Kind])),
        severity=Severity[table.choice("severity", [s.label for s in Severity], "medium").upper()],
        confidence=Confidence[table.choice("confidence", [c.label for c in Confidence], "high").upper()],
        location=Location(table.text("path", "case"), line=1, end_line=1),
        title="case",
        message="case",
        fingerprint=table.text("fingerprint", "0" * 64, 64),
        boundary=table.choice("boundary", BOUNDARIES, ""),
        score=table.number("score", 0, 0, 100),
    )
    table.done()
    return finding


def _origin(case: Table) -> Origin:
    if not case.has("origin"):
        return UNKNOWN
    table = Table(case.name, f"{case.where} origin", case.raw("origin"))
    origin = Origin(
        id="o1",
        origin_class=OriginClass(table.choice("class", CLASSES, "generated")),
        agent=table.text("agent", ""),
        model=table.text("model", ""),
        family=table.text("family", ""),
        vendor=table.text("vendor", ""),
        vendor_jurisdiction=table.text("vendor_jurisdiction", ""),
        open_weights=table.flag("open_weights", False) if table.has("open_weights") else None,
        provider=table.text("provider", ""),
        hosting=Hosting(table.choice("hosting", HOSTS, Hosting.UNKNOWN.value)),
        jurisdiction=table.text("jurisdiction", ""),
        trust=Trust.DECLARED,
    )
    table.done()
    return origin
