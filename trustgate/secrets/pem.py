"""Private keys in text form (RFC 7468, OpenSSH, PGP): several lines, or one line with escaped line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from trustgate.secrets.lookalike import entropy

MAX_BLOCK = 20_000
"""characters; an 8192-bit RSA key is 6,400"""
_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,30}?)PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END [A-Z0-9 ]{0,30}?PRIVATE KEY(?: BLOCK)?-----")
_ESCAPED_END = re.compile(r"\\[nrt]")
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_ENCRYPTED = ("ENCRYPTED", "bcrypt", "aes256-ctr")
MIN_BODY = 56
"""characters of base 64; the smallest, an Ed25519 key in PKCS #8, has 64"""


class KeyBlock(NamedTuple):
    start: int
    end: int
    """offsets in the text, from the first dash to behind the last"""
    body: str
    """the base 64 characters alone: the key's identity however it is wrapped"""
    encrypted: bool


def key_blocks(text: str) -> Iterator[KeyBlock]:
    """Every private key in `text` with a plausible body. A block without an end runs as far as its base 64 does."""
    position = 0
    while begin := _BEGIN.search(text, position):
        following = _BEGIN.search(text, begin.end(), begin.end() + MAX_BLOCK)
        limit = following.start() if following else begin.end() + MAX_BLOCK
        end = _END.search(text, begin.end(), limit)
        inside = text[begin.end() : end.start() if end else limit]
        runs = list(_BASE64_RUN.finditer(_ESCAPED_END.sub(lambda found: " " * len(found[0]), inside)))
        position = end.end() if end else begin.end()
        body = "".join(run[0] for run in runs)
        if len(body) < MIN_BODY or entropy(body) < 4.2:
            continue
        last = end.end() if end else begin.end() + runs[-1].end()
        encrypted = "ENCRYPTED" in begin[1] or any(word in inside[:400] for word in _ENCRYPTED)
        yield KeyBlock(begin.start(), last, body, encrypted or _openssh_encrypted(body))


def _openssh_encrypted(body: str) -> bool:
    """`openssh-key-v1`, then the cipher's name, which is `none` for a key without a pass phrase (PROTOCOL.key)."""
    return body.startswith("b3BlbnNzaC1rZXktdjEA") and not body.startswith("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU")
