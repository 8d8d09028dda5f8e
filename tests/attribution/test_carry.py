"""The carry-over block: what a range says, said once more in the message of its squash merge."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.carry import KEY, carry_block, read_carried
from trustgate.attribution.origin import Hosting, Origin, OriginClass, Trust
from trustgate.attribution.registry import Registry
from trustgate.attribution.resolve import attribute_commits, attribute_text
from trustgate.changes.changeset import CommitInfo
from trustgate.policy.model import Raising
from trustgate.policy.raising import is_raised
from trustgate.rulebook import Rulebook

MESSAGES = (
    "Fix",
    "Fix\n\nAssisted-by: Crush:glm-5.2",
    "Fix\n\nAssisted-by: Crush:deepseek-v4-flash-free",
    "Fix\n\nCo-authored-by: Claude Opus 4.8 <noreply@anthropic.com>",
    "Fix\n\nCo-authored-by: Claude <noreply@anthropic.com>",
    "Fix\n\nCo-authored-by: aider (openrouter/deepseek/deepseek-r1:free) <aider@aider.chat>",
    "Fix\n\nCo-authored-by: aider (ollama/qwen2.5-coder:7b) <aider@aider.chat>",
    "Fix\n\nAssisted-by: Crush:AWS Claude Sonnet",
    "Fix\n\nAssisted-by: NewTool:foo-9000",
    "Fix\n\nCo-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>",
    "Fix\n\nCo-authored-by: gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>",
    "Fix\n\nAI-usage: none",
    "Fix\n\nClaude-Session: https://claude.ai/code/session_0123",
)


def facts(origin: Origin) -> Origin:
    return origin._replace(id="", trust=Trust.NONE, evidence=(), commits=())


@settings(max_examples=150, deadline=None)
@given(messages=st.lists(st.sampled_from(MESSAGES), min_size=1, max_size=6), squash=st.booleans())
def test_a_squash_with_the_block_has_the_origins_of_the_range(
    messages: list[str], squash: bool, book: Rulebook
) -> None:
    commits = [CommitInfo(f"{n:040d}", (), "Jane", "j@x", "Jane", "j@x", text) for n, text in enumerate(messages)]
    before = attribute_commits(commits, book).origins
    block = carry_block(before)
    assert block == carry_block(reversed(before))
    body = "\n\n".join(f"* {text}" for text in messages) if squash else ""
    after = attribute_text(book, f"One change (#7)\n\n{body}\n\n{block}", "Jane", "j@x", "GitHub", "noreply@github.com")
    wanted, found = ({facts(origin) for origin in origins} for origins in (before, after.origins))
    assert wanted <= found
    assert squash or wanted == found
    carried = [origin for origin in after.origins if facts(origin) in wanted and origin.id != "o0"]
    assert all(origin.trust is Trust.DECLARED for origin in carried)


def test_the_block_is_trailers() -> None:
    glm = Origin("o1", OriginClass.ASSISTED, "crush", "glm-5.2", provider="openrouter", hosting=Hosting.FREE)
    assert carry_block((glm, Origin("o0"), glm)) == (
        "Trustgate-Origin: assisted; agent=crush; model=glm-5.2; provider=openrouter; hosting=free-tier\n"
        "Trustgate-Origin: unknown\n"
    )


def test_no_line_makes_a_backend_look_milder_than_the_registry_knows_it(registry: Registry) -> None:
    said = read_carried("generated; agent=crush; model=glm-5.2; provider=evil; hosting=frontier-hosted", registry)
    assert said is not None
    (backend,) = said.backends
    assert backend.stated.open_weights is True and backend.stated.vendor_jurisdiction == "CN"
    assert (backend.served.provider, backend.served.hosting) == ("unknown", Hosting.UNKNOWN)


@pytest.mark.parametrize("value", ["", "human", "generated agent=x", ";", "raised; agent=x"])
def test_what_is_no_origin_is_left_alone(value: str, registry: Registry) -> None:
    assert read_carried(value, registry) is None


@settings(max_examples=200, deadline=None)
@given(value=st.text(st.characters(exclude_categories=()), max_size=120))
def test_any_value_is_read_or_left_alone(value: str, book: Rulebook, registry: Registry) -> None:
    read_carried("generated;" + value, registry)
    attribute_text(book, f"Fix\n\n{KEY}: generated;{value}")


@pytest.mark.parametrize("text", [message for message in MESSAGES if "glm" in message or "free" in message])
def test_a_raised_origin_stays_raised(text: str, book: Rulebook, commit: Callable[..., CommitInfo]) -> None:
    rules = Raising(hosting=(Hosting.FREE,))
    block = carry_block(attribute_commits((commit(text),), book).origins)
    assert any(is_raised(rules, origin) for origin in attribute_text(book, f"Squashed\n\n{block}").origins)
