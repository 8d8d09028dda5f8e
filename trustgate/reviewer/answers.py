"""Answers that passed every check, kept for the same packet in the user's cache: packet, prompt, schema and model.

Equal content draws an equal packet on one machine (nonce and canary included), so the whole text can be the key. A kept
answer is checked again like a fresh one. The file holds quotes of code, so it lies with the other caches outside the
repository and is never exported.
"""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from trustgate.reviewer.asking import Prompt
from trustgate.reviewer.candidates import Candidate
from trustgate.reviewer.shape import fault_of
from trustgate.store import Store, StoreError

SPACE = "review-answer"


class Kept(NamedTuple):
    model: str
    answer: object


def digest(value: object) -> str:
    """Hex sha256 of a text, or of a JSON value in its canonical spelling."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def answer_key(prompt: Prompt, candidate: Candidate) -> str:
    """Changes with anything that could change the answer: the packet, our text, the schema, the model, its address."""
    lane = candidate.lane
    parts = (
        prompt.packet_id,
        prompt.user,
        prompt.system,
        json.dumps(prompt.schema, sort_keys=True),
        str(prompt.vote),
        str(min(prompt.max_output_tokens, lane.max_output_tokens)),
        lane.api,
        lane.base_url,
        lane.model,
    )
    return digest([digest(part) for part in parts])


class Answers:
    """Kept answers over the cache. A cache that fails costs a call, nothing else."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, key: str, schema: dict[str, object]) -> Kept | None:
        try:
            value = self._store.get(SPACE, key)
        except StoreError:
            return None
        if not isinstance(value, dict) or not isinstance(value.get("model"), str):
            return None
        answer = value.get("answer")
        return None if answer is None or fault_of(answer, schema) else Kept(value["model"], answer)

    def keep(self, key: str, model: str, answer: object) -> None:
        try:
            self._store.put(SPACE, key, {"model": model, "answer": answer})
        except (StoreError, ValueError):  # not kept: asked again
            return
