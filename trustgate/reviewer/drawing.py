"""What must not be guessed by whoever wrote the change: nonce, packet id, canary. Drawn with a secret of this machine.

Not from the clock or from chance alone: the same content under the same secret draws the same, so that `--show-packet`
prints what the next run sends, and an answer can be kept under its packet's id.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from trustgate.rulebook import Rulebook

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 signs, none of them taken for another"""
NONCE_LENGTH = 8
"""40 bits: a change would have to hold a thousand million guesses to hit one in a thousand tries"""
_NAMES = (
    *("ledger", "archive", "metrics", "billing", "parcel", "roster", "catalog", "invoice", "digest", "quota"),
    *("basket", "ticket", "signal", "harbor", "beacon", "summit", "orchard", "lantern", "pillar", "meadow"),
)


class Canary(NamedTuple):
    path: str
    lines: tuple[str, ...]
    bad: int
    """1-based line that a reader must report"""


class Drawing:
    """Values drawn from one content. Raises ValueError where a secret is shorter than 16 bytes."""

    def __init__(self, secret: bytes, content: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("a secret of at least 16 bytes is needed")
        self._key = hmac.digest(secret, sha256(content).digest(), "sha256")

    def _draw(self, what: str, number: int = 0) -> bytes:
        return hmac.digest(self._key, f"{what}\0{number}".encode(), "sha256")

    def nonce(self, content: str) -> str:
        """Letters and digits that stand nowhere in the content; drawn again until they do not."""
        number = 0
        while True:
            raw = self._draw("nonce", number)
            nonce = "".join(_LETTERS[byte % 32] for byte in raw[:NONCE_LENGTH])
            if nonce not in content:
                return nonce
            number += 1

    def packet_id(self) -> str:
        """32 hex digits."""
        return self._draw("packet").hex()[:32]

    def canary(self, pool: Sequence[Canary]) -> Canary:
        raw = self._draw("canary")
        chosen = pool[int.from_bytes(raw[:4], "big") % len(pool)]
        name = _NAMES[raw[4] % len(_NAMES)]
        lines = tuple(line.replace("{name}", name) for line in chosen.lines)
        return Canary(chosen.path.replace("{name}", name), lines, chosen.bad)


def canary_pool(rulebook: Rulebook) -> tuple[Canary, ...]:
    """Those of `rules/reviewer/canaries.toml`. Raises KeyError for an installation without it."""
    tables = rulebook.family("reviewer")["canaries"]["canary"]
    return tuple(Canary(str(t["path"]), tuple(map(str, t["lines"])), int(t["bad"])) for t in tables)
