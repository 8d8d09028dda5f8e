"""`.trustgate/exceptions.toml` of the trusted base: findings that a person accepted, with reason, owner and expiry.

An entry that accepts too much is a fault of the file, not a weaker exception: nothing counts until it is mended.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta

from trustgate.errors import ConfigError
from trustgate.finding import Finding
from trustgate.globs import fault_of_path_glob, path_matches
from trustgate.policy.model import Accepted
from trustgate.policy.tables import Table, parse_toml

EXCEPTIONS_PATH = ".trustgate/exceptions.toml"
LONGEST_LIFE = 400
"""days; a team can set less (`[limits] exception_days`)"""
SHORTEST_FINGERPRINT = 16
"""hex digits: 64 bits, so that no second finding shares it by chance"""
HEX = frozenset("0123456789abcdef")
MOST = 5000
"""entries in the file"""


def parse_exceptions(
    data: bytes | None,
    known_rules: Container[str] | None,
    today: date,
    name: str = EXCEPTIONS_PATH,
    longest_life: int = LONGEST_LIFE,
) -> tuple[Accepted, ...]:
    """Every entry, expired ones included; none for an absent file. Raises ConfigError.

    `known_rules` None means that rule ids are not checked.
    """
    if data is None:
        return ()
    document = Table(name, "", parse_toml(name, data))
    entries = document.tables("exception")
    document.done()
    if len(entries) > MOST:
        raise ConfigError(f"{name}: {len(entries)} exceptions are over the limit of {MOST}", "remove expired ones")
    return tuple(_accepted(entry, known_rules, today, longest_life) for entry in entries)


def known_rule(table: Table, key: str, rule: str, known: Container[str] | None) -> None:
    """Raise ConfigError where `rule` is no rule id."""
    if known is not None and rule not in known:
        table.fail(key, f"names the unknown rule `{rule}`", "`trustgate rules list` prints every rule id")


def lived(table: Table, today: date, longest_life: int) -> date:
    """The required `expires` of a table, not further ahead than `longest_life` days."""
    expires = table.day("expires")
    if expires is None:
        table.fail("expires", "is missing", f"an exception ends: a date at most {longest_life} days ahead")
    if expires > today + timedelta(days=longest_life):
        table.fail("expires", f"is {expires}, more than {longest_life} days ahead", "choose an earlier date")
    return expires


def _accepted(table: Table, known: Container[str] | None, today: date, longest_life: int) -> Accepted:
    rule = table.text("rule", longest=100)
    if "*" in rule or "?" in rule:
        table.fail("rule", f"must be one rule id, not the pattern `{rule}`", "write one exception for each rule")
    known_rule(table, "rule", rule, known)
    reason, owner = table.text("reason"), table.text("owner", longest=200)
    fingerprint, path = table.text("fingerprint", "", 64), table.text("path", "", 600)
    if fingerprint and path:
        table.fail("path", "stands beside `fingerprint`", "keep one of them: the fingerprint is the narrower")
    if not fingerprint and not path:
        table.fail("fingerprint", "is missing", "name the finding by `fingerprint`, or a place by `path`")
    if fingerprint and (len(fingerprint) < SHORTEST_FINGERPRINT or not HEX.issuperset(fingerprint)):
        table.fail("fingerprint", f"must be {SHORTEST_FINGERPRINT} to 64 lower-case hex digits")
    if path and (fault := fault_of_path_glob(path)):
        table.fail("path", fault)
    added = table.day("added")
    expires = lived(table, today, longest_life)
    if added and expires < added:
        table.fail("expires", f"is before `added` ({added})")
    table.done()
    return Accepted(rule, reason, owner, expires, fingerprint, path, added)


def accepts(entry: Accepted, finding: Finding) -> bool:
    """Whether the entry is about this finding: its rule, and its fingerprint or place. Dates are not looked at."""
    if entry.rule != finding.rule:
        return False
    if entry.fingerprint:
        return finding.fingerprint.startswith(entry.fingerprint)
    return path_matches(entry.path, finding.location.path)


def acceptance(
    entries: tuple[Accepted, ...], finding: Finding, *, fingerprint_only: bool, line: str, today: date
) -> tuple[str, str]:
    """The id of the exception that accepts a finding today, or empty and why one that names it does not count.

    One by fingerprint comes before one by path, then they go by id.
    """
    refused = ""
    for entry in sorted((e for e in entries if accepts(e, finding)), key=lambda e: (not e.fingerprint, e.id)):
        if entry.expires < today:
            refused = refused or f"exception {entry.id} of {entry.owner} expired on {entry.expires}: it does not count"
        elif fingerprint_only and not entry.fingerprint:
            refused = refused or f"exception {entry.id} does not count: {line} is accepted by fingerprint only"
        else:
            return entry.id, ""
    return "", refused
