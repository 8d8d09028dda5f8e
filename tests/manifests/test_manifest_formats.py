"""Which path is which manifest."""

from __future__ import annotations

import pytest

from trustgate.manifests.dependency import ManifestError
from trustgate.manifests.formats import format_of, load_manifest, may_be_requirements, read_manifest


@pytest.mark.parametrize(
    "path",
    ["README.md", "src/package.py", "LICENSE.txt", "CMakeLists.txt", "docs/requirements.md", "node_modules/a/package.json", "vendor/x/go.mod", "tsconfig.json"],
)  # fmt: skip
def test_no_manifest(path: str) -> None:
    assert format_of(path) is None


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("requirements.txt", "requirements"),
        ("a/requirements-dev.txt", "requirements"),
        ("requirements/base.in", "requirements"),
        ("Requirements.txt", "requirements"),
        ("dev-requirements.txt", "requirements"),
        ("constraints.txt", "requirements"),
        ("app/pyproject.toml", "pyproject"),
        ("web/package.json", "package_json"),
        ("npm-shrinkwrap.json", "package_lock"),
        ("uv.lock", "uv_lock"),
        ("poetry.lock", "poetry_lock"),
    ],
)
def test_formats_that_are_read(path: str, module: str) -> None:
    form = format_of(path)
    assert form is not None
    assert form.module == module


@pytest.mark.parametrize(
    "path",
    ["composer.json", "a/App.csproj", "bun.lockb", "mix.lock", "pixi.lock", "{{cookiecutter.name}}/package.json"],
)
def test_formats_that_are_known_and_not_read(path: str) -> None:
    form = format_of(path)
    assert form is not None
    assert form.module == ""
    with pytest.raises(ManifestError, match="not read yet"):
        load_manifest(path, b"", {}.get)


def test_the_dependencies_of_a_file() -> None:
    assert [item.name for item in read_manifest("requirements.txt", b"a==1\n", {}.get)] == ["a"]


@pytest.mark.parametrize(("path", "expected"), [("nested/req.txt", True), ("requirements.txt", False), ("a.py", False)])
def test_files_whose_text_decides(path: str, expected: bool) -> None:
    assert may_be_requirements(path) is expected
