"""A record never makes a decision milder: one that counts where none is required, one that is refused anywhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_samples import TODAY

from trustgate.attribution.attested import backend_of
from trustgate.attribution.claim import Claim
from trustgate.attribution.git_ai import parse_note
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.recorded import from_git_ai, merged, of_commit
from trustgate.attribution.registry import registry_of
from trustgate.attribution.resolve import Lines, attribute_commits
from trustgate.attribution.statement import BackendRecord
from trustgate.changes.blame import Blamed
from trustgate.changes.changeset import CommitInfo, FileChange, Hunk, Status
from trustgate.finding import Finding
from trustgate.policy.decide import decide
from trustgate.policy.model import Policy
from trustgate.rulebook import Rulebook

OID = "1" * 40
CHANGE = FileChange("a.py", Status.MODIFIED, "a.py", 0o100644, 0o100644, "1" * 40, "2" * 40, (Hunk(0, 0, 1, 9),), 1, 9)
NOTE = b'a.py\n  s_0123456789abcd::t_0123456789abcd 1-9\n---\n{"sessions": {"s_0123456789abcd": {"agent_id": {"tool": "claude", "model": "claude-opus-4-8"}}}}'
MESSAGES = (
    "Fix",
    "Fix\n\nAI-usage: none",
    "Fix\n\nAssisted-by: Crush:glm-5.2",
    "Fix\n\nCo-authored-by: Claude <noreply@anthropic.com>",
)
BACKENDS = st.builds(
    BackendRecord,
    model=st.sampled_from(["", "glm-5.2", "claude-opus-4-8", "qwen3-coder:free", "sk-x", "default"]),
    reported=st.just(""),
    provider=st.sampled_from(["", "anthropic", "zai", "openrouter", "unknown", "nobody"]),
    endpoint=st.sampled_from(["", "api.anthropic.com", "127.0.0.1", "x.example", "a b"]),
    hosting=st.sampled_from(["", "frontier-hosted", "loopback-relay", "odd"]),
    jurisdiction=st.sampled_from(["", "US"]),
)
MODEL_CLASSES = (OriginClass.GENERATED, OriginClass.ASSISTED, OriginClass.SUGGESTED)


@st.composite
def claims(draw: st.DrawFn, book: Rulebook, *, refused: bool) -> Claim:
    kinds = (*MODEL_CLASSES, OriginClass.UNKNOWN) if refused else tuple(OriginClass)
    trust = Trust.NONE if refused else draw(st.sampled_from([Trust.RECORDED, Trust.SIGNED]))
    backends = tuple(backend_of(item, registry_of(book)) for item in draw(st.lists(BACKENDS, max_size=2)))
    agent = draw(st.sampled_from(["", "claude-code", "crush", "unspecified"]))
    return Claim("attestation", "attestation", "x", draw(st.sampled_from(kinds)), trust, agent, backends)


@pytest.fixture(scope="module")
def judge(rulebook: Rulebook, policy_of: Callable[..., Policy], finding_of: Callable[..., Finding]):
    """`judge(message, note, claims, policy)`: the decision, and the action of a finding on each of nine lines."""
    findings = [
        finding_of(boundary="auth", confidence="medium", severity="medium", path="a.py", line=n) for n in range(1, 10)
    ]
    policies = {name: policy_of(f"[attribution]\n{text}\n") for name, text in REQUIRE.items()}

    def run(message: str, note: bool, found: tuple[Claim, ...], policy: str) -> tuple[int, ...]:
        commit = CommitInfo(OID, (), "Jane", "j@x", "Jane", "j@x", message)
        parts = [of_commit(*found)] if found else []
        if note:
            parts.append(
                from_git_ai(parse_note(NOTE), {"a.py": (range(1, 10),)}, registry_of(rulebook), "refs/notes/ai")
            )
        records = {OID: merged(parts)} if parts else {}
        lines = Lines((CHANGE,), lambda _path: (Blamed(OID, "a.py", 1, 1, 9),))
        made = decide(
            policies[policy], findings, attribute_commits((commit,), rulebook, {"a.py": (OID,)}, records, lines), "pr",
            today=TODAY,
        )  # fmt: skip
        by_line = sorted((item.finding.location.line, int(item.action)) for item in made.judged)
        return (int(made.decision), *(action for _, action in by_line))

    return run


REQUIRE = {
    "nothing": "require = false",
    "weak": 'require = true\ntrust_at_least = "weak"',
    "signed": 'require = true\ntrust_at_least = "signed"',
}


@settings(max_examples=120, deadline=None)
@given(data=st.data(), message=st.sampled_from(MESSAGES), note=st.booleans(), policy=st.sampled_from(sorted(REQUIRE)))
def test_a_refused_record_never_makes_it_milder(data, message, note, policy, judge, rulebook):
    one = data.draw(claims(rulebook, refused=True))
    pairs = zip(judge(message, note, (one,), policy), judge(message, note, (), policy), strict=True)
    assert all(after >= before for after, before in pairs)


@settings(max_examples=120, deadline=None)
@given(data=st.data(), message=st.sampled_from(MESSAGES), note=st.booleans())
def test_a_record_that_counts_never_makes_it_milder_where_none_is_required(data, message, note, judge, rulebook):
    one = data.draw(claims(rulebook, refused=False))
    pairs = zip(judge(message, note, (one,), "nothing"), judge(message, note, (), "nothing"), strict=True)
    assert all(after >= before for after, before in pairs)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), message=st.sampled_from(MESSAGES), trust=st.booleans())
def test_a_note_of_others_hides_no_record(data, message, trust, judge, rulebook):
    one = data.draw(claims(rulebook, refused=trust))
    pairs = zip(judge(message, True, (one,), "nothing"), judge(message, False, (one,), "nothing"), strict=True)
    assert all(after >= before for after, before in pairs)
