"""What the environment of a staged commit tells: the agent that is running, and every backend it is set to use.

An unset environment is unknown, not a person: agents also commit through editors and forges. The hook asks this each
time, so nothing is loaded before some agent's variable is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trustgate.attribution.origin import Attribution, OriginClass, Trust
from trustgate.record import NamedTuple
from trustgate.rulebook import Rulebook

if TYPE_CHECKING:
    from trustgate.attribution.claim import Claim
    from trustgate.attribution.reachable import Reach
    from trustgate.attribution.registry import Registry

_OFF = ("", "0", "false", "no", "off")

Table = Mapping[str, Any]


class Running(NamedTuple):
    """An agent that the environment names, and what it is set to use."""

    agent: str
    signs: tuple[Claim, ...]
    reach: Reach


def attribute_environment(
    environ: Mapping[str, str], home: Path | None, rulebook: Rulebook, top: Path | None = None
) -> Attribution:
    """The origins a staged commit can have, with the *set* of backends: Claude Code can map three tiers to three
    vendors, and policy takes the strictest. Reads the agents' settings below `home` and in the work tree `top`; never
    raises on what they hold.
    """
    running = running_agents(environ, home, rulebook, top)
    if not running:
        return Attribution()
    from trustgate.attribution.gathering import Origins
    from trustgate.attribution.reachable import claims_from

    origins = Origins()
    claims = [claim for one in running for claim in (*one.signs, *claims_from(one.agent, one.reach))]
    default = origins.add("", claims)
    return Attribution(origins=origins.all(), default=default)


def running_agents(
    environ: Mapping[str, str], home: Path | None, rulebook: Rulebook, top: Path | None = None
) -> tuple[Running, ...]:
    """The agents whose variables are set; those that only weak signs name where there are no others."""
    signs = _signs(environ, rulebook.family("attribution")["environment"]["variable"])
    if not signs:
        return ()
    from trustgate.attribution.agents import UNSPECIFIED
    from trustgate.attribution.reachable import Reach, reach
    from trustgate.attribution.registry import registry_of

    registry = registry_of(rulebook)
    running: dict[str, list[Claim]] = {}
    for table in signs:
        claim = _claim(table, environ, registry)
        running.setdefault(claim.agent, []).append(claim)
    strong = [agent for agent, claims in running.items() if any(claim.trust > Trust.WEAK for claim in claims)]
    known = [agent for agent in strong if agent != UNSPECIFIED]
    found = []
    for agent in known or strong or running:
        claims = running[agent]
        if agent not in known:
            found.append(Running(agent, tuple(claims), Reach()))
            continue
        shared = [claim._replace(agent=agent) for claim in running.get(UNSPECIFIED, ())]
        found.append(Running(agent, (*claims, *shared), reach(agent, environ, home, top, registry)))
    return tuple(found)


def _signs(environ: Mapping[str, str], tables: Sequence[Table]) -> list[Table]:
    """Tables of the variables that are set, with the value they need."""
    found = []
    for table in tables:
        value = environ.get(table["name"], "")
        if not value or ("value" in table and value.lower() != table["value"]):
            continue
        if table.get("agent_from_value") and value.lower() in _OFF:
            continue
        if all(environ.get(other) == wanted for other, wanted in table.get("with", {}).items()):
            found.append(table)
    return found


def _claim(table: Table, environ: Mapping[str, str], registry: Registry) -> Claim:
    """A weak sign names the agent and says nothing of who wrote."""
    from trustgate.attribution.agents import UNSPECIFIED
    from trustgate.attribution.claim import Claim

    name = table["name"]
    agent, detail = table.get("agent", ""), f"{name} is set"
    if table.get("agent_from_value"):
        agent = registry.agents.whole(environ[name])
        detail = f"{name}={agent}" if agent else f"{name} names no agent we know"
    weak = table.get("strength") == "weak"
    origin_class = OriginClass.UNKNOWN if weak else OriginClass.GENERATED
    trust = Trust.WEAK if weak else Trust.RECORDED
    return Claim(f"variable-{name}", "environment", detail, origin_class, trust, agent or UNSPECIFIED)
