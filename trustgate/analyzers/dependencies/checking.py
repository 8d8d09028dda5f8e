"""Package names judged by themselves, with no change around them: what `trustgate deps check` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from trustgate.advisories.database import Pin, open_database
from trustgate.analyzers.context import Settings
from trustgate.analyzers.dependencies.existence import Existence
from trustgate.analyzers.dependencies.lookup import Lookup, registry_cache
from trustgate.analyzers.dependencies.names import ADVISORY, MALICIOUS, NameVerdict, Signal, judge_name, needs_asking
from trustgate.analyzers.dependencies.popularity import load_popular
from trustgate.analyzers.dependencies.similar import STRONG, likeness
from trustgate.analyzers.dependencies.standing import standing
from trustgate.errors import CannotJudge, ConfigError
from trustgate.manifests.dependency import normal_pypi


def check_names(
    ecosystem: str, names: Sequence[str], env: Mapping[str, str], home: Path, *, offline: bool, today: date
) -> tuple[list[NameVerdict], list[str]]:
    """A verdict for each name in order, and why something could not be asked where it could not.

    A name may carry a version (`flask==3.0.0`, `chalk@5.6.1`): then advisories are looked for as well.
    """
    split = [_split(ecosystem, name) for name in names]
    shown = [(normal_pypi(name) if ecosystem == "pypi" else name, version) for name, version in split]
    asked = [name for name in dict.fromkeys(name for name, _ in shown) if needs_asking(ecosystem, name, (), ())]
    found: Mapping[str, Existence] = {}
    kin: dict[str, Existence] = {}
    reasons: list[str] = []
    if asked:
        cache = None if offline else registry_cache()
        with Lookup(env, home, offline=offline, today=today, cache=cache) as lookup:
            found = lookup.ask(ecosystem, asked)
            reasons = sorted(lookup.reasons.get(ecosystem, ()))
            kin = _kin(ecosystem, found, lookup)
    advisories = _advisories(ecosystem, shown, reasons)
    verdicts = []
    for name, version in shown:
        one = found.get(name)
        past = standing(
            one.facts if one else None,
            today,
            version,
            kin[name].facts if name in kin else None,
            Settings().cooldown_days,
        )
        verdicts.append(
            judge_name(
                ecosystem,
                name,
                version=version,
                existence=one,
                history=past,
                advisories=advisories.get((name, version)),
            )
        )
    return verdicts, reasons


def _split(ecosystem: str, text: str) -> tuple[str, str]:
    name, _, version = (
        text.partition("==")
        if ecosystem == "pypi"
        else (text[:1] + text[1:].partition("@")[0], "", text[1:].partition("@")[2])
    )
    return name.strip(), version.strip()


def _kin(ecosystem: str, found: Mapping[str, Existence], lookup: Lookup) -> dict[str, Existence]:
    targets = {}
    for name, one in found.items():
        near = likeness(name, load_popular(ecosystem)) if one.facts and one.facts.maintainers else None
        if near and near.level == STRONG:
            targets[name] = near.target
    answers = lookup.online(ecosystem, tuple(dict.fromkeys(targets.values()))) if targets else {}
    return {name: answers[target] for name, target in targets.items() if target in answers}


def _advisories(
    ecosystem: str, shown: Sequence[tuple[str, str]], reasons: list[str]
) -> dict[tuple[str, str], tuple[Signal, ...]]:
    """Signals of each name that has a version, from the database on this machine; empty where there is none."""
    pins = {pair: Pin(ecosystem, *pair) for pair in shown if pair[1]}
    if not pins:
        return {}
    try:
        database = open_database()
        if database is None:
            return {}
        with database:
            known = database.of(pins.values())
    except (CannotJudge, ConfigError) as error:
        reasons.append(error.message)
        return {}
    return {
        pair: tuple(
            Signal(MALICIOUS if one.malicious else ADVISORY, f"{one.id}: {one.summary}") for one in known.get(pin, ())
        )
        for pair, pin in pins.items()
    }
