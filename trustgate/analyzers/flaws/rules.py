"""Flaw rules as values: `rules/flaws/bandit.toml`, and a pair of `.toml` and `.yaml` for each Semgrep rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from trustgate.errors import ConfigError
from trustgate.finding import BOUNDARIES, Confidence, Finding, Kind, Location, Severity, fingerprint
from trustgate.rulebook import Rulebook

BANDIT_FILE = "bandit"
"""stem of the one file that holds every rule of bandit; any other stem of the family is a Semgrep rule"""


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
        if stem == BANDIT_FILE:
            for entry in table.get("rule", ()):
                yield _rule(stem, entry, "bandit", "code", ("python",))
        else:
            if table.get("id") != stem:
                raise ConfigError(f"rules/flaws/{stem}.toml: id must be the file's name")
            yield _rule(stem, table, "semgrep", "id", table.get("languages", ()))


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
        )
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        name = table.get("id", "a rule")
        raise ConfigError(f"rules/flaws/{stem}.toml: {name}: {error} is missing or wrong") from error
    if rule.boundary not in BOUNDARIES or not rule.languages or rule.confidence > Confidence.MEDIUM:
        raise ConfigError(
            f"rules/flaws/{stem}.toml: {rule.id}: boundary and languages must be known ones, confidence medium at most"
        )
    return rule
