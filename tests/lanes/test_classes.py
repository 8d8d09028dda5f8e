"""The classes of models: every table has its proof."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from trustgate.attribution.registry import registry_of
from trustgate.policy.lanes import MODEL_CLASSES
from trustgate.reviewer.candidates import class_of
from trustgate.rulebook import Rulebook, shipped_root

TABLES: list[dict[str, Any]] = tomllib.loads(
    (shipped_root() / "rules" / "reviewer" / "classes.toml").read_text(encoding="utf-8")
)["class"]


@pytest.mark.parametrize("number", range(len(TABLES)), ids=[table["id"] for table in TABLES])
def test_a_class_has_its_models_and_leaves_others_alone(number: int, rulebook: Rulebook) -> None:
    table, models = TABLES[number], registry_of(rulebook).models
    assert table["class"] in MODEL_CLASSES
    assert table["flags"]
    assert table["leaves_alone"]
    for name in table["flags"]:
        assert class_of(name, models, TABLES[: number + 1]) == table["class"]
        assert class_of(name, models, TABLES[number : number + 1]) == table["class"], f"{name} is another table's"
    for name in table["leaves_alone"]:
        assert class_of(name, models, [table]) == "unknown"


@pytest.mark.parametrize("name", ["", "my-alias", "claude", "gpt", "evil-claude-opus-4-7", "claude-opus"])
def test_a_name_that_says_nothing_is_unknown(name: str, rulebook: Rulebook) -> None:
    assert class_of(name, registry_of(rulebook).models, TABLES) == "unknown"
