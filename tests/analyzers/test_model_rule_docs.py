"""Each model rule has its row on the page, with its code and the way to fix it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from trustgate.rulebook import load_rulebook

PAGE = (Path(__file__).parents[2] / "docs" / "model-rules.md").read_text(encoding="utf-8")
RULES = load_rulebook().family("models")


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_has_its_row(rule: dict[str, Any]) -> None:
    head = f"| `{rule['id']}` | {rule['code']} | {rule['severity']}, {rule['confidence']} | {rule['title']} | "
    (row,) = [line for line in PAGE.split("\n") if line.startswith(head)]
    assert row.endswith(f" | {rule['tip']} |")


def test_the_page_has_no_row_without_a_rule() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \| MDL", PAGE, re.MULTILINE)) == set(RULES)


def test_every_code_of_the_list_has_a_rule() -> None:
    wanted = {
        101,
        102,
        103,
        104,
        110,
        111,
        112,
        120,
        121,
        122,
        123,
        124,
        125,
        *range(130, 135),
        140,
        141,
        142,
        *range(150, 156),
    }
    assert {int(rule["code"].removeprefix("MDL")) for rule in RULES.values()} == wanted
