"""Each recipe of the cookbook does what its words say, and where it should differ from the shipped policy it does."""

from __future__ import annotations

import re
from datetime import date

import pytest
from doc_pages import text_of

from trustgate.attribution.origin import UNKNOWN, Attribution, Hosting, Origin, OriginClass, Trust
from trustgate.finding import Confidence, Finding, Kind, Location, NotChecked, Severity
from trustgate.policy.decide import Judgement, decide
from trustgate.policy.load import load_policy
from trustgate.rulebook import describe, load_rulebook

BOOK = load_rulebook()
RULES = describe(BOOK)
RECIPES = dict(re.findall(r"^## (\d+)\. .+?^```toml\n(.*?)^```$", text_of("docs/cookbook.md"), re.M | re.S))
OPEN = Origin("o1", OriginClass.ASSISTED, "crush", "glm-5.2", open_weights=True, trust=Trust.DECLARED)
FRONTIER = Origin(
    "o2", OriginClass.GENERATED, "claude-code", "claude-opus-4-8", open_weights=False, vendor_jurisdiction="US",
    provider="anthropic", jurisdiction="US", hosting=Hosting.FRONTIER, trust=Trust.DECLARED,
)  # fmt: skip
ELSEWHERE = FRONTIER._replace(id="o3", jurisdiction="CN", hosting=Hosting.CLOUD)
FREE = FRONTIER._replace(id="o4", hosting=Hosting.FREE)
NONE = Origin("o5", OriginClass.DECLARED_NO_AI, trust=Trust.DECLARED)


def found(rule: str, path: str = "src/app.py") -> Finding:
    it = RULES[rule]
    severity, confidence = Severity[it.severity.upper()], Confidence[it.confidence.upper()]
    place = Location(path, line=1, end_line=1)
    return Finding(it.id, it.family, Kind(it.kind), severity, confidence, place, "", "", "f" * 64, it.boundary)


def judged(recipe: str, finding: Finding | None, origin: Origin = UNKNOWN, stage: str = "pr") -> Judgement:
    text = RECIPES.get(recipe, 'preset = "standard"').encode()
    policy = load_policy({"trustgate.toml": text}.get, BOOK, RULES, today=date(2026, 12, 1))
    findings = [finding] if finding else []
    return decide(policy, findings, Attribution((origin,), (origin.id,)), stage, today=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("recipe", "rule", "path", "origin", "shipped", "comes_to"),
    [
        pytest.param("1", "tls-verify-off", "src/a.py", UNKNOWN, 1, 0, id="1: nothing stops anybody"),
        pytest.param("2", "touch-injection", "src/a.py", OPEN, 0, 4, id="2: open weights at another boundary wait"),
        pytest.param("2", "touch-auth", "src/a.py", OPEN, 4, 4, id="2: and at the core five"),
        pytest.param("2", "auth-guard-removed", "src/a.py", UNKNOWN, 4, 4, id="2: nothing is milder for others"),
        pytest.param("2", "touch-injection", "src/a.py", FRONTIER, 0, 0, id="2: a frontier model does not"),
        pytest.param("3", None, "", ELSEWHERE, 0, 4, id="3: an operator elsewhere waits"),
        pytest.param("3", None, "", FRONTIER, 0, 0, id="3: one at home does not"),
        pytest.param("4", None, "", FREE, 0, 4, id="4: a free tier waits"),
        pytest.param("4", None, "", OPEN, 0, 0, id="4: open weights elsewhere do not"),
        pytest.param("5", None, "", OPEN, 0, 4, id="5: a raised change waits"),
        pytest.param("5", None, "", UNKNOWN, 0, 4, id="5: one that nobody declared waits"),
        pytest.param("5", None, "", FRONTIER, 0, 0, id="5: a declared frontier model does not"),
        pytest.param("6", None, "", UNKNOWN, 0, 4, id="6: without a mark it waits"),
        pytest.param("6", None, "", FRONTIER, 0, 0, id="6: a trailer is a mark"),
        pytest.param("6", None, "", NONE, 0, 0, id="6: so is AI-usage none"),
        pytest.param("7", "auth-guard-removed", "src/payments/pay.py", FRONTIER, 4, 1, id="7: payments stop"),
        pytest.param("7", "auth-guard-removed", "src/app.py", FRONTIER, 4, 4, id="7: elsewhere as shipped"),
        pytest.param("8", "auth-guard-removed", "legacy/a.py", OPEN, 4, 0, id="8: the corner is loud"),
        pytest.param("8", "github-token", "legacy/a.py", OPEN, 1, 1, id="8: a secret is one there too"),
        pytest.param("10", "assertion-removed", "src/test_a.py", UNKNOWN, 0, 4, id="10: a weaker test waits"),
        pytest.param("10", "assertion-removed", "src/test_a.py", OPEN, 4, 1, id="10: and stops a raised origin"),
    ],
)
def test_a_recipe_does_what_it_says(recipe, rule, path, origin, shipped, comes_to):
    finding = found(rule, path) if rule else None
    assert judged("", finding, origin).exit_code == shipped
    assert judged(recipe, finding, origin).exit_code == comes_to


def test_9_an_index_that_does_not_answer_is_no_pass():
    policy = load_policy({"trustgate.toml": RECIPES["9"].encode()}.get, BOOK, RULES, today=date(2026, 12, 1))
    silent = [NotChecked("existence", "the index did not answer")]
    assert decide(policy, (), Attribution(), "pr", today=date(2026, 12, 1), not_checked=silent).exit_code == 3
    assert policy.private_names == ("acme-*", "@acme/*")


def test_7_only_a_person_clears_payments():
    (one,) = judged("7", found("auth-guard-removed", "src/payments/pay.py")).judged
    assert one.clearable == "person"
