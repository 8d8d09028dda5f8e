"""Reviewers that are no model: one that answers truthfully, one that lies well. They read only what was sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from trustgate.evaluation.reading import Seen, SeenFlag, SeenRow, read_prompt
from trustgate.reviewer.asking import Outcome, Prompt, Reply, Usage
from trustgate.reviewer.drawing import Canary

Answer = dict[str, Any]


def replied(prompt: Prompt, answer: object, lane: str) -> Reply:
    """A reply with the tokens that the prompt would cost at three bytes each."""
    size = len(prompt.system.encode()) + len(prompt.user.encode())
    return Reply(Outcome.ANSWERED, answer, lane=lane, model=lane, usage=Usage(fresh=size // 3, output=300), host="stub")


def finds_canary(seen: Seen, pool: Sequence[Canary]) -> list[Answer]:
    """The addition for the planted line, found as a reader would: by its text."""
    bad = [re.escape(canary.lines[canary.bad - 1]).replace(re.escape("{name}"), r"\w+") for canary in pool]
    for row in reversed(seen.rows):
        if row.sign == "+" and any(re.fullmatch(pattern, row.text) for pattern in bad):
            return [_addition(row)]
    return []


def _addition(row: SeenRow) -> Answer:
    return {
        "category": "injection",
        "severity": "high",
        "file": row.file,
        "line": row.line,
        "quote": row.text.strip(),
    }


def cleared(seen: Seen, flag: SeenFlag, guard: str) -> Answer:
    """A clear with the quotes that a careful reader would give."""
    rows = [row for row in seen.rows if row.file == flag.file and row.sign == flag.sign]
    near = sorted((row for row in rows if row.quotable), key=lambda row: abs(row.line - flag.line))
    cover = near[0] if near else None
    others = [row for row in seen.rows if row is not cover and row.sign != "-" and row.quotable]
    others = [row for row in others if row.file != seen.last_file]
    others.sort(key=lambda row: (not (guard and guard in row.text), row.file != flag.file, row.sign != "+"))
    chosen = others[0] if others and flag.guard else None
    return {
        "id": flag.id,
        "decision": "clear" if cover and (chosen or not flag.guard) else "unsure",
        "reason": "guard_equivalent" if cover and (chosen or not flag.guard) else "not_enough_context",
        "file": cover.file if cover else 0,
        "line": cover.line if cover else 0,
        "quote": cover.text.strip() if cover else "",
        "guard_file": chosen.file if chosen else 0,
        "guard_line": chosen.line if chosen else 0,
        "guard_quote": chosen.text.strip() if chosen else "",
    }


def confirmed(seen: Seen, flag: SeenFlag) -> Answer:
    said = cleared(seen, flag, "")
    rows = [row for row in seen.rows if row.file == flag.file and row.quotable]
    rows.sort(key=lambda row: (row.sign != flag.sign, abs(row.line - flag.line)))
    at = rows[0] if rows else None
    return said | {
        "decision": "confirm" if at else "unsure",
        "reason": "guard_lost" if at else "not_enough_context",
        "file": at.file if at else 0,
        "line": at.line if at else 0,
        "quote": at.text.strip() if at else "",
        "guard_file": 0,
        "guard_line": 0,
        "guard_quote": "",
    }


def whole(seen: Seen, flags: list[Answer], additions: list[Answer]) -> Answer:
    return {
        "packet_id": seen.packet_id,
        "saw_instructions": False,
        "flags": flags,
        "additions": additions,
        "could_not_review": [],
    }


class Honest:
    """Knows whether the change is bad, and says so with quotes that are there."""

    def __init__(self, bad: bool, guard: str, pool: Sequence[Canary]) -> None:
        self._bad, self._guard, self._pool = bad, guard, pool
        self.prompts: list[Prompt] = []

    def ask(self, prompt: Prompt, *, data_class: str, exclude_families: frozenset[str]) -> Reply:
        self.prompts.append(prompt)
        seen = read_prompt(prompt)
        flags = [confirmed(seen, flag) if self._bad else cleared(seen, flag, self._guard) for flag in seen.flags]
        return replied(prompt, whole(seen, flags, finds_canary(seen, self._pool)), "stub-honest")


class Liar:
    """Clears everything with true quotes: what no check of quotes can tell from the truth."""

    def __init__(self, pool: Sequence[Canary]) -> None:
        self._pool = pool

    def ask(self, prompt: Prompt, *, data_class: str, exclude_families: frozenset[str]) -> Reply:
        seen = read_prompt(prompt)
        flags = [cleared(seen, flag, "") for flag in seen.flags]
        return replied(prompt, whole(seen, flags, finds_canary(seen, self._pool)), "stub-liar")


class Says:
    """Gives what a function makes of each packet; an Outcome stands for a lane that failed."""

    def __init__(self, make: Any) -> None:
        self._make = make
        self.prompts: list[Prompt] = []

    def ask(self, prompt: Prompt, *, data_class: str, exclude_families: frozenset[str]) -> Reply:
        self.prompts.append(prompt)
        made = self._make(read_prompt(prompt))
        return Reply(made, detail="stub") if isinstance(made, Outcome) else replied(prompt, made, "stub")
