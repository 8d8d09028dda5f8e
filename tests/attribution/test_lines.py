"""Origins of single lines in real repositories: blame, records that win over text, and conflicts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trustgate.attribution.lines import segments
from trustgate.attribution.origin import Attribution, OriginClass, Trust
from trustgate.attribution.recorded import LineClaims
from trustgate.attribution.resolve import attribute_change
from trustgate.changes.opening import open_change
from trustgate.rulebook import Rulebook

GLM = "Fix\n\nAssisted-by: Crush:glm-5.2"
OPUS = "Fix\n\nCo-authored-by: Claude Opus 4.8 <noreply@anthropic.com>"
S1, S2, H = "s_11111111111111", "s_22222222222222", "h_33333333333333"
T = "::t_0123456789abcd"
TEN = "".join(f"{n}\n" for n in range(1, 11))


def note(repo: Any, oid: str, lines: str, **sessions: tuple[str, str]) -> None:
    data = {key: {"agent_id": {"tool": tool, "id": "x", "model": model}} for key, (tool, model) in sessions.items()}
    text = lines + "---\n" + json.dumps({"schema_version": "authorship/3.0.0", "sessions": data})
    repo.git("notes", "--ref=ai", "add", "-f", "-F", "-", oid, stdin=text)


def attributed(repo: Any, book: Rulebook, span: str) -> Attribution:
    with open_change(str(repo.path), span) as change:
        return attribute_change(change, book)


def at(found: Attribution, path: str, line: int) -> set[tuple[str, str]]:
    return {(origin.agent, origin.model) for origin in found.of(path, line)}


def test_lines_have_the_origin_of_the_commit_that_introduced_them(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    repo.commit({"a": TEN + "glm\n"}, GLM)
    repo.commit({"a": TEN + "glm\nopus\n"}, OPUS)
    repo.commit({"a": "plain\n" + TEN + "glm\nopus\n"}, "plain")
    found = attributed(repo, book, f"{base}..HEAD")
    assert at(found, "a", 1) == {("", "")}
    assert at(found, "a", 12) == {("crush", "glm-5.2")}
    assert at(found, "a", 13) == {("claude-code", "claude-opus-4-8")}
    assert len(at(found, "a", 5)) == 3  # not a changed line: every origin of the file


def test_one_origin_needs_no_blame(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    repo.commit({"a": TEN + "1\n"}, GLM)
    repo.commit({"a": TEN + "1\n2\n"}, GLM)
    assert attributed(repo, book, f"{base}..HEAD").lines == ()


def test_a_note_names_what_the_message_does_not(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    oid = repo.commit({"a": TEN + "11\n12\n13\n"}, "plain")
    note(repo, oid, f"a\n  {S1}{T} 11\n  {H} 12\n", **{S1: ("codex", "gpt-5.5")})
    found = attributed(repo, book, f"{base}..HEAD")
    assert at(found, "a", 11) == {("codex", "gpt-5.5")}
    assert {origin.origin_class for origin in found.of("a", 12)} == {OriginClass.DECLARED_NO_AI}
    assert at(found, "a", 13) == {("", "")}
    assert {origin.agent for origin in found.origins if origin.id in found.default} == {"codex"}
    assert {origin.trust for origin in found.of("a", 11)} == {Trust.RECORDED}


def test_a_note_wins_where_the_trailer_says_the_same_or_less_of_its_line(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    oid = repo.commit({"a": TEN + "11\n12\n"}, OPUS)
    sessions = {S1: ("cursor", "gpt-5.5"), S2: ("claude", "claude-opus-4-8")}
    note(repo, oid, f"a\n  {S1}{T} 11\n  {S2}{T} 12\n", **sessions)
    found = attributed(repo, book, f"{base}..HEAD")
    assert at(found, "a", 12) == {("claude-code", "claude-opus-4-8")}
    both = {("cursor", "gpt-5.5"), ("claude-code", "claude-opus-4-8")}
    assert at(found, "a", 11) == both  # anyone who may push can write a note: it takes no line from a trailer


def test_a_forged_session_takes_no_line_from_a_trailer(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    oid = repo.commit({"a": TEN + "11\n12\n13\n"}, GLM)
    sessions = {S1: ("crush", "glm-5.2"), S2: ("claude", "claude-opus-4-8")}
    note(repo, oid, f"a\n  {S1}{T} 11\n  {S2}{T} 12-13\n", **sessions)
    found = attributed(repo, book, f"{base}..HEAD")
    assert all(("crush", "glm-5.2") in at(found, "a", line) for line in (11, 12, 13))


CONFLICTS = {
    "another model": (OPUS, "claude-sonnet-4-6", {("claude-code", "claude-opus-4-8"), ("claude-code", "claude-sonnet-4-6")}),
    "another agent": (GLM, "claude-sonnet-4-6", {("crush", "glm-5.2"), ("claude-code", "claude-sonnet-4-6")}),
    "a model where the note has none": (OPUS, "default", {("claude-code", "claude-opus-4-8")}),
}  # fmt: skip


@pytest.mark.parametrize(("message", "model", "wanted"), CONFLICTS.values(), ids=CONFLICTS)
def test_where_they_disagree_both_are_reported(
    message: str, model: str, wanted: set[tuple[str, str]], repo: Any, book: Rulebook
) -> None:
    base = repo.commit({"a": TEN}, "base")
    oid = repo.commit({"a": TEN + "11\n12\n"}, message)
    note(repo, oid, f"a\n  {S1}{T} 11\n", **{S1: ("claude", model)})
    found = attributed(repo, book, f"{base}..HEAD")
    assert at(found, "a", 11) == wanted
    assert {(o.agent, o.model) for o in found.origins if o.id in found.default} == wanted


def test_a_typed_line_explains_no_trailer_away(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    oid = repo.commit({"a": TEN + "11\n12\n"}, GLM)
    note(repo, oid, f"a\n  {H} 11-12\n")
    assert ("crush", "glm-5.2") in at(attributed(repo, book, f"{base}..HEAD"), "a", 11)


def test_a_note_on_other_lines_is_weak_and_about_all_of_them(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    oid = repo.commit({"a": TEN + "11\n"}, "plain")
    note(repo, oid, f"a\n  {S1}{T} 1-10\n", **{S1: ("crush", "glm-5.2")})
    found = attributed(repo, book, f"{base}..HEAD")
    assert at(found, "a", 11) == {("crush", "glm-5.2")}
    assert [origin.trust for origin in found.origins] == [Trust.WEAK]


def test_records_of_agent_trace_in_the_head(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    span = {"start_line": 11, "end_line": 11}
    conversation = {"contributor": {"type": "ai", "model_id": "zhipu/glm-5.2"}, "ranges": [span]}
    record = {"files": [{"path": "a", "conversations": [conversation]}], "tool": {"name": "cursor"}}
    record["vcs"] = {"type": "git", "revision": base}
    repo.commit({"a": TEN + "11\n12\n", ".agent-trace/traces.jsonl": json.dumps(record) + "\n"}, "plain")
    found = attributed(repo, book, f"{base}..HEAD")
    assert at(found, "a", 11) == {("cursor", "glm-5.2")}
    assert at(found, "a", 12) == {("", "")}
    assert found.problems == ()


def test_a_note_that_cannot_be_read_is_a_problem(repo: Any, book: Rulebook) -> None:
    base = repo.commit({"a": TEN}, "base")
    oid = repo.commit({"a": TEN + "11\n"}, GLM)
    repo.git("notes", "--ref=ai", "add", "-F", "-", oid, stdin="x" * (8 * 1024 * 1024 + 1))
    found = attributed(repo, book, f"{base}..HEAD")
    (problem,) = found.problems
    assert oid[:12] in problem
    assert [origin.model for origin in found.origins] == ["glm-5.2"]


def test_a_merge_that_is_judged_by_itself_has_no_lines_of_others(repo: Any, book: Rulebook) -> None:
    repo.commit({"a": TEN}, "base")
    repo.branch("side")
    repo.commit({"a": TEN + "side\n"}, GLM)
    repo.checkout("main")
    repo.commit({"b": "1\n"}, "main")
    repo.merge("side", {"a": TEN + "other\n"})
    found = attributed(repo, book, "HEAD~1..HEAD")
    assert {origin.id for origin in found.of("a", 11)} == {"o0"}


def test_overlapping_records_hold_together() -> None:
    from trustgate.attribution.claim import Claim

    one, two = (Claim(rule, "note", "", OriginClass.GENERATED, Trust.RECORDED) for rule in "ab")
    lines = [LineClaims("a", 1, 5, (one,)), LineClaims("a", 4, 9, (two,)), LineClaims("a", 12, 12, (one,))]
    assert [(s.start, s.end, [c.rule for c in s.claims]) for s in segments(lines)] == [
        (1, 3, ["a"]), (4, 5, ["a", "b"]), (6, 9, ["b"]), (12, 12, ["a"])]  # fmt: skip
