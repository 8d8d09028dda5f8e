"""The new names of a change, sorted out for judging."""

from __future__ import annotations

from typing import NamedTuple

from trustgate.manifests.dependency import Dependency


class Newcomers(NamedTuple):
    """New names in the order in which they are judged: hand-written manifests before locks."""

    direct: tuple[Dependency, ...]
    transitive: tuple[Dependency, ...]
    members: frozenset[tuple[str, str]] = frozenset()
    """those that the change itself declares as projects of this repository: believed, unless they look like another"""
