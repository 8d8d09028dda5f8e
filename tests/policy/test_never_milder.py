"""What anyone can write about a change never makes its decision milder: text, notes, a pull request's body."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_samples import TODAY

from trustgate.attribution.claim import Claim
from trustgate.attribution.git_ai import parse_note
from trustgate.attribution.origin import Attribution, OriginClass, Trust
from trustgate.attribution.pr_body import with_body
from trustgate.attribution.recorded import Recorded, from_git_ai, merged, of_commit
from trustgate.attribution.registry import registry_of
from trustgate.attribution.resolve import Lines, attribute_commits, declared, with_declared
from trustgate.changes.blame import Blamed
from trustgate.changes.changeset import CommitInfo, FileChange, Hunk, Status
from trustgate.finding import Finding
from trustgate.policy.decide import decide
from trustgate.policy.model import Policy
from trustgate.rulebook import Rulebook
from trustgate.verdict import Action, Decision

MARKS = (
    "Assisted-by: Crush:glm-5.2",
    "Co-authored-by: Claude Opus 4.8 <noreply@anthropic.com>",
    "Co-authored-by: Claude (glm-4.7) <noreply@anthropic.com>",
    "Co-authored-by: aider (openrouter/qwen/qwen3-coder:free) <aider@aider.chat>",
    "Assisted-by: Crush:qwen3-max",
    "Assisted-by: Crush:AWS qwen3-max",
    "AI-usage: none",
    "Signed-off-by: Jane <j@x>",
    "Trustgate-Origin: unknown",
    "Trustgate-Origin: generated; agent=crush; model=glm-5.2",
    "Trustgate-Origin: declared_no_ai",
    "🤖 Generated with [Claude Code](https://claude.ai/code)",
)
WORDS = st.text(st.characters(exclude_categories=(), exclude_characters="`~"), max_size=40)
"""without the marks of a code fence: text that turns other lines into a quotation makes them one"""
PARAGRAPHS = st.lists(st.sampled_from(MARKS) | WORDS, max_size=4).map("\n".join)
SESSION, PERSON = "s_0123456789abcd", "h_0123456789abcd"
MODELS = ("glm-5.2", "claude-opus-4-8", "gpt-5.5", "default", "qwen3-coder:free", "<synthetic>")
CHANGE = FileChange("a.py", Status.MODIFIED, "a.py", 0o100644, 0o100644, "1" * 40, "2" * 40, (Hunk(0, 0, 1, 9),), 1, 9)
ONE, TWO = "1" * 40, "2" * 40
BLAMED = (Blamed(ONE, "a.py", 1, 1, 5), Blamed(TWO, "a.py", 6, 6, 4))


@st.composite
def notes(draw: st.DrawFn) -> bytes:
    keys = st.sampled_from([f"{SESSION}::t_0123456789abcd", PERSON, "0123456789abcdef", "x"])
    lines = draw(st.lists(st.tuples(keys, st.integers(1, 12), st.integers(0, 6)), max_size=4))
    body = "a.py\n" + "".join(f"  {key} {start}-{start + more}\n" for key, start, more in lines)
    agent = {"tool": draw(st.sampled_from(["claude", "crush", "x"])), "model": draw(st.sampled_from(MODELS))}
    return (body + "---\n" + json.dumps({"sessions": {SESSION: {"agent_id": agent}}})).encode()


def attributed(book: Rulebook, messages: Sequence[str], noted: Sequence[bytes] = (), body: str = "") -> Attribution:
    ids = (ONE, TWO)
    commits = [CommitInfo(oid, (), "Jane", "j@x", "Jane", "j@x", text) for oid, text in zip(ids, messages, strict=True)]
    records: dict[str, Recorded] = {}
    if noted:
        added, registry = {"a.py": (range(1, 6),)}, registry_of(book)
        records[ONE] = merged(from_git_ai(parse_note(note), added, registry, "refs/notes/ai") for note in noted)
    lines = Lines((CHANGE,), lambda _path: BLAMED)
    return with_body(attribute_commits(commits, book, {"a.py": ids}, records, lines), body, book)


class Judged(NamedTuple):
    decision: Decision
    lines: tuple[Action, ...]
    """the action of a finding on each line, from first to last"""

    def milder_than(self, other: Judged) -> bool:
        return self.decision < other.decision or any(a < b for a, b in zip(self.lines, other.lines, strict=True))


Judge = Callable[..., Judged]


@pytest.fixture(scope="module")
def judge(rulebook: Rulebook, policy_of: Callable[..., Policy], finding_of: Callable[..., Finding]) -> Judge:
    """`judge(messages, note, body, require=False)`, of a change with a weakened guard on every line."""
    policies = {False: policy_of(), True: policy_of("[attribution]\nrequire = true\n")}
    findings = [
        finding_of(boundary="auth", confidence="medium", severity="medium", path="a.py", line=n) for n in range(1, 10)
    ]

    def make(messages: Sequence[str], note: bytes | None = None, body: str = "", require: bool = False) -> Judged:
        found = attributed(rulebook, messages, () if note is None else (note,), body)
        made = decide(policies[require], findings, found, "pr", today=TODAY)
        actions = {item.finding.location.line: item.action for item in made.judged}
        return Judged(made.decision, tuple(actions[n] for n in range(1, 10)))

    return make


def test_the_lines_tell_origins_apart(judge: Judge) -> None:
    plain = judge(("Fix", "Fix"))
    raised = judge(("Fix\n\nAssisted-by: Crush:glm-5.2", "Fix"))
    assert set(plain.lines) == {Action.NOTE}
    assert raised.lines == (Action.ESCALATE,) * 5 + (Action.NOTE,) * 4
    assert plain.milder_than(raised) and not raised.milder_than(plain)


@settings(max_examples=150, deadline=None)
@given(text=PARAGRAPHS, more=PARAGRAPHS, first=st.booleans(), note=st.none() | notes(), body=PARAGRAPHS)
def test_adding_text_to_a_message_never_makes_it_milder(
    text: str, more: str, first: bool, note: bytes | None, body: str, judge: Judge
) -> None:
    longer = f"Fix\n\n{more}\n\n{text}" if first else f"Fix\n\n{text}\n\n{more}"
    before = judge((f"Fix\n\n{text}", "Other"), note, body)
    assert not judge((longer, "Other"), note, body).milder_than(before)


@settings(max_examples=100, deadline=None)
@given(text=PARAGRAPHS, note=st.none() | notes(), body=PARAGRAPHS, more=PARAGRAPHS)
def test_adding_text_to_the_pull_request_never_makes_it_milder(
    text: str, note: bytes | None, body: str, more: str, judge: Judge
) -> None:
    before = judge((text, "Other"), note, body)
    assert not judge((text, "Other"), note, f"{body}\n\n{more}").milder_than(before)


RAISING = {
    "as shipped": "",
    "by agent": '[origins]\nagents = ["claude-code", "x"]\nopen_weights = false\n',
    "by country": '[origins]\nhome_jurisdictions = ["US"]\nopen_weights = false\nunclear_weights = false\n',
    "by model": '[origins]\nmodels = ["claude-*", "gpt-*"]\nopen_weights = false\n',
    "by host": '[origins]\nhosting = ["cloud-reseller", "frontier-hosted"]\n',
}


@pytest.mark.parametrize("config", RAISING.values(), ids=RAISING)
@settings(max_examples=80, deadline=None)
@given(texts=st.tuples(PARAGRAPHS, PARAGRAPHS), note=st.none() | notes(), more=notes(), body=PARAGRAPHS)
def test_adding_a_note_never_makes_it_milder(
    config: str,
    texts: tuple[str, str],
    note: bytes | None,
    more: bytes,
    body: str,
    rulebook: Rulebook,
    policy_of: Callable[..., Policy],
    finding_of: Callable[..., Finding],
) -> None:
    """Whoever may push a notes ref can write one: with it, and with one more beside it."""
    policy = policy_of(config)
    findings = [
        finding_of(boundary="auth", confidence="medium", severity="medium", path="a.py", line=n) for n in range(1, 10)
    ]

    def judged(*found: bytes) -> Judged:
        made = decide(policy, findings, attributed(rulebook, texts, found, body), "pr", today=TODAY)
        actions = {item.finding.location.line: item.action for item in made.judged}
        return Judged(made.decision, tuple(actions[n] for n in range(1, 10)))

    before = (note,) if note is not None else ()
    assert not judged(*before, more).milder_than(judged(*before))


@settings(max_examples=150, deadline=None)
@given(texts=st.tuples(PARAGRAPHS, PARAGRAPHS), note=st.none() | notes(), body=PARAGRAPHS)
def test_nothing_that_is_written_makes_it_milder_than_silence(
    texts: tuple[str, str], note: bytes | None, body: str, judge: Judge
) -> None:
    assert not judge(texts, note, body).milder_than(judge(("", "")))


@settings(max_examples=100, deadline=None)
@given(marks=st.tuples(PARAGRAPHS, PARAGRAPHS), keep=st.tuples(st.booleans(), st.booleans()))
def test_where_a_record_is_required_stripping_a_commit_never_makes_the_decision_milder(
    marks: tuple[str, str], keep: tuple[bool, bool], judge: Judge
) -> None:
    marked = tuple(f"Fix\n\n{text}" for text in marks)
    stripped = tuple(text if kept else "Fix" for text, kept in zip(marked, keep, strict=True))
    assert judge(stripped, require=True).decision >= judge(marked, require=True).decision


REQUIRED = {
    "no commit says anything": (("Fix", "Fix"), "", Decision.ESCALATE),
    "one commit says nothing": (("Fix\n\nAI-usage: none", "Fix"), "", Decision.ESCALATE),
    "every commit says none": (("Fix\n\nAI-usage: none", "Fix\n\nAI-usage: none"), "", Decision.ALLOW),
    "every commit says who": ((f"Fix\n\n{MARKS[1]}", f"Fix\n\n{MARKS[1]}"), "", Decision.ALLOW),
    "the pull request says none": (("Fix", "Fix"), "Adds.\n\nAI-usage: none", Decision.ALLOW),
    "the pull request says who": (("Fix", "Fix"), f"Adds.\n\n{MARKS[1]}", Decision.ALLOW),
    "the pull request says that it was raised": (("Fix", "Fix"), MARKS[0], Decision.ESCALATE),
    "the pull request says nothing": (("Fix", "Fix"), "Adds a thing.", Decision.ESCALATE),
    "a commit contradicts the pull request": ((f"Fix\n\n{MARKS[0]}", "Fix"), "AI-usage: none", Decision.ESCALATE),
}


@pytest.mark.parametrize(("messages", "body", "wanted"), REQUIRED.values(), ids=REQUIRED)
def test_a_required_declaration(messages: tuple[str, str], body: str, wanted: Decision, judge: Judge) -> None:
    assert judge(messages, body=body, require=True).decision is wanted


def test_a_declaration_has_to_be_trusted_enough(rulebook: Rulebook, policy_of: Callable[..., Policy]) -> None:
    policy = policy_of('[attribution]\nrequire = true\ntrust_at_least = "recorded"\n')
    found = attributed(rulebook, ("Fix", "Fix"), body="AI-usage: none")
    assert decide(policy, (), found, "pr", today=TODAY).decision is Decision.ESCALATE


@pytest.mark.parametrize("second", ["signed", "typed"])
def test_a_signed_record_of_one_commit_is_none_of_another(
    second: str, rulebook: Rulebook, policy_of: Callable[..., Policy]
) -> None:
    """The other commit says the very same in a line that anybody can type."""
    policy = policy_of('[attribution]\nrequire = true\ntrust_at_least = "signed"\n')
    signed = of_commit(Claim("attestation", "attestation", "signed", OriginClass.DECLARED_NO_AI, Trust.SIGNED))
    messages = {ONE: "Fix", TWO: "Fix\n\nAI-usage: none"}
    commits = [CommitInfo(oid, (), "Jane", "j@x", "Jane", "j@x", text) for oid, text in messages.items()]
    records = {ONE: signed, TWO: signed} if second == "signed" else {ONE: signed}
    found = attribute_commits(commits, rulebook, records=records)
    wanted = Decision.ALLOW if second == "signed" else Decision.ESCALATE
    assert decide(policy, (), found, "pr", today=TODAY).decision is wanted


def test_a_backend_declared_by_hand_is_a_record_of_the_whole(
    rulebook: Rulebook, policy_of: Callable[..., Policy]
) -> None:
    policy = policy_of("[attribution]\nrequire = true\n")
    found = with_declared(attributed(rulebook, ("Fix", "Fix")), declared("claude-code:claude-opus-4-8", rulebook))
    assert decide(policy, (), found, "pr", today=TODAY).decision is Decision.ALLOW
