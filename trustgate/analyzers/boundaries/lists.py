"""Guards that are entries of a list: `"…CsrfViewMiddleware"` taken out of MIDDLEWARE."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Rules
from trustgate.finding import Confidence, Finding
from trustgate.syntax.words import wordset

HOLDERS = frozenset(("middleware", "middlewares", "interceptors", "guards", "authenticators"))
"""words in the name of a list whose entries are guards"""
GUARDS = {
    "auth": frozenset(
        ("auth", "authentication", "authorization", "csrf", "session", "permission", "permissions", "login")
    ),
    "network": frozenset(("security", "cors", "clickjacking", "host", "hosts", "ratelimit", "throttle", "throttling")),
}
"""words of an entry, by the boundary that it guards"""


def find_lost_entries(delta: FileDelta, rules: Rules) -> Iterator[Finding]:
    """Entries of such a list that base had, and that stand nowhere in the file any more."""
    if delta.old is None or delta.new is None:
        return
    by_boundary = {guards.rule.boundary: guards.rule for guards in rules.guards}
    for item in delta.old.detail.strings:
        if item.span.line not in delta.old.numbers or item.text.strip("\"'`") in delta.new.text.text:
            continue
        holder = _holder(delta.old, item.span.line)
        words = wordset(item.text)
        for boundary, wanted in GUARDS.items():
            if holder and words & wanted and boundary in by_boundary:
                yield by_boundary[boundary].finding(
                    delta.old.location(item.span),
                    delta.old.symbol(item.span.line),
                    item.text,
                    evidence=(f"removed from {holder}: {item.text[:120]}",),
                    confidence=Confidence.HIGH,
                    message=f"The entry {item.text[:100]} of {holder} is gone.",
                )
                break


def _holder(side: SideDelta, line: int) -> str:
    for scope in side.chain(line):
        if scope.kind == "variable" and wordset(scope.name) & HOLDERS:
            return scope.name
    return ""
