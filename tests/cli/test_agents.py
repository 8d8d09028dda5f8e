"""Agents as users: the hooks of a coding agent and the MCP server, with the real program."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
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
    assert done.returncode == 3  # 2 would tell the agent to go on mending
    assert "no event" in done.stderr


def test_a_wrong_call_is_not_taken_for_findings_by_the_agent(project, trustgate):
    done = trustgate(project.path)("agent-hook", "claude-code", "--no-such-flag", stdin=b"{}")
    assert done.returncode == 3
    assert "No such option" in done.stderr


@pytest.mark.parametrize("active", [True, 1, "yes"])
def test_the_second_time_the_agent_is_let_go_however_that_is_written(project, trustgate, active):
    project.write({"app/api.py": OFF})
    code, said = claude(trustgate, project, event(project, "Stop", stop_hook_active=active))
    assert (code, list(said)) == (0, ["systemMessage"])


@pytest.mark.parametrize("name", ["UserPromptSubmit", "PreToolUse", "SessionStart", "", 5, None])
def test_only_events_that_hand_text_to_the_agent_are_blocked(project, trustgate, name):
    """Elsewhere `block` would drop a person's prompt, or forbid the very edit that mends."""
    project.write({"app/api.py": OFF})
    code, said = claude(trustgate, project, event(project, name))
    assert (code, list(said)) == (0, ["systemMessage"])


@pytest.mark.parametrize(
    "cwd", ["a" * 100_000, "a" * 300, "\ud800", "a\0b", 5, ["x"], {}, "/nowhere"], ids=lambda value: repr(value)[:12]
)
def test_a_folder_that_cannot_be_one_is_no_crash(project, trustgate, cwd):
    data = json.dumps({"hook_event_name": "Stop", "cwd": cwd}).encode()
    done = trustgate(project.path)("agent-hook", "claude-code", stdin=data)
    assert done.returncode == 0
    assert "internal error" not in done.stderr


@pytest.mark.parametrize("path", ["loop", "\ud800", "a" * 5000, "x/" * 1000, 5], ids=lambda value: repr(value)[:12])
def test_a_file_that_cannot_be_one_is_no_crash(project, trustgate, path):
    project.write({"app/api.py": OFF})
    (project.path / "loop").symlink_to("loop")
    data = event(project, "PostToolUse", tool_input={"file_path": path})
    done = trustgate(project.path)("agent-hook", "claude-code", stdin=data)
    assert done.returncode == 0
    assert "internal error" not in done.stderr


def test_an_agent_that_left_the_repository_is_looked_at_in_its_project(project, trustgate, tmp_path):
    project.write({"app/api.py": OFF})
    data = json.dumps({"hook_event_name": "Stop", "cwd": str(tmp_path)}).encode()
    done = trustgate(tmp_path)("agent-hook", "claude-code", stdin=data, CLAUDE_PROJECT_DIR=str(project.path))
    assert json.loads(done.stdout)["decision"] == "block"


def test_an_edited_notebook_is_the_file_that_is_spoken_of(project, trustgate):
    project.write({"app/api.py": OFF})
    data = event(project, "PostToolUse", tool_input={"notebook_path": str(project.path / "other.ipynb")})
    assert claude(trustgate, project, data) == (0, None)


def test_hooks_that_run_at_the_same_time_all_answer(project, trustgate, tmp_path):
    project.write({"app/api.py": OFF})
    command = [sys.executable, "-m", "trustgate", "agent-hook", "generic"]
    environ = {**os.environ, "TRUSTGATE_CACHE_DIR": str(tmp_path / "fresh")}
    running = [
        subprocess.Popen(command, cwd=project.path, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(6)
    ]
    said = [(process.communicate(timeout=120)[1].decode(), process.returncode) for process in running]
    assert [code for _, code in said] == [2] * 6
    assert all("tls-verify-off" in text and "internal error" not in text for text, _ in said)


def test_the_settings_for_claude_code_name_commands_that_exist():
    settings = json.loads((ROOT / "hooks/agents/claude-code.settings.json").read_text())
    commands = {h["command"] for hooks in settings["hooks"].values() for entry in hooks for h in entry["hooks"]}
    assert commands == {"trustgate agent-hook claude-code"}


@pytest.fixture
def served(project, tmp_path):
    """`served(talk)` runs `talk(session)` with the SDK's own client over standard input and output."""
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "trustgate", "mcp", "--repo", str(project.path), "--offline"],
        env={**os.environ, "TRUSTGATE_CACHE_DIR": str(tmp_path / "cache")},
    )

    async def run(talk):
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            return await talk(session, await session.initialize())

    return lambda talk: asyncio.run(run(talk))


def test_the_tools_of_the_mcp_server(project, served):
    project.write({"app/api.py": OFF})

    async def talk(session, about):
        tools = {tool.name for tool in (await session.list_tools()).tools}
        said = {}
        for key, name, given in (
            ("review", "review", {}),
            ("explain", "explain", {"rule": "tls-verify-off"}),
            ("deps", "deps_check", {"ecosystem": "pypi", "names": ["reqeusts", "requests"]}),
        ):
            said[key] = (await session.call_tool(name, given)).content[0].text
        return tools, said

    tools, said = served(talk)
    assert tools == {"review", "explain", "deps_check"}
    assert "tls-verify-off" in said["review"]
    assert "TLS certificate check" in said["explain"]
    assert [json.loads(line)["name"] for line in said["deps"].splitlines()] == ["reqeusts", "requests"]


WRONG = {
    "a range without one": ("review", {"what": "range"}, "a range needs"),
    "a flag in place of a range": ("review", {"what": "range", "diff": "--output=x"}, "no review took place"),
    "a very long range": ("review", {"what": "range", "diff": "a" * 3_000_000}, "one line of at most"),
    "a range with a line break": ("review", {"what": "range", "diff": "HEAD\nHEAD"}, "one line of at most"),
    "another repository": ("review", {"repo": "/", "what": "elsewhere"}, ""),
    "a rule that is none": ("explain", {"rule": "tls-verify-of"}, "did you mean tls-verify-off"),
    "a very long rule": ("explain", {"rule": "x" * 1_000_000}, "one line of at most"),
    "too many names": ("deps_check", {"ecosystem": "pypi", "names": ["a"] * 51}, "1 to 50 names"),
    "no names": ("deps_check", {"ecosystem": "npm", "names": []}, "1 to 50 names"),
    "an unknown ecosystem": ("deps_check", {"ecosystem": "cargo", "names": ["a"]}, ""),
    "a tool that is none": ("delete", {}, ""),
}


def test_what_cannot_be_answered_is_an_error_of_the_tool(project, served):
    async def talk(session, about):
        done = {}
        for key, (name, given, _) in WRONG.items():
            try:
                result = await session.call_tool(name, given)
                done[key] = (getattr(result, "is_error", getattr(result, "isError", None)), result.content[0].text)
            except Exception as error:  # noqa: BLE001 - the SDK's lines differ in what an unknown tool raises
                done[key] = (True, str(error))
        last = await session.call_tool("explain", {"rule": "tls-verify-off"})
        return done, last.content[0].text

    done, last = served(talk)
    for key, (_, _, words) in WRONG.items():
        assert done[key][0] is True, key
        assert words in done[key][1], key
    assert "TLS certificate check" in last


def test_calls_at_the_same_time_and_one_that_is_given_up(project, served):
    project.write({"app/api.py": OFF})

    async def talk(session, about):
        given_up = asyncio.create_task(session.call_tool("review", {}))
        await asyncio.sleep(0.05)
        given_up.cancel()
        calls = [session.call_tool("explain", {"rule": "tls-verify-off"}) for _ in range(5)]
        return [done.content[0].text for done in await asyncio.gather(*calls)]

    assert len(set(served(talk))) == 1


def rpc(method, number=None, **params):
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    return json.dumps(message if number is None else {**message, "id": number}).encode() + b"\n"


@pytest.mark.parametrize("version", ["2024-11-05", "2025-06-18", "1999-01-01"])
def test_nothing_but_answers_stands_on_standard_output(project, trustgate, version):
    """Raw lines, as a client of any version sends them; broken ones between them."""
    about = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    lines = rpc("initialize", 1, **about) + rpc("notifications/initialized")
    lines += b"not json\n" + b"[" * 5000 + b"\n" + rpc("tools/call", 2, name="explain", arguments={"rule": "no"})
    done = trustgate(project.path)("mcp", "--offline", stdin=lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    first = next(answer for answer in answers if answer.get("id") == 1)
    assert first["result"]["serverInfo"]["name"] == "trustgate"
    assert first["result"]["protocolVersion"] == version or version == "1999-01-01"
