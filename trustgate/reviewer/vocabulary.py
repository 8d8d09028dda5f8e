"""Words of an answer that the checks know, apart from its schema: loading pydantic takes longer than all the rest."""

from __future__ import annotations

SCHEMA_NAME = "trustgate_review"
CLEAR_REASONS = (
    "guard_moved",
    "guard_equivalent",
    "guard_stricter",
    "unreachable",
    "not_security_relevant",
    "safe_value",
    "test_only",
)
CONFIRM_REASONS = ("guard_lost", "guard_weaker", "unsafe_value", "untrusted_input", "exposure", "broken_change")
