"""Values that tell of people: mail, phone, address, card, token, medical record, user folder. Patterns, all linear.

Every pattern has bounded repeats and starts where no word goes on, so a line costs time in proportion to its length.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import NamedTuple

from trustgate.secrets.lookalike import entropy, looks_random


class Span(NamedTuple):
    start: int
    end: int
    kind: str
    """what the placeholder says: `MAIL`, `SECRET:aws-access-key-id`"""


_MAIL = re.compile(r"(?<![\w.+%-])[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{1,3}[ .-]?|00[1-9]\d{0,2}[ .-])\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?!\w)|"
    r"(?<![\w)])\(\d{3}\)[ -]?\d{3}-\d{4}(?!\w)|(?<![\w.-])\d{3}([-.])\d{3}\1\d{4}(?![\w-])"
)
_IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_IP6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_CARD = re.compile(r"(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?!\w)")
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]{8,8000}(?:\.[\w-]{0,4000})?")
_RECORD = re.compile(
    r"(?i)(?<![A-Za-z])(?:mrn|medical[ _-]?record(?:[ _-]?(?:number|no|id))?|patient[ _-]?(?:id|no|number)|"
    r"nhs[ _-]?(?:number|no)|health[ _-]?(?:card|id)|member[ _-]?id)[\"']?\s{0,3}[:=#_-]{0,2}\s{0,3}[\"']?"
    r"(?P<value>[A-Z]{0,3}[- ]?\d[\d -]{3,14}\d)"
)
_NUMBERED = re.compile(r"(?<![\w.-])(?:\d{3}-\d{2}-\d{4}|\d{3} \d{3} \d{4})(?![\w-])")
"""a United States social security number; a National Health Service number with its usual blanks (mod 11 checked)"""
_USER = re.compile(r"(?:(?<=/home/)|(?<=/Users/)|(?<=\\Users\\))[^\s/\\\"'`<>:;,(){}\[\]$]{1,64}")
_RANDOM = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}={0,2}")
"""without an end: what is left of a long value is as secret as its beginning"""
_NOBODY = frozenset(("runner", "user", "app", "node", "ubuntu", "vscode", "circleci", "*", ".."))
_DIGESTS = ("sha256-", "sha384-", "sha512-", "sha1-")
"""subresource integrity of lock files: public by nature"""
_METADATA = "169.254.169.254"
"""address of the cloud metadata service: what a reviewer must see, and nobody's"""


def personal(text: str) -> Iterator[Span]:
    """Spans of one text in any order; they may overlap."""
    if "PRIVATE KEY" in text:
        yield from key_blocks(text)
    if "@" in text:
        for match in _MAIL.finditer(text):
            if not match[0].startswith("git@"):
                yield Span(*match.span(), "MAIL")
    yield from (Span(*match.span(), "PHONE") for match in _PHONE.finditer(text) if _digits(match[0]) >= 8)
    yield from (Span(*match.span(), "IP") for match in _IP4.finditer(text) if _address(match[0]))
    if ":" in text:
        yield from (Span(*match.span(), "IP") for match in _IP6.finditer(text) if _address(match[0]))
    yield from (Span(*match.span(), "CARD") for match in _CARD.finditer(text) if _luhn(match[0]))
    if "eyJ" in text:
        yield from (Span(*match.span(), "SECRET:jwt") for match in _JWT.finditer(text))
    yield from (Span(*match.span("value"), "RECORD") for match in _RECORD.finditer(text))
    for match in _NUMBERED.finditer(text):
        if "-" in match[0] or _nhs(match[0]):
            yield Span(*match.span(), "RECORD")
    for match in _USER.finditer(text):
        if match[0].lower() not in _NOBODY:
            yield Span(*match.span(), "USER")
    yield from (Span(*match.span(), "SECRET:random") for match in _RANDOM.finditer(text) if _random(match[0]))


def key_blocks(text: str) -> Iterator[Span]:
    """Every private key in armour, whole or cut off, made up or not: the detector's own are proven ones."""
    position = text.find("-----BEGIN ")
    while position >= 0:
        head = _ARMOUR.match(text, position)
        if head is None:
            position = text.find("-----BEGIN ", position + 1)
            continue
        end = text.find("-----END ", head.end(), head.end() + KEY_LIMIT)
        if end >= 0:
            stop = text.find("-----", end + 9, end + 100)
            end = stop + 5 if stop >= 0 else end + 9
        else:
            body = _BODY.match(text, head.end(), head.end() + KEY_LIMIT)
            end = body.end() if body else head.end()
        yield Span(position, end, "SECRET:private-key")
        position = text.find("-----BEGIN ", end)


_ARMOUR = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_BODY = re.compile(r"(?:[\s\"'+,;\\nr]|[A-Za-z0-9+/=]{20,})*")
KEY_LIMIT = 20_000
"""characters of a key that are taken out at most where its end is missing"""


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _address(text: str) -> bool:
    """An address that belongs to somebody; loopback, wildcards, masks and documentation ranges are nobody's."""
    if ":" in text and sum(map(bool, text.split(":"))) < 3:
        return False
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    if found.is_loopback or found.is_unspecified or text == _METADATA or text.startswith("255."):
        return False
    return not any(found in network for network in _DOCUMENTATION if network.version == found.version)


_DOCUMENTATION = tuple(
    map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
)
"""RFC 5737 and RFC 3849"""


def _luhn(text: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    digits = [int(char) for char in text if char.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 2:
        return False
    doubled = (digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def _nhs(text: str) -> bool:
    """NHS Data Dictionary, NHS NUMBER: modulus 11 over the first nine digits."""
    digits = [int(char) for char in text if char.isdigit()]
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits[9] == (0 if check == 11 else check)


def _random(text: str) -> bool:
    """Text that was generated: letters of both cases and digits, changing often."""
    if text.startswith(_DIGESTS) or not looks_random(text):
        return False
    if "/" in text and (entropy(text) < 4.3 or len(text) < 32):
        return False
    return any(map(str.isupper, text)) and any(map(str.islower, text)) and _digits(text) >= 2
