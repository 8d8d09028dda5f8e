"""How opinions combine: pass < advisory < unreviewed < block, and the worst wins. Pure.

A clear counts only where it is allowed; everything that is not a whole, checked, allowed clear is `unreviewed` at best.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from trustgate.finding import Finding
from trustgate.opinion import CLEARED, CONFIRMED, PENDING, REVIEWER, Opinion, Quote
from trustgate.policy.unclearable import never_by_model


class Level(IntEnum):
    PASS = 0
    ADVISORY = 1
    UNREVIEWED = 2
    BLOCK = 3


_LEVELS = {CLEARED: Level.PASS, PENDING: Level.UNREVIEWED, CONFIRMED: Level.BLOCK}
_STANDINGS = {Level.PASS: CLEARED, Level.ADVISORY: PENDING, Level.UNREVIEWED: PENDING, Level.BLOCK: CONFIRMED}


def level_of(standing: str) -> Level:
    """Anything but a known standing is unreviewed."""
    return _LEVELS.get(standing, Level.UNREVIEWED)


def worst(levels: Iterable[Level]) -> Level:
    """Unreviewed for none: nothing said is nothing cleared."""
    return max(levels, default=Level.UNREVIEWED)


def after_votes(first: str, second: str | None, *, needed: bool) -> tuple[str, str]:
    """The standing after one or two votes, and a code where it is not the first vote's own.

    A clear that needs a second vote and has none, or another one, stays as it was.
    """
    if first != CLEARED or not needed:
        return first, ""
    if second is None:
        return PENDING, "second-vote-missing"
    return (CLEARED, "") if second == CLEARED else (PENDING, "votes-differ")


def allowed(finding: Finding | None, clearable: str, standing: str) -> str:
    """The standing that a model's opinion may have: a clear only where policy and `unclearable.py` both allow it."""
    if standing == CLEARED and (clearable != REVIEWER or (finding is not None and never_by_model(finding))):
        return PENDING
    return standing


def about_whole(parts: Iterable[Opinion], missing: int, review: str) -> Opinion:
    """One opinion on the change from those on its parts: clear only when every part is, and none is missing."""
    opinions = tuple(parts)
    level = worst(level_of(opinion.standing) for opinion in opinions)
    if missing:
        level = max(level, Level.UNREVIEWED)
    standing = _STANDINGS[level]
    code = next((o.code for o in opinions if level_of(o.standing) is level), "not-sent")
    quotes: tuple[Quote, ...] = tuple(quote for o in opinions for quote in o.quotes)[:5]
    return Opinion(standing, code, REVIEWER, review, quotes)
