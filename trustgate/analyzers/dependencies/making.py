"""Findings from rules: the text of `rules/dependencies/`, filled with what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from trustgate.errors import ConfigError
from trustgate.facts import FileView
from trustgate.finding import Confidence, Finding, Kind, Location, Severity, Side, fingerprint
from trustgate.manifests.dependency import Dependency
from trustgate.rulebook import Rulebook

NAME = "dependencies"
LISTED = 20
"""names that one finding about many of them lists"""


class Seen(NamedTuple):
    """What a rule was seen to hold of. `matched` identifies it within the file (fingerprint), whatever the line."""

    path: str
    line: int
    matched: str
    text: str = ""
    """what to mark in the line"""


def seen_of(item: Dependency) -> Seen:
    """The entry of a manifest, identified by its name."""
    return Seen(item.manifest, item.line, f"{item.ecosystem}:{item.name}", item.raw_name)


class Maker(NamedTuple):
    """Makes findings of the rules of this family."""

    rules: Mapping[str, Mapping[str, Any]]
    views: Mapping[str, FileView]

    def make(
        self,
        rule: str,
        seen: Seen,
        evidence: tuple[str, ...] = (),
        fields: Mapping[str, str] = MappingProxyType({}),
        *,
        confidence: Confidence | None = None,
    ) -> Finding:
        """`fields` fill the `{name}` places of the rule's headline. Raises ConfigError for a rule that is not there."""
        table = self.rules.get(rule)
        if table is None:
            raise ConfigError(f"rules/dependencies/{rule}.toml is missing", "install trustgate-review again")
        return Finding(
            rule=rule,
            analyzer=NAME,
            kind=Kind.DEPENDENCY,
            severity=Severity[str(table["severity"]).upper()],
            confidence=confidence or Confidence[str(table["confidence"]).upper()],
            location=self._location(seen),
            title=_filled(table["headline"], fields),
            message=table["message"],
            tip=table["tip"],
            fingerprint=fingerprint(rule, seen.path, "", seen.matched),
            evidence=tuple(item for item in evidence if item),
        )

    def _location(self, seen: Seen) -> Location:
        view = self.views.get(seen.path)
        text = view.new.line(seen.line) if view and view.new else ""
        at = text.lower().find(seen.text.lower()) if seen.text else -1
        if at < 0:
            return Location(seen.path, Side.NEW, seen.line, seen.line, 1, max(len(text), 0) + 1)
        return Location(seen.path, Side.NEW, seen.line, seen.line, at + 1, at + 1 + len(seen.text))


def _filled(template: str, fields: Mapping[str, str]) -> str:
    """Plain replacement: a name with braces in it is text, not a place."""
    text = template
    for name, value in fields.items():
        if f"{{{name}}}" in text:
            before, _, after = text.partition(f"{{{name}}}")
            text = before + value + after
    return text


def maker_for(rulebook: Rulebook, views: Mapping[str, FileView]) -> Maker:
    return Maker(rulebook.family(NAME), views)
