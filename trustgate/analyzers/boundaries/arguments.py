"""Arguments and settings of one symbol of code, as far as rules name them, with the call or object they belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from trustgate.analyzers.boundaries.delta import SideDelta
from trustgate.analyzers.boundaries.fact import Fact, Facts
from trustgate.analyzers.boundaries.near import set_name
from trustgate.analyzers.boundaries.rules import callee_matches
from trustgate.analyzers.boundaries.safe import Safes, folded
from trustgate.analyzers.boundaries.values import pattern
from trustgate.syntax.outline import Call, Detail, Scope, Setting, Span

MARGIN = 2
"""lines round a change outside any symbol that are read with it: a call or list may begin above"""
NEAR = 12
"""calls and settings round a setting that are looked at, innermost last"""
_SPREAD = r"\*\*\s*[\w(]|\.\.\.\s*[\w(]"


def code_facts(side: SideDelta, symbol: str, hunks: Iterable[tuple[int, int]], safes: Safes) -> Facts:
    """Of the symbol's own lines; of the module (no name), those round its changed lines (`hunks`: first, last)."""
    if symbol:
        scopes = side.symbols.get(symbol, ())
        ranges = [(scope.start, scope.end) for scope in scopes]
    else:
        ranges = [(max(first - MARGIN, 1), last + MARGIN) for first, last in hunks]
    detail = side.detail_of(tuple(ranges))
    own = _Own(side, symbol, detail)
    found = tuple(_facts(own, safes))
    holders = Counter(call.callee for call in own.calls)
    holders.update(scope.name for scope in side.outline.scopes if scope.kind == "variable")
    spread = frozenset(call.callee for call in own.calls if pattern(_SPREAD).search(call.text))
    return Facts(found, holders, spread, bare=False)


class _Own:
    """Calls and settings that stand on the symbol's own lines, not on those of a function inside it."""

    def __init__(self, side: SideDelta, symbol: str, detail: Detail) -> None:
        held: dict[int, bool] = {}

        def holds(span: Span) -> bool:
            if span.line not in held:
                held[span.line] = side.symbol_at(span.line) == symbol
            return held[span.line]

        self.side = side
        self.calls = tuple(call for call in detail.calls if holds(call.span))
        self.settings = tuple(setting for setting in detail.settings if holds(setting.span))

    def variables_round(self, line: int) -> list[Scope]:
        return [scope for scope in self.side.chain(line) if scope.kind == "variable"]

    def nested(self) -> Iterator[tuple[Setting, Call | None, list[Setting]]]:
        """Each setting with the innermost call that it lies in, and the settings that it lies in; one pass."""
        items: list[Call | Setting] = sorted((*self.calls, *self.settings), key=_place)
        open_: list[Call | Setting] = []
        for item in items:
            start = (item.span.line, item.span.column)
            while open_ and (open_[-1].span.end_line, open_[-1].span.end_column) <= start:
                open_.pop()
            if isinstance(item, Setting):
                near = open_[-NEAR:]
                calls = [outer for outer in near if isinstance(outer, Call)]
                yield item, calls[-1] if calls else None, [outer for outer in near if isinstance(outer, Setting)]
            open_.append(item)


def _place(item: Call | Setting) -> tuple[int, int, int, int]:
    span = item.span
    return span.line, span.column, -span.end_line, -span.end_column


def _facts(own: _Own, safes: Safes) -> Iterator[Fact]:
    for call in own.calls:
        yield from _of_call(call, safes)
    for setting, around, above in own.nested():
        if folded(setting.name.rpartition(".")[2]) in safes.by_name:
            yield _of_setting(own, setting, around, above)


def _of_call(call: Call, safes: Safes) -> Iterator[Fact]:
    last = call.callee.rsplit(".", 1)[-1]
    for argument in call.arguments:
        if argument.name and folded(argument.name) in safes.by_name:
            name = folded(argument.name)
            yield Fact("argument", call.callee, call.callee, name, argument.name, argument.value, argument.span)
    plain = [argument for argument in call.arguments if not argument.name]
    bare = set_name(last)
    if bare in safes.by_name and len(call.arguments) == 1 and plain:
        around = call.callee.rpartition(".")[0]
        yield Fact("assignment", around, around, bare, f"{last}()", plain[0].value, plain[0].span)
    for _, safe in safes.by_call.get(last, ()):
        if callee_matches(call.callee, safe.call) and -len(plain) <= safe.position < len(plain):
            argument = plain[safe.position]
            name = f"{folded(last)}[{safe.position}]"
            yield Fact("argument", call.callee, call.callee, name, "argument", argument.value, argument.span, True)


def _of_setting(own: _Own, setting: Setting, call: Call | None, above: list[Setting]) -> Fact:
    owner, _, last = setting.name.rpartition(".")
    name = ".".join(map(folded, [*owner.split("."), last])) if owner else folded(last)
    around = " ".join(f"{s.name}={s.value[:60]}" for s in above[-3:])
    if call is not None:
        return Fact("key", call.callee, f"{call.callee} {around}", name, setting.name, setting.value, setting.span)
    variables = [scope for scope in own.variables_round(setting.span.line) if scope.name != setting.name]
    if above or variables:
        holder = variables[-1].name if variables else above[-1].name
        return Fact("key", holder, f"{holder} {around}", name, setting.name, setting.value, setting.span)
    return Fact("assignment", owner, owner, name, setting.name, setting.value, setting.span)
