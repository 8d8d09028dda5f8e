"""Looks names up: online where that is allowed and configured, else in the bundled data; says what it could not ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from trustgate.analyzers.dependencies.existence import (
    Existence,
    Presence,
    hosts_of,
    offline_existence,
    online_existence,
)
from trustgate.errors import CannotJudge


def look_up(
    ecosystem: str, names: Sequence[str], env: Mapping[str, str], home: Path, *, offline: bool, today: date
) -> tuple[dict[str, Existence], tuple[str, ...]]:
    """What is known of each name, and every reason for which one could not be looked up, once.

    Where the registry gives no answer the bundled data still counts: online never knows less than offline.
    """
    online = {} if offline else _online(ecosystem, names, env, home)
    found: dict[str, Existence] = {}
    reasons: set[str] = set()
    for name in names:
        asked = online.get(name)
        if asked is not None and asked.presence is not Presence.UNKNOWN:
            found[name] = asked
            continue
        if asked is not None:
            reasons.add(asked.detail)
        found[name] = _offline(ecosystem, name, today)
        if asked is None and found[name].presence is Presence.UNKNOWN:
            reasons.add(found[name].detail)
    return found, tuple(sorted(reasons))


def _offline(ecosystem: str, name: str, today: date) -> Existence:
    try:
        return offline_existence(ecosystem, name, today)
    except CannotJudge as error:
        return Existence(Presence.UNKNOWN, error.message)


def _online(ecosystem: str, names: Sequence[str], env: Mapping[str, str], home: Path) -> dict[str, Existence]:
    from trustgate.analyzers.dependencies.registries import npm_registry, pypi_registry
    from trustgate.transport import Transport

    registry = pypi_registry(env, home) if ecosystem == "pypi" else npm_registry(env, home)
    if not registry.addresses and not registry.scopes:
        reason = f"{ecosystem} registry address not configured"
        return {name: Existence(Presence.UNKNOWN, reason) for name in names}
    with Transport(hosts_of(registry), ca_file=registry.ca_file) as transport:
        return dict(online_existence(names, registry, transport))
