"""Calls of a program that load a model, by the tables of the rules: in Python, JavaScript, TypeScript and notebooks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trustgate.analyzers.models.values import UNKNOWN, Names, Value
from trustgate.analyzers.models.words import lines_with
from trustgate.analyzers.rule import RuleSet
from trustgate.facts import SideText
from trustgate.syntax.outline import Argument, Call

LANGUAGES = frozenset(("python", "javascript", "typescript", "tsx", "notebook", "html"))
A_LINE = 40
"""loads that begin on one line; more of them are a bundle's, or meant to keep us busy"""
_LONG = 100_000
"""calls of one side; more are left to the boundaries, which say so"""


class Entry(NamedTuple):
    """One row `[[load]]` or `[[call]]` of a rule file."""

    rule: str
    last: str
    """last part of the callee"""
    owner: str
    """how the resolved callee must begin, or empty"""
    keywords: tuple[str, ...]
    """arguments that can name the model"""
    positions: tuple[int, ...]
    libraries: tuple[str, ...]
    """the module must import one of them, where the model is not given by keyword"""
    always: bool
    """the libraries are asked for whatever the arguments"""
    bare: bool
    """a name without an owner is one of the hub too"""
    kind: str


def entries(rules: RuleSet, rule: str, key: str) -> tuple[Entry, ...]:
    found = []
    for table in rules.tables(rule, key):
        for name in table["names"]:
            owner, _, last = str(name).rpartition(".")
            found.append(
                Entry(
                    rule,
                    last,
                    owner,
                    tuple(table.get("keywords", ())),
                    tuple(table.get("positions", (0,))),
                    tuple(table.get("libraries", ())),
                    bool(table.get("always", False)),
                    bool(table.get("bare", False)),
                    str(table.get("kind", "")),
                )
            )
    return tuple(found)


class Read(NamedTuple):
    """A call with its arguments by name and by place."""

    call: Call
    last: str
    positional: tuple[Argument, ...]
    named: dict[str, tuple[str, int]]
    """name to value text and line"""
    inner: dict[str, tuple[str, int]]
    """settings in tables inside the call (`model_kwargs={"revision": …}`)"""
    spread: tuple[str, ...]


class Program:
    """One side of a program: calls whose last part is wanted, each read once."""

    def __init__(self, side: SideText, wanted: Iterable[str]) -> None:
        self.side = side
        self.names = Names(side)
        self.libraries = _libraries(side)
        self._wanted = frozenset(wanted)

    def reads(self) -> Iterator[Read]:
        seen: set[tuple[int, int, str]] = set()
        on_line: Counter[int] = Counter()
        lines = self._lines()
        for call in self.side.outline.detail([(number, number) for number in lines]).calls[:_LONG]:
            last = call.callee.rpartition(".")[2].strip()
            key = (call.span.line, call.span.column, call.callee)
            if last in self._wanted and key not in seen and on_line[call.span.line] < A_LINE:
                seen.add(key)
                on_line[call.span.line] += 1
                yield self._read(call, last)

    def value(self, found: tuple[str, int] | None) -> Value:
        return self.names.value(*found) if found is not None else UNKNOWN

    def has(self, libraries: tuple[str, ...], callee: str = "") -> bool:
        """Whether one of them is imported, or the callee itself is of one."""
        return any(
            callee.startswith(f"{name}.")
            or any(found == name or found.startswith((f"{name}.", f"{name}/")) for found in self.libraries)
            for name in libraries
        )

    def _lines(self) -> list[int]:
        """Lines with a wanted name before a bracket, or with a local name for one."""
        local = {name for name, whole in self.side.outline.imports.items() if whole.rpartition(".")[2] in self._wanted}
        return lines_with(self.side.text, self._wanted | local)

    def _read(self, call: Call, last: str) -> Read:
        positional: list[Argument] = []
        named: dict[str, tuple[str, int]] = {}
        spread: list[str] = []
        for item in call.arguments:
            value = item.value.strip()
            if item.name:
                named.setdefault(item.name, (item.value, item.span.line))
            elif value.startswith(("**", "...")):
                spread.append(value)
            elif value.startswith("{") and self.side.path.endswith(
                (".js", ".jsx", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx")
            ):
                named |= {name: found for name, found in self.names.pairs(item.span).items() if name not in named}
                spread += re.findall(r"\.\.\.\s*[\w$.]{1,80}", value)
            elif not value.startswith("*"):
                positional.append(item)
        return Read(call, last, tuple(positional), named, self.names.pairs(call.span), tuple(spread))


def _libraries(side: SideText) -> frozenset[str]:
    found = set(side.outline.imports.values())
    for match in re.finditer(r"(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*[\"']?(@?[\w][\w./-]{0,80})", side.text):
        found.add(match[1])
    return frozenset(found)
