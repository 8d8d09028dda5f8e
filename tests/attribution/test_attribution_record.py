from __future__ import annotations

import json

from trustgate.attribution.origin import Attribution
from trustgate.attribution.record import attribution_record, origin_record
from trustgate.attribution.resolve import attribute_text
from trustgate.rulebook import Rulebook

FIELDS = {
    "id", "class", "raised", "agent", "model", "provider", "hosting", "jurisdiction", "trust", "evidence", "commits"
}  # fmt: skip


def test_the_fields_of_the_contract_are_there() -> None:
    record = attribution_record(Attribution(), "1" * 40)
    assert set(record) == {"schema", "commit", "origin", "all"}
    assert set(record["origin"]) >= FIELDS
    assert record["origin"]["raised"] is False


def test_the_origin_is_the_strictest_of_all(book: Rulebook) -> None:
    message = "S\n\nCo-authored-by: Claude Opus 4.8 <noreply@anthropic.com>\nAssisted-by: Crush:glm-5.2"
    record = attribution_record(attribute_text(book, message), "")
    assert [origin["model"] for origin in record["all"]] == ["claude-opus-4-8", "glm-5.2"]
    assert record["origin"]["model"] == "glm-5.2"


def test_a_policy_says_what_is_raised(book: Rulebook) -> None:
    origin = attribute_text(book, "S\n\nAssisted-by: Crush:glm-5.2").origins[0]
    assert origin_record(origin, lambda o: bool(o.open_weights))["raised"] is True


def test_lone_surrogates_are_escaped(book: Rulebook) -> None:
    found = attribute_text(book, "S\n\nAssisted-by: Crush:glm-5.2", "\udcff (aider)", "\udcfe")
    text = json.dumps(attribution_record(found, "\udcff"), sort_keys=True)
    assert text.isascii() and "\\udcff (aider)" in text
