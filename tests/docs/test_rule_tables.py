"""Each rule stands in a table of the documentation, as the rulebook and the shipped policy have it."""

from __future__ import annotations

import re
import runpy

import pytest
from doc_pages import PAGES, ROOT, text_of

TABLES = runpy.run_path(str(ROOT / "docs/rule_tables.py"))
RULES = TABLES["RULES"]


@pytest.mark.parametrize("page", [page for page in PAGES if "<!-- rules:" in text_of(page)])
def test_a_table_is_what_the_program_writes(page: str) -> None:
    assert TABLES["renewed"](text_of(page)) == text_of(page), "run `python docs/rule_tables.py`"


def test_every_rule_has_its_row() -> None:
    rows = {name for page in PAGES for name in re.findall(r"^\| `([a-z0-9-]+)` \| ", text_of(page), re.M)}
    assert set(RULES) - rows == set()


def test_a_row_says_what_policy_does() -> None:
    labels = {rule: tuple(action.label for action in TABLES["actions"](RULES[rule])) for rule in RULES}
    assert labels["tls-verify-off"] == ("block", "block", "block")
    assert labels["auth-guard-removed"] == ("warn", "escalate", "escalate")
    assert labels["github-token"] == ("block", "block", "block")
