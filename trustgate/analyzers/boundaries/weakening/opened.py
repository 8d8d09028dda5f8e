"""Conditions that let something happen and are gone or shorter, while what they let happen still stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.rules import Guards
from trustgate.analyzers.boundaries.weakening.body import Body, condition_words
from trustgate.analyzers.boundaries.weakening.gone import folded
from trustgate.analyzers.boundaries.weakening.looser import Looser
from trustgate.analyzers.boundaries.weakening.places import grew
from trustgate.finding import Confidence
from trustgate.syntax.outline import Span
from trustgate.syntax.reach import Condition
from trustgate.syntax.words import wordset

PROTECTING = frozenset(
    (
        *("raise", "throw", "fail", "error", "abort", "deny", "reject", "forbidden", "panic", "exception", "err"),
        *("pop", "remove", "del", "delete", "clear", "none", "null", "strip", "redact", "mask", "escape", "sanitize"),
        *("verify", "validate", "check", "ensure", "require", "assert", "warn", "warning", "redirect", "revoke"),
    )
)
"""words of a branch that guards"""


def opened(before: Body, after: Sequence[Body], guards: Guards) -> Iterator[Looser]:
    """`if can_edit(user): save()` that became `save()`, and `if user and can_edit(user)` that became `if user`."""
    if not before.name or grew(before, after):
        return
    wanted = [c for c in before.reach.conditions if not c.leaves and condition_words(c.text, guards)]
    wanted = [c for c in wanted if not _protects(before, c)]
    if not wanted:
        return
    known = {folded(item.text) for item in before.reach.conditions}
    for body in after:
        now = {folded(item.text): item for item in body.reach.conditions}
        fresh = [item for text, item in now.items() if text not in known]
        lines = _lines(body)
        for was in wanted:
            if folded(was.text) in now or not _on_changed_line(before, was):
                continue
            shorter = next((item for item in fresh if _shorter(was, item, guards)), None)
            if shorter is not None:
                span = Span(was.line, 0, was.line, 10_000)
                yield Looser(span, was.text, shorter.text, shorter.line, "asks less", Confidence.MEDIUM)
                return
            first = _stands(before, was, lines)
            if first and not any(condition_words(item.text, guards) for item in fresh):
                text = body.side.text.line(first)
                span = Span(was.line, 0, was.line, 10_000)
                what = "is gone, and what it let happen always happens"
                yield Looser(span, was.text, text, first, what, Confidence.MEDIUM)
                return


def _protects(body: Body, condition: Condition) -> bool:
    """Whether the branch itself turns away or takes out: a wider condition then protects more."""
    text = " ".join(
        body.side.text.line(n) for n in range(condition.line + 1, min(condition.last, condition.line + 40) + 1)
    )
    return not wordset(text).isdisjoint(PROTECTING)


def _on_changed_line(body: Body, condition: Condition) -> bool:
    return condition.line in body.side.numbers and body.holds(condition.line)


def _shorter(was: Condition, now: Condition, guards: Guards) -> bool:
    """Whether terms joined by `and` went, and one of them spoke of the boundary."""
    before, after = set(was.terms), set(now.terms)
    if was.operator != "and" or now.operator == "or" or not after < before:
        return False
    return any(condition_words(term, guards) for term in before - after)


def _lines(body: Body) -> dict[str, int]:
    return {
        folded(body.side.text.line(n)): n for first, last in reversed(body.ranges) for n in range(last, first - 1, -1)
    }


def _stands(body: Body, condition: Condition, lines: dict[str, int]) -> int:
    """The new line of what the condition's branch begins with, if the whole branch stands there; else 0."""
    branch = [folded(body.side.text.line(n)) for n in range(condition.first, condition.last + 1)]
    branch = [text for text in branch if text.strip("{}();")]
    return lines[branch[0]] if branch and all(text in lines for text in branch) else 0
