"""What a team adds to what is looked for: places that it counts to a boundary, and boundary rules of its own."""

from __future__ import annotations

from trustgate.finding import BOUNDARIES
from trustgate.globs import fault_of_path_glob
from trustgate.policy.model import Listed
from trustgate.policy.tables import Table, near

MOST_PLACES = 200
"""paths or symbols of one boundary"""
MOST_RULES = 100
LONGEST_SYMBOL = 200
"""characters"""
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def with_listed(before: tuple[Listed, ...], table: Table, sources: dict[str, str]) -> tuple[Listed, ...]:
    """The places of `[boundaries.<category>]` tables, in the order of the boundaries; a later file's stand instead."""
    found = {item.boundary: item for item in before}
    for name in table.values:
        if name not in BOUNDARIES:
            table.fail(name, "is no boundary", near(name, BOUNDARIES))
        found[name] = _listed(name, Table(table.name, f"[boundaries.{name}]", table.raw(name)))
        sources[f"boundaries.{name}"] = table.name
    return tuple(found[name] for name in BOUNDARIES if name in found)


def _listed(boundary: str, table: Table) -> Listed:
    paths, symbols = table.strings("paths"), table.strings("symbols")
    for key, names in (("paths", paths), ("symbols", symbols)):
        if table.has(key) and not names:
            table.fail(key, "says nothing", "leave it out, or name a place")
        if len(names) > MOST_PLACES:
            table.fail(key, f"has {len(names)} entries, over the limit of {MOST_PLACES}", "match more with each")
    for path in paths:
        if fault := fault_of_path_glob(path):
            table.fail("paths", f"has {path[:100]!r}: {fault}")
    for symbol in symbols:
        if len(symbol) > LONGEST_SYMBOL or not symbol.strip("*?.") or any(sign.isspace() for sign in symbol):
            table.fail(
                "symbols", f"has {symbol[:100]!r}", "a name, or a pattern with a name in it: `charge_*`, `Ledger.*`"
            )
    table.done()
    if not paths and not symbols:
        table.fail("paths", "is missing, and so is `symbols`", 'write paths = ["src/payments/**"]')
    return Listed(boundary, paths, symbols)


def rule_names(table: Table) -> tuple[str, ...]:
    """Ids in `[rules] boundaries`, each the name of a file in `.trustgate/rules/boundaries/`."""
    names = table.strings("boundaries")
    if len(names) > MOST_RULES:
        table.fail("boundaries", f"has {len(names)} entries, over the limit of {MOST_RULES}")
    for name in names:
        if len(name) > 100 or not all(part and _LETTERS.issuperset(part) for part in name.split("-")):
            table.fail("boundaries", f"has {name[:100]!r}", "lower-case letters, digits and hyphens: `payments-guard`")
    table.done()
    return names
