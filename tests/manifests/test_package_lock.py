"""package-lock.json, versions 1 to 3."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.manifests.dependency import Manifest, ManifestError, SourceKind
from trustgate.manifests.package_lock import read

R = "https://registry.example"
V3 = {
    "name": "shop",
    "lockfileVersion": 3,
    "packages": {
        "": {"dependencies": {"a": "^1", "alias": "npm:real@1"}},
        "packages/ui": {"name": "@shop/ui", "devDependencies": {"d": "1"}},
        "node_modules/@shop/ui": {"resolved": "packages/ui", "link": True},
        "node_modules/a": {"version": "1.0.0", "resolved": f"{R}/a-1.0.0.tgz", "integrity": "sha512-AA", "hasInstallScript": True},
        "node_modules/a/node_modules/b": {"version": "2.0.0", "resolved": f"{R}/b-2.0.0.tgz", "integrity": "sha512-BB", "dev": True},
        "node_modules/alias": {"name": "real", "version": "1.0.0", "resolved": f"{R}/real-1.0.0.tgz", "integrity": "sha512-CC"},
        "node_modules/d": {"version": "1.0.0", "resolved": "git+ssh://git@g.example/t/d.git#abc"},
        "node_modules/inside": {"version": "1.0.0", "inBundle": True},
    },
}  # fmt: skip
V1 = {
    "lockfileVersion": 1,
    "dependencies": {
        "a": {
            "version": "1.0.0",
            "resolved": f"{R}/a-1.0.0.tgz",
            "integrity": "sha1-AA",
            "dependencies": {"b": {"version": "2.0.0", "dev": True}},
        },
        "alias": {"version": "npm:real@1.0.0"},
        "g": {"version": "github:team/g#abc"},
    },
}


def load(document: object) -> Manifest:
    return read("package-lock.json", json.dumps(document, indent=2).encode(), {}.get)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_empty_lock(version: int) -> None:
    assert load({"lockfileVersion": version}).dependencies == ()


def test_version_3() -> None:
    manifest = load(V3)
    found = {item.name: item for item in manifest.dependencies}
    assert sorted(found) == ["a", "b", "d", "inside", "real"]
    assert (found["a"].host, found["a"].hashes, found["a"].install_script) == ("registry.example", ("sha512-AA",), True)
    assert {name for name, item in found.items() if item.direct} == {"a", "real", "d"}
    assert (found["real"].raw_name, found["b"].group) == ("alias", "dev")
    assert (found["d"].source_kind, found["d"].host) == (SourceKind.GIT, "g.example")
    assert found["inside"].hashes == ("bundled",)
    lines = json.dumps(V3, indent=2).split("\n")
    assert all(f'/{item.raw_name}": {{' in lines[item.line - 1] for item in manifest.dependencies)


def test_version_1() -> None:
    found = {item.name: item for item in load(V1).dependencies}
    assert sorted(found) == ["a", "b", "g", "real"]
    assert (found["b"].group, found["real"].version, found["g"].source_kind) == ("dev", "1.0.0", SourceKind.GIT)


def test_of_version_2_both_trees_are_read() -> None:
    """npm 6 reads the older tree, npm 7 the newer one: a package in one of them only gets installed by one of them."""
    both = {**V3, "lockfileVersion": 2, "dependencies": {"hidden": {"version": "9.9.9", "resolved": f"{R}/hidden.tgz"}}}
    assert "hidden" in {item.name for item in load(both).dependencies}


@pytest.mark.parametrize("document", [{"lockfileVersion": 4}, {"lockfileVersion": "3"}, [], 7])
def test_an_unknown_version_is_refused(document: object) -> None:
    with pytest.raises(ManifestError):
        load(document)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["", "node_modules/a", "dependencies", "version", "resolved", "integrity", "link"]), inner),
    max_leaves=12,
)  # fmt: skip


@given(values, values, st.integers(1, 3))
def test_any_shape_is_read(packages: object, tree: object, version: int) -> None:
    assert load({"lockfileVersion": version, "packages": packages, "dependencies": tree}).lock
