"""uv.lock and poetry.lock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.manifests import poetry_lock, uv_lock
from trustgate.manifests.dependency import ManifestError, SourceKind

UV = """version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "my-app"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "Requests" }]

[package.dev-dependencies]
dev = [{ name = "otter" }]

[[package]]
name = "Requests"
version = "2.32.3"
source = { registry = "https://index.example/simple" }
sdist = { url = "https://files.example/r.tar.gz", hash = "sha256:aa", size = 1 }
wheels = [
    { url = "https://other.example/r.whl", hash = "sha256:bb" },
]

[[package]]
name = "idna"
version = "3.7"
source = { registry = "https://index.example/simple" }

[[package]]
name = "otter"
version = "1.0"
source = { git = "https://git.example/t/otter?rev=v1#0123" }
"""
POETRY = """[[package]]
name = "requests"
version = "2.32.3"
files = [{file = "r.whl", hash = "sha256:aa"}]

[[package]]
name = "mirrored"
version = "1.0"
files = []
[package.source]
type = "legacy"
url = "https://u:p@mirror.example/simple"
reference = "mirror"

[[package]]
name = "otter"
version = "1.0"
[package.source]
type = "git"
url = "https://git.example/t/otter.git"
resolved_reference = "0123"

[metadata]
lock-version = "2.1"
"""


def test_uv() -> None:
    manifest = uv_lock.read("uv.lock", UV.encode(), {}.get)
    found = {item.name: item for item in manifest.dependencies}
    assert sorted(found) == ["idna", "otter", "requests"]
    assert (found["requests"].host, found["requests"].hashes) == (
        "files.example other.example",
        ("sha256:aa", "sha256:bb"),
    )
    assert {name for name, item in found.items() if item.direct} == {"requests", "otter"}
    assert (found["otter"].source_kind, found["idna"].host) == (SourceKind.GIT, "index.example")
    assert [item.line for item in manifest.dependencies] == [15, 24, 29]


def test_poetry() -> None:
    manifest = poetry_lock.read("poetry.lock", POETRY.encode(), {}.get)
    found = {item.name: item for item in manifest.dependencies}
    assert (found["requests"].hashes, found["requests"].source_kind) == (("sha256:aa",), SourceKind.REGISTRY)
    assert (found["mirrored"].source_kind, found["mirrored"].host) == (SourceKind.INDEX, "mirror.example")
    assert (found["otter"].source_kind, found["otter"].source) == (
        SourceKind.GIT,
        "https://git.example/t/otter.git@0123",
    )
    assert "u:p" not in str(manifest)
    assert [item.line for item in manifest.dependencies] == [2, 7, 16]


def test_poetry_1_keeps_its_hashes_in_the_metadata() -> None:
    text = '[[package]]\nname = "a"\nversion = "1"\n\n[metadata]\nlock-version = "1.1"\n[metadata.files]\na = [{file = "a", hash = "sha256:aa"}]\n'
    (item,) = poetry_lock.read("poetry.lock", text.encode(), {}.get).dependencies
    assert item.hashes == ("sha256:aa",)


def test_the_separator_inside_a_string_makes_no_package() -> None:
    text = 'version = 1\nnote = """\n[[package]]\nname = "fake"\n"""\n\n[[package]]\nname = "real"\nversion = "1"\n'
    assert [item.name for item in uv_lock.read("uv.lock", text.encode(), {}.get).dependencies] == ["real"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('version = 2\n[[package]]\nname = "a"\n', id="a version that is not known"),
        pytest.param('version = 1\n[[package]]\nversion = "1"\n', id="a package without name"),
        pytest.param('version = 1\npackage = "a"\n', id="no list of packages"),
        pytest.param('version = 1\n[[package]]\nname = "a"\n[[package]\n', id="broken"),
        pytest.param('version = 1\n[[package]]\nname = "a"\n[x]\n\n[[package]]\nname = "b"\n[x]\n', id="a table twice"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ManifestError):
        uv_lock.read("uv.lock", text.encode(), {}.get)


def test_an_unknown_poetry_lock_version_is_refused() -> None:
    with pytest.raises(ManifestError, match=r"9\.0"):
        poetry_lock.read("poetry.lock", POETRY.replace("2.1", "9.0").encode(), {}.get)


pieces = st.lists(st.sampled_from(["[[package]]", 'name = "a"', 'version = "1"', 'source = "x"', "source = {git = 1}", "wheels = [1]", "files = 1", "version = 1", '"""', "[metadata]", "[package.source]", "sdist = {hash = 1}", "dependencies = [[1]]"]), max_size=12)  # fmt: skip


@given(pieces.map("\n".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for module in (uv_lock, poetry_lock):
        try:
            module.read("x.lock", text.encode(), {}.get)
        except ManifestError as error:
            assert error.path == "x.lock"
