"""Notes of git-ai: the format of its standard, and whatever else may stand in a note."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.git_ai import RANGE_LIMIT, SESSION_LIMIT, Attested, Session, parse_note
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.recorded import UNFIT, from_git_ai, within
from trustgate.attribution.registry import Registry

S, H, P = "s_0123456789abcd", "h_0123456789abcd", "0123456789abcdef"
T = "::t_0123456789abcd"
REF = "refs/notes/ai"


def note(lines: str = "", **metadata: object) -> bytes:
    return (lines + "---\n" + json.dumps({"schema_version": "authorship/3.0.0", **metadata})).encode()


def session(tool: str, model: str) -> dict[str, object]:
    return {"agent_id": {"tool": tool, "id": "x", "model": model}, "human_author": "Jane <j@x>"}


FULL = note(
    f'src/a.py\n  {S}{T} 1-3,7\n  {H} 9\n"with blank.py"\n  {P} 2\n',
    sessions={S: session("claude", "claude-fable-5")},
    prompts={P: session("cursor", "default")},
    humans={H: {"author": "Jane <j@x>"}},
)


def test_all_three_kinds_of_keys() -> None:
    found = parse_note(FULL)
    assert found.fault == ""
    assert found.lines == (
        Attested("src/a.py", S, ((1, 3), (7, 7))),
        Attested("src/a.py", "", ((9, 9),)),
        Attested("with blank.py", P, ((2, 2),)),
    )
    assert found.sessions == {S: Session("claude", "claude-fable-5"), P: Session("cursor", "default")}


def test_a_note_that_attests_nothing_says_nothing(registry: Registry) -> None:
    found = parse_note(note(prompts={}))
    assert (found.lines, dict(found.sessions), found.fault) == ((), {}, "")
    assert from_git_ai(found, {}, registry, REF).claims == ()


def test_lines_that_the_commit_added_are_recorded(registry: Registry) -> None:
    added = {"src/a.py": (range(1, 11),), "with blank.py": (range(2, 3),)}
    record = from_git_ai(parse_note(FULL), added, registry, REF)
    claude, cursor = record.claims
    assert (claude.agent, claude.kind, claude.trust) == ("claude-code", "note", Trust.RECORDED)
    assert claude.backends[0].stated.model == "claude-fable-5" and not claude.backends[0].served.provider
    assert claude.detail == "refs/notes/ai: claude-code claude-fable-5, 4 lines in 1 files"
    assert (cursor.agent, cursor.backends) == ("cursor", ())
    assert record.wide == ()
    spans = {(line.path, line.start, line.end, line.claims[0].agent) for line in record.lines}
    assert spans == {
        ("src/a.py", 1, 3, "claude-code"), ("src/a.py", 7, 7, "claude-code"), ("src/a.py", 9, 9, ""),
        ("with blank.py", 2, 2, "cursor"),
    }  # fmt: skip
    person = next(line for line in record.lines if line.start == 9).claims[0]
    assert (person.origin_class, person.trust) == (OriginClass.DECLARED_NO_AI, Trust.RECORDED)


@pytest.mark.parametrize("added", [{}, {"src/a.py": (range(100, 200),)}, {"src/b.py": (range(1, 100),)}])
def test_lines_that_it_did_not_add_make_a_weak_record_of_the_whole(
    added: dict[str, tuple[range, ...]], registry: Registry
) -> None:
    record = from_git_ai(parse_note(FULL), added, registry, REF)
    assert record.lines == () and record.wide == record.claims
    assert {claim.trust for claim in record.claims} == {Trust.WEAK}
    assert all(claim.detail.endswith(UNFIT) for claim in record.claims)


def test_a_listed_session_without_a_line_assisted(registry: Registry) -> None:
    (claim,) = from_git_ai(parse_note(note(sessions={S: session("codex", "gpt-5.5")})), {}, registry, REF).claims
    assert (claim.agent, claim.origin_class) == ("codex", OriginClass.ASSISTED)


def test_a_note_of_a_person_only(registry: Registry) -> None:
    record = from_git_ai(parse_note(note(f"a.py\n  {H} 1\n")), {"a.py": (range(1, 2),)}, registry, REF)
    assert [claim.origin_class for claim in record.claims] == [OriginClass.DECLARED_NO_AI]


PLACEHOLDERS = ["unknown", "default", "auto", "<synthetic>", ""]


@pytest.mark.parametrize("model", PLACEHOLDERS)
def test_placeholders_are_no_models(model: str, registry: Registry) -> None:
    (claim,) = from_git_ai(parse_note(note(sessions={S: session("claude", model)})), {}, registry, REF).claims
    assert all(not backend.stated.model for backend in claim.backends)


TOOLS = {
    "claude": "claude-code", "gemini": "gemini-cli", "github-copilot": "copilot", "Windsurf": "windsurf",
    "new-tool": "new-tool", "unknown": "unspecified", "": "unspecified", "\x1b[2J": "unspecified",
    "sk-" + "a" * 60: "unspecified", "a" * 200: "unspecified",
}  # fmt: skip


@pytest.mark.parametrize(("tool", "agent"), TOOLS.items(), ids=map(repr, TOOLS))
def test_names_of_tools(tool: str, agent: str, registry: Registry) -> None:
    (claim,) = from_git_ai(parse_note(note(sessions={S: session(tool, "m-1")})), {}, registry, REF).claims
    assert claim.agent == agent


FAULTY = {
    "no divider": b"a.py\n  " + (S + T).encode() + b" 1\n",
    "JSON cut short": note(f"a.py\n  {S}{T} 1\n")[:-5],
    "a list": f"a.py\n  {S}{T} 1\n---\n[]".encode(),
    "sessions as a list": note(f"a.py\n  {S}{T} 1\n", sessions=[1]),
    "deep JSON": f"a.py\n  {S}{T} 1\n---\n".encode() + b"[" * 100_000,
    "a long number": f"a.py\n  {S}{T} 1\n---\n".encode() + b"1" * 10_000,
    "backwards": note(f"a.py\n  {S}{T} 1\n  {S}{T} 9-3\n"),
    "line zero": note(f"a.py\n  {S}{T} 1\n  {S}{T} 0\n"),
    "a huge line": note(f"a.py\n  {S}{T} 1\n  {S}{T} {'9' * 40}\n"),
    "no path": note(f"  {S}{T} 3\na.py\n  {S}{T} 1\n"),
    "a key of another form": note(f"a.py\n  s_1 4\n  {S}{T} 1\n"),
    "no UTF-8": note(f"a.py\n  {S}{T} 1\n") + b"\xff\xfe",
}


@pytest.mark.parametrize("data", FAULTY.values(), ids=FAULTY)
def test_a_faulty_note_is_weak_and_what_can_be_read_is_kept(data: bytes, registry: Registry) -> None:
    found = parse_note(data)
    assert found.fault
    record = from_git_ai(found, {"a.py": (range(1, 2),)}, registry, REF)
    assert {claim.trust for claim in record.claims} == {Trust.WEAK}
    assert record.lines == () and found.fault in record.claims[0].detail


def test_nothing_but_a_fault_says_so_and_claims_nothing(registry: Registry) -> None:
    (claim,) = from_git_ai(parse_note(b"\xff\x00"), {}, registry, REF).claims
    assert (claim.origin_class, claim.trust, claim.agent) == (OriginClass.UNKNOWN, Trust.NONE, "")


def test_counts_are_bounded() -> None:
    spec = ",".join("1" for _ in range(3 * RANGE_LIMIT))
    found = parse_note(note(f"a.py\n  {S}{T} {spec}\n", prompts={f"{n:016x}": session("x", "y") for n in range(999)}))
    assert sum(len(item.spans) for item in found.lines) <= RANGE_LIMIT
    assert len(found.sessions) <= SESSION_LIMIT + 1 and found.fault


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: note(f"a.py\n  {S}{T} {text}\n")))
def test_any_bytes_are_read(data: bytes, registry: Registry) -> None:
    record = from_git_ai(parse_note(data), {"a.py": (range(1, 5),)}, registry, REF)
    assert all(1 <= line.start <= line.end < 5 for line in record.lines)


@given(
    spans=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda t: (t[0], t[0] + t[1])), max_size=8),
    added=st.sets(st.integers(1, 60)),
)
def test_within_is_the_common_part(spans: list[tuple[int, int]], added: set[int]) -> None:
    pieces = [range(line, line + 1) for line in sorted(added)]
    found = [n for first, last in within(spans, pieces) for n in range(first, last + 1)]
    assert sorted(found) == sorted(n for first, last in spans for n in range(first, last + 1) if n in added)
