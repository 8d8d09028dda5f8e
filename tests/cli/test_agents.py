"""Agents as users: the hooks of a coding agent and the MCP server, with the real program."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAFE = "import requests\n\n\ndef fetch(url):\n    return requests.get(url, timeout=5)\n"
OFF = SAFE.replace("timeout=5", "timeout=5, verify=False")


@pytest.fixture
def project(repo):
    repo.commit({"app/api.py": SAFE, "app/other.py": SAFE, "requirements.txt": "requests==2.32.3\n"}, "start")
    return repo


def event(repo, name, **more):
    return json.dumps({"hook_event_name": name, "cwd": str(repo.path), **more}).encode()


def claude(trustgate, repo, data):
    done = trustgate(repo.path.parent)("agent-hook", "claude-code", stdin=data)
    return done.returncode, json.loads(done.stdout) if done.stdout else None


def test_an_agent_that_did_well_hears_nothing(project, trustgate):
    project.write({"app/api.py": SAFE.replace("timeout=5", "timeout=9")})
    assert claude(trustgate, project, event(project, "Stop")) == (0, None)
    done = trustgate(project.path)("agent-hook", "generic")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_agent_may_not_end_its_turn_on_a_finding_once(project, trustgate):
    project.write({"app/api.py": OFF})
    code, said = claude(trustgate, project, event(project, "Stop", stop_hook_active=False))
    assert (code, said["decision"]) == (0, "block")
    assert "block [tls-verify-off] app/api.py:5" in said["reason"]
    code, said = claude(trustgate, project, event(project, "Stop", stop_hook_active=True))
    assert (code, list(said)) == (0, ["systemMessage"])


def test_after_an_edit_only_the_edited_file_is_spoken_of(project, trustgate):
    project.write({"app/api.py": OFF})
    other = event(project, "PostToolUse", tool_input={"file_path": str(project.path / "app/other.py")})
    assert claude(trustgate, project, other) == (0, None)
    own = event(project, "PostToolUse", tool_input={"file_path": "app/api.py"})
    assert "tls-verify-off" in claude(trustgate, project, own)[1]["reason"]
    outside = event(project, "PostToolUse", tool_input={"file_path": "/etc/hosts"})
    assert claude(trustgate, project, outside) == (0, None)


def test_a_generic_agent_gets_the_findings_on_standard_error(project, trustgate):
    project.write({"app/api.py": OFF})
    done = trustgate(project.path)("agent-hook", "generic")
    assert (done.returncode, done.stdout) == (2, "")
    assert "tls-verify-off" in done.stderr


def test_an_agent_never_hears_how_to_accept(project, trustgate):
    project.write({"app/api.py": OFF})
    done = trustgate(project.path)("agent-hook", "generic")
    assert "accept" not in done.stderr
    assert "Do not silence" in done.stderr


def test_what_cannot_be_judged_is_told_to_the_person_and_is_no_pass(project, trustgate, tmp_path):
    code, said = claude(trustgate, project, json.dumps({"cwd": str(tmp_path)}).encode())
    assert (code, list(said)) == (0, ["systemMessage"])
    assert "could not judge" in said["systemMessage"]
    assert trustgate(tmp_path)("agent-hook", "generic").returncode == 3


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"], ids=["none", "list", "cut", "deep", "bytes"]
)
def test_an_event_that_is_none_is_refused(project, trustgate, data):
    done = trustgate(project.path)("agent-hook", "claude-code", stdin=data)
    assert done.returncode in (2, 3)
    assert "no event" in done.stderr


def test_the_settings_for_claude_code_name_commands_that_exist():
    settings = json.loads((ROOT / "hooks/agents/claude-code.settings.json").read_text())
    commands = {h["command"] for hooks in settings["hooks"].values() for entry in hooks for h in entry["hooks"]}
    assert commands == {"trustgate agent-hook claude-code"}


def test_the_tools_of_the_mcp_server(project, tmp_path):
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    project.write({"app/api.py": OFF})

    async def talk():
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "trustgate", "mcp", "--repo", str(project.path), "--offline"],
            env={**os.environ, "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache")},
        )
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            said = {}
            for key, name, given in (
                ("review", "review", {}),
                ("range", "review", {"what": "range"}),
                ("unknown", "review", {"what": "range", "diff": "--output=x"}),
                ("explain", "explain", {"rule": "tls-verify-off"}),
                ("no rule", "explain", {"rule": "tls-verify-of"}),
                ("deps", "deps_check", {"ecosystem": "pypi", "names": ["reqeusts", "requests"]}),
            ):
                said[key] = (await session.call_tool(name, given)).content[0].text
            return tools, said

    tools, said = asyncio.run(talk())
    assert tools == {"review", "explain", "deps_check"}
    assert "tls-verify-off" in said["review"]
    assert said["range"].startswith("error: a range needs")
    assert said["unknown"].startswith("error: no review took place")
    assert "TLS certificate check" in said["explain"]
    assert "did you mean tls-verify-off" in said["no rule"]
    assert [json.loads(line)["name"] for line in said["deps"].splitlines()] == ["reqeusts", "requests"]
