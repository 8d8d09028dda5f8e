"""Guards that still stand and stop less: a looser condition, another order, a way round them, an empty body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.rules import Guards
from trustgate.analyzers.boundaries.sinks import is_sink
from trustgate.analyzers.boundaries.weakening.body import STOPPING, Body, Lost, condition_words, guards_in, named_guard
from trustgate.analyzers.boundaries.weakening.gone import folded
from trustgate.finding import Confidence
from trustgate.record import NamedTuple
from trustgate.syntax.outline import Call, Marker, Span
from trustgate.syntax.reach import NEVER, Condition
from trustgate.syntax.words import wordset

DENIALS = frozenset(
    (
        *(
            "error",
            "abort",
            "deny",
            "denied",
            "forbidden",
            "unauthorized",
            "redirect",
            "login",
            "none",
            "false",
            "null",
        ),
        *("nil", "err", "reject", "invalid", "bad", "401", "403", "400", "404", "fail", "failed", "not", "undefined"),
        *("exception", "status", "response", "empty"),
    )
)
"""words of a return that turns somebody away"""
INERT = frozenset(
    ("lock", "unlock", "close", "stop", "start", "begin", "end", "flush", "defer", "super", "next", "wait")
)
"""words of calls that an order of statements may change round a check"""
SWITCHES = frozenset(("debug", "dev", "test", "testing", "skip", "bypass", "disable", "disabled", "legacy", "insecure"))


class Looser(NamedTuple):
    """A guard that stops less than before."""

    span: Span
    was: str
    now: str
    line_now: int
    what: str
    """the sentence's middle: `asks less`, `comes after …`"""
    strength: Confidence


def conditions(before: Body, after: Sequence[Body], guards: Guards) -> Iterator[Looser]:
    """`if not admin and not staff: raise` for `if not admin: raise`, or a term of an `or` that is gone."""
    if not any(item.what == "early exit" for item in guards_in(before, guards)):
        return
    old = [item for item in before.reach.conditions if item.leaves and condition_words(item.text, guards)]
    new = [item for body in after for item in body.reach.conditions if item.leaves]
    texts = {folded(item.text) for item in new}
    known = {folded(item.text) for item in before.reach.conditions}
    for was in old:
        if folded(was.text) in texts:
            continue
        for now in new:
            if folded(now.text) in known:
                continue
            strength = _looser(was, now)
            if strength is not None:
                yield Looser(Span(was.line, 0, was.line, 10_000), was.text, now.text, now.line, "stops less", strength)
                break


def _looser(was: Condition, now: Condition) -> Confidence | None:
    """Of an early exit: more terms joined by `and`, or fewer joined by `or`, let more through."""
    before, after = set(was.terms), set(now.terms)
    if now.operator == "and" and was.operator != "or" and before < after:
        fresh = after - before
        if fresh & NEVER or any(wordset(term) & SWITCHES for term in fresh):
            return Confidence.HIGH
        return Confidence.MEDIUM
    if was.operator == "or" and now.operator != "and" and after < before:
        return Confidence.MEDIUM
    return None


def order(before: Body, after: Sequence[Body], guards: Guards) -> Iterator[Looser]:
    """Checks that stood before something was done, and now stand after it, on the same way through the function."""
    had = {folded(item.text): item for item in guards_in(before, guards) if item.what != "decorator"}
    if not before.name or not had:
        return
    for body in after:
        has = [item for item in guards_in(body, guards) if folded(item.text) in had]
        for now in has:
            was = had[folded(now.text)]
            if not (_once(before, was.text) and _once(body, now.text)):
                continue
            followed = {folded(call.text) for call in _deeds(before, was) if call.span.line > was.span.end_line}
            ahead = [call for call in _deeds(body, now) if call.span.line < now.span.line]
            passed = [call for call in ahead if folded(call.text) in followed]
            if passed:
                text = " ".join(passed[0].text.split())[:60]
                strength = Confidence.HIGH if was.what == "check" else Confidence.MEDIUM
                yield Looser(was.span, was.text, now.text, now.span.line, f"now comes after `{text}`", strength)


def _once(body: Body, text: str) -> bool:
    return body.folded.count(folded(text)) == 1


def _deeds(body: Body, guard: Lost) -> Iterator[Call]:
    """Statement calls at the guard's own depth that happen once and do something: no log, no lock, no clean-up."""
    depth = _indent(body, guard.span.line)
    for call in body.detail.calls:
        if not call.statement or is_sink(call) or not body.holds(call.span.line):
            continue
        if _indent(body, call.span.line) == depth and not wordset(call.callee) & INERT and _once(body, call.text):
            yield call


def _indent(body: Body, line: int) -> int:
    text = body.side.text.line(line)
    return len(text) - len(text.lstrip())


def way_round(before: Body, after: Sequence[Body], guards: Guards) -> Iterator[Looser]:
    """A new early return above a guard that turns nobody away: whoever takes it is never asked."""
    if not before.name:
        return
    had = {folded(item.text) for item in guards_in(before, guards)}
    if not had:
        return
    known = {folded(item.condition) for item in before.detail.guards}
    for body in after:
        stay = [g for g in guards_in(body, guards) if g.what != "decorator" and folded(g.text) in had]
        for guard in body.detail.guards:
            if guard.exit in STOPPING or folded(guard.condition) in known or guard.exit not in ("return", ""):
                continue
            below = [item for item in stay if item.span.line > guard.span.end_line]
            lines = range(guard.header_end, guard.span.end_line + 1)
            text = " ".join(body.side.text.line(number) for number in lines)
            _, _, given = text.rpartition("return")
            words = wordset(given)
            if below and "(" in given and not words & DENIALS and guard.span.line in body.side.numbers:
                first = below[0]
                what = f"is not reached when `{' '.join(guard.condition.split())[:60]}`"
                yield Looser(first.span, first.text, first.text, first.span.line, what, Confidence.MEDIUM)
                break


def hollowed(before: Body, after: Sequence[Body], guards: Guards) -> Iterator[Looser]:
    """A function named for what it checks, whose checks are gone and which now does next to nothing."""
    name = before.name.rsplit(".", 1)[-1]
    if not name or not (named_guard(name, guards) or wordset(name) & guards.conditions):
        return
    for body in after:
        if body.scopes and _work(before) >= 2 and _work(body) == 0:
            first = body.scopes[0].start
            now = " ".join(body.side.text.line(n).strip() for n in range(first, min(body.scopes[0].end, first + 3) + 1))
            scope = before.scopes[0]
            yield Looser(
                Span(scope.start, 0, scope.start, 10_000),
                name,
                now[:100],
                first,
                "has nothing left in it",
                Confidence.HIGH,
            )


def _work(body: Body) -> int:
    own = [item for item in body.detail.calls if body.holds(item.span.line) and item.span.line not in _headers(body)]
    return len(own) + len(body.detail.guards) + len(body.reach.conditions) + _comparisons(body)


def _headers(body: Body) -> frozenset[int]:
    return frozenset(scope.start for scope in body.scopes if scope.start != scope.end)


def _comparisons(body: Body) -> int:
    lines = (body.side.text.line(n) for scope in body.scopes for n in range(scope.start + 1, scope.end + 1))
    return sum(" == " in line or " in " in line or "===" in line for line in lines)


def swallowed(before: Body, after: Sequence[Body], guards: Guards) -> Iterator[Looser]:
    """More handlers that do nothing, round the checks of a symbol."""
    for body in after:
        if not guards_in(body, guards):
            continue
        quiet = [handler for handler in body.reach.handlers if handler.swallows]
        if len(quiet) <= sum(handler.swallows for handler in before.reach.handlers):
            continue
        for handler in quiet:
            if any(n in body.side.numbers for n in range(handler.span.line, handler.span.end_line + 1)):
                inside = [g for g in guards_in(body, guards) if _tries(body, handler.span, g.span)]
                if inside:
                    first = inside[0]
                    yield Looser(
                        first.span,
                        first.text,
                        first.text,
                        handler.span.line,
                        "now fails without a word",
                        Confidence.MEDIUM,
                    )
                    break


def _tries(body: Body, handler: Span, guard: Span) -> bool:
    """Whether the guard stands between the handler and the `try` above it."""
    for number in range(handler.line - 1, max(handler.line - 60, 0), -1):
        text = body.side.text.line(number).strip()
        if text.startswith(("try", "} try", "begin")):
            return number < guard.line < handler.line
    return False


def decorators_swapped(before: Body, after: Sequence[Body], guards: Guards) -> Iterator[Looser]:
    """A guard above the route that registers the function: the framework then calls what stands below it."""
    for scope in before.scopes:
        was = list(scope.markers)
        for body in after:
            for other in body.scopes:
                now = list(other.markers)
                for guard in was:
                    key = guard.name.rsplit(".", 1)[-1].replace("_", "").lower()
                    if key not in guards.markers or not _below_route(was, guard.text) or _below_route(now, guard.text):
                        continue
                    mark = next((item for item in now if item.text == guard.text), None)
                    if mark is not None:
                        what = "now stands above the route, which does not see it"
                        yield Looser(guard.span, guard.text, mark.text, mark.span.line, what, Confidence.MEDIUM)


def _below_route(markers: Sequence[Marker], text: str) -> bool:
    names = [item.text for item in sorted(markers, key=lambda item: item.span.line)]
    at = names.index(text) if text in names else -1
    return any(_is_route(name) for name in names[:at]) if at >= 0 else True


def _is_route(text: str) -> bool:
    last = text.split("(", 1)[0].rsplit(".", 1)[-1].lstrip("@")
    return (
        last in ("route", "get", "post", "put", "patch", "delete", "api_view", "websocket")
        and "." in text.split("(", 1)[0]
    )
