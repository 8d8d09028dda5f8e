"""What an index's answer says of a package, and what its history comes to."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_index import Package, _npm, _pypi

from trustgate.analyzers.dependencies.metadata import PackageFacts, read_document
from trustgate.analyzers.dependencies.standing import standing
from trustgate.errors import CannotJudge

TODAY = date(2026, 11, 21)
VERSIONS = {"1.0": "2026-11-01", "1.1": "2026-11-18", "2.0rc1": "2026-11-20"}


def facts(ecosystem: str, package: Package) -> PackageFacts:
    made = _pypi("some-name", package) if ecosystem == "pypi" else _npm("some-name", package)
    found = read_document(ecosystem, json.dumps(made).encode())
    assert found is not None
    return found


def test_pypi() -> None:
    found = facts("pypi", Package(VERSIONS))
    assert (found.first, found.releases, found.latest, dict(found.published)) == ("2026-11-01", 3, "1.1", VERSIONS)
    assert (found.age(TODAY), found.version_age("1.1", TODAY), found.version_age("9", TODAY)) == (20, 3, None)


def test_archives_are_told_by_their_names() -> None:
    files = [
        {"filename": name, "upload-time": "2020-01-02T00:00:00Z"}
        for name in ("Some.Name-1.0.tar.gz", "some_name-2.0-py3-none-any.whl", "other-3.0.zip", "x")
    ]
    found = read_document("pypi", json.dumps({"name": "some-name", "files": files}).encode())
    assert found is not None
    assert sorted(found.published) == ["1.0", "2.0"]


def test_an_index_without_dates_leaves_the_age_open() -> None:
    found = read_document("pypi", json.dumps({"name": "x", "files": [{"filename": "x-1.0.tar.gz"}]}).encode())
    assert found is not None
    assert found.age(TODAY) is None
    assert not standing(found, TODAY).read


def test_npm() -> None:
    found = facts("npm", Package(VERSIONS, ("ann", "bob"), "Ann/Otter", installs=True, deprecated="use other"))
    assert (found.first, found.releases, found.latest) == ("2026-11-01", 3, "2.0rc1")
    assert (found.maintainers, found.repository) == (("ann", "bob"), "github.com/ann/otter")
    assert (found.installers, found.deprecated) == (("2.0rc1",), "use other")


def test_facts_survive_the_cache() -> None:
    found = facts("npm", Package(VERSIONS, ("ann",), installs=True))
    assert PackageFacts.from_json(json.loads(json.dumps(found.as_json()))) == found
    assert PackageFacts.from_json({"first": "x"}) is None
    assert PackageFacts.from_json(None) is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"[" * 100_000])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    for ecosystem in ("pypi", "npm"):
        with pytest.raises(CannotJudge):
            read_document(ecosystem, data)


KEYS = [
    "name",
    "files",
    "filename",
    "upload-time",
    "versions",
    "time",
    "created",
    "maintainers",
    "repository",
    "url",
    "dist-tags",
    "latest",
]
values = st.recursive(
    st.none() | st.integers() | st.text(max_size=12) | st.sampled_from(["1.0", "2026-11-01T00:00:00Z", "x-1.0.tar.gz"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(KEYS), values), st.sampled_from(["pypi", "npm"]))
def test_any_document_is_read_or_refused(document: dict[str, Any], ecosystem: str) -> None:
    with suppress(CannotJudge):
        found = read_document(ecosystem, json.dumps(document).encode())
        standing(found, TODAY, "1.0", found, 7)


def signals(found: PackageFacts | None, **more: Any) -> list[str]:
    return [name for name, _ in standing(found, TODAY, **more).signals]


OLD = Package({"1.0": "2020-01-01", "1.1": "2021-01-01", "1.2": "2026-11-19"}, ("ann",), "ann/otter")


@pytest.mark.parametrize(
    ("package", "more", "told"),
    [
        pytest.param(OLD, {}, ["established"], id="old, with releases"),
        pytest.param(OLD, {"cooldown": 7}, ["established", "young-version"], id="its last version is young"),
        pytest.param(OLD, {"cooldown": 7, "version": "1.1"}, ["established"], id="an older version of it"),
        pytest.param(Package({"1.0": "2026-11-10"}), {}, ["young-package"], id="days old"),
        pytest.param(Package({"1.0": "2020-01-01"}), {}, [], id="old, with one release"),
        pytest.param(Package({"1.0": "2026-09-15", "1.1": "2026-09-16", "1.2": "2026-09-17"}), {}, [], id="between"),
        pytest.param(
            Package({"1.0": "2020-01-01"}, installs=True), {}, ["install-script"], id="with an install script"
        ),
        pytest.param(Package({"1.0": "2020-01-01"}, deprecated="gone"), {}, ["deprecated"], id="deprecated"),
    ],
)
def test_signals(package: Package, more: dict[str, Any], told: list[str]) -> None:
    assert signals(facts("npm", package), **more) == told


def test_a_shared_maintainer_counts_and_a_claimed_repository_does_not() -> None:
    target = facts("npm", OLD)
    assert signals(facts("npm", Package({"1.0": "2026-11-10"}, ("ann", "bob"))), kin=target) == [
        "young-package",
        "shared-owner",
    ]
    assert signals(facts("npm", Package({"1.0": "2026-11-10"}, ("eve",), "ann/otter")), kin=target) == ["young-package"]
    assert signals(None) == []
