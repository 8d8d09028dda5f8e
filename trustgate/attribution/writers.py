"""Whom a commit message names as co-authors, and which mail addresses are one person's. Pure.

This decides who may *not* approve a change, so it reads more than a forge would: quoted and folded lines, several
addresses in one trailer, addresses without their brackets.
"""

from __future__ import annotations

import re
import unicodedata

from trustgate.attribution.lookalike import fold
from trustgate.attribution.trailers import MESSAGE_LIMIT

NOREPLY = "users.noreply."
"""domain of the addresses that a forge makes for accounts: `LOGIN@users.noreply.HOST`, `ID+LOGIN@users.noreply.HOST`"""
_TRAILER = re.compile(r"^[ \t>*-]{0,20}co-(?:authored|developed)-by[ \t]?:((?:[^\n]|\n[ \t]){0,2000})", re.I | re.M)
_ADDRESS = re.compile(r"[^\s<>,;()\"']{1,200}@[^\s<>,;()\"'@]{1,200}")


def co_authors(message: str) -> tuple[tuple[str, str], ...]:
    """Name and mail address of everybody who is named as a co-author, the name empty from the second on of a line."""
    if len(message) > MESSAGE_LIMIT:
        message = message[: MESSAGE_LIMIT // 2] + "\n" + message[-MESSAGE_LIMIT // 2 :]
    found = []
    for line in _TRAILER.findall(message):
        name = " ".join(re.split(r"[<(]", line, maxsplit=1)[0].split())
        for number, mail in enumerate(_ADDRESS.findall(line)):
            found.append(("" if number else name, mail))
    return tuple(found)


def canonical(mail: str) -> str:
    """The address by which a person is compared: without case, look-alike letters, a `+tag`, and a forge's number."""
    plain = fold(unicodedata.normalize("NFKC", mail)).strip().casefold()
    local, at, domain = plain.rpartition("@")
    if not at:
        return plain
    local = local.rpartition("+")[2] if domain.startswith(NOREPLY) else local.partition("+")[0] or local
    return f"{local}@{domain}"


def forge_account(mail: str) -> tuple[str, str]:
    """Login, in lower case, and number of the account that a forge made the address for; empty where it is none."""
    local, _, domain = fold(unicodedata.normalize("NFKC", mail)).strip().casefold().rpartition("@")
    if not domain.startswith(NOREPLY):
        return "", ""
    number, _, login = local.rpartition("+")
    return login, number if number.isascii() and number.isdigit() else ""
