"""The shape of an answer: the same judgement as a JSON Schema library, on whatever comes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stub_lanes import SCHEMA

from trustgate.reviewer.shape import NOTES, SIZES, fault_of, parse_json, without

ANSWER: dict[str, Any] = {
    "type": "object",
    "title": "Answer",
    "additionalProperties": False,
    "required": ["packet_id", "flags"],
    "properties": {
        "packet_id": {"type": "string", "pattern": "^[0-9a-f]{4}$"},
        "flags": {
            "type": "array",
            "maxItems": 2,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "decision"],
                "properties": {
                    "id": {"type": "integer", "minimum": 1, "maximum": 9},
                    "decision": {"enum": ["clear", "confirm"]},
                    "title": {"anyOf": [{"type": "null"}, {"type": "string", "minLength": 1, "maxLength": 3}]},
                },
            },
        },
        "kind": {"const": "review"},
        "sure": {"type": ["boolean", "null"]},
    },
}
KEYS = st.sampled_from(["packet_id", "flags", "id", "decision", "title", "kind", "sure", "x"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "clear", "confirm", "review", "00ff", "abcd", "long text"])
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))
FLAG = st.fixed_dictionaries({"id": LEAVES, "decision": LEAVES}, optional={"title": LEAVES})
NEARLY = st.fixed_dictionaries(
    {"packet_id": st.just("00ff"), "flags": st.lists(FLAG, max_size=3)}, optional={"kind": LEAVES, "sure": LEAVES}
)


@settings(deadline=None, max_examples=400)
@given(VALUES | NEARLY)
def test_the_same_answers_fit_as_by_the_library(value: object) -> None:
    whole = isinstance(value, dict) and any(_whole_float(part) for part in _leaves(value))
    if not whole:  # 1.0 is an integer to the specification, and never to us
        assert (fault_of(value, ANSWER) == "") is jsonschema.Draft202012Validator(ANSWER).is_valid(value)


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _whole_float(value: object) -> bool:
    return isinstance(value, float) and value.is_integer()


@pytest.mark.parametrize(
    ("value", "word"),
    [
        pytest.param([], "object", id="another type"),
        pytest.param({"packet_id": "00ff"}, "flags", id="a missing key"),
        pytest.param({"packet_id": "00ff", "flags": [], "approve": True}, "not known", id="a key too many"),
        pytest.param({"packet_id": "00FF", "flags": []}, "form", id="another form"),
        pytest.param({"packet_id": "00ff", "flags": [{"id": True, "decision": "clear"}]}, "integer", id="true for 1"),
        pytest.param({"packet_id": "00ff", "flags": [{"id": 1.0, "decision": "clear"}]}, "integer", id="1.0 for 1"),
        pytest.param({"packet_id": "00ff", "flags": [{}] * 3}, "items", id="too many"),
    ],
)
def test_the_first_fault_is_named(value: object, word: str) -> None:
    assert word in fault_of(value, ANSWER)


def test_a_fault_quotes_nothing_of_the_answer() -> None:
    assert "CANARY" not in fault_of({"CANARY": 1, "packet_id": "CANARY", "flags": "CANARY"}, ANSWER)


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "a": 2}', "NaN", '{"a": Infinity}', "[" * 100_000, "1" * 10_000, "", "{", '{"a": 1} and more', "\ud800"],
)
def test_what_is_no_plain_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_json(text)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text_parses_or_raises_a_value_error(text: str) -> None:
    try:
        parse_json(text)
    except ValueError:
        return
    assert json.loads(text) is not ...


def test_keywords_are_taken_out_at_any_depth_and_properties_of_that_name_stay() -> None:
    bare = without(ANSWER, SIZES | NOTES)
    item = bare["properties"]["flags"]["items"]
    assert set(bare) == {"type", "additionalProperties", "required", "properties"}
    assert item["properties"]["id"] == {"type": "integer"}
    assert item["properties"]["title"] == {"anyOf": [{"type": "null"}, {"type": "string"}]}
    assert without(SCHEMA, frozenset()) == SCHEMA
    assert ANSWER["properties"]["flags"]["maxItems"] == 2
