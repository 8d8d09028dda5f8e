"""Rules that are tables beside matching code: their words and weights from `rules/`, and findings made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustgate.errors import ConfigError
from trustgate.finding import Confidence, Finding, Kind, Location, Severity, fingerprint
from trustgate.rulebook import Rulebook


class RuleSet:
    """The rules of one family. A message template may name words in braces: `{name}`, given when a finding is made."""

    def __init__(self, rulebook: Rulebook, family: str, analyzer: str) -> None:
        self._tables: Mapping[str, Mapping[str, Any]] = rulebook.family(family)
        self._family = family
        self._analyzer = analyzer

    def words(self, rule: str, key: str) -> tuple[str, ...]:
        """A list of strings of a rule: names, phrases, patterns. Empty where the rule has none."""
        return tuple(self._table(rule).get(key, ()))

    def tables(self, rule: str, key: str) -> tuple[Mapping[str, Any], ...]:
        """A list of tables of a rule: what its matching code goes by. Empty where the rule has none."""
        return tuple(self._table(rule).get(key, ()))

    def finding(
        self,
        rule: str,
        location: Location,
        matched: str,
        *,
        evidence: tuple[str, ...] = (),
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        **named: str,
    ) -> Finding:
        """A finding of `rule`, its fingerprint hanging on `matched`. Raises ConfigError for a table that is no rule."""
        table = self._table(rule)
        try:
            return Finding(
                rule=rule,
                analyzer=self._analyzer,
                kind=Kind(table["kind"]),
                severity=severity or Severity[table["severity"].upper()],
                confidence=confidence or Confidence[table["confidence"].upper()],
                location=location,
                title=table["title"].format_map(named),
                message=table["message"].format_map(named),
                fingerprint=fingerprint(rule, location.path, "", matched),
                boundary=table.get("boundary", ""),
                tip=table.get("tip", ""),
                evidence=evidence,
            )
        except (KeyError, ValueError) as error:
            raise ConfigError(f"rules/{self._family}/{rule}.toml: {error} is missing or wrong") from error

    def _table(self, rule: str) -> Mapping[str, Any]:
        table = self._tables.get(rule)
        if table is None:
            raise ConfigError(f"rules/{self._family}/{rule}.toml is missing", "install trustgate-review again")
        return table
