"""Each category has a page, and each rule stands on the page of its category."""

from __future__ import annotations

from pathlib import Path

import pytest

from trustgate.finding import BOUNDARIES
from trustgate.rulebook import load_rulebook

PAGES = Path(__file__).parents[2] / "docs" / "boundaries"
RULES = load_rulebook().family("boundaries")


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_every_category_has_a_page_that_the_first_one_links(boundary: str) -> None:
    assert f"({boundary}.md)" in (PAGES / "README.md").read_text(encoding="utf-8")
    assert (PAGES / f"{boundary}.md").is_file()


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_stands_on_the_page_of_its_category(rule: dict[str, str]) -> None:
    page = (PAGES / f"{rule['boundary']}.md").read_text(encoding="utf-8")
    kind = "switch-off" if rule["kind"] == "flaw" else rule["kind"]
    row = f"| `{rule['id']}` | {kind} | {rule['severity']}, {rule['confidence']} | {rule['title']} |"
    assert row in page
