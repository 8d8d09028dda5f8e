"""Names, addresses and purls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.manifests.dependency import (
    TEXT_LIMIT,
    Dependency,
    bare_address,
    clean,
    host_of,
    normal_pypi,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Flask", "flask"),
        ("ruamel.yaml", "ruamel-yaml"),
        ("a__b", "a-b"),
        ("zope._-interface", "zope-interface"),
        ("x", "x"),
    ],
)
def test_pypi_names_are_compared_as_pep_503_says(name: str, expected: str) -> None:
    assert normal_pypi(name) == expected


@pytest.mark.parametrize(
    ("address", "bare", "host"),
    [
        pytest.param("https://a.example/x", "https://a.example/x", "a.example", id="plain"),
        pytest.param("https://u:p@A.example:8443/x?t=1#e", "https://A.example:8443/x", "a.example", id="with a secret"),
        pytest.param("git+ssh://git@h.example/r.git", "git+ssh://h.example/r.git", "h.example", id="git"),
        pytest.param("https://x@y@evil.example/z", "https://evil.example/z", "evil.example", id="two at signs"),
        pytest.param("https://good.example\\@evil.example/z", "https://evil.example/z", "good.example", id="backslash"),
        pytest.param("https://[::1]:80/x", "https://[::1]:80/x", "[::1]", id="IPv6"),
        pytest.param("./local?x", "./local", "", id="a path"),
    ],
)
def test_addresses_lose_their_credentials(address: str, bare: str, host: str) -> None:
    assert (bare_address(address), host_of(address)) == (bare, host)


@given(st.text())
def test_clean_text_is_bounded_and_can_be_encoded(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.encode("utf-8")) <= 4 * TEXT_LIMIT


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "purl"),
    [
        ("pypi", "ruamel-yaml", "0.18.6", "pkg:pypi/ruamel-yaml@0.18.6"),
        ("npm", "@types/node", "20.0.0", "pkg:npm/%40types/node@20.0.0"),
        ("npm", "lodash", "", "pkg:npm/lodash"),
    ],
)
def test_purls(ecosystem: str, name: str, version: str, purl: str) -> None:
    assert Dependency(ecosystem, name, name, "", "m", 1, version=version).purl == purl
