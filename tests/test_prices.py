"""Prices: the shipped tables are whole, and no sum is ever too small."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.prices import PriceTable, Rates, Tokens, age_warning, cost_of, micro, worst_case
from trustgate.rulebook import Rulebook, load_rulebook, parse_rule_file, shipped_root

TODAY = date(2026, 11, 21)
FILES = sorted((shipped_root() / "rules" / "prices").glob("*.toml"))
OPUS = Rates(5_000_000, 25_000_000, 500_000, 6_250_000, 10_000_000)
COUNT = st.integers(0, 10_000_000)
TOKENS = st.builds(Tokens, COUNT, COUNT, COUNT, COUNT, COUNT)


@pytest.fixture(scope="module")
def table() -> PriceTable:
    return PriceTable(load_rulebook())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_row_has_its_rates_its_source_and_its_day(file) -> None:
    rows = parse_rule_file(f"prices/{file.name}", file.read_bytes())["price"]
    assert rows
    assert len({(row["model"], row["valid_from"]) for row in rows}) == len(rows)
    for row in rows:
        assert {"model", "valid_from", "input", "output", "source", "checked_on"} <= set(row), row
        assert set(row) <= {
            "model", "aliases", "valid_from", "input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "long",
            "source", "checked_on",
        }  # fmt: skip
        assert date.fromisoformat(row["valid_from"]) <= date.fromisoformat(row["checked_on"])
        amounts = [micro(row[key]) for key in ("input", "output")]
        assert 0 < amounts[0] <= amounts[1]
        assert micro(row.get("cache_read", row["input"])) <= amounts[0]


def test_a_published_example(table: PriceTable) -> None:
    """4,000 tokens in and 500 out at $5 and $25 are $0.0325."""
    rates = table.find("anthropic", "claude-opus-4-7", TODAY)
    assert cost_of(Tokens(fresh=4000, output=500), rates).microdollars == 32_500


@pytest.mark.parametrize(
    ("provider", "model"),
    [("anthropic", "claude-opus-9"), ("nobody", "claude-opus-4-7"), ("openai", "claude-opus-4-7"), ("", "")],
)
def test_an_unknown_model_costs_none_and_never_nothing(table: PriceTable, provider: str, model: str) -> None:
    rates = table.find(provider, model, TODAY)
    assert rates is None
    assert cost_of(Tokens(fresh=1), rates).microdollars is None
    assert worst_case(1, 1, rates) is None


def test_the_row_of_the_day_counts(table: PriceTable) -> None:
    before = table.find("anthropic", "claude-sonnet-5-5", date(2026, 10, 6))
    after = table.find("anthropic", "claude-sonnet-5-5", date(2026, 10, 7))
    assert before is not None
    assert after is not None
    assert (before.cache_read, after.cache_read) == (200_000, 100_000)
    assert table.find("anthropic", "claude-sonnet-5-5", date(2020, 1, 1)) is None


def test_two_rows_of_a_model_in_either_order_give_the_later() -> None:
    row = {"model": "m", "output": "1", "source": "s", "checked_on": "2026-01-01"}
    old = {**row, "valid_from": "2025-01-01", "input": "1"}
    new = {**row, "valid_from": "2025-06-01", "input": "2"}
    for rows in ([old, new], [new, old]):
        found = PriceTable(Rulebook({"prices": {"p": {"price": rows}}}, "")).find("p", "m", TODAY)
        assert found is not None
        assert found.input == 2_000_000


def test_an_old_price_is_warned_about() -> None:
    rates = OPUS._replace(version="p/m@2026-01-01", checked_on=TODAY)
    assert age_warning(rates, TODAY + timedelta(days=90)) == ""
    assert "p/m@2026-01-01" in age_warning(rates, TODAY + timedelta(days=91))
    assert age_warning(OPUS, TODAY) == ""


def test_a_cached_token_without_a_rate_is_counted_in_full_and_said_to_be_an_estimate() -> None:
    bare = Rates(5_000_000, 25_000_000)
    assert cost_of(Tokens(cache_read=1000), bare) == (5000, True)
    assert cost_of(Tokens(fresh=1000), bare) == (5000, False)
    assert cost_of(Tokens(cache_write_5m=1), bare).microdollars is None
    assert cost_of(Tokens(cache_write_1h=1), bare).microdollars is None


def test_a_long_call_costs_the_long_rate_as_a_whole() -> None:
    rates = Rates(1_000_000, 2_000_000, 100_000, long_above=1000, long_input=5_000_000, long_output=10_000_000)
    assert cost_of(Tokens(fresh=1000), rates).microdollars == 1000
    assert cost_of(Tokens(fresh=1001, output=10), rates).microdollars == 5105
    assert cost_of(Tokens(fresh=1, cache_read=1000), rates).microdollars == 505


@given(TOKENS, TOKENS)
def test_more_tokens_never_cost_less(some: Tokens, more: Tokens) -> None:
    both = Tokens(*(a + b for a, b in zip(some, more, strict=True)))
    one, two = cost_of(some, OPUS).microdollars, cost_of(both, OPUS).microdollars
    assert one is not None
    assert two is not None
    assert one <= two


@given(TOKENS)
def test_a_sum_is_exact_and_rounded_up(tokens: Tokens) -> None:
    rates = (OPUS.input, OPUS.cache_read, OPUS.cache_write_5m, OPUS.cache_write_1h, OPUS.output)
    exact = sum(Decimal(n) * Decimal(rate or 0) for n, rate in zip(tokens, rates, strict=True)) / 1_000_000
    found = cost_of(tokens, OPUS).microdollars
    assert found is not None
    assert exact <= found < exact + 1


def test_the_worst_case_covers_a_token_for_every_two_bytes() -> None:
    assert worst_case(8001, 1000, OPUS) == 4001 * 5 + 1000 * 25


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "1e9"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount of dollars"):
        micro(text)
