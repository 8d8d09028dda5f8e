"""What the history of a package says for or against it: its age, its releases, and what it shares with its target."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from trustgate.analyzers.dependencies.metadata import PackageFacts

NEW = 30
"""days; a package younger than this that resembles another one is taken for an imitation"""
ESTABLISHED = 90
"""days; a package older than this is never blocked for its name"""
RELEASES = 3
"""releases of an established package"""
YOUNG, YOUNG_VERSION, INSTALLS, SHARED, DEPRECATED, OLD = (
    "young-package",
    "young-version",
    "install-script",
    "shared-owner",
    "deprecated",
    "established",
)


class Standing(NamedTuple):
    """Signals as (id, detail), and what they come to."""

    signals: tuple[tuple[str, str], ...] = ()
    young: bool = False
    established: bool = False
    shared: bool = False
    """a maintainer or the repository is the target's"""
    read: bool = False
    """whether the index told the age"""


def standing(
    facts: PackageFacts | None, today: date, version: str = "", kin: PackageFacts | None = None, cooldown: int = 0
) -> Standing:
    """`kin` is what is known of the name that this one resembles; `cooldown` days of 0 means that none is wanted."""
    if facts is None:
        return Standing()
    signals: list[tuple[str, str]] = []
    age = facts.age(today)
    young = age is not None and age < NEW
    established = age is not None and age > ESTABLISHED and facts.releases >= RELEASES
    if young:
        signals.append((YOUNG, f"first release {facts.first}, {age} days ago"))
    elif established:
        signals.append((OLD, f"first release {facts.first}, {facts.releases} releases"))
    version_age = facts.version_age(version, today)
    if cooldown and version_age is not None and version_age < cooldown:
        signals.append((YOUNG_VERSION, f"{version or facts.latest} was published {version_age} days ago"))
    if (version or facts.latest) in facts.installers:
        signals.append((INSTALLS, "runs a script when it is installed"))
    if facts.deprecated:
        signals.append((DEPRECATED, facts.deprecated[:200]))
    shared = _shared(facts, kin)
    if shared:
        signals.append((SHARED, shared))
    return Standing(tuple(signals), young, established, bool(shared), age is not None)


def _shared(facts: PackageFacts, kin: PackageFacts | None) -> str:
    """A repository is the package's own claim, so it counts only with a maintainer, whom the registry knows."""
    if kin is None:
        return ""
    people = sorted(set(facts.maintainers) & set(kin.maintainers))
    if not people:
        return ""
    place = " and the repository" if facts.repository and facts.repository == kin.repository else ""
    return f"maintainer {people[0]}{place} in common with the well-known package"
