"""Values that passed through a protecting function and no longer do: `escape(name)` that became `name`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.rules import Guards
from trustgate.analyzers.boundaries.sinks import is_sink
from trustgate.analyzers.boundaries.values import pattern
from trustgate.analyzers.boundaries.weakening.body import Body
from trustgate.analyzers.boundaries.weakening.gone import folded
from trustgate.analyzers.boundaries.weakening.looser import Looser
from trustgate.analyzers.boundaries.weakening.places import grew
from trustgate.finding import Confidence
from trustgate.syntax.outline import Call
from trustgate.syntax.words import wordset

SHORT = 2
"""characters of a value that are too few to find it again by"""
CONTEXT = 10
"""characters beside the call by which its place is known again"""
VAGUE = frozenset(
    ("clean", "remove", "omit", "exclude", "strip", "filter", "mask", "hide", "encrypt", "sanitize", "sanitise")
)
"""what may be done to anything; counts where the call names something of the boundary"""
NO_NAME = r"[\"'`/\[{(0-9]|[rbuf]{1,2}[\"']"
"""how a literal begins"""


def unwrapped(before: Body, after: Sequence[Body], guards: Guards) -> Iterator[Looser]:
    """Calls of such a function on changed lines, where the value stands bare now and no other shield came."""
    if not guards.shields or not before.side.numbers:
        return
    had = [call for call in before.detail.calls if _shield(call, guards) and before.holds(call.span.line)]
    lost = [call for call in had if before.side.changed(call.span) and not call.statement and not is_sink(call)]
    if not lost or grew(before, after):
        return
    has = [call for body in after for call in body.detail.calls if _shield(call, guards)]
    known = {call.callee for call in had}
    if any(call.callee not in known for call in has):
        return
    left = Counter(folded(call.callee) for call in has)
    many = Counter(folded(call.callee) for call in had)
    for call in lost:
        name = folded(call.callee)
        value = _value(call)
        if left[name] >= many[name] or len(value) <= SHORT or not _concerned(call, guards):
            continue
        for body in after:
            line = _bare(before, call, body, value)
            if line:
                now = body.side.text.line(line)
                what = f"is gone, and `{value[:60]}` is used as it comes"
                yield Looser(call.span, call.text, now, line, what, Confidence.MEDIUM)
                return


def _shield(call: Call, guards: Guards) -> bool:
    return bool(wordset(call.callee.rsplit(".", 1)[-1]) & guards.shields)


def _concerned(call: Call, guards: Guards) -> bool:
    """Whether the call is about the boundary; escaping always is, while masking or filtering can be of anything."""
    return not guards.shields & VAGUE or not wordset(call.callee) & VAGUE or bool(wordset(call.text) & guards.nouns)


def _value(call: Call) -> str:
    """What was protected: the first argument that is no literal, else what the method is called on."""
    for argument in call.arguments:
        text = folded(argument.value)
        if pattern(NO_NAME).match(text) is None:
            return text
    owner, _, _ = call.callee.rpartition(".")
    return folded(owner) if not call.arguments else ""


def _bare(before: Body, call: Call, body: Body, value: str) -> int:
    """The first changed line of the new body on which the value stands where the call stood; 0 if there is none.

    The same place is known by what stands before or behind it, or by `x = f(x)` being gone with `x` still in use.
    """
    old, new = before.side, body.side
    lines = range(max(call.span.line - 1, 1), call.span.end_line + 2)
    text = folded("".join(old.text.line(n) for n in lines))
    head, found, tail = text.partition(folded(call.text))
    if not found:
        return 0
    wanted = [f"{head[-CONTEXT:]}{value}", f"{value}{tail[:CONTEXT]}"]
    own = [n for n in sorted(new.numbers) if body.holds(n) and any(a <= n <= b for a, b in body.ranges)]
    for number in own:
        here = folded("".join(new.text.line(n) for n in (number - 1, number, number + 1)))
        if any(len(item) > len(value) + 5 and item in here for item in wanted) and value in folded(
            new.text.line(number)
        ):
            return number
    if head.endswith((f"{value}=", f"{value}:=")) and value in body.folded:
        return body.ranges[0][0] if body.ranges else 0
    return 0
