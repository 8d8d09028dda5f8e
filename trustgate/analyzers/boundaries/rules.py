"""Boundary rules as values: what `rules/boundaries/*.toml` says, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from trustgate.analyzers.boundaries.safe import Safes, safes_of
from trustgate.errors import ConfigError
from trustgate.finding import BOUNDARIES, Confidence, Finding, Kind, Location, Severity, fingerprint
from trustgate.record import NamedTuple
from trustgate.rulebook import Rulebook


class Rule(NamedTuple):
    id: str
    kind: Kind
    boundary: str
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    tip: str

    def finding(
        self,
        location: Location,
        symbol: str,
        matched: str,
        evidence: tuple[str, ...] = (),
        confidence: Confidence | None = None,
        score: int = 0,
        message: str = "",
    ) -> Finding:
        return Finding(
            rule=self.id,
            analyzer="boundaries",
            kind=self.kind,
            severity=self.severity,
            confidence=self.confidence if confidence is None else confidence,
            location=location,
            title=self.title,
            message=message or self.message,
            fingerprint=fingerprint(self.id, location.path, symbol, matched),
            boundary=self.boundary,
            score=score,
            symbol=symbol,
            tip=self.tip,
            evidence=evidence,
        )


class Match(NamedTuple):
    """One way in which a switch-off shows. Exactly one of call, setting, marker and text is given."""

    rule: Rule
    languages: frozenset[str]
    """empty: every language"""
    call: tuple[str, ...]
    setting: tuple[str, ...]
    marker: tuple[str, ...]
    text: str
    """linear regular expression over a line without its comments"""
    needle: str
    """literal that must stand in the line before `text` is tried"""
    argument: tuple[str, ...]
    """with `call`: names of keyword arguments, any of which has one of `values`"""
    values: frozenset[str]
    """lower-case source texts"""
    pattern: str
    """regular expression that the call's text or the setting's value must match"""
    unless: str
    """regular expression that must not match the same text"""
    confidence: Confidence


class Lexicon(NamedTuple):
    """Words of a boundary, by evidence class. Words are sub-words; two words with a blank are a phrase."""

    rule: Rule
    strong: frozenset[str]
    weak: frozenset[str]
    scope: frozenset[str]
    path: frozenset[str]
    api: tuple[str, ...]
    literal: str
    settings_only: bool
    """the words mean something in configuration, and in code only under a path that names the boundary"""


class Guards(NamedTuple):
    """Words that make a removed statement a lost guard."""

    rule: Rule
    markers: frozenset[str]
    """last segment of a decorator or annotation, lower-case without underscores"""
    verbs: frozenset[str]
    nouns: frozenset[str]
    conditions: frozenset[str]
    shields: frozenset[str] = frozenset()
    """of functions that protect the value they are given, or, with a noun, by being called: `escape`, `revoke`"""


class Rules(NamedTuple):
    matches: tuple[Match, ...]
    lexicons: tuple[Lexicon, ...]
    guards: tuple[Guards, ...]
    named: Mapping[str, Rule]
    safes: Safes
    tables: Mapping[str, Mapping[str, Any]]
    """the whole tables, for the parts that read patterns of their own"""
    team: tuple[str, ...] = ()
    """ids of the repository's own rules"""

    @property
    def telling(self) -> frozenset[str]:
        """Words that a name may neither lose nor gain in a rename that is taken for mechanical."""
        return frozenset[str]().union(*(lexicon.strong | lexicon.scope for lexicon in self.lexicons))


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=50_000)
def callee_matches(callee: str, patterns: tuple[str, ...]) -> bool:
    """`a.b` is exact, `a.*` a prefix, `*.b` a suffix (and the bare name), `*` anything."""
    for pattern in patterns:
        if pattern in ("*", callee):
            return True
        if pattern.startswith("*.") and (callee == pattern[2:] or callee.endswith(pattern[1:])):
            return True
        if pattern.endswith(".*") and callee.startswith(pattern[:-1]):
            return True
    return False


def load_rules(rulebook: Rulebook) -> Rules:
    """Every boundary rule. Raises ConfigError naming the file and the field."""
    found = _cache.get(rulebook.digest)
    if found is None:
        try:
            found = _cache[rulebook.digest] = _load(rulebook)
        except ConfigError as error:
            if error.message.startswith(tuple(f"rules/boundaries/{name}.toml:" for name in rulebook.team)):
                raise ConfigError(f".trustgate/{error.message}", error.hint) from error
            raise
    return found


_cache: dict[str, Rules] = {}


def _load(rulebook: Rulebook) -> Rules:
    matches: list[Match] = []
    lexicons: list[Lexicon] = []
    guards: list[Guards] = []
    named: dict[str, Rule] = {}
    tables: list[tuple[Rule, Mapping[str, Any]]] = []
    for stem, table in rulebook.family("boundaries").items():
        rule = _rule(stem, table)
        named[rule.id] = rule
        tables.append((rule, table))
        for entry in table.get("match", ()):
            matches.append(_match(rule, entry))
        if "words" in table:
            lexicons.append(_lexicon(rule, table["words"]))
        if "guard" in table:
            guards.append(_guards(rule, table["guard"]))
    family = rulebook.family("boundaries")
    return Rules(tuple(matches), tuple(lexicons), tuple(guards), named, safes_of(tables), family, rulebook.team)


def _rule(stem: str, table: Mapping[str, Any]) -> Rule:
    try:
        rule = Rule(
            id=table["id"],
            kind=Kind(table["kind"]),
            boundary=table["boundary"],
            severity=Severity[table["severity"].upper()],
            confidence=Confidence[table["confidence"].upper()],
            title=table["title"],
            message=table["message"],
            tip=table["tip"],
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise ConfigError(f"rules/boundaries/{stem}.toml: {error}") from error
    if rule.id != stem or rule.boundary not in BOUNDARIES:
        raise ConfigError(f"rules/boundaries/{stem}.toml: id must be the file's name and boundary a known one")
    return rule


def _match(rule: Rule, table: Mapping[str, Any]) -> Match:
    return Match(
        rule=rule,
        languages=frozenset(table.get("languages", ())),
        call=tuple(table.get("call", ())),
        setting=tuple(table.get("setting", ())),
        marker=tuple(table.get("marker", ())),
        text=table.get("text", ""),
        needle=table.get("needle", ""),
        argument=tuple(table.get("argument", ())),
        values=frozenset(table.get("values", ())),
        pattern=table.get("pattern", ""),
        unless=table.get("unless", ""),
        confidence=Confidence[table["confidence"].upper()] if "confidence" in table else rule.confidence,
    )


def _lexicon(rule: Rule, table: Mapping[str, Any]) -> Lexicon:
    return Lexicon(
        rule=rule,
        strong=frozenset(table.get("strong", ())),
        weak=frozenset(table.get("weak", ())),
        scope=frozenset(table.get("scope", ())),
        path=frozenset(table.get("path", ())),
        api=tuple(table.get("api", ())),
        literal=table.get("literal", ""),
        settings_only=table.get("settings_only", False),
    )


def _guards(rule: Rule, table: Mapping[str, Any]) -> Guards:
    return Guards(
        rule=rule,
        markers=frozenset(table.get("markers", ())),
        verbs=frozenset(table.get("verbs", ())),
        nouns=frozenset(table.get("nouns", ())),
        conditions=frozenset(table.get("conditions", ())),
        shields=frozenset(table.get("shields", ())),
    )
