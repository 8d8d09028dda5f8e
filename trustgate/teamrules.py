"""A repository's own boundary rules: files that its configuration names, read from the trusted base.

They have the form of the shipped rules, and are checked field by field before anything uses them: their patterns run in
the process of the reviewer, over lines that the author of a change chose. Imported only where there are such rules.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from trustgate.errors import ConfigError
from trustgate.finding import BOUNDARIES, Confidence, Severity
from trustgate.rulebook import Rulebook, describe, parse_rule_file, team_path, without_examples

SIZE_LIMIT = 64 * 1024
"""bytes of one rule file"""
PATTERN_LIMIT = 2000
"""characters of one regular expression"""
MANY = 16
"""a part that may be repeated more often than this is taken for one without an end"""
KINDS = {
    "words": ("touch",),
    "match": ("flaw",),
    "guard": ("weakening",),
    "safe": ("flaw", "weakening"),
    "swap": ("weakening",),
    "kept": ("weakening",),
}
"""the parts of which a rule is made, and the kinds of rule that each can stand in"""
WAYS = ("call", "setting", "marker", "text")
"""a `[[match]]` has exactly one of these"""
_REPEAT = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")
_WORDS, _TEXT, _PATTERN, _FLAG, _NUMBER, _WHOLE, _SURE = "words", "text", "pattern", "flag", "number", "whole", "sure"
_TEXTS = "texts"
"""one text or a list of them"""
_TAGS = {"languages": _WORDS, "confidence": _SURE}
_FORMS: Mapping[str, Mapping[str, str]] = {
    "words": {
        **dict.fromkeys(("strong", "weak", "scope", "path", "api"), _WORDS),
        "literal": _PATTERN,
        "settings_only": _FLAG,
    },
    "guard": dict.fromkeys(("markers", "verbs", "nouns", "conditions", "shields"), _WORDS),
    "match": {
        **dict.fromkeys(("call", "setting", "marker", "argument", "values"), _WORDS),
        **dict.fromkeys(("text", "pattern", "unless"), _PATTERN),
        "needle": _TEXT,
        **_TAGS,
    },
    "safe": {
        **dict.fromkeys(("names", "values", "loose", "call", "gone"), _WORDS),
        "order": _TEXT,
        "holder": _PATTERN,
        "factor": _NUMBER,
        "mixed": _FLAG,
        "position": _WHOLE,
        **_TAGS,
    },
    "swap": {
        **dict.fromkeys(("safe", "loose"), _WORDS),
        **dict.fromkeys(("safe_text", "loose_text"), _PATTERN),
        "imports": _FLAG,
        **_TAGS,
    },
    "kept": {"needle": _TEXTS, "text": _PATTERN, "symbol": _FLAG, **_TAGS},
    "flags": dict.fromkeys(("name", "path", "before", "after", "message"), _TEXT),
    "beside": dict.fromkeys(("path", "before", "after"), _TEXT),
}
_NEEDED = {"safe": ("order",), "swap": ("safe", "loose"), "kept": ("needle", "text"), "flags": ("path", "after")}
_HEAD = ("id", "kind", "boundary", "severity", "confidence", "title", "message", "tip")


def with_team_rules(rulebook: Rulebook, read: Callable[[str], bytes | None], names: Iterable[str]) -> Rulebook:
    """`rulebook` and the named rules behind its own. Raises ConfigError naming file and field.

    `read` takes a path of the trusted base. The digest is that of all the rules together.
    """
    known = describe(rulebook)
    hasher = hashlib.sha256(rulebook.digest.encode())
    tables = {}
    for name in names:
        if name in known:
            raise ConfigError(f"{team_path(name)}: the gate has a rule of that id", "give the file and its id another")
        data, table = _read(read, name)
        check_rule(team_path(name), name, table)
        hasher.update(f"\0{name}\0{len(data)}\0".encode() + data)
        tables[name] = without_examples(table)
    families = {**rulebook.families, "boundaries": {**rulebook.family("boundaries"), **tables}}
    return Rulebook(families, hasher.hexdigest(), tuple(tables))


def team_table(read: Callable[[str], bytes | None], name: str) -> dict[str, Any]:
    """One rule of the repository with its examples, checked. Raises ConfigError naming file and field."""
    _data, table = _read(read, name)
    check_rule(team_path(name), name, table)
    return table


def _read(read: Callable[[str], bytes | None], name: str) -> tuple[bytes, dict[str, Any]]:
    path = team_path(name)
    data = read(path)
    if data is None:
        raise ConfigError(f"{path}: not there, and `[rules] boundaries` names it", "commit the file, or leave it out")
    if len(data) > SIZE_LIMIT:
        raise ConfigError(f"{path}: {len(data)} bytes are over the limit of {SIZE_LIMIT}", "split the rule")
    try:
        return data, parse_rule_file(f"boundaries/{name}.toml", data)
    except ConfigError as error:
        raise ConfigError(f".trustgate/{error.message}", "mend the line that is named") from error


def check_rule(path: str, name: str, table: Mapping[str, Any]) -> None:
    """Raise ConfigError for a field that is missing, unknown or of another type, and for a pattern that may be slow."""
    for key in _HEAD:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > 1000:
            _fail(path, key, "must be a text of 1 to 1000 characters")
        if not "".join(value.split()).isprintable():
            _fail(path, key, "has a character that can not be seen")
    if table["id"] != name:
        _fail(path, "id", f"must be the file's name, {name}")
    for key, values in (
        ("boundary", BOUNDARIES),
        ("severity", tuple(item.label for item in Severity)),
        ("confidence", tuple(item.label for item in Confidence)),
        ("kind", ("touch", "weakening", "flaw")),
    ):
        if table[key] not in values:
            _fail(path, key, f"is {table[key]!r}, none of {', '.join(values)}")
    parts = [key for key in table if key in KINDS]
    if not parts:
        raise ConfigError(f"{path}: says nothing to look for", f"add one of {', '.join(KINDS)}")
    for key, value in table.items():
        if key in _HEAD:
            continue
        if key in KINDS and table["kind"] not in KINDS[key]:
            _fail(path, key, f"can not stand in a rule of kind {table['kind']}, only in {' or '.join(KINDS[key])}")
        if key in ("words", "guard"):
            _check_part(path, f"[{key}]", key, value)
        elif key in KINDS or key in ("flags", "leaves_alone"):
            if not isinstance(value, list):
                _fail(path, key, f"must be an array of tables, [[{key}]]")
            for number, entry in enumerate(value, 1):
                _check_part(path, f"[[{key}]] {number}", "flags" if key == "leaves_alone" else key, entry)
        else:
            _fail(path, key, f"is not known here: a rule has {', '.join((*_HEAD, *KINDS, 'flags', 'leaves_alone'))}")


def _check_part(path: str, where: str, form: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: {where} must be a table")
    for key in _NEEDED.get(form, ()):
        if key not in value:
            _fail(path, key, "is missing", where)
    if form == "match" and sum(bool(value.get(way)) for way in WAYS) != 1:
        raise ConfigError(f"{path}: {where} must have exactly one of {', '.join(WAYS)}")
    for key, item in value.items():
        if form == "flags" and key == "beside":
            _check_part(path, f"{where} beside", "beside", item)
            continue
        kind = _FORMS[form].get(key)
        if kind is None:
            _fail(path, key, f"is not known here: {', '.join(_FORMS[form])}", where)
        if fault := _fault(kind, item):
            _fail(path, key, fault, where)


def _fault(kind: str, value: Any) -> str:
    if kind == _TEXTS and isinstance(value, str):
        return ""
    if kind in (_WORDS, _TEXTS):
        fine = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return "" if fine else "must be a list of texts"
    if kind == _FLAG:
        return "" if isinstance(value, bool) else "must be true or false"
    if kind in (_NUMBER, _WHOLE):
        wanted = (int, float) if kind == _NUMBER else int
        fine = isinstance(value, wanted) and not isinstance(value, bool) and abs(value) <= 1_000_000
        return "" if fine else "must be a number up to 1000000"
    if not isinstance(value, str):
        return "must be a text"
    if kind == _SURE:
        names = [item.label for item in Confidence]
        return "" if value in names else f"is {value!r}, none of {', '.join(names)}"
    return fault_of_pattern(value) if kind == _PATTERN else ""


def _fail(path: str, key: str, problem: str, where: str = "") -> NoReturn:
    raise ConfigError(f"{path}: {where + ': ' if where else ''}key `{key}` {problem}")


def fault_of_pattern(pattern: str) -> str:
    """Why a pattern is not taken, or the empty string.

    Refused are the shapes whose time may double with each character: inside a part that is repeated without an end
    another such repetition, `(a+)+`, or alternatives, `(a|ab)*`.
    """
    if len(pattern) > PATTERN_LIMIT:
        return f"has {len(pattern)} characters, over the limit of {PATTERN_LIMIT}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a pattern that Python will read in another way one day
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return f"is no regular expression: {error}"
    open_: list[tuple[bool, bool]] = [(False, False)]
    """of each group that is open, the whole pattern first: holds a repetition without an end, holds alternatives"""
    at = 0
    while at < len(pattern):
        inner = (False, False)
        sign = pattern[at]
        if sign == "\\":
            at += 2
        elif sign == "[":
            at = _after_class(pattern, at)
        elif sign == "(":
            open_.append((False, False))
            at += 2 if pattern.startswith("(?", at) else 1
            continue
        elif sign == ")":
            inner = open_.pop() if len(open_) > 1 else inner  # a bracket in a comment of (?x)
            at += 1
        else:
            if sign == "|":
                open_[-1] = (open_[-1][0], True)
            at += 1
        most, at = _repeated(pattern, at)
        if any(inner) and most > MANY:
            what = "a part that holds a repetition" if inner[0] else "alternatives"
            return f"repeats {what} without an end: say how often at most, up to `{{0,{MANY}}}`"
        open_[-1] = (open_[-1][0] or inner[0] or most > MANY, open_[-1][1] or inner[1])
    return ""


def _after_class(pattern: str, at: int) -> int:
    at += 2 if pattern.startswith("[^", at) else 1
    at += pattern.startswith("]", at)
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _repeated(pattern: str, at: int) -> tuple[int, int]:
    """How often at most what ends at `at` is matched (over MANY: without an end), and where the quantifier ends."""
    found = _REPEAT.match(pattern, at)
    if found is None or found[0] == "{}":
        return 1, at
    if found[0] in ("*", "+", "?"):
        most = 1 if found[0] == "?" else MANY + 1
    else:
        top = found[3] if found[2] else found[1]
        most = int(top) if 0 < len(top) < 7 else MANY + 1
    end = found.end()
    return most, end + (pattern[end : end + 1] in ("?", "+"))
