"""Switch-offs in configuration files, by key path: `privileged: true`, anew or in a safe value's place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.fact import Fact
from trustgate.analyzers.boundaries.keypaths import config_facts
from trustgate.analyzers.boundaries.near import words_near
from trustgate.analyzers.boundaries.rules import Rule, Rules, compiled
from trustgate.analyzers.boundaries.safe import Safe
from trustgate.analyzers.boundaries.values import is_loose
from trustgate.finding import Finding, Kind
from trustgate.syntax.outline import Span
from trustgate.syntax.paths import CONFIG_LANGUAGES

SAME = 200
"""settings of one key path that are looked at for the value that was there"""


def find_configured(delta: FileDelta, rules: Rules) -> Iterator[Finding]:
    """Loose values that head has and base had not at the same key path."""
    new = delta.new
    if new is None or delta.language not in CONFIG_LANGUAGES or words_near(new).isdisjoint(rules.safes.by_name):
        return
    old = config_facts(delta.language, delta.old.text.text).found if delta.old is not None else ()
    before: dict[str, list[Fact]] = {}
    for fact in old:
        before.setdefault(fact.name, []).append(fact)
    there = Counter((fact.name, fact.value) for fact in old)
    for fact in config_facts(delta.language, new.text.text).found:
        if there[fact.name, fact.value] > 0:
            there[fact.name, fact.value] -= 1
            continue
        if new.numbers.isdisjoint(range(fact.span.line, fact.span.end_line + 1)):
            continue
        for rule, safe in _entries(fact, delta.language, rules):
            if is_loose(safe.order, fact.value, bare=True):
                values = before.get(fact.name, [])
                if not any(is_loose(safe.order, item.value, bare=True) for item in values[:SAME]):
                    yield _finding(new, rule, safe, fact, values)
                    break


def _entries(fact: Fact, language: str, rules: Rules) -> Iterator[tuple[Rule, Safe]]:
    for rule, safe in rules.safes.by_name.get(fact.name.rsplit(".", 1)[-1], ()):
        if rule.kind is not Kind.FLAW or (safe.languages and language not in safe.languages):
            continue
        named = any(fact.name == name or fact.name.endswith(f".{name}") for name in safe.names)
        if named and (not safe.holder or compiled(safe.holder).search(fact.around)):
            yield rule, safe


def _at_fault(new: SideDelta, safe: Safe, fact: Fact) -> Fact:
    """Of a list over several lines, the changed line with the loose entry."""
    lines = [n for n in range(fact.span.line, fact.span.end_line + 1) if n in new.numbers]
    loose = [n for n in lines if any(item in new.text.line(n).lower() for item in safe.order.loose)]
    line = (loose or lines)[0]
    text = new.text.line(line)
    first = len(text[: len(text) - len(text.lstrip())].encode("utf-8", "surrogateescape"))
    return fact._replace(span=Span(line, first, line, len(text.rstrip().encode("utf-8", "surrogateescape"))))


def _finding(new: SideDelta, rule: Rule, safe: Safe, fact: Fact, before: list[Fact]) -> Finding:
    value = " ".join(fact.value.split())[:80]
    fact = _at_fault(new, safe, fact)
    evidence = [f"was: line {item.span.line} {' '.join(item.value.split())[:80]}" for item in before[:1]]
    evidence.append(f"now: {new.text.path}:{fact.span.line} {new.text.line(fact.span.line).strip()[:120]}")
    return rule.finding(
        new.location(fact.span),
        new.symbol(fact.span.line),
        f"{fact.shown} {fact.value}",
        evidence=tuple(evidence),
        confidence=min(safe.confidence, rule.confidence),
        message=f"`{fact.shown[-80:]}` is now `{value}`. {rule.message}",
    )
