"""The reader of YAML manifests: what it reads it reads as PyYAML does, with lines; the rest it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trustgate.manifests.dependency import ManifestError
from trustgate.manifests.yaml_text import Node, load_yaml


def plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: plain(value) for key, value in node.value.items()}
    if isinstance(node.value, list):
        return [plain(value) for value in node.value]
    return " ".join(node.value.split())


def folded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: folded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [folded(inner) for inner in value]
    return " ".join((value or "").split())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\nb:\n  - x\n  - y: z\n    w: v\n", id="mappings and items"),
        pytest.param("a:\n- x\n- - y\n  - z\n", id="items in the column of their key"),
        pytest.param("a: {b: c, 'd': [e, \"f\"], g: {}}\nh: []\n", id="flow"),
        pytest.param("a: {\n  b: c,\n  # why\n  d: e,\n}\n", id="flow over lines"),
        pytest.param("a: |\n  one\n\n  two # kept\nb: >-\n  three\n", id="blocks"),
        pytest.param("a: 'it''s' # comment\nb: \"tab\\t\\u00e9\"\n", id="quotes"),
        pytest.param('a: "one\n  two"\n', id="a quote over lines"),
        pytest.param("a: one\n  two\nb: c#d\n", id="plain over lines"),
        pytest.param("a: &x\n  b: c\nd: *x\n", id="an alias"),
        pytest.param("? long\n: value\nother: 1\n", id="a key of its own line"),
        pytest.param("a: http://x.example:80/b\n'c d': e\n", id="colons"),
        pytest.param("# only\n---\na: 1\n", id="a marker"),
        pytest.param("a:\nb: ~\n", id="nothing"),
        pytest.param("--- {a: 1}\n", id="a document on the line of its marker"),
        pytest.param("a: !!python/object/apply:os.system [x]\n", id="a tag, which means nothing"),
    ],
)
def test_what_is_read_is_what_another_reader_reads(text: str) -> None:
    assert plain(load_yaml("a.yml", text)[0]) == folded(yaml.load(text, yaml.BaseLoader))


def test_lines_are_those_of_keys_and_dashes() -> None:
    document = load_yaml("a.yml", "# x\na:\n  - b: c\n\n  - d\ne: |\n  f\n")[0]
    assert [node.line for node in document.at("a").items] == [3, 5]
    assert (document.at("a").line, document.at("e").line, document.at("e").block) == (2, 6, True)


@pytest.mark.parametrize("end", ["\r", "\x85", "\u2028", "\u2029"])
def test_lines_are_counted_as_git_counts_them(end: str) -> None:
    document = load_yaml("a.yml", f"a: 1 # {end}# x\nb: 2\n")[0]
    assert document.at("b").line == 2


def test_a_folded_block_keeps_its_lines() -> None:
    node = load_yaml("a.yml", "run: >-\n\n    one\n      two\n\n    three\n\nlast: 1\n")[0].at("run")
    assert (node.text, node.block, node.folded) == ("\none\n  two\n\nthree", True, True)


def test_a_folded_block_at_the_end_of_a_file_without_a_line_feed() -> None:
    assert load_yaml("a.yml", "run: >\n  one\n  two")[0].at("run").text == "one\ntwo"


def test_several_documents_and_keys_that_stand_twice() -> None:
    first, second = load_yaml("a.yml", "a: 1\n---\nb: 2\nb: 3\n")
    assert (plain(first), plain(second), second.twice) == ({"a": "1"}, {"b": "3"}, (("b", 4),))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("a: 1\n\tb: 2\n", 2, id="a tab"),
        pytest.param("a: 1\n  b: 2\n", 2, id="an indentation that fits nothing"),
        pytest.param("a: [1\n", 1, id="a bracket that is not closed"),
        pytest.param("a: 'x\n", 1, id="a quote that is not closed"),
        pytest.param("a: *b\n", 1, id="an alias of nothing"),
        pytest.param("a: 'x' y\n", 1, id="text behind a quote"),
        pytest.param("? {a: 1}\n: 2\n", 1, id="a key that is a collection"),
        pytest.param("a: &b [*b]\n", 1, id="an alias of what it stands in"),
        pytest.param("a: 1\n" + "[" * 61 + "\n", 2, id="too deep"),
        pytest.param("a: &b 1\nc: [" + "*b, " * 501 + "]\n", 2, id="too many aliases"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ManifestError) as caught:
        load_yaml("a.yml", text)
    assert caught.value.line == line


scalars = st.text("abc xyz-_.:#'\"@/1", min_size=1, max_size=12)
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(scalars, inner, min_size=1, max_size=3), max_leaves=10
)  # fmt: skip


@given(trees, st.booleans())
def test_what_another_writer_writes_is_read(tree: Any, flow: bool) -> None:
    text = yaml.safe_dump({"root": tree}, default_flow_style=flow, allow_unicode=True)
    try:
        read = load_yaml("a.yml", text)[0]
    except ManifestError as error:
        assert "collection" in str(error)
        return
    assert plain(read) == folded(yaml.load(text, yaml.BaseLoader))


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert load_yaml("a.yml", text)
    except ManifestError as error:
        assert error.path == "a.yml"
