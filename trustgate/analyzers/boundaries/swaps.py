"""A safe function that gave way to its unsafe sibling in the same symbol, or a safe module to one in the imports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Rule, Rules, callee_matches, compiled
from trustgate.analyzers.boundaries.safe import Swap, folded
from trustgate.finding import Confidence, Finding
from trustgate.syntax.outline import Call, Span

_REMARK = re.compile(r"(?m)(?:^|(?<=[(,]))[ \t]*(?:#|//)[^\n]*$")
"""a remark among the arguments, on a line of its own or behind `(` and `,`: it would keep a call from being known"""


def find_swaps(delta: FileDelta, words: frozenset[str], rules: Rules) -> Iterator[Finding]:
    """`words`: folded words on and near the changed lines of both sides."""
    old, new = delta.old, delta.new
    if old is None or new is None:
        return
    for rule, swap in rules.safes.swaps:
        if swap.languages and delta.language not in swap.languages:
            continue
        if words.isdisjoint(_last_words(swap.loose)) or words.isdisjoint(_last_words(swap.safe)):
            continue
        yield from _imports(rule, swap, old, new) if swap.imports else _calls(rule, swap, old, new)


@lru_cache(maxsize=256)
def _last_words(patterns: tuple[str, ...]) -> frozenset[str]:
    """Words of which one must stand near the change: last segments, or the module where that is a wildcard."""
    parts = (re.split(r"[./]", pattern)[-2:] for pattern in patterns)
    return frozenset(folded(part) for pair in parts for part in pair if part != "*")


def _calls(rule: Rule, swap: Swap, old: SideDelta, new: SideDelta) -> Iterator[Finding]:
    names = {old.symbol_at(n) for n in old.numbers} & {new.symbol_at(n) for n in new.numbers}
    for name in sorted(names):
        safe_then = _found(old, name, swap.safe, swap.safe_text)
        if not safe_then:
            continue
        loose_now = _found(new, name, swap.loose, swap.loose_text)
        safe_now = _found(new, name, swap.safe, swap.safe_text)
        loose_then = _found(old, name, swap.loose, swap.loose_text)
        lost = [call for call in safe_then if old.changed(call.span)]
        came = [call for call in loose_now if new.changed(call.span)]
        if not lost or not came or len(safe_now) >= len(safe_then) or len(loose_now) <= len(loose_then):
            continue
        sure = swap.confidence
        if len(lost) != 1 or len(came) != 1 or old.outline.degraded:
            sure = min(sure, Confidence.MEDIUM)
        yield _finding(rule, old, new, lost[0], came[0], sure)


def _found(side: SideDelta, name: str, patterns: tuple[str, ...], text: str) -> list[Call]:
    """Calls on the symbol's own lines; of the module, those that changed lines belong to."""
    ranges = [(scope.start, scope.end) for scope in side.symbols.get(name, ())] if name else []
    detail = side.outline.detail(ranges) if ranges else side.detail
    return [
        call
        for call in detail.calls
        if callee_matches(call.callee, patterns)
        and side.symbol_at(call.span.line) == name
        and (not text or compiled(text).search(_REMARK.sub("", call.text)))
    ]


def _imports(rule: Rule, swap: Swap, old: SideDelta, new: SideDelta) -> Iterator[Finding]:
    then, now = old.outline.imports, new.outline.imports
    for local, module in sorted(then.items()):
        other = now.get(local, "")
        if callee_matches(module, swap.safe) and callee_matches(other, swap.loose):
            line = _line_of(new, local)
            if line:
                text = new.text.line(line)
                span = Span(line, 0, line, len(text.encode("utf-8", "surrogateescape")))
                was = _line_of(old, local)
                evidence = (f"was: {old.text.path}:{was} {module}", f"now: {new.text.path}:{line} {other}")
                message = f"`{local}` came from `{module[:80]}` and now comes from `{other[:80]}`."
                yield rule.finding(
                    new.location(span), "", f"{module} {other}", evidence, confidence=swap.confidence, message=message
                )


def _line_of(side: SideDelta, local: str) -> int:
    for line in sorted(side.numbers & side.outline.import_lines):
        if local in side.text.line(line):
            return line
    return 0


def _finding(rule: Rule, old: SideDelta, new: SideDelta, lost: Call, came: Call, sure: Confidence) -> Finding:
    was, now = " ".join(lost.text.split())[:100], " ".join(came.text.split())[:100]
    return rule.finding(
        new.location(came.span),
        new.symbol(came.span.line),
        f"{lost.callee} {came.callee}",
        evidence=(f"was: {old.text.path}:{lost.span.line} {was}", f"now: {new.text.path}:{came.span.line} {now}"),
        confidence=min(sure, rule.confidence),
        message=f"`{was}` was called here and `{now}` is called now.",
    )
