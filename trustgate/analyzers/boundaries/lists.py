"""Entries of lists that decide: a middleware taken out, a name taken off a deny-list or put on an allow-list."""

from __future__ import annotations

from collections.abc import Iterator

from trustgate.analyzers.boundaries.delta import CodeLine, FileDelta, SideDelta
from trustgate.analyzers.boundaries.evidence import is_entry
from trustgate.analyzers.boundaries.rules import Lexicon, Rules
from trustgate.analyzers.boundaries.values import members
from trustgate.finding import Confidence, Finding
from trustgate.record import NamedTuple
from trustgate.syntax.outline import Span
from trustgate.syntax.words import wordset

GUARDING = frozenset(("middleware", "middlewares", "interceptors", "guards", "authenticators"))
"""words in the name of a list whose entries are guards"""
GUARDS = {
    "auth": frozenset(
        ("auth", "authentication", "authorization", "csrf", "session", "permission", "permissions", "login")
    ),
    "network": frozenset(("security", "cors", "clickjacking", "host", "hosts", "ratelimit", "throttle", "throttling")),
}
"""words of an entry, by the boundary that it guards"""
DENYING = frozenset(
    (
        *("unsafe", "dangerous", "blacklist", "blocklist", "denylist", "deny", "denied", "blocked", "forbidden"),
        *("illegal", "disallowed", "sensitive", "reserved", "banned", "untrusted"),
        *("blacklisted", "no deser"),
        *("not allowed", "gadget", "gadgets", "malicious", "bad", "restricted", "prohibited", "metacharacters"),
        *("remove headers", "strip headers", "removed headers", "hidden fields", "protected fields", "redacted"),
        *("deny list", "block list", "black list", "redact", "unsupported"),
    )
)
ALLOWING = frozenset(
    (
        *("whitelist", "whitelisted", "allowlist", "allowed", "safe", "trusted"),
        *("permitted", "exempt", "public", "bypass"),
        *("skip auth", "anonymous", "unprotected", "unauthenticated", "accepted", "allow"),
    )
)
"""words in the name of the collection, or of what holds it"""


class Entry(NamedTuple):
    line: CodeLine
    text: str
    holder: str


def find_lost_entries(delta: FileDelta, rules: Rules) -> Iterator[Finding]:
    """Entries of such a list that base had or head has, and that stand nowhere in the file on the other side."""
    if delta.old is None or delta.new is None:
        return
    rule_of = {guards.rule.boundary: guards.rule for guards in rules.guards if guards.rule.id not in rules.team}
    for item in delta.old.detail.strings:
        if item.span.line not in delta.old.numbers or item.text.strip("\"'`") in delta.new.text.text:
            continue
        holder = _guarding(delta.old, item.span.line)
        words = wordset(item.text)
        for boundary, wanted in GUARDS.items():
            if holder and words & wanted and boundary in rule_of:
                yield rule_of[boundary].finding(
                    delta.old.location(item.span),
                    delta.old.symbol(item.span.line),
                    item.text,
                    evidence=(f"removed from {holder}: {item.text[:120]}",),
                    confidence=Confidence.HIGH,
                    message=f"The entry {item.text[:100]} of {holder} is gone.",
                )
                break
    lexicons = [item for item in rules.lexicons if item.rule.boundary in rule_of]
    for side, other, wanted, verb in (
        (delta.old, delta.new, DENYING, "was taken off"),
        (delta.new, delta.old, ALLOWING, "was put on"),
    ):
        for entry in _entries(side, other, wanted):
            boundary = _about(delta, side, entry, lexicons)
            if boundary:
                line = entry.line
                span = Span(line.number, len(line.text) - len(line.text.lstrip()), line.number, len(line.text.encode()))
                yield rule_of[boundary].finding(
                    side.location(span),
                    side.symbol(line.number),
                    f"{verb} {entry.text}",
                    evidence=(f"{entry.holder}: {entry.text[:120]}",),
                    confidence=Confidence.MEDIUM,
                    message=f"{entry.text[:100]} {verb} {entry.holder}, which decides what may pass.",
                )


def _guarding(side: SideDelta, line: int) -> str:
    for scope in side.chain(line):
        if scope.kind == "variable" and wordset(scope.name) & GUARDING:
            return scope.name
    return ""


def _entries(side: SideDelta, other: SideDelta, wanted: frozenset[str]) -> Iterator[Entry]:
    """Changed lines that are nothing but an entry of a list so named, and whose text the other side has not."""
    for line in side.telling_lines:
        if not line.strings or not is_entry(line):
            continue
        names = [scope.name for scope in side.chain(line.number)]
        holder = next((name for name in reversed(names) if wordset(name) & wanted), "")
        if not holder or (wordset(holder) & (DENYING | ALLOWING)) - wanted:
            continue
        text = line.strings[0].strip("\"'`")
        if len(text) < 2 or holder not in _names_on(other) or text in _held(other, holder):
            continue
        if wanted is DENYING or text not in other.text.text:
            yield Entry(line, text, holder)
    yield from _short_entries(side, other, wanted)


def _short_entries(side: SideDelta, other: SideDelta, wanted: frozenset[str]) -> Iterator[Entry]:
    """The same of lists on one line, by the items between their brackets."""
    lines = {line.number: line for line in side.telling_lines}
    for setting in side.detail.settings:
        line = lines.get(setting.span.line)
        name = setting.name.rsplit(".", 1)[-1]
        if line is None or setting.span.end_line > setting.span.line or setting.value[-1:] not in tuple(")]}"):
            continue
        words = wordset(name)
        if not words & wanted or words & (DENYING | ALLOWING) - wanted:
            continue
        partner = next((item for item in other.detail.settings if item.name == setting.name), None)
        if partner is None or partner.value[-1:] not in tuple(")]}"):
            continue
        fresh = members(setting.value, bare=False) - members(partner.value, bare=False)
        for text in sorted(fresh):
            if len(text) > 1:
                yield Entry(line, text, name)


def _held(side: SideDelta, holder: str) -> frozenset[str]:
    """The texts that stand in what is so named."""
    ranges = tuple((scope.start, scope.end) for scope in side.outline.scopes if scope.name == holder)
    return frozenset(item.text.strip("rbuf").strip("\"'`") for item in side.detail_of(ranges).strings)


def _names_on(side: SideDelta) -> frozenset[str]:
    return frozenset(scope.name for scope in side.outline.scopes)


def _about(delta: FileDelta, side: SideDelta, entry: Entry, lexicons: list[Lexicon]) -> str:
    """The boundary whose words the holder, what stands round it, and the path speak; best first, empty for none."""
    names = wordset(" ".join((entry.holder, *(scope.name for scope in side.chain(entry.line.number)))))
    path = wordset(delta.path.replace("/", " ").replace(".", " "))
    ranked = [
        (2 * len(names & lexicon.scope) + len(path & lexicon.path), lexicon.rule.boundary) for lexicon in lexicons
    ]
    value, boundary = max(ranked, default=(0, ""))
    return boundary if value else ""
