"""Weakenings: a guard, decorator, safe argument or constant-time comparison that base had and head has not.

A guard is lost when the symbol that held it still stands and nothing of its kind took its place there. Where the whole
symbol went, the guarded code went with it. A guard that turns up in another symbol is lost in the first one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Guards, Rules
from trustgate.finding import Confidence, Finding
from trustgate.syntax.outline import Call, Detail, Guard, Scope, Span
from trustgate.syntax.words import wordset

CONSTANT_TIME = frozenset(
    {"compare_digest", "timingSafeEqual", "ConstantTimeCompare", "ConstantTimeEq", "hash_equals", "secure_compare"}
)
CONSTANT_TIME_CALLEES = ("MessageDigest.isEqual", "fixed_length_secure_compare", "constant_time_compare")


class Lost(NamedTuple):
    span: Span
    text: str
    words: frozenset[str]
    """the boundary words that make it a guard"""
    what: str
    """decorator, check or early exit"""
    strength: Confidence


def find_weakenings(delta: FileDelta, deltas: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    """Guards that a symbol had on the old side, and that it has not on the new side, wherever it stands there now."""
    old = delta.old
    if old is None or delta.new is None:
        return
    for name in sorted(_touched(delta)):
        places = _places(delta, deltas, name)
        if not places:
            continue
        before = Body.of(old, name)
        after = [Body.of(side, name) for side in places]
        for guards in rules.guards:
            had = _guards_in(before, guards)
            if not had:
                continue
            has = [found for body in after for found in _guards_in(body, guards)]
            for lost in _gone(had, has):
                yield _finding(old, guards, lost if name else lost._replace(strength=Confidence.MEDIUM), name)
        yield from _constant_time(before, after, rules)


def _touched(delta: FileDelta) -> frozenset[str]:
    """Names of the innermost functions or classes in which either side has changed lines; empty for the module."""
    names = set()
    for side in delta.sides:
        for number in side.numbers:
            names.add(side.symbol_at(number))
    return frozenset(names)


def _places(delta: FileDelta, deltas: Sequence[FileDelta], name: str) -> list[SideDelta]:
    """The new sides where the symbol stands now: its own file first, else files of the same language it moved to."""
    if delta.new is not None and (not name or name in delta.new.symbols):
        return [delta.new]
    others = (other.new for other in deltas if other is not delta and other.language == delta.language)
    return [side for side in others if side is not None and name in side.symbols]


class Body(NamedTuple):
    """What a symbol holds on one side."""

    side: SideDelta
    name: str
    scopes: tuple[Scope, ...]
    detail: Detail

    @classmethod
    def of(cls, side: SideDelta, name: str) -> Body:
        """The body of the symbol; of the module (no name), only its changed lines."""
        if not name:
            ranges = [(number, number) for number in sorted(side.numbers) if not side.symbol_at(number)]
            return cls(side, name, (), side.outline.detail(ranges))
        scopes = side.symbols.get(name, ())
        return cls(side, name, scopes, side.outline.detail((scope.start, scope.end) for scope in scopes))

    def holds(self, line: int) -> bool:
        """Whether the line is the symbol's own, and not that of a function inside it that nobody may call."""
        return not self.scopes or self.side.symbol_at(line) in (self.name, "")


def _guards_in(body: Body, guards: Guards) -> list[Lost]:
    outline = body.side.outline
    degraded = outline.degraded and not outline.imports
    found = [*_calls(body.detail, guards, degraded), *_exits(body.detail, guards)]
    found = [item for item in found if body.holds(item.span.line)]
    for scope in body.scopes:
        found += _markers(scope, guards)
    return found


def _gone(had: list[Lost], has: list[Lost]) -> Iterator[Lost]:
    """What was there and is not: neither the same text, nor a new guard of the same kind or with the same words."""
    texts = {_folded(item.text) for item in has}
    before = {_folded(item.text) for item in had}
    fresh = [item for item in has if _folded(item.text) not in before]
    for item in had:
        if _folded(item.text) in texts:
            continue
        if item.what == "decorator" and any(other.what == "decorator" for other in has):
            continue
        if any(other.words & item.words for other in fresh):
            continue
        yield item


def _folded(text: str) -> str:
    return "".join(text.split())


def _finding(old: SideDelta, guards: Guards, lost: Lost, name: str) -> Finding:
    text = " ".join(lost.text.split())
    where = f" in {name}" if name else ""
    return guards.rule.finding(
        old.location(lost.span),
        old.symbol(lost.span.line),
        lost.text,
        evidence=(f"removed {lost.what}: {text[:120]}", f"words: {', '.join(sorted(lost.words))}"),
        confidence=min(lost.strength, guards.rule.confidence),
        message=f"The {lost.what} `{text[:100]}`{where} is gone, and nothing like it took its place.",
    )


def _markers(scope: Scope, guards: Guards) -> Iterator[Lost]:
    for marker in scope.markers:
        key = marker.name.rsplit(".", 1)[-1].replace("_", "").lower()
        if key in guards.markers:
            yield Lost(marker.span, marker.text, frozenset({key}), "decorator", Confidence.HIGH)


def _calls(detail: Detail, guards: Guards, degraded: bool) -> Iterator[Lost]:
    """Calls whose value nobody uses and whose name is a verb and a noun of the boundary: `require_admin(user)`."""
    for call in detail.calls:
        words = _guard_words(call, guards) if call.statement else frozenset()
        if words:
            yield Lost(call.span, call.text, words, "check", Confidence.MEDIUM if degraded else Confidence.HIGH)


def _guard_words(call: Call, guards: Guards) -> frozenset[str]:
    words = wordset(call.callee.rsplit(".", 1)[-1])
    if not words & guards.verbs:
        return frozenset()
    return words & guards.nouns or words & guards.conditions


def _exits(detail: Detail, guards: Guards) -> Iterator[Lost]:
    """`if not user.is_admin: raise`: an early exit whose condition speaks of the boundary."""
    for guard in detail.guards:
        words = _condition_words(guard, guards)
        if words:
            strength = Confidence.HIGH if guard.exit in ("raise", "throw", "abort", "assert") else Confidence.MEDIUM
            span = guard.span._replace(end_line=guard.header_end, end_column=10_000)
            yield Lost(span, guard.condition, words, "early exit", strength)


def _condition_words(guard: Guard, guards: Guards) -> frozenset[str]:
    words = wordset(guard.condition.removeprefix("assert"))
    found = words & guards.conditions
    if words & guards.verbs:
        found |= words & guards.nouns
    return found


def _constant_time(before: Body, after: list[Body], rules: Rules) -> Iterator[Finding]:
    rule = rules.named.get("constant-time-compare-removed")
    if rule is None or any(_is_constant_time(call) for body in after for call in body.detail.calls):
        return
    old = before.side
    for call in before.detail.calls:
        if _is_constant_time(call) and call.span.line in old.numbers:
            yield rule.finding(
                old.location(call.span), old.symbol(call.span.line), call.text, (f"removed: {call.text[:120]}",)
            )


def _is_constant_time(call: Call) -> bool:
    return call.callee.rsplit(".", 1)[-1] in CONSTANT_TIME or call.callee.endswith(CONSTANT_TIME_CALLEES)
