"""Replay: two policies on the facts of past reviews."""

from __future__ import annotations

from collections.abc import Callable

from policy_samples import TODAY

from trustgate.attribution.origin import Attribution, Origin
from trustgate.finding import Finding
from trustgate.policy.model import Policy
from trustgate.policy.record import ReviewFacts
from trustgate.policy.replay import Altered, replay


def test_lists_what_differs_and_what_is_missing(
    policy_of: Callable[..., Policy], finding_of: Callable[..., Finding], cheap: Origin
) -> None:
    weak = finding_of(boundary="auth")
    kept = {
        "c1": ReviewFacts("", "c1", "pr", (), Attribution()),
        "c2": ReviewFacts("", "c2", "pr", (weak, finding_of(boundary="auth", line=2)), Attribution()),
        "c4": ReviewFacts("", "c4", "pr", (), Attribution((cheap,), ("o1",))),
    }
    old = policy_of()
    new = policy_of('[origins]\nevery_change = "escalate"\n[[line]]\nid = "weakening-core"\nunknown = "note"\n')
    outcome = replay(("c1", "c2", "c3", "c4"), kept.get, old, new, today=TODAY)
    assert outcome.missing == ("c3",)
    assert outcome.same == 1
    assert outcome.altered == (
        Altered("c2", "escalate (exit 4)", "allow (exit 0)", ("weakening-core: escalate -> note (2 findings)",)),
        Altered("c4", "allow (exit 0)", "escalate (exit 4)", ("every-raised-change: silent -> escalate",)),
    )


def test_the_same_policy_alters_nothing(policy_of: Callable[..., Policy], finding_of: Callable[..., Finding]) -> None:
    facts = ReviewFacts("", "c1", "pr", (finding_of(kind="secret"),), Attribution())
    outcome = replay(("c1",), lambda _commit: facts, policy_of(), policy_of(""), today=TODAY)
    assert (outcome.altered, outcome.same, outcome.missing) == ((), 1, ())


def test_a_preset_changes_codes_and_a_line_of_its_own_explains_itself(
    policy_of: Callable[..., Policy], finding_of: Callable[..., Finding]
) -> None:
    facts = ReviewFacts("", "c1", "pr", (finding_of(boundary="auth"),), Attribution())
    advise = replay(("c1",), lambda _commit: facts, policy_of(), policy_of('preset = "advise"'), today=TODAY)
    assert advise.altered[0].after == "escalate (exit 0)"
    own = policy_of(
        '[[line]]\nid = "own"\ncommit = "note"\nunknown = "block"\nraised = "block"\nwhy = "w"\n'
        'match = { rule = ["guard-removed"] }\n'
    )
    moved = replay(("c1",), lambda _commit: facts, policy_of(), own, today=TODAY)
    assert moved.altered[0].lines == ("weakening-core -> own: escalate -> block",)
