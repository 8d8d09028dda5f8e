"""Which origins are raised, and which origin of a finding counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trustgate.attribution.origin import UNKNOWN, Attribution, Hosting, LineRange, Origin, OriginClass, Trust
from trustgate.finding import Location, Side
from trustgate.policy.load import shipped_policy
from trustgate.policy.model import Policy, Raising
from trustgate.policy.raising import has_record, is_raised, origins_at, why_raised
from trustgate.rulebook import Rulebook

LEFT = [
    ("nothing known", UNKNOWN),
    ("a bot", Origin("o1", OriginClass.AUTOMATION, agent="dependabot", trust=Trust.DECLARED)),
    ("declared without AI", Origin("o1", OriginClass.DECLARED_NO_AI, trust=Trust.DECLARED)),
    ("an agent alone", Origin("o1", OriginClass.GENERATED, agent="Claude Code", trust=Trust.DECLARED)),
    ("closed weights", Origin("o1", OriginClass.GENERATED, family="claude", open_weights=False)),
    ("unclear weights at a frontier host", Origin("o1", family="grok", hosting=Hosting.FRONTIER)),
    ("a model nobody knows", Origin("o1", model="gpt-99")),
    ("a country, without a home named", Origin("o1", jurisdiction="CN", family="x", open_weights=False)),
]
RAISED = [
    ("open weights", Origin("o1", family="glm", open_weights=True), "open weights"),
    ("open weights in a cloud", Origin("o1", open_weights=True, hosting=Hosting.CLOUD), "open weights"),
    ("unclear weights", Origin("o1", family="kimi"), "weights not known to be closed"),
    ("free tier", Origin("o1", hosting=Hosting.FREE), "free-tier"),
    ("aggregator", Origin("o1", hosting=Hosting.AGGREGATOR), "aggregator"),
    ("relay", Origin("o1", hosting=Hosting.RELAY), "loopback-relay"),
    ("a local model", Origin("o1", hosting=Hosting.SELF), "self-hosted"),
    ("a vendor's own host", Origin("o1", hosting=Hosting.VENDOR), "vendor-hosted"),
    ("an inference host", Origin("o1", hosting=Hosting.INFERENCE), "inference-host"),
]


@pytest.mark.parametrize("origin", [row[1] for row in LEFT], ids=[row[0] for row in LEFT])
def test_leaves_alone(origin: Origin, rulebook: Rulebook) -> None:
    assert why_raised(shipped_policy(rulebook).raising, origin) == ()


@pytest.mark.parametrize(("origin", "reason"), [row[1:] for row in RAISED], ids=[row[0] for row in RAISED])
def test_raises_and_says_why(origin: Origin, reason: str, rulebook: Rulebook) -> None:
    assert reason in why_raised(shipped_policy(rulebook).raising, origin)


@pytest.mark.parametrize("trust", Trust, ids=[trust.label for trust in Trust])
def test_no_evidence_however_strong_lowers(trust: Trust, rulebook: Rulebook, cheap: Origin) -> None:
    assert is_raised(shipped_policy(rulebook).raising, cheap._replace(trust=trust))


def test_a_team_names_its_own(policy_of: Callable[..., Policy], frontier: Origin) -> None:
    rules = policy_of(
        '[origins]\nhome_jurisdictions = ["FR"]\nagents = ["claude code"]\nmodels = ["claude-*"]\n'
        'vendors = ["Anthropic"]\nproviders = ["none"]\n'
    ).raising
    assert why_raised(rules, frontier) == (
        "served from US",
        "vendor in US",
        "agent Claude Code",
        "model claude-opus-4",
        "vendor Anthropic",
    )
    assert why_raised(rules, Origin("o1", agent="Claude Codex", model="anthropic/claude-x")) == ()


WHO = Attribution(
    origins=(UNKNOWN, Origin("a"), Origin("b"), Origin("c")),
    default=("o0",),
    lines=(LineRange("x.py", 1, 4, "a"), LineRange("x.py", 3, 4, "a"), LineRange("x.py", 7, 9, "b")),
    files=(("x.py", ("c",)),),
)


@pytest.mark.parametrize(
    ("location", "ids"),
    [
        pytest.param(Location("x.py", Side.NEW, 2, 2), ["a"], id="a covered line"),
        pytest.param(
            Location("x.py", Side.NEW, 4, 7), ["a", "b", "c"], id="a span with a hole adds the file's origins"
        ),
        pytest.param(Location("x.py", Side.NEW, 2, 6), ["a", "c"], id="overlapping ranges do not hide the hole"),
        pytest.param(Location("x.py", Side.NEW, 5, 5), ["c"], id="an uncovered line"),
        pytest.param(Location("x.py", Side.OLD, 2, 2), ["c"], id="a removed line"),
        pytest.param(Location("x.py", Side.NEW, 0, 0), ["a", "b", "c"], id="the file as a whole"),
        pytest.param(Location("y.py", Side.NEW, 2, 2), ["o0"], id="another file"),
    ],
)
def test_origins_of_a_place(location: Location, ids: list[str]) -> None:
    assert [origin.id for origin in origins_at(WHO, location)] == ids


def test_an_attribution_that_names_nobody_is_unknown() -> None:
    assert origins_at(Attribution((), ()), Location("x.py", line=1)) == (UNKNOWN,)


def test_a_record_is_a_stated_class_on_enough_evidence(policy_of: Callable[..., Policy], cheap: Origin) -> None:
    policy = policy_of('[attribution]\nrequire = true\ntrust_at_least = "recorded"\n')
    assert not has_record(policy, UNKNOWN)
    assert not has_record(policy, cheap)
    assert has_record(policy, cheap._replace(trust=Trust.SIGNED))
    assert has_record(policy, Origin("o1", OriginClass.DECLARED_NO_AI, trust=Trust.RECORDED))


def test_an_endpoint_that_nobody_knows_raises_and_no_word_of_one_does_not() -> None:
    rules = Raising()
    assert is_raised(rules, Origin("o1", provider="unknown"))
    assert not is_raised(rules, Origin("o1", provider=""))
