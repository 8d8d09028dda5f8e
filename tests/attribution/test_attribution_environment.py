from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.environment import attribute_environment
from trustgate.attribution.origin import Attribution, Hosting, OriginClass, Trust
from trustgate.attribution.user_config import FILE_LIMIT
from trustgate.rulebook import Rulebook

UNSET = {
    "nothing": {},
    "an empty variable": {"CLAUDECODE": ""},
    "endpoints without an agent": {"ANTHROPIC_BASE_URL": "https://api.z.ai", "OPENAI_BASE_URL": "https://x.example"},
    "a shell": {"HOME": "/home/jane", "TERM_PROGRAM": "vscode", "SSH_AUTH_SOCK": "/run/agent"},
}


@pytest.mark.parametrize("environ", UNSET.values(), ids=UNSET)
def test_leaves_alone(environ: dict[str, str], book: Rulebook) -> None:
    assert attribute_environment(environ, None, book) == Attribution()


def test_an_editors_variable_says_nothing_of_who_wrote(book: Rulebook) -> None:
    (origin,) = attribute_environment({"CURSOR_TRACE_ID": "1"}, None, book).origins
    assert (origin.agent, origin.origin_class, origin.trust) == ("cursor", OriginClass.UNKNOWN, Trust.WEAK)


def test_an_agent_without_an_endpoint_has_no_provider(book: Rulebook) -> None:
    (origin,) = attribute_environment({"CLAUDECODE": "1", "CURSOR_TRACE_ID": "1"}, None, book).origins
    assert (origin.id, origin.agent, origin.model, origin.provider) == ("o1", "claude-code", "", "")
    assert (origin.origin_class, origin.trust) == (OriginClass.GENERATED, Trust.RECORDED)
    assert [(e.kind, e.detail) for e in origin.evidence] == [("environment", "CLAUDECODE is set")]


def test_a_shared_variable_goes_to_the_agent_that_is_named(book: Rulebook) -> None:
    (origin,) = attribute_environment({"AGENT": "1", "OPENCODE": "1"}, None, book).origins
    assert origin.agent == "opencode"
    assert len(origin.evidence) == 2


def test_an_agent_nobody_knows_is_unspecified_and_its_value_not_kept(book: Rulebook) -> None:
    (origin,) = attribute_environment({"AI_AGENT": "sk-not-a-name"}, None, book).origins
    assert origin.agent == "unspecified"
    assert "sk-not" not in repr(origin)


def backends(environ: dict[str, str], home: Path | None, book: Rulebook) -> set[tuple[str, str, Hosting, str]]:
    found = attribute_environment(environ, home, book)
    assert found.default == tuple(origin.id for origin in found.origins)
    return {(o.model, o.provider, o.hosting, o.jurisdiction) for o in found.origins}


CLAUDE = {"CLAUDECODE": "1"}

ROUTED = {
    "three tiers, three models": (
        {
            **CLAUDE,
            "ANTHROPIC_BASE_URL": "https://openrouter.ai/api",
            "ANTHROPIC_DEFAULT_OPUS_MODEL": "anthropic/claude-opus-4.8",
            "ANTHROPIC_DEFAULT_SONNET_MODEL": "z-ai/glm-5.2",
            "ANTHROPIC_DEFAULT_HAIKU_MODEL": "qwen/qwen3-coder:free",
            "ANTHROPIC_MODEL": "sonnet",
        },
        {
            ("claude-opus-4-8", "openrouter", Hosting.AGGREGATOR, "US"),
            ("glm-5.2", "openrouter", Hosting.AGGREGATOR, "US"),
            ("qwen3-coder", "openrouter", Hosting.FREE, "US"),
        },
    ),
    "loopback with a cloud model": (
        {**CLAUDE, "ANTHROPIC_BASE_URL": "http://localhost:11434", "ANTHROPIC_MODEL": "glm-4.7:cloud"},
        {("glm-4.7", "ollama-cloud", Hosting.INFERENCE, "US")},
    ),
    "a router on loopback": (
        {**CLAUDE, "ANTHROPIC_BASE_URL": "http://127.0.0.1:3456", "ANTHROPIC_MODEL": "claude-opus-4-8"},
        {("claude-opus-4-8", "claude-code-router", Hosting.RELAY, "")},
    ),
    "a host that only looks right": (
        {**CLAUDE, "ANTHROPIC_BASE_URL": "https://api.anthropic.com.evil.example"},
        {("", "unknown", Hosting.UNKNOWN, "")},
    ),
    "an address that cannot be read": (
        {**CLAUDE, "ANTHROPIC_BASE_URL": "https://api.anthropic.com\\@evil.example"},
        {("", "unknown", Hosting.UNKNOWN, "")},
    ),
    "a switch": (
        {**CLAUDE, "CLAUDE_CODE_USE_BEDROCK": "1", "ANTHROPIC_MODEL": "us.anthropic.claude-opus-4-8"},
        {("claude-opus-4-8", "aws-bedrock", Hosting.CLOUD, "US")},
    ),
    "a switch that is off": ({**CLAUDE, "CLAUDE_CODE_USE_BEDROCK": "0"}, {("", "", Hosting.UNKNOWN, "")}),
    "an empty address": ({**CLAUDE, "ANTHROPIC_BASE_URL": ""}, {("", "", Hosting.UNKNOWN, "")}),
    "a route in the model name": (
        {"AI_AGENT": "aider", "AIDER_MODEL": "openrouter/deepseek/deepseek-r1:free"},
        {("deepseek-r1", "openrouter", Hosting.FREE, "US")},
    ),
    "two agents": (
        {**CLAUDE, "CODEX_SHELL": "1", "OPENAI_BASE_URL": "https://api.deepseek.com"},
        {("", "", Hosting.UNKNOWN, ""), ("", "deepseek", Hosting.VENDOR, "CN")},
    ),
}


@pytest.mark.parametrize(("environ", "wanted"), ROUTED.values(), ids=ROUTED)
def test_backends(environ: dict[str, str], wanted: set[tuple[str, str, Hosting, str]], book: Rulebook) -> None:
    assert backends(environ, None, book) == wanted


def test_credentials_are_looked_at_for_presence_only(book: Rulebook) -> None:
    environ = {
        **CLAUDE,
        "ANTHROPIC_AUTH_TOKEN": "hunter2-token",
        "ANTHROPIC_BASE_URL": "https://jane:hunter2@gate.example/hunter2?key=hunter2",
        "ANTHROPIC_MODEL": "https://jane:hunter2@x/glm-5.2",
        "CLAUDE_CODE_SESSION_ID": "hunter2-session",
    }
    found = attribute_environment(environ, None, book)
    assert "hunter2" not in repr(found)
    details = [e.detail for e in found.origins[0].evidence]
    assert "ANTHROPIC_BASE_URL=https://gate.example" in details
    assert "ANTHROPIC_AUTH_TOKEN is set" in details


def test_a_key_in_the_wrong_variable_is_not_shown(book: Rulebook) -> None:
    found = attribute_environment({**CLAUDE, "ANTHROPIC_MODEL": "sk-ant-hunter2", "CODEX_CI": "1"}, None, book)
    assert "hunter2" not in repr(found)


def write(home: Path, name: str, text: str | bytes) -> Path:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return home


def test_claude_settings_are_read(tmp_path: Path, book: Rulebook) -> None:
    settings = {"env": {"ANTHROPIC_BASE_URL": "https://api.z.ai/api/anthropic"}, "model": "glm-5.2"}
    home = write(tmp_path, ".claude/settings.json", json.dumps(settings))
    assert backends(CLAUDE, home, book) == {("glm-5.2", "zai", Hosting.VENDOR, "CN")}


def test_settings_and_environment_that_disagree_are_both_kept(tmp_path: Path, book: Rulebook) -> None:
    home = write(tmp_path, ".claude/settings.json", '{"env": {"ANTHROPIC_BASE_URL": "https://api.z.ai"}}')
    environ = {**CLAUDE, "ANTHROPIC_BASE_URL": "https://api.anthropic.com"}
    assert {provider for _, provider, _, _ in backends(environ, home, book)} == {"anthropic", "zai"}


def test_codex_config_is_read(tmp_path: Path, book: Rulebook) -> None:
    text = """
model = "gpt-5.5"
profile = "cheap"
model_provider = "openai"
[model_providers.mine]
base_url = "https://openrouter.ai/api/v1"
[profiles.cheap]
model = "qwen/qwen3-coder"
model_provider = "mine"
"""
    home = write(tmp_path, ".codex/config.toml", text)
    assert backends({"CODEX_SHELL": "1"}, home, book) == {("qwen3-coder", "openrouter", Hosting.AGGREGATOR, "US")}


def test_codex_home_moves_the_file(tmp_path: Path, book: Rulebook) -> None:
    write(tmp_path, "elsewhere/config.toml", 'model = "gpt-oss:20b"\nmodel_provider = "ollama"\n')
    environ = {"CODEX_SHELL": "1", "CODEX_HOME": str(tmp_path / "elsewhere")}
    assert backends(environ, None, book) == {("gpt-oss:20b", "ollama-local", Hosting.SELF, "")}


BROKEN = {
    "not JSON": "{",
    "a list": "[1, 2]",
    "env is text": '{"env": "x", "model": 3}',
    "values that are no text": '{"env": {"ANTHROPIC_BASE_URL": 7, "ANTHROPIC_MODEL": null}}',
    "nested too deep": "[" * 100000,
    "not UTF-8": b"\xff\xfe{",
    "too large": b" " * (FILE_LIMIT + 1) + b'{"model": "glm-5.2"}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_broken_settings_tell_nothing(text: str | bytes, tmp_path: Path, book: Rulebook) -> None:
    home = write(write(tmp_path, ".claude/settings.json", text), ".codex/config.toml", text)
    assert backends(CLAUDE, home, book) == {("", "", Hosting.UNKNOWN, "")}
    assert backends({"CODEX_SHELL": "1"}, home, book) == {("", "", Hosting.UNKNOWN, "")}


NAMES = st.sampled_from(
    ["CLAUDECODE", "AI_AGENT", "AGENT", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "CODEX_HOME", "CLAUDE_CONFIG_DIR",
     "OPENAI_BASE_URL", "GOOSE_PROVIDER", "GOOSE_TERMINAL", "CLAUDE_CODE_USE_VERTEX", "AIDER_MODEL", "CODEX_CI"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(environ=st.dictionaries(NAMES, st.text(st.characters(exclude_categories=()), max_size=40) | st.just("1")))
def test_any_environment_is_read(environ: dict[str, str], book: Rulebook) -> None:
    found = attribute_environment(environ, None, book)
    assert set(found.default) == {origin.id for origin in found.origins}
