"""Agents' own settings files: precedence, what a repository's file may not hide, and files that cannot be read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustgate.attribution.reachable import Reach, reach
from trustgate.attribution.registry import Registry
from trustgate.attribution.user_config import parse

ZAI, MOON, ROUTER = "https://api.z.ai/api/anthropic", "https://api.moonshot.ai/anthropic", "https://openrouter.ai/api"


@pytest.fixture
def machine(tmp_path: Path, registry: Registry):
    """`machine(agent, {path: text}, environ)`: paths begin with `home/` or `top/`."""

    def run(agent: str, files: dict[str, str | bytes], environ: dict[str, str] | None = None) -> Reach:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return reach(agent, environ or {}, tmp_path / "home", tmp_path / "top", registry)

    return run


def providers(found: Reach) -> set[str]:
    return {item.backend.served.provider for item in found.backends}


def pairs(found: Reach) -> set[tuple[str, str]]:
    return {(item.backend.stated.model, item.backend.served.provider) for item in found.backends}


def claude(url: str = "", model: str = "") -> str:
    return json.dumps({"env": {"ANTHROPIC_BASE_URL": url} if url else {}, **({"model": model} if model else {})})


class TestClaudeCode:
    USER, PROJECT, LOCAL = "home/.claude/settings.json", "top/.claude/settings.json", "top/.claude/settings.local.json"

    def test_each_file_is_read(self, machine):
        for place in (self.USER, self.PROJECT, self.LOCAL):
            assert "zai" in providers(machine("claude-code", {place: claude(ZAI)}))

    def test_local_settings_hide_the_users(self, machine):
        assert providers(machine("claude-code", {self.USER: claude(MOON), self.LOCAL: claude(ZAI)})) == {"zai"}

    def test_the_repositorys_settings_hide_nothing(self, machine):
        found = machine("claude-code", {self.USER: claude(ZAI), self.PROJECT: claude("https://api.anthropic.com")})
        assert providers(found) == {"zai", "anthropic"}

    def test_what_one_file_leaves_out_another_says(self, machine):
        found = machine("claude-code", {self.USER: claude(model="glm-5.2"), self.LOCAL: claude(ZAI)})
        assert pairs(found) == {("glm-5.2", "zai")}

    def test_a_router_on_this_machine_is_looked_behind(self, machine):
        router = {"Providers": [{"api_base_url": ROUTER, "models": ["qwen/qwen3-coder", "z-ai/glm-5.2"]}]}
        files = {"home/.claude-code-router/config.json": json.dumps(router)}
        relay = machine("claude-code", files, {"ANTHROPIC_BASE_URL": "http://127.0.0.1:3456"})
        assert pairs(relay) == {("", "claude-code-router"), ("qwen3-coder", "openrouter"), ("glm-5.2", "openrouter")}
        direct = machine("claude-code", files, {"ANTHROPIC_BASE_URL": "https://api.anthropic.com"})
        assert pairs(direct) == {("", "anthropic")}


class TestOthers:
    def test_every_profile_of_codex_can_be_chosen(self, machine):
        text = 'model = "gpt-5.5"\n[profiles.a]\nmodel = "glm-5.2"\nmodel_provider = "openrouter"\n'
        text += '[profiles.b]\nmodel_provider = "mine"\n[model_providers.mine]\nbase_url = "https://api.deepseek.com"\n'
        found = machine("codex", {"home/.codex/config.toml": text})
        assert {("glm-5.2", "openrouter"), ("gpt-5.5", "deepseek")} <= pairs(found)

    def test_a_chosen_profile_stands_for_the_top(self, machine):
        text = 'model = "gpt-5.5"\nprofile = "a"\n[profiles.a]\nmodel = "glm-5.2"\nmodel_provider = "openrouter"\n'
        assert pairs(machine("codex", {"home/.codex/config.toml": text})) == {("glm-5.2", "openrouter")}

    def test_an_opencode_provider_with_an_address_of_its_own(self, machine):
        options = {"provider": {"anthropic": {"options": {"baseURL": ZAI}}}}
        text = json.dumps({"model": "anthropic/glm-5.2", **options})
        assert ("glm-5.2", "zai") in pairs(machine("opencode", {"top/opencode.jsonc": "// mine\n" + text}))

    def test_a_whole_configuration_in_a_variable_is_said_to_be_unread(self, machine):
        assert machine("opencode", {}, {"OPENCODE_CONFIG_CONTENT": "{}"}).unread

    def test_aider_reads_yaml_and_env_files(self, machine):
        files = {
            "home/.aider.conf.yml": "model: ollama/qwen3-coder\n",
            "top/.env": "OLLAMA_API_BASE=http://10.1.2.3:11434",
        }
        found = machine("aider", files)
        assert {item.backend.stated.model for item in found.backends} == {"qwen3-coder"}

    def test_models_of_continue_stay_with_their_addresses(self, machine):
        text = "models:\n- {model: glm-5.2, apiBase: 'https://api.z.ai/v1'}\n- {model: kimi-k2.7-code, provider: openrouter}\n"
        found = machine("continue", {"home/.continue/config.yaml": text})
        assert pairs(found) == {("glm-5.2", "zai"), ("kimi-k2.7-code", "openrouter")}


UNREADABLE = {
    "json": ("claude-code", "home/.claude/settings.json", "{", "not valid json"),
    "toml": ("codex", "home/.codex/config.toml", "x = ", "not valid toml"),
    "yaml": ("aider", "home/.aider.conf.yml", "a: [", "not valid yaml"),
    "bytes": ("goose", "home/.config/goose/config.yaml", b"\xff\xfe\x00", "not UTF-8"),
    "a list": ("crush", "home/.config/crush/crush.json", "[]", "not a table"),
    "too large": ("crush", "home/.config/crush/crush.json", " " * (1 << 20) + "{}", "too large"),
    "too deep": ("claude-code", "home/.claude/settings.json", "[" * 100_000, "not valid json"),
    "yaml too deep": ("aider", "home/.aider.conf.yml", "[" * 50_000, "not valid yaml"),
    "odd tag": ("aider", "home/.aider.conf.yml", "!!python/object/apply:os.system [ls]", "not a table"),
}


@pytest.mark.parametrize(("agent", "path", "text", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_named(machine, agent, path, text, reason):
    found = machine(agent, {path: text})
    assert found.backends == ()
    assert [line.rpartition(": ")[2] for line in found.unread] == [reason]
    assert "home/" not in found.unread[0] and found.unread[0].startswith("~/")


def test_a_pipe_is_not_waited_for(machine, tmp_path):
    (tmp_path / "home" / ".claude").mkdir(parents=True)
    os.mkfifo(tmp_path / "home" / ".claude" / "settings.json")
    assert machine("claude-code", {}).unread == ("~/.claude/settings.json was not read: not a file",)


def test_no_credential_is_kept(machine):
    files = {
        "home/.claude/settings.json": '{"env": {"ANTHROPIC_AUTH_TOKEN": "hunter2", "ANTHROPIC_BASE_URL": "https://me:hunter2@x.example/hunter2?k=hunter2"}, "model": "sk-ant-hunter2"}',
        "top/.claude/settings.local.json": '{"apiKeyHelper": "echo hunter2", "model": "https://me:hunter2@y.example/glm-5.2"}',
    }
    found = machine("claude-code", files)
    assert "hunter2" not in repr(found)
    assert any("ANTHROPIC_AUTH_TOKEN is set" in line for line in found.details)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["json", "toml", "yaml", "env"]))
def test_any_bytes_are_read_or_refused(data, form):
    try:
        assert isinstance(parse(data, form), dict)
    except ValueError as error:
        assert str(error)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from([ZAI, "glm-5.2", "openrouter"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["env", "model", "profiles", "profile", "model_provider", "model_providers", "base_url", "Providers", "models",
         "provider", "options", "baseURL", "agent", "security", "auth", "ANTHROPIC_BASE_URL"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(value=VALUES)
def test_any_shape_is_read(value, registry, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    for name in (".claude/settings.json", ".config/crush/crush.json", ".config/opencode/opencode.json"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(json.dumps(value))
    for agent in ("claude-code", "crush", "opencode"):
        found = reach(agent, {}, home, None, registry)
        assert isinstance(value, dict) or value in (None, "") or found.unread
