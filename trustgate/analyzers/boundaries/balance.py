"""Boundary code that shrank: more of it was taken out than put in, in every way that is counted.

Where no single guard can be named as gone, the balance of the whole change still tells which way it went. It names no
fault, so its confidence is low: it says that protection may have gone, and where to look first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Rules, compiled
from trustgate.finding import CORE_BOUNDARIES, Confidence, Finding
from trustgate.record import NamedTuple
from trustgate.syntax.outline import Span

CHECKING = frozenset(
    (
        *(
            "sanitize",
            "sanitise",
            "escape",
            "quote",
            "validate",
            "verify",
            "check",
            "filter",
            "redact",
            "mask",
            "encrypt",
        ),
        *("hash", "sign", "safe", "strip", "normalize", "clean", "limit", "restrict", "ensure", "require", "assert"),
        *("enforce", "allowed", "forbidden", "invalid", "illegal", "deny", "reject", "block", "untrusted", "dangerous"),
        *("malicious", "secure", "constant", "compare", "digest", "hidden"),
    )
)
"""words of what protects, whichever the boundary"""
WEIGHTS = {"lines": 1, "words": 1, "strong": 1, "checks": 2, "strings": 1, "raises": 1}
ENOUGH = 3
"""weight of the classes that shrank, less that of those that grew; chosen on the development labels"""
PLURAL = {"lines": "lines of code", "checks": "words of checks", "raises": "ways to stop"}
STOPS = r"\b(?:raise|throw|panic|abort|Errorf|assert)\b|errors\.New"


class Balance(NamedTuple):
    """Old side less new side; above zero where the change took out more than it put in."""

    lines: int = 0
    words: int = 0
    strong: int = 0
    checks: int = 0
    strings: int = 0
    raises: int = 0

    def plus(self, other: Balance) -> Balance:
        return Balance(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def sign(self) -> int:
        return sum(WEIGHTS[name] * ((value > 0) - (value < 0)) for name, value in self._asdict().items())


def find_shrunk(deltas: Sequence[FileDelta], touches: Sequence[Finding], rules: Rules) -> Iterator[Finding]:
    """At most one finding a change, in the boundary of its strongest touch: at the touched file that lost most."""
    core = [item for item in rules.lexicons if item.rule.boundary in CORE_BOUNDARIES]
    strong = frozenset().union(*(item.strong for item in core))
    words = strong.union(*(item.weak | item.scope for item in core))
    by_file = {delta.path: _balance(delta, words, strong) for delta in deltas}
    whole = Balance()
    for balance in by_file.values():
        whole = whole.plus(balance)
    if whole.sign < ENOUGH or whole.lines <= 0 or whole.words + whole.checks <= 0:
        return
    if not any(_cuts_what_stays(delta) for delta in deltas):
        return
    named = [touch for touch in touches if touch.boundary in CORE_BOUNDARIES and touch.location.path in by_file]
    named = [touch for touch in named if by_file[touch.location.path].lines > 0] or named
    if not named:
        return
    worst = max(named, key=lambda touch: (touch.score, sum(by_file[touch.location.path])))
    delta = next(delta for delta in deltas if delta.path == worst.location.path)
    if delta.old is None or not delta.old.telling_lines:
        return
    lost = by_file[worst.location.path]
    span = _thickest(delta.old, words)
    was = " ".join(delta.old.text.line(span.line).split())[:100]
    gone = [f"{value} {PLURAL[name]}" for name, value in lost._asdict().items() if value > 0 and name in PLURAL]
    finding = rules.named["boundary-code-removed"].finding(
        delta.old.location(span),
        delta.old.symbol(span.line),
        was,
        evidence=(f"gone: {', '.join(gone)}", *worst.evidence),
        confidence=Confidence.LOW,
        score=worst.score,
        message=f"More was taken out here than put in ({', '.join(gone)}), beginning with `{was}`.",
    )
    yield finding._replace(boundary=worst.boundary)


def _cuts_what_stays(delta: FileDelta) -> bool:
    """Whether a removed line stood in a symbol that is still there: what goes whole takes the guarded code with it."""
    if delta.old is None or delta.new is None:
        return False
    names = (delta.old.symbol_at(line.number) for line in delta.old.telling_lines)
    return any(not name or name in delta.new.symbols for name in names)


def _balance(delta: FileDelta, words: frozenset[str], strong: frozenset[str]) -> Balance:
    total = Balance()
    for side in delta.sides:
        sign = 1 if side is delta.old else -1
        lines = side.telling_lines
        total = total.plus(
            Balance(
                sign * len(lines),
                sign * sum(len(line.words & words) for line in lines),
                sign * sum(len(line.words & strong) for line in lines),
                sign * sum(len(line.words & CHECKING) for line in lines),
                sign * sum(len(line.strings) for line in lines),
                sign * sum(len(compiled(STOPS).findall(line.code)) for line in lines),
            )
        )
    return total


def _thickest(side: SideDelta, words: frozenset[str]) -> Span:
    """The run of removed lines with most words of the boundaries and of checks."""
    best, value, runs = (side.telling_lines[0].number,) * 2, -1, 0
    start = previous = 0
    for line in side.telling_lines:
        if line.number != previous + 1:
            start, runs = line.number, 0
        previous = line.number
        runs += len(line.words & (words | CHECKING))
        if runs > value:
            best, value = (start, line.number), runs
    text = side.text.line(best[0])
    return Span(
        best[0],
        len(text) - len(text.lstrip()),
        best[1],
        len(side.text.line(best[1]).encode("utf-8", "surrogateescape")),
    )
