"""pyproject.toml in the dialects of five tools."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.manifests.dependency import Manifest, ManifestError, SourceKind
from trustgate.manifests.pyproject import read

EVERYTHING = """\
[build-system]
requires = ["hatchling>=1.27"]

[project]
name = "my-app"
dependencies = [
  "requests>=2",  # why
  "flask",
]
[project.optional-dependencies]
test = ["pytest==8.3.4"]
all = ["my-app[test]"]

[dependency-groups]
dev = ["ruff", {include-group = "docs"}]
docs = ["sphinx>=7"]

[tool.poetry.dependencies]
python = "^3.11"
pendulum = "3.0.0"
otter = { git = "https://u:p@git.example/t/otter.git", rev = "abc" }
badger = [{ version = "^1" }, { url = "https://f.example/badger.whl" }]
[tool.poetry.group.dev.dependencies]
mypy = { version = "^1.14", optional = true }
[[tool.poetry.source]]
name = "mirror"
url = "https://u:p@mirror.example/simple"

[tool.uv]
dev-dependencies = ["pre-commit"]
constraint-dependencies = ["urllib3<3"]
extra-index-url = ["https://extra.example/simple"]
[tool.uv.sources]
flask = { git = "https://git.example/fork/flask" }
requests = { workspace = true }
[[tool.uv.index]]
name = "main"
url = "https://index.example/simple"
default = true

[tool.pdm.dev-dependencies]
lint = ["-e file:///${PROJECT_ROOT}/lint#egg=lint", "black"]
[tool.hatch.envs.docs]
dependencies = ["mkdocs"]
"""


def load(text: str | bytes) -> Manifest:
    data = text if isinstance(text, bytes) else text.encode()
    return read("pyproject.toml", data, {}.get)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param('[project]\nname = "x"\ndynamic = ["dependencies"]\n', id="declared elsewhere"),
        pytest.param("[tool.ruff]\nline-length = 120\n", id="another tool"),
        pytest.param('[tool.poetry.dependencies]\npython = "^3.11"\n', id="the interpreter is no package"),
    ],
)
def test_what_is_no_entry(text: str) -> None:
    manifest = load(text)
    assert (manifest.dependencies, manifest.settings, manifest.problems) == ((), (), ())


def test_every_table() -> None:
    found = {(item.name, item.group): item for item in load(EVERYTHING).dependencies}
    expected = {
        ("requests", "runtime"): 7,
        ("flask", "runtime"): 34,
        ("pytest", "optional"): 11,
        ("ruff", "dev"): 15,
        ("sphinx", "dev"): 16,
        ("hatchling", "build"): 2,
        ("pendulum", "runtime"): 20,
        ("otter", "runtime"): 21,
        ("badger", "runtime"): 22,
        ("mypy", "optional"): 24,
        ("pre-commit", "dev"): 30,
        ("urllib3", "constraint"): 31,
        ("lint", "dev"): 42,
        ("black", "dev"): 42,
        ("mkdocs", "dev"): 44,
    }
    assert {key: item.line for key, item in found.items()} == expected
    lines = EVERYTHING.split("\n")
    assert all(name in lines[item.line - 1] for (name, _), item in found.items())
    assert found["pytest", "optional"].version == "8.3.4"
    assert found["pendulum", "runtime"].version == "3.0.0"


def test_sources() -> None:
    manifest = load(EVERYTHING)
    found = {item.name: item for item in manifest.dependencies}
    assert found["otter"].source == "https://git.example/t/otter.git@abc"
    assert found["flask"].source_kind is SourceKind.GIT
    assert found["requests"].source_kind is SourceKind.WORKSPACE
    assert [(item.kind, item.host, item.line) for item in manifest.settings] == [
        ("index-url", "mirror.example", 27),
        ("index-url", "index.example", 38),
        ("extra-index-url", "extra.example", 32),
    ]
    assert "u:p" not in str(manifest)
    assert manifest.own == ("my-app",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('[project]\ndependencies = ["good", "!!"]\n', 2, id="an entry that is no requirement"),
        pytest.param('[project]\ndependencies = ["good", 7]\n', 2, id="an entry that is no string"),
    ],
)
def test_a_bad_entry_does_not_hide_the_others(text: str, line: int) -> None:
    manifest = load(text)
    assert [item.name for item in manifest.dependencies] == ["good"]
    assert [item.line for item in manifest.problems] == [line]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("[project\n", "line 1", id="broken"),
        pytest.param("a = 1\na = 2\n", "TOML", id="a key twice"),
        pytest.param("x = " + "[" * 5000, "TOML", id="nesting without end"),
        pytest.param("a." * 3000 + "b = 1", "dots", id="a key of thousands of parts"),
        pytest.param("x = " + "9" * 5000, "TOML", id="a number without end"),
    ],
)
def test_what_does_not_parse_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        load(text)


@given(st.binary(max_size=300) | st.text(alphabet='[]{}="\n.a,', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        load(data)
    except ManifestError as error:
        assert error.path == "pyproject.toml"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["dependencies", "optional-dependencies", "poetry", "uv", "sources", "index", "envs", "x"]), inner), max_leaves=12))  # fmt: skip
def test_any_shape_of_the_tables_is_read_or_refused(value: object) -> None:
    import json

    text = json.dumps(value).replace(": ", " = ").replace("null", '""')
    for key in ("project", "dependency-groups", "build-system", "tool"):
        try:
            load(f"{key} = {text}\n")
        except ManifestError as error:
            assert error.path == "pyproject.toml"
