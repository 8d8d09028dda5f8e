"""Whether a value became less safe: literals of many languages, and the orders in which they stand.

Every order answers one question: is `new` looser than `old`? A text that is no literal has no place in any order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from trustgate.finding import Confidence
from trustgate.record import NamedTuple

ORDERS = frozenset(
    ("on", "off", "avoid", "ranked", "larger", "smaller", "limit", "version", "members", "words", "mode", "umask")
)
TRUE = frozenset(("true", "yes", "on", "1", "enabled"))
FALSE = frozenset(("false", "no", "off", "0", "disabled"))
"""`None` is not among them: as a default it mostly means that somebody else decides"""
EMPTY = frozenset(("none", "null", "nil", "undefined", "0", "infinity", "inf", "-1", "false"))
TEXT_LIMIT = 2000
"""characters of a value that are looked at"""
_QUOTED = r"[rbuRBU]{0,2}([\"'`])([^\"'`]*)\1"
_ITEMS = r"[\"'`]([^\"'`]{0,200})[\"'`]"
_NAME = r"[&*]?[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*"
_NUMBER = r"-?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|\d+(?:\.\d+)?)[lLuUfF]?"
_SPAN = r"(\d+(?:\.\d+)?)\s*[.]?\s*([A-Za-z]+)"
_UNIT_CALL = r"(?:[\w.]*\.)?(?:timedelta|of)\(?\s*(\w+)\s*=\s*([\d_]+(?:\.\d+)?)\s*\)"
_OF_CALL = r"(?:[\w.]*\.)?of([A-Z][a-z]+)\(\s*([\d_]+)L?\s*\)"
_DEFAULT = r"\bdefault[\"']?\s*[=:]\s*[\"']?(True|true|yes|False|false|no)\b"
"""of a parameter that is described: `verify=dict(type='bool', default=True)`"""
_TLS = r"(ssl|tls)[a-z]*[ _.]?v?[ _.]?(\d)(?:[._]?(\d))?(?!\d)"
UNITS = {
    **dict.fromkeys(("ms", "millis", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "week", "weeks"), 604800.0),
    **dict.fromkeys(("y", "year", "years"), 31536000.0),
}
"""seconds of a unit"""
_BITS = {
    "rwxu": 0o700,
    "rusr": 0o400,
    "wusr": 0o200,
    "xusr": 0o100,
    "rwxg": 0o070,
    "rgrp": 0o040,
    "wgrp": 0o020,
    "xgrp": 0o010,
    "rwxo": 0o007,
    "roth": 0o004,
    "woth": 0o002,
    "xoth": 0o001,
}
"""names of `stat.h` behind S_I (POSIX.1-2017)"""


@lru_cache(maxsize=64)
def pattern(text: str) -> re.Pattern[str]:
    """The compiled expression: compiled when it is first wanted, since the staged hook wants few of them."""
    return re.compile(text)


class Order(NamedTuple):
    kind: str
    """one of ORDERS"""
    values: tuple[str, ...] = ()
    """lower-case; ranked: from the loosest to the safest; avoid: the safe ones, any other than `loose` when empty"""
    loose: tuple[str, ...] = ()
    """lower-case; avoid, members, words: what makes it loose"""
    factor: float = 1.0
    """larger, smaller: how many times looser it must be before it counts; version: the lowest that is not loose"""
    mixed: bool = False
    """members: what was there stays there"""


def word(text: str, *, bare: bool) -> str:
    """A literal as lower-case text, or the empty string. `bare`: text without quotes is a literal, as in YAML."""
    text = text.strip().rstrip(",;").strip()
    quoted = pattern(_QUOTED).fullmatch(text)
    if quoted:
        return "" if quoted[1] == "`" and "${" in quoted[2] else quoted[2].lower()
    if bare:
        return "" if "$" in text or "{{" in text else text.lower()
    if pattern(_NUMBER).fullmatch(text):
        return text.lower()
    return re.split(r"\.|::", text)[-1].lower() if pattern(_NAME).fullmatch(text) else ""


def number(text: str) -> float | None:
    """A number, a product of numbers, or a duration in seconds."""
    text = text.strip().rstrip(",;").strip().strip("\"'`").replace("_", "")[:120]
    made = pattern(_UNIT_CALL).fullmatch(text)
    if made:
        return _in_seconds(made[2], made[1])
    made = pattern(_OF_CALL).fullmatch(text)
    if made:
        return _in_seconds(made[2], made[1])
    total = 1.0
    for part in text.split("*"):
        factor = _factor(part.strip().strip("()"))
        if factor is None:
            return None
        total *= factor
    return total


def _in_seconds(amount: str, unit: str) -> float | None:
    seconds = UNITS.get(unit.lower())
    return None if seconds is None else float(amount) * seconds


def _factor(text: str) -> float | None:
    if pattern(_NUMBER).fullmatch(text):
        bare = text.rstrip("lLuUfF") if not text.lower().startswith("0x") else text
        try:
            return float(int(bare, 0)) if bare[:2].lower() in ("0x", "0o") else float(bare)
        except ValueError:
            return None
    if pattern(_NAME).fullmatch(text):
        return UNITS.get(text.rsplit(".", 1)[-1].lower()) if len(text.rsplit(".", 1)[-1]) > 2 else None
    span = pattern(_SPAN).fullmatch(text)
    return _in_seconds(span[1], span[2]) if span else None


def mode(text: str) -> int | None:
    """Permission bits of `0o600`, `0600`, `"600"`, `stat.S_IRUSR | stat.S_IWUSR`."""
    text = text.strip().rstrip(",;").strip().strip("\"'`")
    digits = re.fullmatch(r"(?:0[oO]?)?([0-7]{3,4})", text)
    if digits:
        return int(digits[1], 8)
    bits = 0
    for part in text.split("|"):
        found = _BITS.get(part.strip().rsplit(".", 1)[-1].lower().removeprefix("s_i"))
        if found is None:
            return None
        bits |= found
    return bits


def version(text: str) -> float | None:
    """The lowest protocol version that a text names: TLS 1.2 is 1.2, SSL 3 is 0.3."""
    found = []
    for family, major, minor in pattern(_TLS).findall(text.lower()[:TEXT_LIMIT]):
        plain = int(major) + int(minor or 0) / 10
        found.append(plain / 10 if family == "ssl" else plain)
    return min(found, default=None)


def members(text: str, *, bare: bool) -> frozenset[str]:
    """Entries of a list as lower-case texts."""
    text = text[:TEXT_LIMIT]
    if bare:
        return frozenset(part.strip("\"'`").lower() for part in re.split(r"[\s,\[\]]+", text) if part.strip("\"'`"))
    return frozenset(item.lower() for item in pattern(_ITEMS).findall(text))


def looser(order: Order, old: str, new: str, *, bare: bool = False) -> Confidence | None:
    """How surely `new` is looser than `old`: high when both are literals, medium when only `new` is."""
    if order.kind in ("members", "words"):
        return _gained(order, old, new, bare)
    if order.kind in ("mode", "umask"):
        return _bits_gained(order, old, new)
    rank = _RANKS[order.kind]
    before, after = rank(order, old, bare), rank(order, new, bare)
    if after is None:
        return None
    if before is None:
        loosest = order.kind in ("on", "off", "avoid", "limit") and after == 0
        return Confidence.MEDIUM if loosest and not _is_literal(old, bare) else None
    return Confidence.HIGH if _falls(order, before, after) else None


def safe_to_lose(order: Order, old: str, *, bare: bool = False) -> Confidence | None:
    """How surely something safe is lost when the value goes altogether; None when it was not safe."""
    if order.kind in ("members", "words"):
        held = members(old, bare=bare) if order.kind == "members" else frozenset((old.lower(),))
        return Confidence.HIGH if held and not held & frozenset(order.loose) else None
    if order.kind in ("mode", "umask"):
        bits = mode(old)
        return Confidence.HIGH if bits is not None and (bits & 0o077 == 0) is (order.kind == "mode") else None
    before = _RANKS[order.kind](order, old, bare)
    if before is None:
        return None if _is_literal(old, bare) else Confidence.MEDIUM
    return Confidence.HIGH if before > 0 or order.kind == "smaller" else None


def is_loose(order: Order, value: str, *, bare: bool = False) -> bool:
    """Whether a value is the loosest of its order by itself, whatever was there before."""
    if order.kind == "members":
        return bool(members(value, bare=bare) & frozenset(order.loose))
    if order.kind == "words":
        return any(item in value.lower() for item in order.loose)
    if order.kind == "version":
        found = version(value)
        return found is not None and found < order.factor
    if order.kind in ("on", "off", "avoid", "ranked"):
        return _RANKS[order.kind](order, value, bare) == 0
    return False


def _is_literal(text: str, bare: bool) -> bool:
    text = text.strip().rstrip(",;")
    lowered = text.lower()
    if bare:
        return bool(word(text, bare=True))
    return bool(pattern(_QUOTED).fullmatch(text) or pattern(_NUMBER).fullmatch(text)) or lowered in TRUE | FALSE | EMPTY


def _falls(order: Order, before: float, after: float) -> bool:
    if order.kind == "larger":
        return after * order.factor <= before if order.factor > 1 else after < before
    if order.kind == "smaller":  # ranks are negative
        return after <= before * order.factor if order.factor > 1 else after < before
    return after < before


def _on(order: Order, text: str, bare: bool) -> float | None:
    found = word(text, bare=bare)
    if not found and not bare:
        named = pattern(_DEFAULT).search(text[:TEXT_LIMIT])
        found = named[1].lower() if named else ""
    return 1.0 if found in TRUE else 0.0 if found in FALSE else None


def _off(order: Order, text: str, bare: bool) -> float | None:
    found = _on(order, text, bare)
    return None if found is None else 1.0 - found


def _avoid(order: Order, text: str, bare: bool) -> float | None:
    found = word(text, bare=bare)
    if found in order.loose:
        return 0.0
    if order.values:
        return 1.0 if found in order.values else None
    return 1.0 if found and _is_literal(text, bare) else None


def _ranked(order: Order, text: str, bare: bool) -> float | None:
    found = word(text, bare=bare)
    return float(order.values.index(found)) if found in order.values else None


def _larger(order: Order, text: str, bare: bool) -> float | None:
    found = number(text)
    return None if found is None or found < 0 else found


def _smaller(order: Order, text: str, bare: bool) -> float | None:
    found = number(text)
    return None if found is None or found <= 0 else -found


def _limit(order: Order, text: str, bare: bool) -> float | None:
    if word(text, bare=bare) in EMPTY:
        return 0.0
    found = number(text)
    return None if found is None else float(found > 0)


def _version(order: Order, text: str, bare: bool) -> float | None:
    return version(text)


_RANKS: dict[str, Callable[[Order, str, bool], float | None]] = {
    "on": _on,
    "off": _off,
    "avoid": _avoid,
    "ranked": _ranked,
    "larger": _larger,
    "smaller": _smaller,
    "limit": _limit,
    "version": _version,
}


def _gained(order: Order, old: str, new: str, bare: bool) -> Confidence | None:
    loose = frozenset(order.loose)
    if order.kind == "words":
        had, has = old.lower(), new.lower()
        gained = any(item in has and item not in had for item in loose)
        lost = any(item in had and item not in has for item in order.values)
        return Confidence.HIGH if gained or lost else None
    before, after = members(old, bare=bare), members(new, bare=bare)
    if not before or before & loose or not after & loose:
        return None
    return None if order.mixed and not before <= after else Confidence.HIGH


def _bits_gained(order: Order, old: str, new: str) -> Confidence | None:
    before, after = mode(old), mode(new)
    if before is None or after is None:
        return None
    gained = after & ~before if order.kind == "mode" else before & ~after
    return Confidence.HIGH if gained & 0o066 else None
