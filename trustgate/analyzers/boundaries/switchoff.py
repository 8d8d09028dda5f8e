"""Switch-offs: an unsafe argument, literal, call or decorator that the change adds, in old places and new ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Match, Rules, callee_matches, compiled
from trustgate.finding import Confidence, Finding
from trustgate.record import NamedTuple
from trustgate.syntax.outline import Argument, Call, Span
from trustgate.syntax.paths import PathKind


class Hit(NamedTuple):
    match: Match
    span: Span
    matched: str
    """source text, as it goes into the fingerprint"""


def find_switch_offs(delta: FileDelta, deltas: Sequence[FileDelta], rules: Rules) -> Iterator[Finding]:
    """What the new side has and the old side had not: as many of a kind as were taken away are not new."""
    if delta.new is None:
        return
    hits = _hits(delta, delta.new, rules)
    if not hits:
        return
    before = [(other, hit) for other in deltas if other.old is not None for hit in _hits(other, other.old, rules)]
    for hit in hits:
        rule = hit.match.rule
        if _was_there(delta, hit, before):
            continue
        confidence = hit.match.confidence
        if delta.kind is PathKind.TEST:
            confidence = Confidence.LOW
        elif delta.kind is PathKind.VENDORED:
            confidence = min(confidence, Confidence.MEDIUM)
        yield rule.finding(
            delta.new.location(hit.span),
            delta.new.symbol(hit.span.line),
            hit.matched,
            evidence=(f"added: {hit.matched[:120]}",),
            confidence=confidence,
        )


def _was_there(delta: FileDelta, hit: Hit, before: list[tuple[FileDelta, Hit]]) -> bool:
    """Whether an old place accounts for this one: the same symbol of the file, or the same text anywhere.

    Each old place accounts for one new place, so a second copy of what was there once is new.
    """
    rule = hit.match.rule
    here = _symbol(delta.new, hit)
    same = [item for item in before if item[1].match.rule is rule]
    for item in same:
        if item[0] is delta and _symbol(delta.old, item[1]) == here:
            before.remove(item)
            return True
    for item in same:
        if item[1].matched == hit.matched:
            before.remove(item)
            return True
    return False


def _symbol(side: SideDelta | None, hit: Hit) -> str:
    scopes = side.chain(hit.span.line) if side is not None else ()
    return scopes[-1].name if scopes else ""


def _hits(delta: FileDelta, side: SideDelta, rules: Rules) -> list[Hit]:
    found = []
    taken: set[tuple[str, int]] = set()
    for match in rules.matches:
        if match.languages and not match.languages & {delta.language, delta.inner_language}:
            continue
        for span, matched in _of(match, side):
            key = (match.rule.id, span.line)
            if key not in taken:
                taken.add(key)
                found.append(Hit(match, span, " ".join(matched.split())))
    return found


def _of(match: Match, side: SideDelta) -> Iterator[tuple[Span, str]]:
    if match.call:
        for call in side.detail.calls:
            span = _call_span(match, call) if callee_matches(call.callee, match.call) else None
            if span is not None and side.changed(span) and _fault_changed(match, side, call.text, call.span.line):
                yield span, call.text
    elif match.setting:
        dotted = any("." in wanted for wanted in match.setting)
        for setting in side.detail.settings:
            name = setting.name if dotted else setting.name.rpartition(".")[2]
            if (
                name in match.setting
                and _value_fits(match, setting.value)
                and side.changed(setting.span)
                and _fault_changed(match, side, setting.value, setting.value_line)
            ):
                yield setting.span, f"{setting.name} = {setting.value}"
    elif match.marker:
        for scope in side.outline.scopes:
            for marker in scope.markers:
                if (
                    callee_matches(marker.name, match.marker)
                    and _text_fits(match, marker.text)
                    and side.changed(marker.span)
                ):
                    yield marker.span, marker.text
    elif match.text:
        for line in side.lines:
            if match.needle in line.text:
                found = compiled(match.text).search(line.text)
                if found and _text_fits(match, line.text):
                    before = len(line.text[: found.start()].encode("utf-8", "surrogateescape"))
                    size = len(found[0].encode("utf-8", "surrogateescape"))
                    yield Span(line.number, before, line.number, before + size), found[0]


def _fault_changed(match: Match, side: SideDelta, text: str, first: int) -> bool:
    """Whether the part that is at fault stands on a changed line: a long call or list is edited in other places too."""
    if not match.pattern or "\n" not in text:
        return True
    return any(
        first + text.count("\n", 0, found.start()) in side.numbers for found in compiled(match.pattern).finditer(text)
    )


def _call_span(match: Match, call: Call) -> Span | None:
    """Where the call is unsafe: at the argument if one is named, else the call itself."""
    if not _text_fits(match, call.text):
        return None
    if not match.argument:
        return call.span
    for argument in call.arguments:
        if argument.name in match.argument and _value_fits(match, argument.value):
            return argument.span
        if argument.name == "" and _inline_option(match, argument):
            return argument.span
    return None


def _inline_option(match: Match, argument: Argument) -> bool:
    """`{verify: false}` handed over as an object, in languages without keyword arguments."""
    if not argument.value.startswith("{"):
        return False
    folded = "".join(argument.value.lower().split())
    return any(f"{name.lower()}:{value}" in folded for name in match.argument for value in match.values)


def _value_fits(match: Match, value: str) -> bool:
    if match.values and value.strip().lower() not in match.values:
        return False
    return _text_fits(match, value)


def _text_fits(match: Match, text: str) -> bool:
    if match.pattern and not compiled(match.pattern).search(text):
        return False
    return not (match.unless and compiled(match.unless).search(text))
