"""The deny list and the import map."""

from __future__ import annotations

from pathlib import Path

import pytest

from trustgate.analyzers.dependencies.knownbad import denial, denied_packages, import_names
from trustgate.errors import ConfigError


@pytest.mark.parametrize(
    ("ecosystem", "name", "version"),
    [
        pytest.param("pypi", "litellm", "1.83.0", id="another version of an honest package"),
        pytest.param("pypi", "litellm", "", id="no version"),
        pytest.param("npm", "litellm", "1.82.8", id="another ecosystem"),
        pytest.param("pypi", "requests", "2.0", id="an honest package"),
    ],
)
def test_left_alone(ecosystem: str, name: str, version: str) -> None:
    assert denial(ecosystem, name, version) is None


@pytest.mark.parametrize(
    ("ecosystem", "name", "version"),
    [("pypi", "litellm", "1.82.8"), ("npm", "flatmap-stream", ""), ("npm", "chalk", "5.6.1")],
)
def test_flagged(ecosystem: str, name: str, version: str) -> None:
    found = denial(ecosystem, name, version)
    assert found is not None
    assert found.source.startswith("https://")


def test_an_entry_that_is_not_complete_is_named(tmp_path: Path) -> None:
    (tmp_path / "deny.toml").write_text('[[package]]\necosystem = "pypi"\nname = "x"\n')
    with pytest.raises(ConfigError, match="entry 1"):
        denied_packages(tmp_path)


def test_import_names_that_differ_from_the_distribution() -> None:
    names = import_names()
    assert (names["cv2"], names["pil"], names["yaml"]) == ("opencv-python", "pillow", "pyyaml")
    assert all(key != value for key, value in names.items())
