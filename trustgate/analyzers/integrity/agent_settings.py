"""Settings that re-route, widen or silence coding agents. The files and keys are those that the tools read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import splitext

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.settings import Setting, settings_of
from trustgate.analyzers.integrity.subject import Subject
from trustgate.finding import Confidence, Location

_SETTINGS = re.compile(
    r"(?i)(?:^|/)(?:\.claude/settings[\w.-]*\.json|\.mcp\.json|\.codex/(?:config\.toml|hooks\.json)|opencode\.jsonc?|"
    r"\.opencode/[^/]+\.jsonc?|\.aider\.conf\.ya?ml|\.aider\.model\.settings\.yml|\.(?:gemini|qwen)/settings\.json|"
    r"\.?crush\.json|\.?crushrc|\.continue/.+\.(?:ya?ml|json)|\.cursor/(?:mcp|hooks|cli|environment)\.json|"
    r"\.vscode/(?:settings|mcp)\.json|[^/]+\.code-workspace|\.devcontainer/devcontainer\.json|\.devcontainer\.json|"
    r"\.goose/config\.yaml|\.roo/mcp\.json|\.windsurf/(?:mcp|hooks)[\w.]*\.json|\.kiro/settings/mcp\.json|\.factory/settings\.json)$"
)
_ENVIRONMENT = re.compile(r"(?i)(?:^|/)(?:\.env(?:\.[\w.-]+)?|\.envrc|mise\.toml|\.(?:gemini|qwen|claude)/\.env)$")
_TEMPLATE = re.compile(r"(?i)\.(?:example|sample|template|dist|defaults?|test|ci)$")
_WORKFLOW = re.compile(r"^\.(?:github|gitea|forgejo)/workflows/.+\.ya?ml$")
_ENDPOINT_VARIABLE = re.compile(
    r"(?:ANTHROPIC(?:_BEDROCK|_VERTEX|_FOUNDRY|_AWS)?_BASE_URL|OPENAI_(?:BASE_URL|API_BASE|HOST|BASE_PATH)|OLLAMA_(?:HOST|API_BASE)|"
    r"GOOGLE_(?:GEMINI|VERTEX)_BASE_URL|CODE_ASSIST_ENDPOINT|AIDER_OPENAI_API_BASE|COPILOT_PROVIDER_BASE_URL|CLINE_API_ENDPOINT|"
    r"CONTINUE_API_BASE|GEMINI_BASE_URL|DEEPSEEK_BASE_URL|OPENROUTER_BASE_URL)\Z"
)
_ENDPOINT_KEY = re.compile(r"(?i)(?:base_?url|api_?base|openai-api-base|api_?host|apiBaseUrl|endpoint|http\.proxy)\Z")
_URL = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]{0,20}://)?(?:[^/@\s]{0,200}@)?(\[[0-9a-f:]+\]|[\w.-]+)(:\d+)?")
_WIDE = re.compile(
    r"(?i)\A(?:Bash(?:\(\*?(?:\s*:?\*)?\))?|\*|Bash\(\*:\*\)|(?:Write|Edit|Read|WebFetch)\(\*\*?\)|mcp__\*|shell\(\*\)|all)\Z"
)
_MODES = frozenset(("bypasspermissions", "dontask", "danger-full-access", "never", "yolo", "acceptall", "full-auto"))
_SILENT = {
    "includecoauthoredby": ("false",),
    "attribution.commit": ("", "none", "false"),
    "attribution.pr": ("", "none", "false"),
    "attribute-author": ("false", "no"),
    "attribute-committer": ("false", "no"),
    "attribute-co-authored-by": ("false", "no"),
    "commit_attribution": ("", "none", "false"),
    "trailer_style": ("none",),
    "attribution-trailer-style": ("none",),
    "attribution": ("none", "false", ""),
    "attributecommitstoagent": ("false",),
    "codex_git_commit": ("false",),
}


def check(subject: Subject) -> Iterator[Outcome]:
    path = subject.path
    settings = _SETTINGS.search(path) is not None
    environment = _ENVIRONMENT.search(path) is not None
    if not (settings or environment or _WORKFLOW.match(path)):
        return
    if subject.file.new is None:
        return
    if subject.name.lower() in ("crushrc", ".crushrc"):
        yield subject.rules.finding(
            "agent-hook-added",
            subject.whole,
            subject.file.change.new_id,
            what="a script that the agent runs at its start",
        )
    old_text, new_text = subject.texts()
    old = settings_of(path, old_text) if old_text else []
    new = settings_of(path, new_text)
    known = {(item.path, item.value) for item in old}
    fresh = [item for item in new if item.path and (item.path, item.value) not in known]
    yield from _endpoints(subject, old, fresh, settings)
    if settings:
        yield from _commands(subject, fresh)
        yield from _permissions(subject, fresh)
        yield from _attribution(subject, fresh)


def _where(subject: Subject, item: Setting) -> Location:
    """The added line that holds the setting: key and value, else value, else key."""
    best, best_score = subject.whole, 0
    for line in subject.file.added():
        score = 2 * (item.value != "" and item.value in line.text) + (item.key != "" and item.key in line.text)
        if score > best_score:
            best, best_score = subject.at(line), score
    return best


def host_of(value: str) -> str:
    """Host and port of an address, without user, path and query; empty for a reference such as `${HOST}`."""
    if "${" in value or value.startswith("$") or "{{" in value:
        return ""
    match = _URL.match(value.strip())
    return (match[1].lower() + (match[2] or "")) if match else ""


def _is_endpoint(item: Setting, settings: bool) -> bool:
    if _ENDPOINT_VARIABLE.search(item.key):
        return True
    return settings and _ENDPOINT_KEY.search(item.key) is not None and ("://" in item.value or "." in item.value)


def _endpoints(subject: Subject, old: list[Setting], fresh: list[Setting], settings: bool) -> Iterator[Outcome]:
    for item in fresh:
        host = host_of(item.value)
        if not host or not _is_endpoint(item, settings):
            continue
        before = sorted({host_of(other.value) for other in old if other.key == item.key and host_of(other.value)})
        if host in before:
            continue
        rule = "agent-endpoint-template" if _TEMPLATE.search(subject.path) else "agent-endpoint-changed"
        confidence = Confidence.HIGH if settings else Confidence.MEDIUM
        was = ", ".join(before) or "the tool's own default"
        yield subject.rules.finding(
            rule, _where(subject, item), f"{item.dotted}={host}", confidence=confidence,
            key=item.key, before=was, after=host, evidence=(f"{item.dotted}: {was} -> {host}",),
        )  # fmt: skip


def _commands(subject: Subject, fresh: list[Setting]) -> Iterator[Outcome]:
    """Commands that start on their own: hooks, key helpers, status lines, MCP servers."""
    editor = (
        ".vscode/" in subject.path or splitext(subject.path)[1] == ".code-workspace" or "devcontainer" in subject.path
    )
    seen: set[str] = set()
    for item in fresh:
        parts = [part.lower() for part in item.path]
        if item.key == "apiKeyHelper":
            what = "a command that supplies the key"
        elif "hooks" in parts[:-1] and parts[-1] in ("command", "bash", "powershell", "url", "prompt"):
            what = "a command that runs at the agent's events"
        elif item.key in ("statusLine", "awsAuthRefresh", "otelHeadersHelper", "notify") or (
            parts[0] == "statusline" and parts[-1] == "command"
        ):
            what = "a command that the agent runs"
        elif parts[-1] == "command" and any("mcp" in part for part in parts[:-1]) and not editor:
            what = "a tool server that the agent starts"
        elif item.key == "enableAllProjectMcpServers" and item.value == "true":
            what = "consent to every tool server of the project"
        else:
            continue
        if item.value in seen:
            continue
        seen.add(item.value)
        certain = "mcp" not in item.dotted.lower() and "tool server" not in what
        yield subject.rules.finding(
            "agent-hook-added", _where(subject, item), f"{item.dotted}={item.value}", what=what,
            confidence=None if certain else Confidence.MEDIUM, evidence=(f"{item.dotted}: {item.value[:200]}",),
        )  # fmt: skip


def _permissions(subject: Subject, fresh: list[Setting]) -> Iterator[Outcome]:
    for item in fresh:
        parts = [part.lower() for part in item.path]
        wide = "allow" in parts and (_WIDE.match(item.value) is not None)
        mode = parts[-1:] != [] and parts[-1] in (
            "defaultmode",
            "sandbox_mode",
            "approval_policy",
            "approval_mode",
            "approvalmode",
        )
        if (
            wide
            or (mode and item.value.lower() in _MODES)
            or (item.key in ("autoApprove", "alwaysAllow") and item.value in ("*", "true"))
        ):
            yield subject.rules.finding(
                "agent-permissions-widened", _where(subject, item), f"{item.dotted}={item.value}",
                value=f"{item.dotted} = {item.value[:80]}",
            )  # fmt: skip
    for item in fresh:
        if (
            item.key in ("skipDangerousModePermissionPrompt", "dangerouslySkipPermissions", "yolo", "yes-always")
            and item.value == "true"
        ):
            yield subject.rules.finding(
                "agent-permissions-widened",
                _where(subject, item),
                f"{item.dotted}={item.value}",
                value=f"{item.dotted} = true",
            )


def _attribution(subject: Subject, fresh: list[Setting]) -> Iterator[Outcome]:
    for item in fresh:
        dotted = item.dotted.lower()
        for key, values in _SILENT.items():
            if (dotted == key or dotted.endswith("." + key)) and item.value.lower() in values:
                yield subject.rules.finding(
                    "attribution-silenced", _where(subject, item), f"{item.dotted}={item.value}", key=item.dotted
                )
                break
