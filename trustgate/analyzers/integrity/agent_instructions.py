"""Files that coding agents obey: any edit is worth a line, and an instruction to get round review is a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.analyzers.context import Outcome
from trustgate.analyzers.integrity.languages import is_agent_instructions
from trustgate.analyzers.integrity.subject import Subject
from trustgate.changes.changeset import Status
from trustgate.finding import Confidence

_BYPASS = re.compile(
    r"(?i)(?P<flag>--no-verify\b|core\.hooksPath|HUSKY=0|SKIP=trustgate|PRE_COMMIT_ALLOW_NO_CONFIG|commit\s+-n\b)|"
    r"(?P<skip>\b(?:skip|bypass|disable|circumvent|work\s+around|get\s+(?:a)?round|turn\s+off|silence|evade)\s+"
    r"(?:\w+\s+){0,3}?(?:trustgate|gate|pre-?commit|hooks?|(?:code|human)\s+reviews?|reviewers?|security\s+(?:check|scan)\w*|"
    r"secret\s+scan\w*|branch\s+protection)\b)|"
    r"(?P<ignore>\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+)?(?:the\s+|your\s+)?(?:previous|prior|earlier|above|"
    r"system)\s+(?:instruction|prompt|rule|message|guideline)s?)|"
    r"(?P<hide>\b(?:do\s+not|don'?t|never)\s+(?:mention|tell|report|reveal|disclose|show|inform)\b[^.\n]{0,60}"
    r"\b(?:user|human|reviewer|reviewers|developer|maintainer)s?\b)|"
    r"(?P<trailer>\b(?:omit|remove|strip|drop|hide|do\s+not\s+(?:add|include|mention|write)|don'?t\s+(?:add|include|mention)|"
    r"never\s+(?:add|include|mention))\b[^.\n]{0,60}"
    r"\b(?:co-?authored-?by|assisted-?by|generated-?(?:by|with)|(?:ai|agent)\s+(?:attribution|trailer)|trailers?|attribution)\b)"
)
_NEGATED = re.compile(
    r"(?i)\b(?:never|not|don'?t|won'?t|can'?t|cannot|avoid|without|forbidden|prohibited|refuse|instead\s+of|no\s+need|"
    r"must\s*n[o']t|shouldn'?t|disallow\w*|ban(?:ned)?|block\w*|prevent\w*|detect\w*|flag\w*|reject\w*|unless|rather\s+than|if)\b[^.;\n]{0,80}\Z|❌[^\n]{0,80}\Z"
)
_NEGATED_AFTER = re.compile(
    r"(?i)\A[^.;\n]{0,60}\b(?:is|are)\s+(?:never|not|forbidden|prohibited|banned|blocked|disallowed)\b"
)
_QUOTED = re.compile(r"(?i)\b(?:e\.g\.|such\s+as|like|inject\w*|attack\w*|jailbreak\w*)[^.\n]{0,60}[\"'`“‘(]\Z")
"""an example of an attack, not an order"""
_PROHIBITION = re.compile(
    r"(?i)\b(?:never|do\s+not|don'?ts?|avoid|red\s+flags?|forbidden|prohibited|anti-?patterns?|bad|wrong|mistakes?|"
    r"rationali[sz]ations?|must\s+not|not\s+allowed|stop\s+if|violations?)\b"
)
LOOK_BACK = 25
"""lines above a list item in which its heading or lead-in is looked for"""
MAX_FINDINGS = 20


def check(subject: Subject) -> Iterator[Outcome]:
    if not is_agent_instructions(subject.path):
        return
    lines = list(subject.file.added())
    old, new = subject.file.old, subject.file.new
    known = frozenset(line.strip() for line in old.lines) if old else frozenset()
    first = lines[0] if lines else next(subject.file.removed(), None)
    location = subject.at(first) if first is not None else subject.whole
    words = {Status.ADDED: "added", Status.DELETED: "deleted"}.get(subject.file.change.status, "edited")
    if lines or first is not None or (old is None) != (new is None):
        yield subject.rules.finding(
            "agent-instructions-changed", location, subject.file.change.new_id, name=subject.name, words=words
        )
    count = 0
    for line in lines:
        if line.text.strip() in known:
            continue
        match = _BYPASS.search(line.text[:20_000])
        if match is None or count >= MAX_FINDINGS:
            continue
        kind = match.lastgroup or ""
        before, after = line.text[: match.start()], line.text[match.end() :]
        if kind in ("flag", "skip", "ignore") and (
            _NEGATED.search(before)
            or _NEGATED_AFTER.match(after)
            or _QUOTED.search(before)
            or _under_prohibition(new.lines if new else [], line.number)
        ):
            continue
        count += 1
        yield subject.rules.finding(
            "agent-instructions-bypass",
            subject.at(line, match.start(), match.end()),
            match[0],
            confidence=Confidence.MEDIUM if kind in ("trailer", "hide") else None,
            phrase=match[0][:80],
        )


def _under_prohibition(lines: list[str], number: int) -> bool:
    """Is the line an item of a list, or a row of a table, whose lead-in says `Never:` or the like?"""
    if not re.match(r"\s{0,20}(?:[-*+|]|\d{1,3}[.)])\s", lines[number - 1] if number <= len(lines) else ""):
        return False
    for above in reversed(lines[max(0, number - 1 - LOOK_BACK) : number - 1]):
        stripped = above.strip()
        if stripped.startswith("#") or stripped.rstrip("*_").endswith(":"):
            return _PROHIBITION.search(stripped) is not None
    return False
