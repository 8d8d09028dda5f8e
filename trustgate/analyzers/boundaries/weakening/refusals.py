"""Refusals that are gone: an early exit that turns input or a caller away and says so, in the words of a boundary.

`guards_in` knows the exits whose condition names what is guarded. These are the others: the condition is an ordinary
one (`len(key) > 72`), and what is raised or returned tells what it was for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.rules import Guards, Lexicon, Rules, compiled
from trustgate.analyzers.boundaries.weakening.body import STOPPING, Body, Lost
from trustgate.analyzers.boundaries.weakening.gone import folded
from trustgate.analyzers.boundaries.weakening.places import grew
from trustgate.finding import Confidence
from trustgate.syntax.outline import Guard
from trustgate.syntax.words import wordset

REFUSING = frozenset(
    (
        *("invalid", "illegal", "forbidden", "denied", "deny", "unauthorized", "unauthenticated", "disallowed"),
        *("prohibited", "unsafe", "untrusted", "malicious", "insecure", "dangerous", "suspicious", "violation"),
        *("not allowed", "not permitted", "not valid", "not trusted", "permission denied", "access denied"),
        *("too large", "too long", "too many", "too big", "too short", "too small", "exceeds", "exceeded", "limit"),
        *("reject", "rejected", "refused", "refusing", "mismatch", "must be", "must not", "cannot be", "can not"),
        *("incorrect", "expired", "missing", "be present", "not match", "unsupported", "bad request"),
    )
)
"""words of a text or an error's name that turn something away"""
ANSWERS = frozenset(
    (
        *("error", "err", "errors", "errorf", "exception", "response", "status", "forbidden", "unauthorized", "denied"),
        *("reject", "invalid", "redirect", "abort", "json", "render", "fail", "failure", "bad", "permission"),
    )
)
"""words of what is returned to somebody turned away"""
CHECKING = frozenset(("check", "validate", "verify", "ensure", "require", "assert", "enforce", "guard", "reject"))
"""words of a new call that may do what the exit did"""
FAILED = r"(?i)\b\w{0,30}err(?:or)?\s*!==?\s*(?:nil|null)"
"""a condition that hands on a failure of what was called"""
ENOUGH = 2
"""weight of the boundary's words in the exit and its condition: one strong word, or two weak ones"""


def refusals(before: Body, after: Sequence[Body], rules: Rules) -> Iterator[tuple[Guards, Lost]]:
    """At most one for a symbol, with the boundary it speaks of most: exits that went while nothing came for them."""
    old = before.side
    mine = [guard for guard in before.detail.guards if _went(before, guard)]
    if not before.name or not mine or grew(before, after):
        return
    known = {folded(guard.condition) for guard in before.detail.guards}
    now = [guard for body in after for guard in body.detail.guards if body.holds(guard.span.line)]
    if any(folded(guard.condition) not in known for guard in now):
        return
    stand = {folded(guard.condition) for guard in now}
    called = {call.callee for call in before.detail.calls}
    for body in after:
        for call in body.detail.calls:
            if call.callee not in called and wordset(call.callee) & CHECKING:
                return
    for guard in mine:
        if folded(guard.condition) in stand:
            continue
        said = exit_text(before, guard)
        if not wordset(said) & REFUSING or (guard.exit == "return" and not wordset(said) & ANSWERS):
            continue
        best = _spoken(before, f"{guard.condition} {said}", rules)
        if best is not None:
            span = guard.span._replace(end_line=guard.header_end, end_column=10_000)
            words = wordset(said) & REFUSING
            yield (
                best,
                Lost(span, " ".join(old.text.line(guard.span.line).split()), words, "refusal", Confidence.MEDIUM),
            )
            return


def _went(body: Body, guard: Guard) -> bool:
    """Whether every line of the exit was taken out, and none of them merely moved."""
    side = body.side
    lines = range(guard.span.line, guard.span.end_line + 1)
    bare = [n for n in lines if side.text.line(n).strip(" \t{}();")]
    return (
        (guard.exit in STOPPING or guard.exit in ("return", "fail", "deny", "reject", "status", "sendStatus", "Error"))
        and not (compiled(FAILED).search(guard.condition) and wordset(guard.condition).isdisjoint(CHECKING))
        and body.holds(guard.span.line)
        and all(n in side.numbers for n in bare)
        and not all(n in side.moved for n in bare)
    )


def exit_text(body: Body, guard: Guard) -> str:
    """What stands in the branch, without its condition."""
    lines = [body.side.text.line(n) for n in range(guard.header_end, guard.span.end_line + 1)]
    if len(lines) > 1:
        return " ".join(lines[1:])
    _, found, rest = lines[0].partition(guard.condition.split("\n")[-1])
    return rest if found else lines[0]


def _spoken(body: Body, text: str, rules: Rules) -> Guards | None:
    """The boundary whose words the exit speaks most, if it speaks any enough."""
    own = wordset(text)
    around = wordset(f"{body.name} {body.side.text.path}")
    lexicons: dict[str, Lexicon] = {
        item.rule.boundary: item for item in rules.lexicons if item.rule.id not in rules.team
    }
    best: tuple[int, Guards] | None = None
    for guards in rules.guards:
        lexicon = lexicons.get(guards.rule.boundary)
        if lexicon is None or guards.rule.id in rules.team:
            continue
        near = 2 * len(own & (lexicon.strong | guards.conditions)) + len(own & lexicon.weak)
        near += bool(lexicon.literal and compiled(lexicon.literal).search(text))
        value = near + min(len(around & (lexicon.strong | lexicon.scope)), 2)
        if near >= ENOUGH and (best is None or value > best[0]):
            best = (value, guards)
    return best[1] if best is not None else None
