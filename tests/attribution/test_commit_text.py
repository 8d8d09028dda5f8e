"""What commits claim. The tables T-J02 (positions) and T-J03 (spellings) of the threat list are here as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trustgate.attribution.claim import DETAIL_LIMIT
from trustgate.attribution.commit_text import LOOK_ALIKE, OUT_OF_PLACE, claims_of
from trustgate.attribution.origin import OriginClass, Trust
from trustgate.attribution.registry import Registry
from trustgate.changes.changeset import CommitInfo

Make = Callable[..., CommitInfo]

SILENT = {
    "talks about an agent": "docs: how Claude Code writes trailers",
    "talks about a footer": 'fix the "Generated with Claude Code" line',
    "talks about an agent in brackets": "fix: cursor (written by hand)",
    "a person named like an agent": "Fix\n\nCo-authored-by: Claude Meyer <claude@mail.example>",
    "a person named Devin": "Fix\n\nCo-authored-by: Devin Gould <devin@mail.example>",
    "staff of a vendor": "Fix\n\nCo-authored-by: Jane Doe <jane@anthropic.com>",
    "a vendor's release robot": "Fix\n\nCo-authored-by: opencode <opencode@sst.dev>",
    "a database cursor": "postgresql: use query parameters with cursor.execute()",
    "a generator": "Update\n\nGenerated-by: protoc 27.1",
    "a reviewer": "Fix\n\nReviewed-by: Claude <noreply@anthropic.com>",
    "a template in the docs": "docs\n\n    Assisted-by: AGENT_NAME:MODEL_VERSION",
    "a revert that quotes": 'Revert "x"\n\n> Fix\n>\n> Co-authored-by: Claude <noreply@anthropic.com>',
    "a stranger's address": "Fix\n\nCo-authored-by: codex fan <codex@example.com>",
}


@pytest.mark.parametrize("message", SILENT.values(), ids=SILENT)
def test_leaves_alone(message: str, commit: Make, registry: Registry) -> None:
    assert claims_of(commit(message), registry) == ()


def test_a_person_alone_claims_nothing(commit: Make, registry: Registry) -> None:
    assert claims_of(commit(author="Claude Meyer <claude@mail.example>"), registry) == ()


def test_aider_as_committer_is_no_author(commit: Make, registry: Registry) -> None:
    person = commit()
    committed = CommitInfo(
        person.id, (), "Jane Doe", "jane@mail.example", "Jane Doe (aider)", "jane@mail.example", "Fix"
    )
    (claim,) = claims_of(committed, registry)
    assert (claim.agent, claim.origin_class, claim.trust) == ("", OriginClass.UNKNOWN, Trust.NONE)


CLAUDE = "Co-authored-by: Claude Opus 4.8 <noreply@anthropic.com>"
GLM = "Assisted-by: Crush:glm-5.2"

POSITIONS: dict[str, tuple[str, list[tuple[str, str, Trust, bool]]]] = {
    "middle of the body": (f"Fix\n\n{CLAUDE}\n\nText.", [("claude-code", "claude-opus-4-8", Trust.WEAK, True)]),
    "after ---": (f"Fix\n\nText.\n---\n\n{CLAUDE}", [("claude-code", "claude-opus-4-8", Trust.WEAK, True)]),
    "repeated with different values": (
        f"Fix\n\n{CLAUDE}\n{GLM}",
        [("claude-code", "claude-opus-4-8", Trust.DECLARED, False), ("crush", "glm-5.2", Trust.DECLARED, False)],
    ),
    "folded": (
        "Fix\n\nCo-authored-by: Claude Opus 4.8\n  <noreply@anthropic.com>",
        [("claude-code", "claude-opus-4-8", Trust.DECLARED, False)],
    ),
    "in the subject": (CLAUDE, [("claude-code", "claude-opus-4-8", Trust.WEAK, True)]),
    "in a revert's quoted message": (f'Revert "x"\n\n> {CLAUDE}', []),
}


@pytest.mark.parametrize(("message", "wanted"), POSITIONS.values(), ids=POSITIONS)
def test_positions(message: str, wanted: list[tuple[str, str, Trust, bool]], commit: Make, registry: Registry) -> None:
    found = [
        (c.agent, c.backends[0].stated.model, c.trust, c.detail.endswith(OUT_OF_PLACE))
        for c in claims_of(commit(message), registry)
    ]
    assert found == wanted


SPELLINGS = {
    "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>": ("claude-code", "claude-opus-4-6"),
    "co-authored-by: claude-opus-4-6 <noreply@anthropic.com>": ("claude-code", "claude-opus-4-6"),
    "CO-AUTHORED-BY:Claude Opus 4.6 (1M context) <NOREPLY@anthropic.com>": ("claude-code", "claude-opus-4-6"),
    "Co-authored-by : Claude Opus 4.6 <noreply@anthropic.com>": ("claude-code", "claude-opus-4-6"),
    "Assisted By: Claude Opus 4.6": ("claude-code", "claude-opus-4-6"),
    "Assisted-by: claude:opus-4.6": ("claude-code", "claude-opus-4-6"),
    "Generated-by: Claude Code (Opus 4.6)": ("claude-code", "claude-opus-4-6"),
    "Assisted-by: claude-opus-4-6 (via Claude Code)": ("claude-code", "claude-opus-4-6"),
    "Claude-Generated-By: Claude Code (cli/claude-opus-4-6=100%)": ("claude-code", "claude-opus-4-6"),
    "Co-authored-by: <noreply@anthropic.com>": ("claude-code", ""),
    "Assisted-by: GLM 5.2 via Crush <crush@charm.land>": ("crush", "glm-5.2"),
    "Assisted-by: Crush (glm-5.2)": ("crush", "glm-5.2"),
    "Co-authored-by: Claude (glm-4.7) <noreply@anthropic.com>": ("claude-code", "glm-4.7"),
    "Generated-By: claude-opus-4-6 (OpenCode)": ("opencode", "claude-opus-4-6"),
    "Co-authored-by: GitHub Copilot (model Claude Sonnet 4.6) <noreply@github.com>": ("copilot", "claude-sonnet-4-6"),
    "Assisted-by: FooAgent:foo-9000": ("unspecified", "foo-9000"),
}


@pytest.mark.parametrize(("line", "wanted"), SPELLINGS.items(), ids=SPELLINGS)
def test_spellings(line: str, wanted: tuple[str, str], commit: Make, registry: Registry) -> None:
    (claim,) = claims_of(commit(f"Fix\n\n{line}"), registry)
    assert (claim.agent, claim.backends[0].stated.model if claim.backends else "") == wanted


IMITATIONS = {
    "the key": "Сo-authored-by: Claude Opus 4.6 <noreply@anthropic.com>",
    "the name": "Co-authored-by: Сlaude Opus 4.6 <noreply@anthropic.com>",
    "the address": "Co-authored-by: Claude Opus 4.6 <noreply@аnthropic.com>",
    "an invisible character": "Co-authored-by: Cla\u200bude Opus 4.6 <noreply@anthropic.com>",
    "a footer": "🤖 Generated with [Сlaude Code](https://claude.com/claude-code)",
}


@pytest.mark.parametrize("line", IMITATIONS.values(), ids=IMITATIONS)
def test_an_imitation_is_an_unknown_backend(line: str, commit: Make, registry: Registry) -> None:
    (claim,) = claims_of(commit(f"Fix\n\n{line}"), registry)
    assert (claim.agent, claim.backends, claim.trust) == ("unspecified", (), Trust.WEAK)
    assert claim.origin_class is OriginClass.GENERATED
    assert claim.detail.endswith(LOOK_ALIKE)


def test_an_imitating_author_is_an_unknown_backend(commit: Make, registry: Registry) -> None:
    (claim,) = claims_of(commit(author="Сlaude <noreply@anthropic.com>"), registry)
    assert (claim.agent, claim.kind) == ("unspecified", "author")


def test_the_provider_is_never_taken_from_an_address(commit: Make, registry: Registry) -> None:
    (claim,) = claims_of(commit(f"Fix\n\n{CLAUDE}"), registry)
    assert claim.backends[0].served.provider == ""


def test_at_most_one_claim_a_trailer(commit: Make, registry: Registry) -> None:
    line = "Co-authored-by: Copilot Autofix powered by AI <175728472+Copilot@users.noreply.github.com>"
    (claim,) = claims_of(commit(f"Fix\n\n{line}"), registry)
    assert (claim.agent, claim.origin_class) == ("copilot-autofix", OriginClass.SUGGESTED)


TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
PIECES = st.sampled_from(
    [CLAUDE, GLM, "Assisted-by: ", "\n\n", "```\n", "> ", " via Crush", "Generated with Claude Code", "://", "@", "<",
     "aider: ", "AI-usage: none", ":free", "---\n", "Co-authored-by: ", "\\n", "gpt-5", "(aider)", "claude"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(message=st.lists(PIECES | TEXT, max_size=12).map("".join), author=TEXT, address=TEXT)
@example(message="\ud800", author="\udcff (aider)", address="\udcff@")
def test_any_text_is_read(message: str, author: str, address: str, registry: Registry) -> None:
    commit = CommitInfo("1", (), author, address, author, address, message)
    claims = claims_of(commit, registry)
    assert claims == claims_of(commit, registry)
    assert all(len(claim.detail) <= DETAIL_LIMIT + len(OUT_OF_PLACE) + len(LOOK_ALIKE) for claim in claims)


SECRET = "hunter2correcthorse"


@settings(max_examples=200, deadline=None)
@given(
    before=st.sampled_from([CLAUDE, "Assisted-by: Crush:", "Co-authored-by: Claude ", "aider: ", "Claude-Session: "]),
    user=st.from_regex(r"\A[\w.!?$&'()*+,;=:%-]{0,12}\Z"),
    after=st.sampled_from(["/glm-5.2", "", "?key=1 <noreply@anthropic.com>", " via Crush", ":8080/x y"]),
)
def test_a_claim_never_holds_userinfo_of_a_url(before: str, user: str, after: str, registry: Registry) -> None:
    url = f"https://{user}:gpt-5-{SECRET}@host.example{after}"
    for message in (f"Fix\n\n{before}{url}", f"{before}{url}", f"Fix\n\nText {before}{url}\n\nMore\n"):
        commit = CommitInfo("1", (), f"Jane {url} (aider)", f"{url}@x", "", "", message)
        assert SECRET not in repr(claims_of(commit, registry))


LONG = {
    "one line of a trailer": "Fix\n\nCo-authored-by: claude " + "<" * (1 << 20),
    "one line of a footer": "Fix\n\nGenerated with " + "claude code " * 90000,
    "a subject": "written by (" * 90000 + "claude)",
    "many trailers": "Fix\n\n" + "".join(f"Assisted-by: a{n}:claude gpt via crush (b{n}\n" for n in range(20000)),
    "many names": "Fix\n\nCo-authored-by: " + "claude opus 4.6 " * 60000,
    "many model words": "Fix\n\nAssisted-by: Crush:" + "gpt-" * 250000,
    "many blanks": "Fix\n\nAssisted-by: x" + " " * (1 << 20) + "via crush",
    "look-alikes": "Fix\n\nСo-authored-by: " + "Сlaude " * 150000,
    "many footers": "Fix\n\n" + "".join(f"generated with claude code {n}.{n}\n" for n in range(40000)),
}


@pytest.mark.parametrize("message", LONG.values(), ids=LONG)
def test_a_long_message_is_read_quickly(message: str, commit: Make, registry: Registry) -> None:
    start = time.process_time()
    claims_of(commit(message), registry)
    assert time.process_time() - start < 2
