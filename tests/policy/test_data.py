"""`[data]`: how far each path may travel to a reviewer."""

from __future__ import annotations

import pytest

from trustgate.errors import ConfigError
from trustgate.policy.data import DataRules
from trustgate.policy.load import load_policy
from trustgate.rulebook import load_rulebook


def loaded(text: str) -> DataRules:
    policy = load_policy(lambda _path: None, load_rulebook(), None, config=text.encode())
    return policy.data or DataRules()


def test_everything_is_internal_without_a_word() -> None:
    assert loaded("").of(("app/x.py",)) == "internal"


def test_the_strictest_class_of_all_paths_counts() -> None:
    rules = loaded('[data]\npublic = ["docs/**"]\nprivate = ["core/**"]\nphi = ["core/clinic/**"]\n')
    assert rules.of(("docs/a.md",)) == "public"
    assert rules.of(("docs/a.md", "app/x.py")) == "internal"
    assert rules.of(("docs/a.md", "core/x.py")) == "private"
    assert rules.of(("core/clinic/x.py",)) == "phi"


def test_a_default_for_all_else() -> None:
    assert loaded('[data]\ndefault = "private"\n').of(("app/x.py",)) == "private"


@pytest.mark.parametrize("text", ['default = "secret"', 'privat = ["a"]', "private = 1", 'phi = ["../x"]'])
def test_what_is_wrong_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError):
        loaded(f"[data]\n{text}\n")


def test_it_is_part_of_the_digest() -> None:
    read = lambda _path: None  # noqa: E731
    one = load_policy(read, load_rulebook(), None, config=b'[data]\nprivate = ["a/**"]\n')
    assert one.digest != load_policy(read, load_rulebook(), None, config=b"").digest
