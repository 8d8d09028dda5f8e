"""Flaw rules as values: words and weights from one TOML file for bandit, and one a language for Semgrep.

A Semgrep rule's pattern is in `<id>.yaml` beside them, with its annotated sample; the engine reads it, we do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from trustgate.errors import ConfigError
from trustgate.finding import BOUNDARIES, Confidence, Finding, Kind, Location, Severity, fingerprint
from trustgate.rulebook import Rulebook

BANDIT_FILE = "bandit"
"""stem of the file that holds the rules of bandit; any other stem of the family holds Semgrep rules for a language"""


class FlawRule(NamedTuple):
    id: str
    engine: str
    code: str
    """what the engine calls it: bandit's test id (`B306`), or the id in the YAML file, which is ours"""
    languages: frozenset[str]
    needs: tuple[tuple[bytes, ...], ...]
    """of each group one literal must stand in a file before an engine is started for it"""
    severity: Severity
    confidence: Confidence
    boundary: str
    title: str
    message: str
    tip: str
    yields_to: frozenset[str]
    """rules that say more of the same line: where one of them holds, this one does not speak"""

    def wants(self, language: str, data: bytes) -> bool:
        """Whether this rule can hold anywhere in a file. A cheap look that may say yes in vain, never no."""
        return language in self.languages and all(any(word in data for word in group) for group in self.needs)

    def finding(
        self, location: Location, symbol: str, matched: str, confidence: Confidence, evidence: tuple[str, ...]
    ) -> Finding:
        return Finding(
            rule=self.id,
            analyzer="flaws",
            kind=Kind.FLAW,
            severity=self.severity,
            confidence=min(confidence, self.confidence),
            location=location,
            title=self.title,
            message=self.message,
            fingerprint=fingerprint(self.id, location.path, symbol, matched),
            boundary=self.boundary,
            symbol=symbol,
            tip=self.tip,
            evidence=evidence,
        )


def load_rules(rulebook: Rulebook, engine: str) -> tuple[FlawRule, ...]:
    """The rules of one engine. Raises ConfigError naming the file."""
    return tuple(rule for rule in _rules(rulebook) if rule.engine == engine)


def _rules(rulebook: Rulebook) -> Iterator[FlawRule]:
    for stem, table in rulebook.family("flaws").items():
        engine, code = ("bandit", "code") if stem == BANDIT_FILE else ("semgrep", "id")
        languages = table.get("languages", ())
        for entry in table.get("rule", ()):
            yield _rule(stem, entry, engine, code, languages)


def _rule(stem: str, table: Mapping[str, Any], engine: str, code: str, languages: tuple[str, ...]) -> FlawRule:
    try:
        rule = FlawRule(
            id=table["id"],
            engine=engine,
            code=table[code],
            languages=frozenset(languages),
            needs=tuple(tuple(word.encode() for word in group) for group in table["needs"]),
            severity=Severity[table["severity"].upper()],
            confidence=Confidence[table["confidence"].upper()],
            boundary=table["boundary"],
            title=table["title"],
            message=table["message"],
            tip=table["tip"],
            yields_to=frozenset(table.get("yields_to", ())),
        )
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        name = table.get("id", "a rule")
        raise ConfigError(f"rules/flaws/{stem}.toml: {name}: {error} is missing or wrong") from error
    if rule.boundary not in BOUNDARIES or not rule.languages or rule.confidence > Confidence.MEDIUM:
        raise ConfigError(
            f"rules/flaws/{stem}.toml: {rule.id}: boundary and languages must be known ones, confidence medium at most"
        )
    return rule
