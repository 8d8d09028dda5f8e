"""The shipped rules, and a commit with just a message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trustgate.attribution.registry import Registry, registry_of
from trustgate.changes.changeset import CommitInfo
from trustgate.rulebook import Rulebook, load_rulebook


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="session")
def registry(book: Rulebook) -> Registry:
    return registry_of(book)


@pytest.fixture(scope="session")
def commit() -> Callable[..., CommitInfo]:
    def make(message: str = "Change", author: str = "Jane Doe <jane@mail.example>", oid: str = "1" * 40) -> CommitInfo:
        name, _, address = author.removesuffix(">").partition(" <")
        return CommitInfo(oid, (), name, address, "Jane Doe", "jane@mail.example", message)

    return make
