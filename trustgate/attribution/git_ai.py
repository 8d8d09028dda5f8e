"""Notes of git-ai in `refs/notes/ai`: which session of which agent wrote which lines. Pure.

Format: git-ai standard 3.0.0 (`authorship/3.0.0`). A path at column 0, quoted where it holds a blank; below it entries
`  KEY 1-6,9`; a line `---`; then JSON with `prompts`, `sessions`, `humans`. Three kinds of keys: `s_…::t_…` (a
session), `h_…` (a person typed these lines), bare hex digits (`prompts`, older). No note names a provider, and none is
signed: whoever can push the ref can write one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

RANGE_LIMIT = 20_000
"""line ranges of one note"""
SESSION_LIMIT = 200
"""sessions and prompts of one note"""
NAME_LIMIT = 120
"""characters of an agent's or a model's name"""
_KEY = re.compile(r"(?P<session>s_[0-9a-f]{14})::t_[0-9a-f]{14}|(?P<human>h_[0-9a-f]{14})|(?P<prompt>[0-9a-f]{7,16})")
_SPAN = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


class Session(NamedTuple):
    tool: str
    model: str
    """as written; a placeholder where the recorder did not know"""


class Attested(NamedTuple):
    """Lines of a file as the commit has it."""

    path: str
    session: str
    """key of `sessions`; empty for lines that a person typed"""
    spans: tuple[tuple[int, int], ...]
    """1-based, inclusive"""


class GitAiNote(NamedTuple):
    lines: tuple[Attested, ...] = ()
    sessions: Mapping[str, Session] = {}
    """sessions and prompts that the JSON lists, or that lines name and the JSON does not (with empty names)"""
    fault: str = ""
    """what could not be read, in words; what could be is kept"""


def parse_note(data: bytes) -> GitAiNote:
    """Reads one note. Never raises: what is not in the format is a fault."""
    text = data.decode("utf-8", "replace")
    head, divider, tail = ("", "---", text[4:]) if text.startswith("---\n") else text.partition("\n---\n")
    lines, fault = _attested(head)
    listed: dict[str, Session] = {}
    if not divider:
        fault = fault or "it has no line `---`"
    else:
        try:
            listed = _listed(json.loads(tail))
        except (ValueError, RecursionError, TypeError):
            fault = fault or "what follows `---` is not the JSON of a note"
    for item in lines:
        if item.session:
            listed.setdefault(item.session, Session("", ""))
    return GitAiNote(lines, listed, fault)


def _attested(text: str) -> tuple[tuple[Attested, ...], str]:
    found: list[Attested] = []
    path, left, fault = "", RANGE_LIMIT, ""
    for line in text.split("\n"):
        if not line.strip():
            continue
        if not line.startswith("  "):
            path = _unquoted(line)
            continue
        key, _, spec = line.strip().partition(" ")
        match = _KEY.fullmatch(key)
        spans, whole = _spans(spec.strip(), left)
        if match is None or not path or not whole:
            fault = "a line of it is not `KEY LINES` below a path"
        left -= len(spans)
        if match is not None and path and spans:
            found.append(Attested(path, match["session"] or match["prompt"] or "", spans))
        if left <= 0:
            return tuple(found), f"it has over {RANGE_LIMIT} line ranges"
    return tuple(found), fault


def _unquoted(line: str) -> str:
    return line[1:-1] if len(line) > 1 and line[0] == line[-1] == '"' else line


def _spans(spec: str, limit: int) -> tuple[tuple[tuple[int, int], ...], bool]:
    """The ranges, and whether all of them could be read."""
    found: list[tuple[int, int]] = []
    parts = spec.split(",", limit)
    for part in parts[:limit]:
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            return tuple(found), False
        first = int(match[1])
        last = int(match[2] or first)
        if not 0 < first <= last:
            return tuple(found), False
        found.append((first, last))
    return tuple(found), len(parts) <= limit


def _listed(data: Any) -> dict[str, Session]:
    """Raises TypeError for JSON of another shape."""
    if not isinstance(data, dict):
        raise TypeError
    found: dict[str, Session] = {}
    for name in ("sessions", "prompts"):
        entries = data.get(name, {})
        if not isinstance(entries, dict):
            raise TypeError
        for key, entry in entries.items():
            agent = entry.get("agent_id") if isinstance(entry, dict) else None
            if isinstance(agent, dict) and len(found) < SESSION_LIMIT:
                found.setdefault(key[:NAME_LIMIT], Session(_text(agent.get("tool")), _text(agent.get("model"))))
    return found


def _text(value: object) -> str:
    return value[:NAME_LIMIT] if isinstance(value, str) else ""
