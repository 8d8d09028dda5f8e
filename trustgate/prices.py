"""What tokens cost: dated price tables (`rules/prices/`), disjoint token counts, integer micro-dollars.

An unknown price is None, never 0: a cost that can not be reckoned counts as over budget. List prices are not bills;
where a provider says what a call cost, that figure is kept instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from trustgate.rulebook import Rulebook

if TYPE_CHECKING:
    from decimal import Decimal

STALE_DAYS = 90
"""days after which a price that nobody has checked again is warned about"""
MILLION = 1_000_000
RATES = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")


class Tokens(NamedTuple):
    """Tokens of one call in disjoint classes; reasoning is part of `output`."""

    fresh: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0

    @property
    def input(self) -> int:
        return self.fresh + self.cache_read + self.cache_write_5m + self.cache_write_1h


class Rates(NamedTuple):
    """Micro-dollars for a million tokens, which is dollars times a million. None: the provider names none."""

    input: int
    output: int
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    long_above: int = 0
    """input tokens above which `long_input` and `long_output` hold for the whole call; 0 where there is no such tier"""
    long_input: int = 0
    long_output: int = 0
    version: str = ""
    """what the ledger keeps of where the rates come from: `provider/model@valid_from`, or `policy`"""
    checked_on: date | None = None
    """the day on which somebody compared the row with its source; None for the team's own figures"""


class Cost(NamedTuple):
    microdollars: int | None
    """rounded up; None when a rate that is needed is not known"""
    estimated: bool = False
    """True when a rate stood in for one that is not known (a cached token at the full rate)"""


def cost_of(tokens: Tokens, rates: Rates | None) -> Cost:
    """The list price of one call."""
    if rates is None:
        return Cost(None)
    into, out, read = rates.input, rates.output, rates.cache_read
    five, hour = rates.cache_write_5m, rates.cache_write_1h
    if rates.long_above and tokens.input > rates.long_above:
        # The documented long tiers name input and output only; the cache rates grow with the input rate.
        read, five, hour = (_scaled(rate, rates.long_input, into) for rate in (read, five, hour))
        into, out = rates.long_input, rates.long_output
    estimated = bool(tokens.cache_read) and read is None
    if (tokens.cache_write_5m and five is None) or (tokens.cache_write_1h and hour is None):
        return Cost(None)
    total = (
        tokens.fresh * into
        + tokens.cache_read * (into if read is None else read)
        + tokens.cache_write_5m * (five or 0)
        + tokens.cache_write_1h * (hour or 0)
        + tokens.output * out
    )
    return Cost(-(-total // MILLION), estimated)


def worst_case(input_bytes: int, max_output_tokens: int, rates: Rates | None) -> int | None:
    """Micro-dollars that a call can come to at most: a token for every two bytes, all of the output, nothing cached.

    Code with odd characters comes to fewer bytes a token than prose (3 to 4); two is beyond what was seen.
    """
    tokens = Tokens(fresh=-(-input_bytes // 2), output=max_output_tokens)
    return cost_of(tokens, rates).microdollars


def _scaled(rate: int | None, to: int, base: int) -> int | None:
    return None if rate is None else -(-rate * to // base) if base else rate


def micro(dollars: str | int | float | Decimal) -> int:
    """Micro-dollars of a number of dollars as a person writes it. Raises ValueError for what is no such amount."""
    from decimal import Decimal

    amount = Decimal(str(dollars))
    if not amount.is_finite() or amount < 0 or amount > MILLION:
        raise ValueError(f"{dollars} is not an amount of dollars")
    return int((amount * MILLION).to_integral_value())


class PriceTable:
    """The shipped prices. `find` wants the registry's name of the provider and the model as it is asked for."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rows: dict[tuple[str, str], list[tuple[date, Rates]]] = {}
        for provider, table in rulebook.family("prices").items():
            for row in table.get("price", ()):
                rates = _rates(provider, row)
                for model in (row["model"], *row.get("aliases", ())):
                    self._rows.setdefault((provider, model), []).append((_day(row["valid_from"]), rates))
        for rows in self._rows.values():
            rows.sort(key=lambda pair: pair[0])

    def find(self, provider: str, model: str, today: date) -> Rates | None:
        """The rates in force on a day: the latest row that is valid by then; None where there is none."""
        rows = self._rows.get((provider, model), [])
        return next((rates for since, rates in reversed(rows) if since <= today), None)


def age_warning(rates: Rates, today: date) -> str:
    """A sentence when the row was last compared with its source over 90 days ago; else empty."""
    if rates.checked_on is None or (today - rates.checked_on).days <= STALE_DAYS:
        return ""
    return f"the price {rates.version} was last checked on {rates.checked_on}, over {STALE_DAYS} days ago"


def _rates(provider: str, row: Mapping[str, Any]) -> Rates:
    given = {key: micro(row[key]) for key in RATES if key in row}
    long = row.get("long", {})
    return Rates(
        **given,
        long_above=int(long.get("above", 0)),
        long_input=micro(long.get("input", 0)),
        long_output=micro(long.get("output", 0)),
        version=f"{provider}/{row['model']}@{_day(row['valid_from'])}",
        checked_on=_day(row["checked_on"]),
    )


def _day(text: str) -> date:
    """Dates stand as text in rule files: their compiled form is JSON."""
    return date.fromisoformat(text)
