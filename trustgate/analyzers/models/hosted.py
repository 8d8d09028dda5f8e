"""Hosted models by an alias or an undated name: in variables, settings, calls and command lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.models.hit import Hit, in_comment
from trustgate.analyzers.models.names import hosted_state
from trustgate.analyzers.models.place import Form, form_of
from trustgate.analyzers.models.words import LINE, lines_with
from trustgate.facts import SideText

CATALOGUE = 8
"""different hosted models in one file: it lists what there is and chooses none"""
_VALUE = r"[\"'`]?(?P<value>[A-Za-z][\w./:@\[\]-]{1,90})[\"'`]?(?=[\s,;)}\]]|$)"
_KEYED = re.compile(rf"(?P<key>[A-Za-z][\w.-]{{0,60}})[\"']?\s{{0,6}}(?::=|[:=])\s{{0,6}}{_VALUE}")
_MODEL_KEY = re.compile(r"(?i)model(?:[_-]?(?:name|id))?\Z|\A[A-Z_]*MODEL[A-Z_]*\Z")
_CALL = re.compile(
    r"\b(?:anthropic|openai|google|vertex|mistral|xai|deepseek|azure|bedrock|openrouter|gateway|groq|init_chat_model|get_model|"
    r"GenerativeModel|ChatOpenAI|ChatAnthropic|encoding_for_model)(?:\.(?:chat|languageModel|responses|get_model))?"
    rf"\(\s*{_VALUE}"
)
_FLAG = re.compile(
    rf"\b(?:claude|codex|aider|gemini|llm|opencode|goose|crush|qwen|cursor-agent|amp|copilot)\b[^|;&\n]{{0,200}}?\s(?:--model|-m)[=\s]{_VALUE}"
)
_FAMILY = re.compile(r"(?i)\A(?:ANTHROPIC|CLAUDE)_|\Amodel\Z|sonnet|opus|haiku")
_AGENT = re.compile(
    r"(?i)(?:^|/)(?:\.claude/|\.mcp|\.aider|\.codex/|opencode|\.opencode/|\.?crush|\.continue/|\.gemini/|\.cursor/|\.goose/)|claude[\w.-]{0,40}\.ya?ml\Z"
)
_FAMILIES = (
    *(
        "claude-",
        "gpt-",
        "gemini-",
        "sonnet",
        "opus",
        "haiku",
        "-latest",
        "codex",
        "grok-",
        "o1",
        "o3",
        "o4-mini",
        "command-",
        "sonar",
        "best",
    ),
    *("CLAUDE-", "GPT-", "mistral-", "codestral-"),
)
_COMMENT = ("#", "//", "*", "/*", "--", "<!--")


def scan(side: SideText) -> Iterator[Hit]:
    form = form_of(side.path)
    if form is Form.PROSE:
        return
    found: list[Hit] = []
    seen: set[str] = set()
    for number in lines_with(side.text, _FAMILIES):
        line = side.line(number)[:LINE]
        if "odel" not in line and "ODEL" not in line and "(" not in line and " -m" not in line:
            continue
        if line.lstrip(' "').startswith(_COMMENT):
            continue
        for match, named in _matches(line, side.path, form):
            value = match["value"]
            state = hosted_state(value)
            if not state:
                continue
            seen.add(value)
            if state == "dated" or not named:
                continue
            rule = "model-alias" if state == "alias" else "undated-model"
            if form is Form.CODE and in_comment(side, number, match.start("value")):
                continue
            found.append(Hit(rule, value, number, number, *match.span("value"), slots=(("model", value),)))
    if len(seen) <= CATALOGUE:
        yield from found


def _matches(line: str, path: str, form: Form) -> Iterator[tuple[re.Match[str], bool]]:
    """Candidates, and whether what they stand in is the choice of a model."""
    taken: set[int] = set()
    for match in _KEYED.finditer(line):
        if _MODEL_KEY.search(match["key"]):
            family = match["value"].lower() in ("sonnet", "opus", "haiku", "opusplan", "best", "fable", "sonnet[1m]")
            if family and not (_FAMILY.search(match["key"]) and (match["key"].isupper() or _AGENT.search(path))):
                continue
            taken.add(match.start("value"))
            yield match, True
    for pattern in (_CALL, _FLAG) if form is not Form.SHELL else (_FLAG,):
        for match in pattern.finditer(line):
            if match.start("value") not in taken:
                taken.add(match.start("value"))
                yield match, True
