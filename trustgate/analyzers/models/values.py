"""What an argument stands for: a literal, a name with one value in this module, or something that cannot be told."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from trustgate.facts import SideText
from trustgate.syntax.outline import Setting, Span, chain

DEPTH = 6
"""names behind names that are followed"""
DEFINITIONS = 60
"""places of one name that are looked at"""
SETTINGS = 2000
"""settings inside one call that are looked at"""
_PART = re.compile(
    r"[rRbBuU]{0,2}(?:\"{3}([^\"\\]{0,400})\"{3}|\"([^\"\\\n]{0,400})\"|'([^'\\\n]{0,400})'|`([^`\\$]{0,400})`)\s*"
)
_NAME = re.compile(r"[A-Za-z_$][\w$]{0,79}(?:\.[A-Za-z_$][\w$]{0,79}){0,3}\Z")
_DEFAULT = re.compile(r"(?:\.get|\.pop|getenv|environ\.get|env)\(\s*[^(),]{1,120},\s*([^(),]{1,200})\)\Z")
_OR = re.compile(r".{1,200}(?:\bor\b|\|\||\?\?)\s*([^()]{1,200})\Z", re.DOTALL)
_ITEM = re.compile(r"([A-Za-z_$][\w$]{0,79})\[\s*([\"'])([^\"'\]]{1,80})\2\s*\]\Z")
_WORDS = {"True": True, "False": False, "true": True, "false": False}
_NOTHING = frozenset(("None", "null", "undefined"))


class Value(NamedTuple):
    text: str | bool | None
    """None where `known` is False, and for a literal that says nothing (`None`, a number)"""
    known: bool
    direct: bool = True
    """written in the call itself"""


UNKNOWN = Value(None, False)


def literal(text: str) -> Value | None:
    """The value of one literal or of adjacent strings; None for anything else, holes in a string included."""
    bare = text.strip()
    while bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    if bare in _WORDS:
        return Value(_WORDS[bare], True)
    if bare in _NOTHING or bare.replace(".", "", 1).isdigit():
        return Value(None, True)
    parts, position = [], 0
    while position < len(bare):
        found = _PART.match(bare, position)
        if found is None:
            return None
        parts.append(next((group for group in found.groups() if group is not None), ""))
        position = found.end()
    return Value("".join(parts), True) if parts else None


@lru_cache(maxsize=200)
def _defining(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"^[ \t]*(?:(?:export[ \t]+)?(?:const|let|var)[ \t]+|(?:self|cls|this)\.)?{re.escape(name)}[ \t]*"
        rf"(?::[^=\n]{{0,80}})?=(?![=>])",
        re.MULTILINE,
    )


class Names:
    """Values of the names of one side of one file. Nothing is run; in a function the last assignment before counts,
    and a name of the module with two meanings has none."""

    def __init__(self, side: SideText) -> None:
        self.side = side
        self.outline = side.outline
        self._lines: tuple[tuple[int, int], tuple[Setting, ...]] = ((0, 0), ())
        self._known: dict[str, list[tuple[tuple[int, int], Setting]]] = {}

    def value(self, text: str, line: int, depth: int = 0) -> Value:
        """`text` as it stands on `line`."""
        bare = text.strip()
        found = literal(bare)
        if found is not None:
            return found
        if depth >= DEPTH or bare.startswith(('f"', "f'")):
            return UNKNOWN
        if _NAME.match(bare):
            return self._named(bare, line, depth + 1)
        for pattern in (_DEFAULT, _OR):
            inner = pattern.match(bare) if pattern is _OR else pattern.search(bare)
            if inner is not None:
                return self.value(inner[1], line, depth + 1)._replace(direct=False)
        item = _ITEM.match(bare)
        if item is not None:
            return self._item(item[1], item[3], line, depth + 1)
        if " + " in bare:
            parts = [self.value(part, line, depth + 1) for part in bare.split(" + ")[:8]]
            if all(isinstance(part.text, str) for part in parts):
                return Value("".join(str(part.text) for part in parts), True, False)
        return UNKNOWN

    def pairs(self, span: Span) -> dict[str, tuple[str, int]]:
        """Settings written inside a span: name to value text and line. The first of a name counts."""
        inside: dict[str, tuple[str, int]] = {}
        for item in self._settings(span.line, span.end_line):
            begins = (item.span.line, item.span.column) >= (span.line, span.column)
            ends = (item.span.end_line, item.span.end_column) <= (span.end_line, span.end_column)
            if begins and ends and item.span != span:
                inside.setdefault(item.name, (item.value, item.span.line))
        return inside

    def _settings(self, first: int, last: int) -> tuple[Setting, ...]:
        """Settings on some lines; the lines asked for last are kept, since one line can hold many calls."""
        if self._lines[0] != (first, last):
            self._lines = ((first, last), self.outline.detail([(first, last)]).settings[:SETTINGS])
        return self._lines[1]

    def spread(self, name: str, line: int) -> tuple[dict[str, tuple[str, int]], bool]:
        """What `**name` brings, and whether its definition was found and is a literal table."""
        bare = name.strip().lstrip("*. ")
        if bare.startswith("{"):
            return {}, False
        setting = self._setting(bare.rpartition(".")[2], line)
        if setting is None or not setting.value.lstrip().startswith(("{", "dict(")):
            return {}, False
        pairs = self.pairs(setting.span)
        if setting.value.lstrip().startswith("dict("):
            for call in self.outline.detail([(setting.span.line, setting.span.end_line)]).calls:
                if call.callee == "dict":
                    pairs |= {item.name: (item.value, item.span.line) for item in call.arguments if item.name}
        return pairs, "**" not in setting.value and "..." not in setting.value

    def _item(self, table: str, key: str, line: int, depth: int) -> Value:
        setting = self._setting(table, line)
        if setting is None:
            return UNKNOWN
        found = self.pairs(setting.span).get(key)
        return self.value(found[0], found[1], depth)._replace(direct=False) if found else UNKNOWN

    def _named(self, name: str, line: int, depth: int) -> Value:
        owner, _, last = name.rpartition(".")
        if owner and owner not in ("self", "cls", "this") and not last.isupper():
            return UNKNOWN
        setting = self._setting(last, line)
        if setting is not None:
            return self.value(setting.value, setting.value_line, depth)._replace(direct=False)
        return self._parameter(last, line, depth) if not owner else UNKNOWN

    def _around(self, line: int) -> tuple[int, int]:
        """Innermost function of a line, as first and last line; the whole file where there is none."""
        inside = [scope for scope in chain(self.outline, line) if scope.kind == "function"]
        return (inside[-1].start, inside[-1].end) if inside else (0, 0)

    def _setting(self, name: str, line: int) -> Setting | None:
        """The assignment that a name on `line` refers to: the last one before it in its function, else the module's."""
        if not name.isidentifier() and "$" not in name:
            return None
        own = self._around(line)
        before: list[Setting] = []
        module: list[Setting] = []
        for around, setting in self._definitions(name):
            if around == own and setting.span.line < line:
                before.append(setting)
            elif around == (0, 0) or "." in setting.name:
                module.append(setting)
        if before:
            return before[-1]
        return module[-1] if len({item.value for item in module}) == 1 else None

    def _definitions(self, name: str) -> list[tuple[tuple[int, int], Setting]]:
        """Every assignment to a name with the function it stands in; none where there are too many to tell."""
        known = self._known.get(name)
        if known is not None:
            return known
        text = self.side.text
        found = list(islice(_defining(name).finditer(text), DEFINITIONS + 1))
        numbers = [text.count("\n", 0, match.end()) + 1 for match in found] if len(found) <= DEFINITIONS else []
        made = [
            (self._around(item.span.line), item)
            for number in dict.fromkeys(numbers)
            for item in self.outline.detail([(number, number)]).settings
            if item.span.line == number and item.name.rpartition(".")[2] == name
        ]
        self._known[name] = made
        return made

    def _parameter(self, name: str, line: int, depth: int) -> Value:
        first, last = self._around(line)
        if not last:
            return UNKNOWN
        head = "\n".join(self.side.lines[first - 1 : min(first + 30, last)])
        found = re.search(
            rf"[(,]\s*{re.escape(name)}\s*(?::[^=,()\n]{{0,80}})?=\s*([^,()\n]{{1,200}})",
            head[: head.find("):") + 1 or 4000],
        )
        return self.value(found[1], first, depth)._replace(direct=False) if found else UNKNOWN
