"""The decision: exit codes, and the properties that make it safe to add evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_samples import TODAY

from trustgate.attribution.origin import UNKNOWN, Attribution, Hosting, LineRange, Origin, OriginClass, Trust
from trustgate.finding import (
    BOUNDARIES,
    Confidence,
    Finding,
    Kind,
    Location,
    NotChecked,
    Severity,
    Side,
    Skip,
    fingerprint,
)
from trustgate.policy.decide import decide, line_for
from trustgate.policy.load import PRESETS, shipped_policy
from trustgate.policy.model import Accepted, Policy
from trustgate.rulebook import Rulebook, load_rulebook
from trustgate.verdict import Action, Decision

SEVERITY_OF_EXIT = {0: 0, 4: 1, 3: 2, 1: 3}
BLIND = Skip("boundaries", "parser gave up")

RULEBOOK = load_rulebook()
POLICIES = {preset: shipped_policy(RULEBOOK, preset) for preset in PRESETS}
RULES = sorted({rule for line in POLICIES["standard"].lines for rule in line.match.rules} | {"unheard-of"})
PATHS = ("app/auth.py", "tests/test_auth.py", "setup.py")

findings = st.builds(
    lambda rule, kind, severity, confidence, boundary, path, line, score, side: Finding(
        rule,
        "boundaries" if score % 2 else "flaws",
        kind,
        severity,
        confidence,
        Location(path, side, line, line),
        "t",
        "m",
        fingerprint(rule, path, "", str(line)),
        boundary=boundary,
        score=score,
    ),
    st.sampled_from(RULES),
    st.sampled_from(Kind),
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
    st.sampled_from(("", *BOUNDARIES)),
    st.sampled_from(PATHS),
    st.integers(0, 4),
    st.integers(0, 100),
    st.sampled_from(Side),
)
origins = st.builds(
    Origin,
    st.sampled_from(("o1", "o2", "o3")),
    st.sampled_from(OriginClass),
    family=st.sampled_from(("", "glm", "claude")),
    open_weights=st.sampled_from((None, True, False)),
    hosting=st.sampled_from(Hosting),
    jurisdiction=st.sampled_from(("", "US", "CN")),
    trust=st.sampled_from(Trust),
)
attributions = st.builds(
    lambda listed, default, files, lines: Attribution(
        (UNKNOWN, *{o.id: o for o in listed}.values()), default, lines, files
    ),
    st.lists(origins, max_size=3),
    st.lists(st.sampled_from(("o0", "o1", "o2", "o3")), min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(
        st.tuples(st.sampled_from(PATHS), st.lists(st.sampled_from(("o0", "o1", "o2")), max_size=2).map(tuple)),
        max_size=2,
    ).map(tuple),
    st.lists(
        st.builds(
            LineRange, st.sampled_from(PATHS), st.integers(1, 3), st.integers(1, 4), st.sampled_from(("o0", "o1"))
        ),
        max_size=3,
    ).map(tuple),
)
stages = st.sampled_from(("commit", "push", "pr"))
policies = st.sampled_from(PRESETS).map(lambda preset: POLICIES[preset])
skip_lists = st.lists(st.builds(Skip, st.just("a"), st.just("r"), st.just(""), st.booleans()), max_size=2)
common = settings(max_examples=150, deadline=None)


# ------------------------------------------------------------------ exit codes


def test_nothing_found_is_allow(rulebook: Rulebook) -> None:
    made = decide(shipped_policy(rulebook), [], Attribution(), "pr", today=TODAY)
    assert (made.decision, made.exit_code, made.complete, made.reasons) == (Decision.ALLOW, 0, True, ())


CODES = [
    # what, fields, skips, stage, decision, exit code
    ("note", {"rule": "unpinned-model", "kind": "model"}, [], "pr", "allow", 0),
    ("warn", {"rule": "claim-mismatch"}, [], "pr", "warn", 0),
    ("escalate", {"boundary": "auth"}, [], "pr", "escalate", 4),
    ("escalate at push", {"boundary": "auth"}, [], "push", "escalate", 4),
    ("shown at commit", {"boundary": "auth"}, [], "commit", "warn", 0),
    ("block", {"kind": "secret"}, [], "pr", "block", 1),
    ("block at commit", {"kind": "secret"}, [], "commit", "block", 1),
    ("blind", {"rule": "unpinned-model", "kind": "model"}, [BLIND], "pr", "warn", 3),
    ("blind at commit", {"rule": "unpinned-model", "kind": "model"}, [BLIND], "commit", "warn", 3),
    ("blind before pending", {"boundary": "auth"}, [BLIND], "pr", "escalate", 3),
    ("block before blind", {"kind": "secret"}, [BLIND], "pr", "block", 1),
    ("a skip by nature", {"rule": "unpinned-model", "kind": "model"}, [BLIND._replace(error=False)], "pr", "allow", 0),
]


@pytest.mark.parametrize("row", CODES, ids=[row[0] for row in CODES])
def test_exit_code(row: tuple, rulebook: Rulebook, finding_of: Callable[..., Finding]) -> None:
    _name, fields, skips, stage, decision, code = row
    made = decide(shipped_policy(rulebook), [finding_of(**fields)], Attribution(), stage, today=TODAY, skips=skips)
    assert (made.decision.label, made.exit_code) == (decision, code)
    assert made.complete is not any(skip.error for skip in skips)


def test_escalation_at_commit_keeps_the_decision_and_not_the_code(policy_of: Callable[..., Policy]) -> None:
    policy = policy_of('[[line]]\nid = "weakening-core"\ncommit = "escalate"\n')
    finding = Finding(
        "r", "a", Kind.WEAKENING, Severity.HIGH, Confidence.HIGH, Location("x"), "t", "m", "0" * 64, "auth"
    )
    made = decide(policy, [finding], Attribution(), "commit", today=TODAY)
    assert (made.decision, made.exit_code) == (Decision.ESCALATE, 0)


def test_a_required_check_that_was_not_made_is_an_error(policy_of: Callable[..., Policy]) -> None:
    policy = policy_of('required_checks = ["existence"]')
    missing = [NotChecked("existence:npm", "no list"), NotChecked("semgrep", "not installed")]
    made = decide(policy, [], Attribution(), "pr", today=TODAY, not_checked=missing)
    assert (made.exit_code, made.complete, len(made.skips)) == (3, False, 1)
    assert "existence:npm: no list" in made.skips[0].reason
    assert decide(policy_of(), [], Attribution(), "pr", today=TODAY, not_checked=missing).exit_code == 0


def test_reasons_name_line_and_sentence_worst_first(rulebook: Rulebook, finding_of: Callable[..., Finding]) -> None:
    found = [finding_of(rule="claim-mismatch"), finding_of(kind="secret"), finding_of(boundary="auth")]
    made = decide(shipped_policy(rulebook), found, Attribution(), "pr", today=TODAY)
    assert [r.policy_line for r in made.reasons] == ["secret-provider-pattern", "weakening-core", "tests-and-claims"]
    assert all(r.why for r in made.reasons)
    assert [j.action for j in made.judged] == [Action.BLOCK, Action.ESCALATE, Action.WARN]


# ------------------------------------------------------------------ properties


@common
@given(policies, st.lists(findings, max_size=5), findings, attributions, stages, st.booleans(), skip_lists)
def test_one_more_finding_is_never_milder(
    policy: Policy,
    some: list[Finding],
    more: Finding,
    who: Attribution,
    stage: str,
    lane: bool,
    skips: list[Skip],
) -> None:
    before = decide(policy, some, who, stage, today=TODAY, has_lane=lane, skips=skips)
    after = decide(policy, [*some, more], who, stage, today=TODAY, has_lane=lane, skips=skips)
    assert after.decision >= before.decision
    assert SEVERITY_OF_EXIT[after.exit_code] >= SEVERITY_OF_EXIT[before.exit_code]
    assert SEVERITY_OF_EXIT[after.would_have] >= SEVERITY_OF_EXIT[before.would_have]


@common
@given(policies, st.lists(findings, max_size=5), attributions, origins, stages, st.booleans())
def test_one_more_origin_is_never_milder(
    policy: Policy, some: list[Finding], who: Attribution, origin: Origin, stage: str, lane: bool
) -> None:
    extra = origin._replace(id="o9")
    wider = Attribution(
        (*who.origins, extra), (*who.default, "o9"), who.lines, tuple((p, (*ids, "o9")) for p, ids in who.files)
    )
    before = decide(policy, some, who, stage, today=TODAY, has_lane=lane)
    after = decide(policy, some, wider, stage, today=TODAY, has_lane=lane)
    actions = {j.finding: j.action for j in before.judged}
    assert all(j.action >= actions[j.finding] for j in after.judged)
    assert after.decision >= before.decision
    assert SEVERITY_OF_EXIT[after.would_have] >= SEVERITY_OF_EXIT[before.would_have]


@common
@given(policies, st.lists(findings, max_size=5), origins, stages, st.booleans())
def test_a_riskier_origin_is_never_milder(
    policy: Policy, some: list[Finding], origin: Origin, stage: str, lane: bool
) -> None:
    riskier = origin._replace(open_weights=True, hosting=Hosting.FREE)
    before = decide(policy, some, Attribution((origin,), (origin.id,)), stage, today=TODAY, has_lane=lane)
    after = decide(policy, some, Attribution((riskier,), (origin.id,)), stage, today=TODAY, has_lane=lane)
    actions = {j.finding: j.action for j in before.judged}
    assert all(j.action >= actions[j.finding] for j in after.judged)
    assert after.decision >= before.decision


@common
@given(st.lists(findings, max_size=5), origins, stages, st.booleans())
def test_no_declared_origin_is_milder_than_none(some: list[Finding], origin: Origin, stage: str, lane: bool) -> None:
    bare = decide(POLICIES["standard"], some, Attribution(), stage, today=TODAY, has_lane=lane)
    named = decide(POLICIES["standard"], some, Attribution((origin,), (origin.id,)), stage, today=TODAY, has_lane=lane)
    actions = {j.finding: j.action for j in bare.judged}
    assert all(j.action >= actions[j.finding] for j in named.judged)


@common
@given(policies, st.lists(findings, max_size=6), attributions, stages, st.randoms())
def test_order_of_findings_changes_nothing(
    policy: Policy, some: list[Finding], who: Attribution, stage: str, chance: object
) -> None:
    mixed = list(some)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert decide(policy, mixed, who, stage, today=TODAY) == decide(policy, some, who, stage, today=TODAY)


@common
@given(st.lists(findings, min_size=1, max_size=6), attributions, stages, st.booleans(), st.data())
def test_an_exception_touches_only_what_it_names(
    some: list[Finding], who: Attribution, stage: str, by_path: bool, data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from(some))
    place = {"path": chosen.location.path} if by_path else {"fingerprint": chosen.fingerprint}
    entry = Accepted(chosen.rule, "why", "ada", date(2030, 6, 2), **place)
    policy = POLICIES["standard"]
    before = decide(policy, some, who, stage, today=TODAY)
    after = decide(policy._replace(exceptions=(entry,)), some, who, stage, today=TODAY)
    old = {j.finding: j for j in before.judged}
    for judged in after.judged:
        same_place = (
            judged.finding.location.path == chosen.location.path
            if by_path
            else judged.finding.fingerprint == chosen.fingerprint
        )
        if judged.finding.rule == chosen.rule and same_place:
            only = line_for(policy, judged.finding, False).fingerprint_only
            assert bool(judged.suppressed_by) is not (only and by_path)
        else:
            assert judged == old[judged.finding]
    assert after.complete == before.complete
