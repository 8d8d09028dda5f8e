"""requirements.txt as pip reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate.manifests.dependency import Manifest, ManifestError, SourceKind
from trustgate.manifests.requirements import looks_like_requirements, read


def load(text: str | bytes, **files: str) -> Manifest:
    data = text if isinstance(text, bytes) else text.encode()
    named = {name.replace("__", "/") + ".txt": content.encode() for name, content in files.items()}
    return read("requirements.txt", data, named.get)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("# only a comment\n\n   \n", id="comments and blanks"),
        pytest.param("--only-binary :all:\n--require-hashes\n", id="options that only tighten"),
    ],
)
def test_what_is_no_entry(text: str) -> None:
    manifest = load(text)
    assert (manifest.dependencies, manifest.settings, manifest.problems) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "name", "spec", "version", "kind"),
    [
        pytest.param("Flask==3.0.3", "flask", "==3.0.3", "3.0.3", "registry", id="a pin"),
        pytest.param("flask[async] >= 2, < 4  # why", "flask", ">= 2, < 4", "", "registry", id="a range and a comment"),
        pytest.param("flask==2.*", "flask", "==2.*", "", "registry", id="a wildcard is no pin"),
        pytest.param('x; python_version < "3.9"', "x", "", "", "registry", id="a marker"),
        pytest.param('x>1; python_version < "3.9" and extra == "y"', "x", ">1", "", "registry", id="two markers"),
        pytest.param("x (>=1.0)", "x", ">=1.0", "", "registry", id="parentheses"),
        pytest.param("x===1.0+local", "x", "===1.0+local", "1.0+local", "registry", id="arbitrary equality"),
        pytest.param("x @ https://f.example/x-1.tar.gz", "x", "https://f.example/x-1.tar.gz", "", "url", id="an address"),
        pytest.param("git+https://g.example/t/x.git@v1#egg=X_y", "x-y", "git+https://g.example/t/x.git@v1", "", "git", id="git"),
        pytest.param("-e ./packages/x", "x", "./packages/x", "", "path", id="editable"),
        pytest.param("https://f.example/some_pkg-1.0-py3-none-any.whl", "some-pkg", "https://f.example/some_pkg-1.0-py3-none-any.whl", "", "url", id="a wheel"),
        pytest.param("numрy==1.0", "numрy", "==1.0", "", "registry", id="a letter of another alphabet"),
    ],
)  # fmt: skip
def test_one_entry(text: str, name: str, spec: str, version: str, kind: str) -> None:
    (item,) = load(text).dependencies
    assert (item.name, item.spec, item.version, item.source_kind) == (name, spec, version, SourceKind(kind))
    assert item.line == 1


def test_lines_continuations_and_hashes() -> None:
    text = "# head\r\na==1 \\\r\n    --hash=sha256:aa \\\r\n    --hash=sha256:bb\r\n\r\nb==2\r\n"
    first, second = load(text).dependencies
    assert (first.name, first.line, first.hashes) == ("a", 2, ("sha256:aa", "sha256:bb"))
    assert (second.name, second.line, second.hashes) == ("b", 6, ())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("a==1\rb==2\n", ["a", "b"], id="a lone carriage return"),
        pytest.param("a==1\u2028b==2\n", ["a", "b"], id="a line separator of Unicode"),
        pytest.param("\ufeffa==1\n", ["a"], id="a byte order mark"),
        pytest.param("a==1\x0cb==2\n", ["a", "b"], id="a form feed"),
    ],
)
def test_line_ends_that_only_pip_sees(text: str, names: list[str]) -> None:
    assert [item.name for item in load(text).dependencies] == names


def test_utf_16_is_read() -> None:
    assert [item.name for item in load("a==1\n".encode("utf-16")).dependencies] == ["a"]


@pytest.mark.parametrize(
    ("text", "kind", "host"),
    [
        pytest.param("--index-url https://u:p@i.example/simple", "index-url", "i.example", id="index"),
        pytest.param("-i https://i.example/simple", "index-url", "i.example", id="short"),
        pytest.param("-ihttps://i.example/simple", "index-url", "i.example", id="short and glued"),
        pytest.param("--extra-index-url=https://i.example/simple", "extra-index-url", "i.example", id="equals"),
        pytest.param("--extra-ind https://i.example/simple", "extra-index-url", "i.example", id="abbreviated"),
        pytest.param("--extra-index-url \\\nhttps://i.example/simple", "extra-index-url", "i.example", id="continued"),
        pytest.param('--find-links "https://i.example/x y"', "find-links", "i.example", id="quoted"),
        pytest.param("--trusted-host i.example:80", "trusted-host", "i.example", id="trusted host"),
        pytest.param("--no-index", "no-index", "", id="no index"),
        pytest.param("--pre", "pre", "", id="pre-releases"),
        pytest.param("--no-binary :all:", "no-binary", "", id="source builds"),
    ],
)
def test_where_packages_are_looked_up(text: str, kind: str, host: str) -> None:
    (setting,) = load(text).settings
    assert (setting.kind, setting.host, setting.line) == (kind, host, 1)
    assert "u:p" not in setting.value


def test_includes_are_read_with_their_own_lines_and_in_circles() -> None:
    manifest = load(
        "-r nested/base.txt\na==1\n", nested__base="\nb==2\n-c ../limits.txt\n-r base.txt\n", limits="c<3\n"
    )
    assert [(item.name, item.manifest, item.line, item.group) for item in manifest.dependencies] == [
        ("b", "nested/base.txt", 2, "runtime"),
        ("c", "limits.txt", 1, "constraint"),
        ("a", "requirements.txt", 2, "runtime"),
    ]
    assert manifest.includes == ("nested/base.txt", "limits.txt", "nested/base.txt")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("-r missing.txt", "not there", id="an include that is missing"),
        pytest.param("-r ../../etc/passwd", "outside", id="an include outside the repository"),
        pytest.param("-r https://i.example/r.txt", "not fetched", id="an include by address"),
        pytest.param("a==1 b==2", "", id="two entries on a line"),
        pytest.param("!!!", "not a requirement", id="noise"),
        pytest.param("--unknown-flag", "not known", id="an unknown option"),
        pytest.param("--index-url", "no value", id="an option without value"),
        pytest.param("-x y", "not known", id="an unknown short option"),
        pytest.param("--find-links 'x", "quotes", id="a quote that does not end"),
        pytest.param("a" * 70_000, "characters", id="a line without end"),
    ],
)
def test_an_entry_that_cannot_be_read_is_said_with_its_line(text: str, reason: str) -> None:
    manifest = load(f"good==1\n{text}\n")
    (problem,) = manifest.problems
    assert reason in problem.reason
    assert problem.line == 2
    assert [item.name for item in manifest.dependencies] == ["good"]


def test_another_encoding_is_refused() -> None:
    with pytest.raises(ManifestError, match="utf-7"):
        load("# -*- coding: utf-7 -*-\na==1\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("apple\npear\n", False, id="a list of words"),
        pytest.param("Some prose, with a version == 2.\n", False, id="prose"),
        pytest.param("User-agent: *\nDisallow: /\n", False, id="robots.txt"),
        pytest.param("", False, id="nothing"),
        pytest.param("a==1\nb\n", True, id="a pin"),
        pytest.param("--extra-index-url https://i.example\nb\n", True, id="an option"),
    ],
)
def test_requirements_under_another_name_are_known_by_their_text(text: str, expected: bool) -> None:
    assert looks_like_requirements(text.encode()) is expected


@given(st.binary(max_size=400) | st.text(alphabet="ab=-> \\\n#;'\"[]@:/.\r", max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        manifest = load(data)
    except ManifestError as error:
        assert error.path == "requirements.txt"
    else:
        assert all(item.line > 0 for item in manifest.dependencies)
