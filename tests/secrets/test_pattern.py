"""Tables that are no patterns say so."""

from __future__ import annotations

import pytest

from trustgate.errors import ConfigError
from trustgate.secrets.pattern import Pattern

GOOD = {"id": "x", "title": "x", "severity": "high", "confidence": "high", "keywords": ["ab"], "token": "ab[0-9]{4}"}


def test_a_token_gets_its_borders() -> None:
    pattern = Pattern(GOOD, "rules/secrets/x.toml")
    assert pattern.regex.search("=ab1234;")
    assert not pattern.regex.search("zab1234")
    assert not pattern.regex.search("ab12345")


def test_proof_and_settings_are_known_keys() -> None:
    Pattern({**GOOD, "flags": [], "leaves_alone": [], "seen": {}, "min_entropy": 3, "verify": "", "tip": "x"}, "x.toml")


@pytest.mark.parametrize("change", [{"token": None}, {"severity": "huge"}, {"keywords": None}, {"min_entropi": 3.0}])
def test_a_broken_table_names_file_and_pattern(change: dict[str, object]) -> None:
    table = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(ConfigError, match=r"rules/secrets/x\.toml"):
        Pattern(table, "rules/secrets/x.toml")
