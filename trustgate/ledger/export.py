"""Rows of the ledger under the names of OpenTelemetry's conventions for generative AI.

Names as of open-telemetry/semantic-conventions-genai in November 2026, all still in development: they may move, and the
`schema` field says which reading this is. There, cached tokens are counted inside the input; ours are apart under
`trustgate.tokens`. Money is in micro-dollars.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCHEMA = "trustgate.ledger/1"
_TOKENS = ("fresh", "cache_read", "cache_write_5m", "cache_write_1h", "output")


def exported(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row; every key is always there, null where the row has no such thing."""
    scope = row.get("scope", {})
    attempt = row.get("kind") == "attempt"
    tokens = {name: int(row.get("tokens", {}).get(name, 0)) for name in _TOKENS} if attempt else None
    answered = row.get("outcome") == "answered"
    written = tokens["cache_write_5m"] + tokens["cache_write_1h"] if tokens else None
    return {
        "schema": SCHEMA,
        "timestamp": row.get("at"),
        "trustgate.kind": row.get("kind"),
        "trustgate.seq": row.get("seq"),
        "trustgate.hash": row.get("hash"),
        "trustgate.run": scope.get("run"),
        "trustgate.pull_request": scope.get("pull_request"),
        "trustgate.repository": scope.get("repository"),
        "trustgate.commit": scope.get("commit"),
        "trustgate.packet": row.get("packet_id"),
        "trustgate.lane": row.get("lane"),
        "gen_ai.operation.name": "chat" if attempt else None,
        "gen_ai.provider.name": row.get("provider"),
        "gen_ai.request.model": row.get("requested_model"),
        "gen_ai.request.max_tokens": row.get("max_output_tokens"),
        "gen_ai.response.model": row.get("response_model") if attempt else row.get("model"),
        "gen_ai.response.id": row.get("response_id"),
        "gen_ai.response.finish_reasons": [row["stop_reason"]] if row.get("stop_reason") else None,
        "gen_ai.usage.input_tokens": sum(tokens.values()) - tokens["output"] if tokens else None,
        "gen_ai.usage.output_tokens": tokens["output"] if tokens else None,
        "gen_ai.usage.cache_read.input_tokens": tokens["cache_read"] if tokens else None,
        "gen_ai.usage.cache_creation.input_tokens": written,
        "error.type": (row.get("error_type") or row.get("outcome")) if attempt and not answered else None,
        "server.address": row.get("host"),
        "http.response.status_code": row.get("http_status") or None,
        **{
            f"trustgate.{name}": row.get(name)
            for name in (
                "api", "data_class", "vote", "attempt", "prompt_hash", "schema_hash", "outcome", "retry_after", "quota",
                "seconds", "usage", "price_version", "cost_microdollars", "cost_source", "estimated", "below_class",
                "sent", "verdict", "floor_flags", "cleared", "added", "quote_failures",
            )
        },
        "trustgate.tokens": tokens,
    }  # fmt: skip
