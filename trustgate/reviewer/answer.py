"""The shape of an answer: strict, closed, every list and text bounded. What it says is checked elsewhere."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Reason = Literal[
    "guard_moved",
    "guard_equivalent",
    "guard_stricter",
    "unreachable",
    "not_security_relevant",
    "safe_value",
    "test_only",
    "guard_lost",
    "guard_weaker",
    "unsafe_value",
    "untrusted_input",
    "exposure",
    "broken_change",
    "not_enough_context",
]
Category = Literal[
    "auth", "crypto", "secrets", "deserialization", "network", "injection", "data-deletion", "deploy", "other"
]
MOST_FLAGS, MOST_ADDITIONS, LONGEST_QUOTE = 60, 5, 1_500
LARGEST_NUMBER = 10_000_000


class AnswerFault(Exception):
    """An answer that has not the shape that was asked for; the text says where."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FlagAnswer(_Strict):
    id: str = Field(max_length=20)
    decision: Literal["confirm", "clear", "unsure"]
    reason: Reason
    file: int = Field(ge=0, le=LARGEST_NUMBER)
    line: int = Field(ge=0, le=LARGEST_NUMBER)
    guard_file: int = Field(ge=0, le=LARGEST_NUMBER)
    guard_line: int = Field(ge=0, le=LARGEST_NUMBER)
    quote: str = Field(max_length=LONGEST_QUOTE)
    guard_quote: str = Field(max_length=LONGEST_QUOTE)


class Addition(_Strict):
    category: Category
    severity: Literal["low", "medium", "high", "critical"]
    file: int = Field(ge=0, le=LARGEST_NUMBER)
    line: int = Field(ge=0, le=LARGEST_NUMBER)
    quote: str = Field(max_length=LONGEST_QUOTE)


class Answer(_Strict):
    packet_id: str = Field(max_length=64)
    saw_instructions: bool
    flags: list[FlagAnswer] = Field(max_length=MOST_FLAGS)
    additions: list[Addition] = Field(max_length=MOST_ADDITIONS)
    could_not_review: list[str] = Field(max_length=MOST_FLAGS)


def read_answer(value: object) -> Answer:
    """An answer from parsed JSON. Raises AnswerFault for anything else, whatever it is."""
    try:
        return Answer.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part)[:40] for part in first["loc"][:6])
        raise AnswerFault(f"{place or 'answer'}: {first['type']}"[:200]) from error
    except (RecursionError, ValueError, TypeError) as error:
        raise AnswerFault(type(error).__name__) from error


def answer_schema() -> dict[str, object]:
    """JSON Schema of an answer without references, every object closed and every key required.

    Bounds are left out: vendors' strict modes refuse `maxLength`, `minimum` and the like, and `read_answer` holds them.
    """
    schema = Answer.model_json_schema()
    definitions = schema.pop("$defs", {})
    inlined = _inlined(schema, definitions)
    assert isinstance(inlined, dict)
    return inlined


_LEFT_OUT = frozenset(("title", "description", "maxLength", "minLength", "maxItems", "minItems", "minimum", "maximum"))


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    kept = {
        key: {name: _inlined(item, definitions) for name, item in value.items()}
        if key == "properties"
        else _inlined(value, definitions)
        for key, value in node.items()
        if key not in _LEFT_OUT
    }
    if "properties" in kept:
        kept["required"] = list(kept["properties"])
        kept["additionalProperties"] = False
    return kept
