"""Addresses come from the user's own configuration, in the order in which pip, uv and npm look."""

from __future__ import annotations

from pathlib import Path

import pytest

from trustgate.analyzers.dependencies.registries import in_folder, npm_registry, pypi_registry

PIP = "[global]\nindex-url = https://file.example/simple\nextra-index-url =\n    https://more.example/simple\n    file:///opt/dir\n"


def home(tmp_path: Path, **files: str) -> Path:
    names = {"pip": ".config/pip/pip.conf", "uv": ".config/uv/uv.toml", "npm": ".npmrc"}
    for name, text in files.items():
        path = tmp_path / names[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("env", "files", "first"),
    [
        pytest.param({"UV_DEFAULT_INDEX": "https://uv.example", "PIP_INDEX_URL": "https://p.example"}, {"pip": PIP}, "https://uv.example", id="uv's variable"),
        pytest.param({"PIP_INDEX_URL": "https://u:p@p.example"}, {"pip": PIP}, "https://u:p@p.example", id="pip's variable"),
        pytest.param({}, {"pip": PIP, "uv": 'index-url = "https://uv.example"'}, "https://file.example/simple", id="pip's file"),
        pytest.param({"PIP_CONFIG_FILE": "/dev/null"}, {"pip": PIP, "uv": '[[index]]\nurl = "https://uv.example"\ndefault = true'}, "https://uv.example", id="uv's file"),
        pytest.param({"PIP_INDEX_URL": "https://p.example"}, {"pip": "no section", "uv": "= broken"}, "https://p.example", id="files that do not parse"),
    ],
)  # fmt: skip
def test_the_index_of_pip_and_uv(tmp_path: Path, env: dict[str, str], files: dict[str, str], first: str) -> None:
    assert pypi_registry(env, home(tmp_path, **files)).addresses[0] == first


def test_further_sources(tmp_path: Path) -> None:
    env = {"UV_INDEX": "named=https://n.example/simple", "PIP_FIND_LINKS": "/opt/wheels https://page.example/links"}
    found = pypi_registry(env, home(tmp_path, pip=PIP))
    assert found.addresses == ("https://file.example/simple", "https://n.example/simple", "https://more.example/simple")
    assert found.folders == (Path("/opt/dir"), Path("/opt/wheels"))
    assert found.unasked == 1
    assert "example" not in repr(found)


@pytest.mark.parametrize(
    ("env", "rc", "addresses", "scopes"),
    [
        pytest.param({}, "", (), {}, id="nothing configured"),
        pytest.param({"npm_config_registry": "https://e.example"}, "registry=https://f.example", ("https://e.example",), {}, id="the variable"),
        pytest.param({}, "; c\nregistry = https://f.example\n@acme:registry=https://a.example\n//a.example/:_authToken=x", ("https://f.example",), {"acme": "https://a.example"}, id="the file"),
        pytest.param({"npm_config_registry": "ftp://e.example"}, "", (), {}, id="no address of the web"),
    ],
)  # fmt: skip
def test_the_registry_of_npm(
    tmp_path: Path, env: dict[str, str], rc: str, addresses: tuple[str, ...], scopes: dict[str, str]
) -> None:
    found = npm_registry(env, home(tmp_path, npm=rc))
    assert (found.addresses, dict(found.scopes)) == (addresses, scopes)


def test_packages_of_a_directory(tmp_path: Path) -> None:
    (tmp_path / "some_pkg-1.0-py3-none-any.whl").touch()
    (tmp_path / "page").mkdir()
    assert in_folder("some-pkg", tmp_path)
    assert in_folder("page", tmp_path)
    assert not in_folder("some", tmp_path)
    assert not in_folder("../page", tmp_path)
    assert not in_folder("x", tmp_path / "missing")
