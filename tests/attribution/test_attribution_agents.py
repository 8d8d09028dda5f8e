from __future__ import annotations

import pytest

from trustgate.attribution.registry import Registry

NOBODY = ["Jane Doe", "claudette", "the cursor of the database", "to continue", "raspberry pi", "", "@", "Devin Gould"]

NAMED = {
    "Claude Code": "claude-code",
    "claude_code@2.1": "claude-code",
    "full (OpenCode + Qwen3.6-35b)": "opencode",
    "Cursor (Auto Model)": "cursor",
    "gpt-5.5 via Codex CLI": "codex",
    "written with gemini-cli yesterday": "gemini-cli",
}


@pytest.mark.parametrize("text", NOBODY)
def test_leaves_alone(text: str, registry: Registry) -> None:
    assert registry.agents.inside(text) == ""


@pytest.mark.parametrize(("text", "agent"), NAMED.items(), ids=NAMED)
def test_names(text: str, agent: str, registry: Registry) -> None:
    assert registry.agents.inside(text) == agent


def test_a_persons_name_is_common(registry: Registry) -> None:
    assert registry.agents.is_common("Claude") and registry.agents.is_common("devin")
    assert not registry.agents.is_common("Claude Code")
