"""What an analyzer is handed, and the shape it must have. An analyzer knows neither policy nor reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from trustgate.changes.changeset import ChangeSet
from trustgate.facts import FileView
from trustgate.finding import Finding, NotChecked, Skip
from trustgate.record import NamedTuple
from trustgate.rulebook import Rulebook
from trustgate.verdict import Mechanical

Outcome = Finding | Skip | NotChecked | Mechanical


class Places(NamedTuple):
    """Places that the team counts to one boundary."""

    boundary: str
    paths: tuple[str, ...] = ()
    """anchored globs, as `globs.path_matches` takes them"""
    symbols: tuple[str, ...] = ()
    """names of functions, classes and variables, alone or with what they stand in; `*` is any text"""


class Settings(NamedTuple):
    """What policy and the command line say to analyzers. Nothing here can come from the reviewed change."""

    offline: bool = True
    stage: str = "pr"
    """commit, push or pr"""
    private_names: tuple[str, ...] = ()
    """patterns of package names that are never asked of a public registry (`acme-*`, `@acme/*`)"""
    trusted_packages: tuple[str, ...] = ()
    """exact `ecosystem:name` entries accepted by policy"""
    places: tuple[Places, ...] = ()
    cooldown_days: int = 7
    """age that a published version must have before it is taken without a word; 0 asks for none"""
    cooldown_exclude: tuple[str, ...] = ()
    """patterns of package names that need not wait"""


class Context(NamedTuple):
    change: ChangeSet
    files: tuple[FileView, ...]
    rulebook: Rulebook
    settings: Settings = Settings()


class Analyzer(Protocol):
    """Shape of an analyzer module. `analyze` may raise anything: the gate turns it into one Skip with the reason."""

    NAME: str

    def analyze(self, context: Context) -> Iterator[Outcome]: ...
