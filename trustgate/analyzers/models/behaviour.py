"""What changes a model with equal weights: its own code, its chat template, its system prompt (MDL111, MDL112)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from posixpath import basename

from trustgate.analyzers.context import Context, Outcome
from trustgate.analyzers.models.place import at, confidence_at, is_modelfile
from trustgate.analyzers.models.weights import CODE, beside_weights
from trustgate.analyzers.rule import RuleSet
from trustgate.changes.changeset import Status
from trustgate.facts import ChangedLine, FileView, SideText
from trustgate.finding import Location, Side

_NAMES = frozenset(
    ("config.json", "tokenizer_config.json", "chat_template.jinja", "chat_template.json", "processor_config.json")
)
_INSTRUCTION = re.compile(r"^\s*(SYSTEM|TEMPLATE|ADAPTER|MESSAGE)\b(.*)$", re.IGNORECASE)
LIMIT = 8 * 1024 * 1024
"""characters of a JSON file that is read"""


def wanted(path: str) -> bool:
    name = basename(path).lower()
    return name in _NAMES or is_modelfile(path) or (name.endswith(".py") and name.startswith(CODE))


def check(context: Context, view: FileView, rules: RuleSet) -> Iterator[Outcome]:
    name = basename(view.path).lower()
    new, old = view.new, view.old
    if new is None:
        return
    if name.endswith(".py"):
        if view.change.status is Status.ADDED and beside_weights(context, view.path):
            what = f"`{basename(view.path)[:80]}` stands beside weights, for a loader that trusts remote code"
            yield rules.finding(
                "model-code-added", Location(view.path), view.path, what=what, confidence=confidence_at(view)
            )
    elif is_modelfile(view.path):
        yield from _modelfile(view, new, old, rules)
    elif name == "chat_template.jinja":
        if old is not None:
            yield _changed(view, rules, "the chat template", "chat_template")
    elif name == "config.json":
        if '"auto_map"' in new.text and (old is None or '"auto_map"' not in old.text):
            line = _line(view, "auto_map")
            what = "`auto_map` names classes in files beside the weights"
            where = at(view, line) if line is not None else Location(view.path)
            yield rules.finding("model-code-added", where, "auto_map", what=what, confidence=confidence_at(view))
    elif old is not None and "chat_template" in f"{old.text}{new.text}":
        before, after = _template(old), _template(new)
        if before != after:
            yield _changed(view, rules, "the chat template", "chat_template")


def _template(side: SideText) -> object:
    if len(side.text) > LIMIT:
        return None
    try:
        table = json.loads(side.text)
    except (ValueError, RecursionError):
        return side.text
    return table.get("chat_template") if isinstance(table, dict) else None


def _modelfile(view: FileView, new: SideText, old: SideText | None, rules: RuleSet) -> Iterator[Outcome]:
    if old is None:
        return
    before, after = _instructions(old), _instructions(new)
    for word in ("SYSTEM", "TEMPLATE", "ADAPTER", "MESSAGE"):
        if before.get(word, "") != after.get(word, ""):
            yield _changed(view, rules, f"`{word}`", word)


def _instructions(side: SideText) -> dict[str, str]:
    """Text of each instruction, block strings included."""
    found: dict[str, str] = {}
    word, inside = "", False
    for line in side.lines:
        match = None if inside else _INSTRUCTION.match(line)
        if match is not None:
            word = match[1].upper()
            found[word] = f"{found.get(word, '')}\n{match[2].strip()}"
            inside = match[2].count('"""') % 2 == 1
        elif inside:
            found[word] = f"{found[word]}\n{line}"
            inside = line.count('"""') % 2 == 0
    return found


def _changed(view: FileView, rules: RuleSet, what: str, needle: str) -> Outcome:
    line = _line(view, needle)
    where = at(view, line) if line is not None else Location(view.path)
    return rules.finding("model-template-changed", where, what, what=what, confidence=confidence_at(view))


def _line(view: FileView, needle: str) -> ChangedLine | None:
    """The changed line with a word, else the first changed line."""
    lines = [*view.added(), *view.removed()]
    named = [line for line in lines if needle.lower() in line.text.lower() and line.side is Side.NEW]
    return next(iter(named or lines), None)
