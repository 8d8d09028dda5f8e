"""Guards that base had and head has not, by their text, their words, and what the symbol calls instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Guards
from trustgate.analyzers.boundaries.weakening.body import Body, Lost, guards_in


def gone(had: list[Lost], has: list[Lost]) -> Iterator[Lost]:
    """What was there and is not: neither the same text, nor a new guard of the same kind or with the same words."""
    texts = {folded(item.text) for item in has}
    before = {folded(item.text) for item in had}
    fresh = [item for item in has if folded(item.text) not in before]
    for item in had:
        if folded(item.text) in texts:
            continue
        if item.what == "decorator" and any(other.what == "decorator" for other in has):
            continue
        if any(other.words & item.words for other in fresh):
            continue
        yield item


def rebound(had: list[Lost], has: list[Lost]) -> Iterator[tuple[Lost, Lost]]:
    """Checks that read the same and now call another function, since the name is imported from elsewhere."""
    for item in had:
        same = [other for other in has if other.what == item.what and folded(other.text) == folded(item.text)]
        if item.callee and same and all(other.callee != item.callee for other in same):
            yield item, same[0]


def kept_by_call(lost: Lost, before: Body, after: Sequence[Body], deltas: Sequence[FileDelta], guards: Guards) -> bool:
    """Whether the symbol now calls a function of the change that holds such a guard: it was extracted, not lost."""
    if lost.what == "call" and _called_elsewhere(lost.callee.rsplit(".", 1)[-1], deltas):
        return True
    return any(
        item.words & lost.words for body in newly_called(before, after, deltas) for item in guards_in(body, guards)
    )


def newly_called(before: Body, after: Sequence[Body], deltas: Sequence[FileDelta]) -> Iterator[Body]:
    """Functions of the change that the symbol calls now and did not call before: what was extracted stands there."""
    known = {call.callee for call in before.detail.calls}
    for body in after:
        for call in body.detail.calls:
            if call.callee in known or not body.holds(call.span.line):
                continue
            name = call.callee.rsplit(".", 1)[-1]
            for side in _sides(deltas):
                yield from (Body.of(side, symbol) for symbol in side.symbols if symbol.rsplit(".", 1)[-1] == name)


def _called_elsewhere(name: str, deltas: Sequence[FileDelta]) -> bool:
    """Whether the change calls such a function in another place: what it does there it need not do here."""
    calls = (call for side in _sides(deltas) for call in side.detail.calls if side.changed(call.span))
    return any(call.callee.rsplit(".", 1)[-1] == name for call in calls)


def _sides(deltas: Sequence[FileDelta]) -> Iterator[SideDelta]:
    for delta in deltas:
        if delta.new is not None:
            yield delta.new


def folded(text: str) -> str:
    return "".join(text.split())
