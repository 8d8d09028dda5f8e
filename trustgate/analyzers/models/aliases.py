"""Hosted models named by an alias: which weights answer can change without a change here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.models.place import at, confidence_at
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import FileView

_VARIABLE = re.compile(
    r"\b((?:ANTHROPIC(?:_DEFAULT_(?:OPUS|SONNET|HAIKU))?_MODEL|ANTHROPIC_SMALL_FAST_MODEL|CLAUDE_CODE_SUBAGENT_MODEL|OPENAI_MODEL|"
    r"GEMINI_MODEL))[\"']?\s{0,4}[:=]\s{0,4}[\"']?([A-Za-z][\w./:-]{2,80})"
)
_LATEST = re.compile(
    r"\bmodel(?:_name|_id)?[\"']?\s{0,4}[:=]\s{0,4}[\"']((?:claude|gpt|gemini|mistral|chatgpt)[\w.-]{0,60}-latest)[\"']"
)
_ALIAS = re.compile(r"(?:sonnet|opus|haiku|default|[\w./:-]{1,70}-latest)\Z")
_PROSE = (".md", ".rst", ".txt", ".mdx", ".adoc", ".snap")


def check(view: FileView, rules: RuleSet) -> Iterator[Outcome]:
    if view.path.lower().endswith(_PROSE):
        return
    sure = confidence_at(view)
    for line in view.added():
        text = line.text[:20_000]
        match = _VARIABLE.search(text)
        if match and _ALIAS.match(match[2]):
            yield rules.finding(
                "model-alias", at(view, line, match.start(2), match.end(2)), match[2], model=match[2], confidence=sure
            )
        elif found := _LATEST.search(text):
            yield rules.finding(
                "model-alias", at(view, line, found.start(1), found.end(1)), found[1], model=found[1], confidence=sure
            )
