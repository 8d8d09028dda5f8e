"""A literal given to a telling name (`db_password = "…"`): the guess that needs judgement, since nothing proves it."""

from __future__ import annotations

import re

from trustgate.secrets.lookalike import PLACEHOLDER_NAMES, has_placeholder_word, looks_random, made_up

MAX_NAME = 60
"""characters of the name that are looked at"""

_NAME_BEFORE = re.compile(r"[A-Za-z0-9_.$-]*\Z")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_CODE_VALUE = re.compile(r"[A-Za-z_$][\w$]*(?:[.:]{1,2}[A-Za-z_$][\w$]*)+\Z|.*[()\[\]{}|;,]|[./~@#$]|\w+://|data:|eyJ")
"""attribute chains, calls, paths, addresses, references, web tokens (they have a pattern): a value, and no secret"""

_HARMLESS_LAST_TEXT = (
    "id ids name names url uri path file filename field fields type types expires expiry expiration ttl age length len "
    "size min max regex pattern label hint placeholder header prefix suffix status state count limit policy error "
    "message msg title text description icon class style selector event action route endpoint hash digest checksum "
    "version arn ref reference link param parameter env var variable input form page view template position index "
    "mode algorithm alg format source provider location mount store manager service reset change confirm"
)
_HARMLESS_LAST = frozenset(_HARMLESS_LAST_TEXT.split())
_HARMLESS_ANYWHERE_TEXT = (
    "public publishable csrf xsrf css design translation i18n hashed encrypted hash digest checksum sha256 sha1 etag "
    "cursor continuation page pagination next tokenizer tokens placeholder test tests fake mock dummy example "
    "integrity fingerprint"
)
_HARMLESS_ANYWHERE = frozenset(_HARMLESS_ANYWHERE_TEXT.split())


def is_secret(line: str, match: re.Match[str]) -> bool:
    """Is the value that `match` found (group `secret`, name ending in group `name`) likely to be a real secret?"""
    value: str = match["secret"]
    words = words_of_name(line, match)
    if not words or words[-1] in _HARMLESS_LAST or _HARMLESS_ANYWHERE.intersection(words):
        return False
    if has_placeholder_word(value, PLACEHOLDER_NAMES) or _UUID.match(value) or _CODE_VALUE.match(value):
        return False
    return looks_random(value) and not made_up(value)


def words_of_name(line: str, match: re.Match[str]) -> list[str]:
    """The words of the name that ends in the group `name`, lower case: `dbPassword` has two."""
    start = match.start("name")
    before = _NAME_BEFORE.search(line[max(0, start - MAX_NAME) : start])
    return [word.lower() for word in _WORDS.findall((before[0] if before else "") + match["name"])]
