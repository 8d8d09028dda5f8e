"""Weakenings: a guard, decorator, check or constant-time comparison that base had and head has not, or that stops less.

A guard is lost when the symbol that held it still stands and nothing of its kind took its place there. Where the whole
symbol went, the guarded code went with it. A guard that turns up in another symbol is lost in the first one, unless the
first one now calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Guards, Rules
from trustgate.analyzers.boundaries.weakening import looser
from trustgate.analyzers.boundaries.weakening.body import Body, Lost, guards_in
from trustgate.analyzers.boundaries.weakening.gone import gone, kept_by_call, newly_called, rebound
from trustgate.analyzers.boundaries.weakening.looser import Looser
from trustgate.analyzers.boundaries.weakening.opened import opened
from trustgate.analyzers.boundaries.weakening.places import bodies_now, touched_symbols
from trustgate.analyzers.boundaries.weakening.refusals import refusals
from trustgate.analyzers.boundaries.weakening.shields import unwrapped
from trustgate.finding import Confidence, Finding
from trustgate.syntax.outline import Call, Span
from trustgate.syntax.words import wordset

CONSTANT_TIME = frozenset(
    {"compare_digest", "timingSafeEqual", "ConstantTimeCompare", "ConstantTimeEq", "hash_equals", "secure_compare"}
)
CONSTANT_TIME_CALLEES = ("MessageDigest.isEqual", "fixed_length_secure_compare", "constant_time_compare")
CONSTANT_TIME_WORDS = frozenset(
    ("constant time", "timing safe", "const time", "safe str", "secure compare", "safe compare")
)
"""words of a function of one's own that compares so"""
Told = tuple[Lost, Finding]
LOOSER = (
    looser.conditions,
    looser.order,
    looser.way_round,
    looser.hollowed,
    looser.swallowed,
    looser.decorators_swapped,
    opened,
    unwrapped,
)


def find_weakenings(delta: FileDelta, deltas: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    """Guards that a symbol had on the old side, and that it has not, or not as strong, on the new side."""
    old = delta.old
    if old is None or delta.new is None:
        return
    for name in sorted(touched_symbols(delta)):
        after = bodies_now(delta, deltas, name)
        if not after:
            continue
        before = Body.of(old, name)
        yield from _constant_time(before, after, deltas, rules)
        told: dict[tuple[Span, str], tuple[int, Finding]] = {}
        for guards in rules.guards:
            for lost, finding in (*_lost(before, after, deltas, guards), *_looser_ones(before, after, guards)):
                key = (lost.span, finding.message)
                weight = len(wordset(lost.text) & (guards.conditions | guards.nouns))
                if key not in told or told[key][0] < weight:  # a guard of two boundaries is told once, for the nearer
                    told[key] = (weight, finding)
        yield from (finding for _, finding in told.values())
        lines = {span.line for span, _ in told}
        for guards, lost in refusals(before, after, rules):
            if lost.span.line not in lines and not kept_by_call(lost, before, after, deltas, guards):
                yield _gone(before, guards, lost)


def _lost(before: Body, after: list[Body], deltas: Sequence[FileDelta], guards: Guards) -> Iterator[Told]:
    had = guards_in(before, guards)
    if not had:
        return
    has = [found for body in after for found in guards_in(body, guards)]
    for lost in gone(had, has):
        if not kept_by_call(lost, before, after, deltas, guards):
            item = lost if before.name else lost._replace(strength=Confidence.MEDIUM)
            yield lost, _gone(before, guards, item)
    for was, now in rebound(had, has):
        what = "is another function now"
        yield (
            was,
            _looser(
                before,
                after[0].side,
                guards,
                Looser(was.span, was.text, now.callee, now.span.line, what, Confidence.MEDIUM),
            ),
        )


def _looser_ones(before: Body, after: list[Body], guards: Guards) -> Iterator[Told]:
    for part in LOOSER:
        for item in part(before, after, guards):
            yield (
                Lost(item.span, item.was, frozenset(), "", item.strength),
                _looser(before, after[0].side, guards, item),
            )


def _gone(before: Body, guards: Guards, lost: Lost) -> Finding:
    old = before.side
    text = " ".join(lost.text.split())
    where = f" in {before.name}" if before.name else ""
    return guards.rule.finding(
        old.location(lost.span),
        old.symbol(lost.span.line),
        lost.text,
        evidence=(f"removed {lost.what}: {text[:120]}", f"words: {', '.join(sorted(lost.words))}"),
        confidence=min(lost.strength, guards.rule.confidence),
        message=f"The {lost.what} `{text[:100]}`{where} is gone, and nothing like it took its place.",
    )


def _looser(before: Body, new: SideDelta, guards: Guards, item: Looser) -> Finding:
    old = before.side
    was, now = " ".join(item.was.split())[:120], " ".join(item.now.split())[:120]
    where = f" in {before.name}" if before.name else ""
    return guards.rule.finding(
        old.location(item.span),
        old.symbol(item.span.line),
        f"{item.was} {item.what}",
        evidence=(f"was: {old.text.path}:{item.span.line} {was}", f"now: {new.text.path}:{item.line_now} {now}"),
        confidence=min(item.strength, guards.rule.confidence),
        message=f"The check `{was}`{where} {item.what}.",
    )


def _constant_time(before: Body, after: list[Body], deltas: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    rule = rules.named.get("constant-time-compare-removed")
    old = before.side
    if rule is None:
        return
    lost = [call for call in before.detail.calls if call.span.line in old.numbers and _is_constant_time(call)]
    if not lost:
        return
    bodies = (*after, *newly_called(before, after, deltas))
    if not any(_is_constant_time(call) for body in bodies for call in body.detail.calls):
        for call in lost:
            yield rule.finding(
                old.location(call.span), old.symbol(call.span.line), call.text, (f"removed: {call.text[:120]}",)
            )


def _is_constant_time(call: Call) -> bool:
    last = call.callee.rsplit(".", 1)[-1]
    return (
        last in CONSTANT_TIME
        or call.callee.endswith(CONSTANT_TIME_CALLEES)
        or not CONSTANT_TIME_WORDS.isdisjoint(wordset(last))
    )
