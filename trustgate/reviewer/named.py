"""Values that are given to a telling name: `DB_PASSWORD=…`, `"token": "…"`, `--password …`, `?sig=…`, `-u joe:…`.

Wider than the rule that finds secrets: a false alarm there costs trust, a placeholder too many here costs one word of a
packet. What is plainly code (a call, a name, a reference) stays, since a reviewer has to see where a value comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustgate.secrets.assignment import words_of_name
from trustgate.secrets.lookalike import looks_random

_NAME = (
    r"(?P<name>(?:passw(?:or)?ds?|passwd|passphrase|pwd|(?<![A-Za-z])pass(?![A-Za-z])|secrets?|tokens?|credentials?|"
    r"(?:api|access|secret|private|account|signing|encryption|shared)[_-]?(?:access)?[_-]?keys?|"
    r"(?<![A-Za-z])(?:auth|sig|signature|session|cookie)(?![A-Za-z])|authorization)[\w-]{0,30})"
)
_TYPE = r":\s{0,2}[A-Za-z][\w.\[\], |]{0,24}\s{0,2}="
_GIVEN = (
    rf"[\"'`\])]{{0,3}}\s{{0,4}}(?P<sign>{_TYPE}|=>|:=|[=!]={{1,2}}|=|:|\()"
    r"\s{0,4}[(\[|>\\]?-?\s{0,3}(?:\n\s{0,40})?"
)
_QUOTED = re.compile(
    rf"{_NAME}{_GIVEN}(?:[rbuf]{{1,2}})?(?P<quote>[\"'`])(?P<value>[^\"'`\s]{{4,500}})(?P=quote)", re.IGNORECASE
)
_PLAIN = re.compile(
    rf"(?<![?&]){_NAME}(?:{_GIVEN}|[\"']?\s{{1,3}})(?:(?:basic|bearer)\s)?(?P<value>[^\s\"'`;,()\[\]{{}}<>|$]{{6,500}}+)"
    r"(?![(\[{])",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"^\s{0,40}(?:export\s{1,4}|ENV\s{1,4}|ARG\s{1,4}|-\s{0,3})?(?P<before>[A-Z0-9_]{0,60}?)"
    r"(?P<name>(?:PASSWORD|PASSWD|PASSPHRASE|PWD|PASS|SECRET|TOKEN|KEY|CREDENTIALS?)S?(?:_[A-Z0-9_]{0,30})?)="
    r"[\"']?(?P<value>[^\s\"'`$<>{}()]{4,500})",
    re.MULTILINE,
)
"""as an environment file has it: capitals, no blanks beside the sign"""
_OPTION = re.compile(
    r"(?<![\w-])--?[\w-]{0,30}?(?:passw(?:or)?d|passwd|token|secret|api-?key|access-?key)[\w-]{0,20}[= ]"
    r"[\"']?(?P<value>[^\s\"'`$<>{}()-][^\s\"'`$<>{}()]{3,500})",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?<![\w-])(?:-u|--user|--proxy-user)[= ]?[\"']?[^\s:\"'$/]{1,64}:(?P<value>[^\s\"'$<>{}]{4,200})|"
    r"\bmysql\w{0,10}\s.{0,80}?(?<!\S)-p(?P<other>[^\s\"'$<>{}]{4,200})"
)
_QUERY = re.compile(
    r"[?&][\w.-]{0,30}?(?:token|api_?key|apikey|secret|sig|signature|passw(?:or)?d|pwd|key|auth|credential|session)"
    r"[\w.-]{0,10}=(?P<value>[^\s\"'`&#<>{}$]{6,2000})",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"(?:\\u[0-9a-f]{4}|\\x[0-9a-f]{2}){6,500}", re.IGNORECASE)
_REFERENCE = re.compile(r"[A-Za-z_$@*&!][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)*[!?]?")
"""a name, an attribute of one, a type: where a value comes from, not the value"""
_DIGITS = re.compile(r"\d+")
_PLACE = re.compile(r"(?:\.{0,2}|~|[A-Za-z][\w+.-]{0,20}:/)/|[A-Za-z]:\\|[#.@$%]|\*+$")
_LAST = frozenset(("password", "passwd", "passphrase", "pwd", "pass", "secret", "token", "key", "apikey"))
_SWITCHES = frozenset(("true", "false", "none", "null", "nil", "optional", "required", "disabled", "enabled", "string"))
_WORDS = ("pass", "pwd", "secret", "token", "credential", "key", "auth", "sig", "session", "cookie", "-u")
"""one of them stands in the line of every value that the patterns find"""
SURE = 10
"""characters of a value that is looked for elsewhere too: shorter ones are often words"""


def named(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start, end, and whether the value is looked for everywhere, of each value in a text; they may overlap."""
    for start, end in _windows(text):
        for first, last, sure in _in(text[start:end]):
            yield start + first, start + last, sure


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Each line with a telling word, and the line behind it; neighbours are joined. Far cheaper than a pattern each."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that has no small form of one character
        lowered = text
    found: list[list[int]] = []
    starts = set()
    for word in _WORDS:
        at = lowered.find(word)
        while at >= 0:
            begin = lowered.rfind("\n", 0, at) + 1
            end = lowered.find("\n", at)
            starts.add((begin, end if end >= 0 else len(text)))
            at = lowered.find(word, end) if end >= 0 else -1
    for begin, end in sorted(starts):
        behind = text.find("\n", end + 1)
        stop = behind if behind >= 0 else len(text)
        if found and begin <= found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], stop)
        else:
            found.append([begin, stop])
    yield from ((begin, end) for begin, end in found)


def _in(text: str) -> Iterator[tuple[int, int, bool]]:
    for match in _QUOTED.finditer(text):
        value = match["value"]
        given = match["sign"] != "(" and not match["sign"].endswith("==")
        if (strong(value) and not _elsewhere(value)) or (given and _telling(text, match) and not _stands_for(value)):
            yield *match.span("value"), _sure(value)
        elif _ESCAPED.fullmatch(value):
            yield *match.span("value"), True
    for match in _PLAIN.finditer(text):
        value = match["value"].rstrip(".:")
        if strong(value) and any(map(str.isdigit, value)) and not _PLACE.match(value):
            yield match.start("value"), match.start("value") + len(value), _sure(value)
    for match in _SETTING.finditer(text):
        if _telling(text, match) and not _stands_for(match["value"]):
            yield *match.span("value"), _sure(match["value"])
    for match in _OPTION.finditer(text):
        if not match["value"].isupper() or strong(match["value"]):
            yield *match.span("value"), _sure(match["value"])
    for match in _LOGIN.finditer(text):
        yield *match.span("value" if match["value"] else "other"), False
    for match in _QUERY.finditer(text):
        yield *match.span("value"), _sure(match["value"])


def strong(value: str) -> bool:
    """Text that was generated, or typed as a password: three kinds of characters, and no name of the code."""
    if _REFERENCE.fullmatch(value):
        return looks_random(value) and len(_DIGITS.findall(value)) > 1
    if looks_random(value):
        return True
    kinds = (str.islower, str.isupper, str.isdigit)
    other = any(not char.isalnum() and char not in "_-./:" for char in value)
    return len(value) >= 8 and sum(any(map(kind, value)) for kind in kinds) + other >= 3


def _telling(text: str, match: re.Match[str]) -> bool:
    """Whether the name is that of a secret itself, not of its kind, its place, or what is done with it."""
    words = words_of_name(text, match)
    return bool(words) and words[-1].removesuffix("s") in _LAST


def _stands_for(value: str) -> bool:
    """A switch, an address, a path, a name of the code or a template: not the secret itself."""
    if value.lower() in _SWITCHES or _PLACE.match(value) or ("." in value and _REFERENCE.fullmatch(value)):
        return True
    return _elsewhere(value)


def _elsewhere(value: str) -> bool:
    """A path, or a template that is filled later."""
    return value.startswith(("/", "./", "../")) or any(
        sign in value for sign in ("${", "{{", "%s", "%(", "$(", "<", "#{")
    )


def _sure(value: str) -> bool:
    return len(value) >= SURE and strong(value)
