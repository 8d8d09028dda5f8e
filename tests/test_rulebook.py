"""The rulebook: found, digested, compiled once, and compiled again when a rule changes or the cache is torn."""

from __future__ import annotations

from pathlib import Path

import pytest

from trustgate.errors import ConfigError
from trustgate.rulebook import describe, load_rulebook, shipped_root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rules = tmp_path / "root" / "rules" / "things"
    rules.mkdir(parents=True)
    (rules / "a.toml").write_text('id = "a"\ntitle = "A"\n[[flags]]\nx = 1\n[seen]\nline = "x"\nsource = "y"\n')
    return tmp_path / "root"


def test_examples_are_left_out(root: Path) -> None:
    assert load_rulebook(root).families == {"things": {"a": {"id": "a", "title": "A"}}}


def test_the_compiled_form_says_the_same(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = load_rulebook(root, cache)
    assert len(list(cache.iterdir())) == 1
    assert load_rulebook(root, cache) == first == load_rulebook(root)


def test_a_changed_rule_is_compiled_again(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = load_rulebook(root, cache)
    (root / "rules" / "things" / "a.toml").write_text('id = "a"\ntitle = "Another"\n')
    second = load_rulebook(root, cache)
    assert second.digest != first.digest
    assert second.families["things"]["a"]["title"] == "Another"


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b"{}", b"null", b'{"families": 1}'])
def test_a_torn_cache_is_made_again(root: Path, tmp_path: Path, torn: bytes) -> None:
    cache = tmp_path / "cache"
    whole = load_rulebook(root, cache)
    (compiled,) = cache.iterdir()
    compiled.write_bytes(torn)
    assert load_rulebook(root, cache) == whole


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert load_rulebook(root, tmp_path / "file" / "cache") == load_rulebook(root)


def test_a_broken_rule_is_named(root: Path) -> None:
    (root / "rules" / "things" / "b.toml").write_text("id = \n")
    with pytest.raises(ConfigError, match=r"things/b\.toml"):
        load_rulebook(root)


def test_every_shipped_rule_says_what_it_is() -> None:
    for rule in describe(load_rulebook(shipped_root())).values():
        assert rule.title, rule.id
        assert rule.severity in {"low", "medium", "high", "critical"}, rule.id
        assert rule.confidence in {"low", "medium", "high"}, rule.id
