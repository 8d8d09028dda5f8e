"""The shipped presets: the table of DESIGN, row by row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from policy_samples import TODAY

from trustgate.attribution.origin import Attribution, Origin
from trustgate.finding import Confidence, Finding, Kind, Location, Severity
from trustgate.policy.decide import Judgement, decide, line_for
from trustgate.policy.load import PRESETS, shipped_policy
from trustgate.policy.model import Policy
from trustgate.rulebook import Described, Rulebook, describe
from trustgate.verdict import Decision

CORE = ("auth", "crypto", "secrets", "deserialization", "network")

TABLE = [
    # spoken id, finding, commit, unknown, raised, clearable
    ("a provider's credential", {"rule": "aws-key", "kind": "secret"}, "block", "block", "block", ""),
    ("a generic credential", {"rule": "x", "kind": "secret", "confidence": "medium"}, "warn", "warn", "warn", ""),
    ("random text", {"rule": "x", "kind": "secret", "confidence": "low"}, "silent", "note", "note", ""),
    ("known bad", {"rule": "dependency-known-bad", "kind": "dependency"}, "block", "block", "block", ""),
    ("silent swap", {"rule": "model-silent-swap", "kind": "model"}, "block", "block", "block", "person"),
    ("hidden unicode", {"rule": "hidden-unicode", "kind": "integrity"}, "block", "block", "block", "person"),
    ("switch-off", {"kind": "flaw", "boundary": "network"}, "block", "block", "block", "person"),
    (
        "switch-off, medium",
        {"kind": "flaw", "boundary": "network", "confidence": "medium"},
        "silent",
        "note",
        "escalate",
        "reviewer",
    ),
    ("switch-off elsewhere", {"kind": "flaw", "boundary": "deploy"}, "silent", "note", "escalate", "reviewer"),
    (
        "a flaw of another scanner",
        {"kind": "flaw", "boundary": "network", "analyzer": "flaws"},
        "warn",
        "warn",
        "escalate",
        "reviewer",
    ),
    ("an address", {"rule": "dependency-url", "kind": "dependency"}, "warn", "escalate", "escalate", "person"),
    ("other bytes", {"rule": "lock-integrity-changed", "kind": "dependency"}, "warn", "block", "block", "person"),
    ("absent", {"rule": "dependency-absent", "kind": "dependency"}, "warn", "block", "block", "person"),
    ("look-alike", {"rule": "dependency-look-alike", "kind": "dependency"}, "warn", "block", "block", "person"),
    (
        "similar",
        {"rule": "dependency-look-alike", "kind": "dependency", "confidence": "medium"},
        "warn",
        "escalate",
        "escalate",
        "person",
    ),
    ("not listed", {"rule": "dependency-not-listed", "kind": "dependency"}, "warn", "escalate", "escalate", "person"),
    ("new, top list", {"rule": "dependency-new", "kind": "dependency"}, "silent", "note", "note", ""),
    ("new, tail", {"rule": "dependency-new-tail", "kind": "dependency"}, "silent", "note", "escalate", "reviewer"),
    ("new host", {"rule": "lock-new-host", "kind": "dependency"}, "warn", "escalate", "escalate", "person"),
    ("own policy", {"rule": "own-policy-changed", "kind": "integrity"}, "warn", "escalate", "escalate", "person"),
    ("own version", {"rule": "own-version-bump", "kind": "integrity"}, "silent", "note", "note", ""),
    ("first adoption", {"rule": "first-adoption", "kind": "integrity"}, "silent", "note", "note", ""),
    ("endpoint", {"rule": "agent-endpoint-changed", "kind": "integrity"}, "warn", "escalate", "escalate", "person"),
    ("instructions", {"rule": "agent-instructions-changed", "kind": "integrity"}, "silent", "note", "note", ""),
    (
        "instructions that bypass",
        {"rule": "agent-instructions-bypass", "kind": "integrity"},
        "warn",
        "escalate",
        "escalate",
        "person",
    ),
    ("remote code", {"rule": "remote-code-model", "kind": "model"}, "warn", "escalate", "escalate", "person"),
    ("unpinned model", {"rule": "unpinned-model", "kind": "model"}, "silent", "note", "note", ""),
    (
        "weights not as locked",
        {"rule": "weights-differ-from-lock", "kind": "model"},
        "block",
        "block",
        "block",
        "person",
    ),
    ("a looser pin", {"rule": "model-pin-weakened", "kind": "model"}, "warn", "escalate", "escalate", "person"),
    ("undated", {"rule": "undated-model", "kind": "model", "confidence": "medium"}, "silent", "silent", "note", ""),
    (
        "remote code in tests",
        {"rule": "remote-code-model", "kind": "model", "confidence": "low"},
        "silent",
        "silent",
        "note",
        "",
    ),
    ("unpinned action", {"rule": "unpinned-action", "kind": "integrity"}, "silent", "note", "note", ""),
    ("foreign marker", {"rule": "suppression-added", "kind": "integrity"}, "silent", "note", "note", ""),
    ("weakening", {"boundary": "auth"}, "warn", "escalate", "escalate", "reviewer"),
    ("weakening, medium", {"boundary": "auth", "confidence": "medium"}, "silent", "note", "escalate", "reviewer"),
    ("weakening elsewhere", {"boundary": "deploy"}, "silent", "note", "escalate", "reviewer"),
    ("tests", {"rule": "test-skipped", "boundary": "verification"}, "silent", "note", "escalate", "reviewer"),
    ("tests elsewhere", {"boundary": "verification", "confidence": "low"}, "silent", "silent", "note", ""),
    ("claim", {"rule": "claim-mismatch", "boundary": "verification"}, "silent", "warn", "escalate", "reviewer"),
    ("touch", {"kind": "touch", "boundary": "auth", "score": 99}, "silent", "note", "escalate", "reviewer"),
    ("touch elsewhere", {"kind": "touch", "boundary": "deploy", "score": 99}, "silent", "silent", "note", ""),
    ("code gone", {"rule": "elision-placeholder", "kind": "integrity"}, "warn", "escalate", "escalate", "reviewer"),
    ("a file cut off", {"rule": "file-truncated", "kind": "integrity"}, "warn", "escalate", "escalate", "reviewer"),
    ("a mark of an edit", {"rule": "edit-marker-left", "kind": "integrity"}, "warn", "warn", "escalate", "reviewer"),
    (
        "perhaps a mark",
        {"rule": "definition-duplicated", "kind": "integrity", "confidence": "medium"},
        "silent",
        "note",
        "note",
        "",
    ),
    ("unheard of", {"rule": "new-rule", "kind": "integrity"}, "silent", "note", "note", ""),
]


def judged(
    policy: Policy, finding: Finding, stage: str = "pr", origin: Origin | None = None, has_lane: bool = False
) -> Judgement:
    attribution = Attribution((origin,), (origin.id,)) if origin else Attribution()
    return decide(policy, [finding], attribution, stage, today=TODAY, has_lane=has_lane)


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_row_of_the_table(row: tuple, rulebook: Rulebook, finding_of: Callable[..., Finding], cheap: Origin) -> None:
    _name, fields, commit, unknown, raised, clearable = row
    policy, finding = shipped_policy(rulebook), finding_of(**fields)
    assert judged(policy, finding, "commit", cheap).judged[0].action.label == commit
    assert judged(policy, finding, "pr").judged[0].action.label == unknown
    assert judged(policy, finding, "push").judged[0].action.label == unknown
    verdict = judged(policy, finding, "pr", cheap).judged[0]
    assert verdict.action.label == raised
    assert verdict.clearable == clearable


@pytest.mark.parametrize("boundary", CORE)
def test_a_hot_touch_waits_only_where_a_lane_can_read_it(
    boundary: str, rulebook: Rulebook, finding_of: Callable[..., Finding]
) -> None:
    policy = shipped_policy(rulebook)
    hot = finding_of(kind="touch", boundary=boundary, score=70)
    cool = finding_of(kind="touch", boundary=boundary, score=69)
    assert judged(policy, hot, has_lane=False).judged[0].action.label == "note"
    assert judged(policy, cool, has_lane=True).judged[0].action.label == "note"
    assert judged(policy, hot, has_lane=True).judged[0].action.label == "escalate"
    assert judged(policy, hot, "commit", has_lane=True).judged[0].action.label == "silent"


def test_frontier_backends_and_nothing_at_all_are_judged_alike(
    rulebook: Rulebook, finding_of: Callable[..., Finding], frontier: Origin
) -> None:
    policy = shipped_policy(rulebook)
    for _name, fields, *_ in TABLE:
        finding = finding_of(**fields)
        assert judged(policy, finding, origin=frontier).judged[0].action == judged(policy, finding).judged[0].action


@pytest.mark.parametrize("preset", PRESETS)
def test_every_line_can_be_reached_and_explains_itself(preset: str, rulebook: Rulebook) -> None:
    policy = shipped_policy(rulebook, preset)
    assert policy.lines[-1].id == "anything-else"
    assert len({line.id for line in policy.lines}) == len(policy.lines)
    assert len({line.match for line in policy.lines}) == len(policy.lines)
    for line in policy.lines:
        assert line.raised >= line.unknown
        assert line.why.endswith(".")


def test_strict_gives_every_change_of_a_raised_origin_a_second_look(
    rulebook: Rulebook, cheap: Origin, frontier: Origin
) -> None:
    strict = shipped_policy(rulebook, "strict")

    def lines_for(origin: Origin) -> list[str]:
        made = decide(strict, [], Attribution((origin,), (origin.id,)), "pr", today=TODAY)
        return [reason.policy_line for reason in made.reasons]

    assert lines_for(frontier) == []
    assert lines_for(cheap) == ["every-raised-change"]
    assert lines_for(Origin("o0")) == ["attribution-required"]
    assert decide(strict, [], Attribution(), "pr", today=TODAY, anything_changed=False).exit_code == 0


def test_advise_judges_and_exits_zero(rulebook: Rulebook, finding_of: Callable[..., Finding]) -> None:
    advise, finding = shipped_policy(rulebook, "advise"), finding_of(rule="aws-key", kind="secret")
    made = judged(advise, finding)
    assert (made.decision, made.exit_code, made.would_have) == (Decision.BLOCK, 0, 1)


def test_every_rule_that_a_line_names_exists(rulebook: Rulebook) -> None:
    named = {rule for preset in PRESETS for line in shipped_policy(rulebook, preset).lines for rule in line.match.rules}
    assert named <= set(describe(rulebook))


@pytest.mark.parametrize("severity", ["low", "medium", "high", "critical"])
@pytest.mark.parametrize("boundary", ["", "auth", "deploy", "verification"])
def test_what_a_reviewer_finds_is_decided_by_its_own_line(severity, boundary, rulebook):
    found = _made(describe(rulebook)["reviewer-found"], Confidence.MEDIUM, Severity[severity.upper()])
    line = line_for(shipped_policy(rulebook), found._replace(boundary=boundary), has_lane=True)
    serious = severity in ("high", "critical")
    assert (line.id, line.unknown.label) == (
        ("reviewer-found", "block") if serious else ("reviewer-found-lesser", "warn")
    )


def test_no_line_is_hidden_by_those_above_it(rulebook):
    policy = shipped_policy(rulebook)
    reached = {
        line_for(policy, _made(rule, confidence, severity)._replace(score=score), has_lane=True).id
        for rule in describe(rulebook).values()
        for confidence in Confidence
        for severity in Severity
        for score in (0, 100)
    }
    assert {line.id for line in policy.lines} - reached <= {"anything-else"}


def _made(rule: Described, confidence: Confidence, severity: Severity) -> Finding:
    """A finding as the rule's own analyzer makes them; its family is the analyzer's name."""
    place = Location("src/app.py", line=1)
    return Finding(rule.id, rule.family, Kind(rule.kind), severity, confidence, place, "", "", "", rule.boundary)
