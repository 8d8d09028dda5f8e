"""Dangerous calls that bandit and semgrep know, on what the change adds or newly reaches. Absent tools are said so.

The tools come with the extra `deep`. Nothing here is loaded before one of them was found: the staged hook without the
extra pays for two look-ups on the import path and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from trustgate.analyzers.context import Context, Outcome
from trustgate.finding import NotChecked

NAME = "flaws"
ENGINES = ("bandit", "semgrep")
"""packages that must be installed, and modules of this folder; policy requires them under these names"""
ABSENT = "extra `deep` is not installed"


def analyze(context: Context) -> Iterator[Outcome]:
    """Flaws of each engine that is installed. A run of a tool that fails is one Skip; the other engine goes on."""
    present = []
    for engine in ENGINES:
        if find_spec(engine) is None:
            yield NotChecked(engine, ABSENT)
        else:
            present.append(engine)
    if present:
        from trustgate.analyzers.flaws.review import review

        yield from review(context, present)
