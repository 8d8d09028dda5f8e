"""Proofs that some formats carry in themselves: checksums and fixed structure. Each says True only for a real one."""

from __future__ import annotations

import binascii
from collections.abc import Callable

_URL_SAFE = str.maketrans("-_", "+/")
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62_crc(text: str) -> str:
    """CRC-32 of `text` as six base-62 digits, zero-padded: the tail of a GitHub token.

    https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/ ; alphabet and input (the random
    part without its prefix) confirmed on revoked tokens that others published.
    """
    number, digits = binascii.crc32(text.encode("utf-8", "surrogateescape")), ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits.rjust(6, "0")


def github_crc(secret: str) -> bool:
    body = secret.partition("_")[2]
    return base62_crc(body[:-6]) == body[-6:]


def aws_key_id(secret: str) -> bool:
    """An access key id after its four-letter prefix is base 32 (A-Z, 2-7): it holds the account number."""
    return all(char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for char in secret[4:])


def _decoded(part: str) -> bytes:
    """Bytes of URL-safe base 64 without padding (RFC 4648, section 5); empty where it is none."""
    try:
        return binascii.a2b_base64(part.translate(_URL_SAFE) + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return b""


def jwt(secret: str) -> bool:
    """The first part of a JSON web token is a JSON object that names its algorithm (RFC 7515, section 4.1.1)."""
    header = _decoded(secret.partition(".")[0])
    return header.startswith(b"{") and b'"alg"' in header


def discord(secret: str) -> bool:
    """The first part of a Discord bot token is the bot's number in base 64."""
    return _decoded(secret.partition(".")[0]).isdigit()


PROOFS: dict[str, Callable[[str], bool]] = {
    "github-crc": github_crc,
    "aws-key-id": aws_key_id,
    "jwt": jwt,
    "discord": discord,
}
