"""Tables of rule files that describe safe values."""

from __future__ import annotations

from typing import Any

import pytest
from boundary_cases import BOOK

from trustgate.analyzers.boundaries.rules import load_rules
from trustgate.analyzers.boundaries.safe import folded, safes_of
from trustgate.errors import ConfigError

RULE = load_rules(BOOK).named["tls-check-loosened"]


def test_names_are_folded_and_found_by_their_last_segment() -> None:
    safes = safes_of([(RULE, {"safe": [{"names": ["securityContext.run_as_NonRoot"], "order": "on"}]})])
    ((_, safe),) = safes.by_name["runasnonroot"]
    assert safe.names == ("securitycontext.runasnonroot",)
    assert folded("HTTP-Only") == folded("http_only") == "httponly"


FAULTY: dict[str, dict[str, Any]] = {
    "no order": {"safe": [{"names": ["a"]}]},
    "an order nobody knows": {"safe": [{"names": ["a"], "order": "up"}]},
    "a form nobody knows": {"safe": [{"names": ["a"], "order": "on", "gone": ["line"]}]},
    "neither names nor call": {"safe": [{"order": "on"}]},
    "a confidence nobody knows": {"swap": [{"safe": ["a"], "loose": ["b"], "confidence": "sure"}]},
    "a line without text": {"kept": [{"needle": "a"}]},
}


@pytest.mark.parametrize("table", FAULTY.values(), ids=FAULTY)
def test_a_faulty_table_is_named(table: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"tls-check-loosened\.toml: \[\[(?:safe|swap|kept)\]\]"):
        safes_of([(RULE, table)])
