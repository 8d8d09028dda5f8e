"""Lanes as the registry sees them: family, class, host and prices; and which of them may carry a packet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trustgate.attribution.backend import Served
from trustgate.attribution.models import Models
from trustgate.attribution.origin import Hosting
from trustgate.attribution.providers import parse_endpoint
from trustgate.attribution.registry import registry_of
from trustgate.errors import ConfigError
from trustgate.policy.lanes import DATA_CLASSES, MODEL_CLASSES, Lane, Reviewer
from trustgate.prices import PriceTable, Rates
from trustgate.rulebook import Rulebook

ACCOUNTABLE = (Hosting.FRONTIER, Hosting.CLOUD)
"""a vendor that answers for its models, or a cloud in whose account the team stands"""
ELSEWHERE = (Hosting.FRONTIER, Hosting.CLOUD, Hosting.VENDOR, Hosting.INFERENCE, Hosting.AGGREGATOR, Hosting.FREE)
"""hosts of others: a lane behind one is not self-hosted, whatever it says"""
_ROUTE = re.compile(r"^(?:[a-z]{2,6}\.)?(?:anthropic|openai|google|mistral|meta|qwen|deepseek)\.")
_DAY = re.compile(r"-20\d\d-\d\d-\d\d$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lane with what is known of it."""

    lane: Lane
    provider: str
    """the registry's name of who serves it; `unknown` for a host that it does not know"""
    family: str
    model_class: str
    """of `MODEL_CLASSES`, the host taken into account"""
    below_class: bool
    free: bool
    rates: Rates | None

    @property
    def rank(self) -> int:
        return MODEL_CLASSES.index(self.model_class)


def candidates_of(reviewer: Reviewer, rulebook: Rulebook, today: date) -> tuple[Candidate, ...]:
    """Every lane, in order. Raises ConfigError for one that contradicts what is known of its host or its class."""
    registry = registry_of(rulebook)
    classes = rulebook.family("reviewer").get("classes", {}).get("class", ())
    prices = PriceTable(rulebook)
    found: list[Candidate] = []
    for lane in reviewer.lanes:
        stated = (registry.models.explicit(lane.model) or (registry.models.named(lane.model),))[0]
        endpoint = parse_endpoint(lane.base_url)
        at = registry.providers.at(endpoint) if endpoint else Served()
        served = registry.providers.serve(stated, at)
        free = lane.free_tier or served.hosting is Hosting.FREE
        _check(lane, served, free)
        model_class = class_of(lane.model, registry.models, classes)
        if not lane.own_account and served.hosting not in ACCOUNTABLE and model_class == "frontier":
            model_class = "standard"
        below = MODEL_CLASSES.index(model_class) < MODEL_CLASSES.index(reviewer.require_class)
        if below and not lane.allow_below_class:
            raise ConfigError(
                f"reviewer lane {lane.name!r}: {lane.model} behind {served.provider} is of class {model_class},"
                f" and policy requires {reviewer.require_class}",
                "`allow_below_class = true` in the lane uses it all the same, and every report says so;"
                " `own_account = true` where the host is your own account with an accountable vendor",
            )
        listed = (
            prices.find(served.provider, name, today) for name in (lane.model, plain_name(lane.model, registry.models))
        )
        rates = lane.prices or next((row for row in listed if row), None)
        found.append(Candidate(lane, served.provider, stated.family, model_class, below, free, rates))
    return tuple(found)


def _check(lane: Lane, served: Served, free: bool) -> None:
    if lane.self_hosted and served.hosting in ELSEWHERE:
        raise ConfigError(
            f"reviewer lane {lane.name!r} says `self_hosted`, and {lane.model} at {lane.base_url} is served by"
            f" {served.provider} ({served.hosting.value})",
            "leave `self_hosted` out",
        )
    if free and lane.data_class != "public":
        raise ConfigError(
            f"reviewer lane {lane.name!r} may carry {lane.data_class} data, and {lane.model} at {lane.base_url} is a"
            " free tier",
            'write data_class = "public"',
        )


def class_of(model: str, models: Models, classes: Sequence[Mapping[str, Any]]) -> str:
    """The class of a model by its name: `unknown` where no table names it."""
    name = plain_name(model, models)
    return next((str(table["class"]) for table in classes if re.match(table["regex"], name)), "unknown")


def plain_name(model: str, models: Models) -> str:
    """A model's name without the route in front of it and the day of its release: `us.anthropic.`, `openai/`."""
    last = _ROUTE.sub("", model.lower().rpartition("/")[2])
    return _DAY.sub("", models.named(last).model or last)


def may_carry(
    all_of_them: tuple[Candidate, ...], data_class: str, exclude_families: frozenset[str], *, strict: bool
) -> tuple[tuple[Candidate, ...], str]:
    """The candidates for a packet in the order in which they are asked, and why there is none.

    A lane of an excluded family stands back where another lane exists. One whose family nobody knows can not be shown
    to be independent: it comes after those that are. `strict` (`require_independence`) leaves both out.
    """
    level = DATA_CLASSES.index(data_class)
    able = tuple(one for one in all_of_them if DATA_CLASSES.index(one.lane.data_class) >= level)
    if not able:
        return (), f"no lane may be sent {data_class} data"
    if not exclude_families:
        return able, ""
    others = tuple(one for one in able if one.family and one.family not in exclude_families)
    if others or strict:
        return others, "" if others else "every lane is of the family that wrote the change, or of none that is known"
    return tuple(one for one in able if not one.family) or able, ""
