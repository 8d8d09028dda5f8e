"""Which findings an exception accepts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from policy_samples import TODAY

from trustgate.attribution.origin import Attribution
from trustgate.finding import Finding
from trustgate.policy.decide import Judgement, decide
from trustgate.policy.exceptions import accepts
from trustgate.policy.load import shipped_policy
from trustgate.policy.model import Accepted, Policy
from trustgate.rulebook import Rulebook


def entry(finding: Finding, **fields: object) -> Accepted:
    values: dict = {"rule": finding.rule, "reason": "r", "owner": "ada", "expires": date(2030, 7, 1), **fields}
    return Accepted(**values)


def judged(policy: Policy, finding: Finding, *entries: Accepted) -> Judgement:

    return decide(policy._replace(exceptions=entries), [finding], Attribution(), "pr", today=TODAY)


NEAR = [
    ("another rule", {"rule": "guard-remove", "path": "app/auth.py"}),
    ("another file", {"path": "app/auth.pyc"}),
    ("a file below", {"path": "app/auth.py/x"}),
    ("a folder beside", {"path": "app2/**"}),
    ("another case", {"path": "App/auth.py"}),
    ("another fingerprint", {"fingerprint": "0" * 16}),
]


@pytest.mark.parametrize("fields", [row[1] for row in NEAR], ids=[row[0] for row in NEAR])
def test_leaves_alone(fields: dict, finding_of: Callable[..., Finding]) -> None:
    assert not accepts(entry(finding_of(), **fields), finding_of())


@pytest.mark.parametrize("length", [16, 40, 64])
def test_accepts_by_fingerprint(length: int, finding_of: Callable[..., Finding], rulebook: Rulebook) -> None:
    finding = finding_of(boundary="auth")
    made = judged(shipped_policy(rulebook), finding, entry(finding, fingerprint=finding.fingerprint[:length]))
    assert made.exit_code == 0
    assert made.judged[0].action.label == "silent"
    assert made.judged[0].suppressed_by == f"guard-removed:{finding.fingerprint[:16]}"
    assert made.judged[0].policy_line == "weakening-core"


def test_accepts_by_place(finding_of: Callable[..., Finding], rulebook: Rulebook) -> None:
    finding = finding_of(boundary="auth")
    made = judged(shipped_policy(rulebook), finding, entry(finding, path="app/*.py"))
    assert made.judged[0].suppressed_by == "guard-removed:app/*.py"


def test_the_last_day_counts_and_the_next_does_not(finding_of: Callable[..., Finding], rulebook: Rulebook) -> None:
    finding = finding_of(boundary="auth")
    policy = shipped_policy(rulebook)
    prefix = finding.fingerprint[:16]
    assert judged(policy, finding, entry(finding, fingerprint=prefix, expires=TODAY)).exit_code == 0
    late = judged(policy, finding, entry(finding, fingerprint=prefix, expires=date(2030, 5, 31)))
    assert late.exit_code == 4
    assert late.notes == (f"exception guard-removed:{prefix} of ada expired on 2030-05-31: it does not count",)


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": "aws-key", "kind": "secret"},
        {"rule": "dependency-known-bad", "kind": "dependency"},
        {"rule": "own-policy-changed", "kind": "integrity"},
    ],
    ids=["a provider's credential", "known bad", "own files"],
)
def test_what_is_certain_is_accepted_by_fingerprint_only(
    fields: dict, finding_of: Callable[..., Finding], rulebook: Rulebook
) -> None:
    finding, policy = finding_of(**fields), shipped_policy(rulebook)
    by_place = judged(policy, finding, entry(finding, path="app/auth.py"))
    assert by_place.judged[0].suppressed_by == ""
    assert by_place.exit_code != 0
    assert "fingerprint only" in by_place.notes[0]
    by_name = judged(policy, finding, entry(finding, path="app/**"), entry(finding, fingerprint=finding.fingerprint))
    assert by_name.exit_code == 0
    assert by_name.notes == ()
