"""What the tests of this room agree on: a day, and the rule ids that exist in it."""

from __future__ import annotations

from datetime import date

TODAY = date(2030, 6, 1)
RULES = frozenset({"weak-cipher", "guard-removed", "claim-mismatch", "unpinned-model", "dependency-known-bad"})
