"""package.json: maps, aliases, overrides, duplicate keys."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.manifests.dependency import Manifest, ManifestError, SourceKind
from trustgate.manifests.npm_spec import pinned_commit
from trustgate.manifests.package_json import read


def load(text: str | bytes) -> Manifest:
    data = text if isinstance(text, bytes) else text.encode()
    return read("package.json", data, {}.get)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{}", id="nothing"),
        pytest.param('{"scripts": {"dependencies": "x"}, "engines": {"node": ">=20"}}', id="other maps"),
        pytest.param('{"overrides": {"a": "$a"}}', id="an override that points at the direct entry"),
    ],
)
def test_what_is_no_entry(text: str) -> None:
    assert load(text).dependencies == ()


@pytest.mark.parametrize(
    ("spec", "name", "version", "kind", "host"),
    [
        pytest.param("^1.2.3", "key", "", "registry", "", id="a range"),
        pytest.param("1.2.3", "key", "1.2.3", "registry", "", id="a pin"),
        pytest.param("latest", "key", "", "registry", "", id="a tag"),
        pytest.param("npm:other@1.0.0", "other", "1.0.0", "registry", "", id="an alias"),
        pytest.param("npm:@scope/other@^2", "@scope/other", "", "registry", "", id="an alias with scope"),
        pytest.param("npm:^1.2.3", "key", "", "registry", "", id="Yarn's way to write a range"),
        pytest.param("workspace:*", "key", "", "workspace", "", id="the workspace"),
        pytest.param("file:../x", "key", "", "path", "", id="a path"),
        pytest.param("./x.tgz", "key", "", "path", "", id="a file"),
        pytest.param("team/repo", "key", "", "git", "github.com", id="GitHub in short"),
        pytest.param("gitlab:team/repo#v1", "key", "", "git", "gitlab.com", id="GitLab in short"),
        pytest.param("git+ssh://git@g.example/t/r.git#semver:^1", "key", "", "git", "g.example", id="git"),
        pytest.param("https://u:p@f.example/x.tgz", "key", "", "url", "f.example", id="an address"),
    ],
)
def test_what_a_spec_means(spec: str, name: str, version: str, kind: str, host: str) -> None:
    (item,) = load(json.dumps({"dependencies": {"key": spec}})).dependencies
    assert (item.name, item.version, item.source_kind, item.host) == (name, version, SourceKind(kind), host)
    assert item.alias is (name != "key")
    assert "u:p" not in str(item)


def test_the_maps_and_their_lines() -> None:
    text = """{
  "name": "shop",
  "dependencies": {
    "a": "1.0.0"
  },
  "devDependencies": {"b": "2.0.0",
    "a": "1.0.0"},
  "optionalDependencies": {"c": "*"}, "peerDependencies": {"d": "*"},
  "overrides": {"e@^1": {".": "1.1.0", "f": "npm:g@1"}},
  "resolutions": {"x/**/@s/h": "1"},
  "pnpm": {"overrides": {"i>j": "1"}}
}"""
    manifest = load(text)
    assert [(item.name, item.group, item.line) for item in manifest.dependencies] == [
        ("a", "runtime", 4),
        ("b", "dev", 6),
        ("a", "dev", 7),
        ("c", "optional", 8),
        ("d", "peer", 8),
        ("e", "override", 9),
        ("g", "override", 9),
        ("@s/h", "override", 10),
        ("j", "override", 11),
    ]
    assert manifest.own == ("shop",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('{"dependencies":\n{"a": 7}}', 2, id="a version that is no string"),
        pytest.param('{\n"dependencies": 7}', 2, id="a map that is none"),
    ],
)
def test_oddities_are_said_with_their_line(text: str, line: int) -> None:
    assert [item.line for item in load(text).problems] == [line]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"dependencies": {"a": "1",\n"a": "2"}}', id="a key"),
        pytest.param('{"dependencies": {"a": "1"},\n"dependencies": {"b": "1"}}', id="a map"),
    ],
)
def test_what_stands_twice_is_said_with_the_later_line(text: str) -> None:
    manifest = load(text)
    assert [item.line for item in manifest.twice] == [2]
    assert manifest.problems == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param('{\n"a": }', ":2: not valid JSON", id="broken"),
        pytest.param("[]", "object", id="a list"),
        pytest.param("[" * 100_000, "JSON", id="nesting without end"),
        pytest.param('{"a": ' + "9" * 5000 + "}", "JSON", id="a number without end"),
    ],
)
def test_what_does_not_parse_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        load(text)


def test_a_name_with_half_a_character_can_still_be_printed() -> None:
    (item,) = load('{"dependencies": {"a\\ud800": "1"}}').dependencies
    assert item.name.encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@given(
    st.dictionaries(
        st.sampled_from(["dependencies", "devDependencies", "overrides", "resolutions", "pnpm", "name"]), json_values
    )
)
def test_any_shape_is_read(document: dict[str, object]) -> None:
    assert load(json.dumps(document)).path == "package.json"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        load(data)
    except ManifestError as error:
        assert error.path == "package.json"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("git+https://g.example/r.git#" + "a" * 40, True),
        ("git+https://g.example/r@" + "b" * 40, True),
        ("git+https://g.example/r.git#v1", False),
        ("git+https://g.example/r.git", False),
    ],
)
def test_a_pinned_commit(source: str, expected: bool) -> None:
    assert pinned_commit(source) is expected
