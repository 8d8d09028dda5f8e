"""What rule files say of safe values.

`[[safe]]` is an argument or setting: in a rule of kind `weakening` it must not get looser; in a rule of kind `flaw` its
loose value in a configuration file is a switch-off. `[[swap]]` is a function and its unsafe siblings, `[[kept]]` a
line of set-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trustgate.analyzers.boundaries.values import ORDERS, Order
from trustgate.errors import ConfigError
from trustgate.finding import Confidence
from trustgate.record import NamedTuple

if TYPE_CHECKING:
    from trustgate.analyzers.boundaries.rules import Rule

FORMS = frozenset(("argument", "key", "assignment"))


class Safe(NamedTuple):
    """One argument or setting that protects."""

    names: tuple[str, ...]
    """folded (`folded()`); with dots, the end of a key path or of `object.attribute`"""
    order: Order
    languages: frozenset[str]
    """empty: every language"""
    holder: str
    """regular expression that the callee, object or key path around it must match; empty: any"""
    call: tuple[str, ...]
    """callee patterns of a positional argument"""
    position: int
    """0-based, -1 the last; only with `call`"""
    gone: frozenset[str]
    """forms in which absence is loose, of FORMS"""
    confidence: Confidence


class Swap(NamedTuple):
    """A safe function and the siblings that must not take its place."""

    safe: tuple[str, ...]
    loose: tuple[str, ...]
    languages: frozenset[str]
    safe_text: str
    """regular expression that the safe call's text must match"""
    loose_text: str
    imports: bool
    """the module is swapped where it is imported"""
    confidence: Confidence


class Kept(NamedTuple):
    """A line that protects: it may move inside the file, not go."""

    needles: tuple[str, ...]
    """literals of which one must stand in the line before `text` is tried"""
    text: str
    """regular expression that the line must match"""
    languages: frozenset[str]
    confidence: Confidence
    symbol: bool
    """it protects the function it stands in, which must keep as many of its kind; else the whole file"""


class Safes(NamedTuple):
    by_name: Mapping[str, tuple[tuple[Rule, Safe], ...]]
    """by the last segment of the folded name"""
    by_call: Mapping[str, tuple[tuple[Rule, Safe], ...]]
    """positional ones, by the last segment of the callee pattern"""
    swaps: tuple[tuple[Rule, Swap], ...]
    kept: tuple[tuple[Rule, Kept], ...]


@lru_cache(maxsize=20_000)
def folded(name: str) -> str:
    """`http_only`, `httpOnly`, `HTTP-Only` are one name."""
    return name.replace("_", "").replace("-", "").lower()


def safes_of(tables: Iterable[tuple[Rule, Mapping[str, Any]]]) -> Safes:
    """Raises ConfigError naming the rule and the field."""
    by_name: dict[str, tuple[tuple[Rule, Safe], ...]] = {}
    by_call: dict[str, tuple[tuple[Rule, Safe], ...]] = {}
    swaps = []
    kept = []
    for rule, table in tables:
        for entry in table.get("safe", ()):
            safe = _safe(rule.id, entry)
            for last in {name.rsplit(".", 1)[-1] for name in safe.names}:
                by_name[last] = (*by_name.get(last, ()), (rule, safe))
            for last in {pattern.rsplit(".", 1)[-1] for pattern in safe.call}:
                by_call[last] = (*by_call.get(last, ()), (rule, safe))
        for entry in table.get("swap", ()):
            swaps.append((rule, _swap(rule.id, entry)))
        for entry in table.get("kept", ()):
            kept.append((rule, _kept(rule.id, entry)))
    return Safes(by_name, by_call, tuple(swaps), tuple(kept))


def _safe(rule: str, table: Mapping[str, Any]) -> Safe:
    try:
        safe = Safe(
            names=tuple(".".join(map(folded, name.split("."))) for name in table.get("names", ())),
            order=Order(
                table["order"],
                tuple(table.get("values", ())),
                tuple(table.get("loose", ())),
                float(table.get("factor", 1)),
                bool(table.get("mixed", False)),
            ),
            languages=frozenset(table.get("languages", ())),
            holder=table.get("holder", ""),
            call=tuple(table.get("call", ())),
            position=int(table.get("position", 0)),
            gone=frozenset(table.get("gone", ())),
            confidence=Confidence[table.get("confidence", "high").upper()],
        )
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise ConfigError(f"rules/boundaries/{rule}.toml: [[safe]]: {error}") from error
    if safe.order.kind not in ORDERS or not safe.gone <= FORMS or not (safe.names or safe.call):
        raise ConfigError(f"rules/boundaries/{rule}.toml: [[safe]]: unknown order or form, or neither names nor call")
    return safe


def _swap(rule: str, table: Mapping[str, Any]) -> Swap:
    try:
        return Swap(
            safe=tuple(table["safe"]),
            loose=tuple(table["loose"]),
            languages=frozenset(table.get("languages", ())),
            safe_text=table.get("safe_text", ""),
            loose_text=table.get("loose_text", ""),
            imports=bool(table.get("imports", False)),
            confidence=Confidence[table.get("confidence", "high").upper()],
        )
    except (KeyError, AttributeError, TypeError) as error:
        raise ConfigError(f"rules/boundaries/{rule}.toml: [[swap]]: {error}") from error


def _kept(rule: str, table: Mapping[str, Any]) -> Kept:
    try:
        sure = Confidence[table.get("confidence", "high").upper()]
        where = bool(table.get("symbol", False))
        needle = table["needle"]
        needles = (needle,) if isinstance(needle, str) else tuple(needle)
        return Kept(needles, table["text"], frozenset(table.get("languages", ())), sure, where)
    except (KeyError, AttributeError, TypeError) as error:
        raise ConfigError(f"rules/boundaries/{rule}.toml: [[kept]]: {error}") from error
