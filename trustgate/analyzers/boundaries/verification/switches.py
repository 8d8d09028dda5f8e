"""Settings of linters and type checkers that the change turns off, and rules that it puts on their ignore lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustgate.analyzers.boundaries.delta import FileDelta, SideDelta
from trustgate.analyzers.boundaries.rules import Rules, compiled
from trustgate.analyzers.boundaries.verification.data import Book, Switch
from trustgate.analyzers.boundaries.verification.marks import LONG
from trustgate.finding import Confidence, Finding
from trustgate.syntax.outline import Span

SETTING = r"""^\s*["']?(?P<name>[@\w./-]{2,80})["']?\s*[:=]\s*\[?\s*["']?(?P<value>[\w-]{1,40})["']?"""


def find_disabled_checks(files: Sequence[FileDelta], code_changed: bool, book: Book, rules: Rules) -> Iterator[Finding]:
    """One finding a file of settings: what its checker looks at no more."""
    rule = rules.named["check-disabled"]
    for delta in files:
        here = tuple(switch for switch in book.switches if compiled(switch.files).search(delta.path))
        if not here or delta.old is None or delta.new is None:  # the first configuration takes nothing away
            continue
        off = [*_switched_off(delta, delta.old, delta.new, here)]
        if off:
            first = off[0][0]
            how = ("beside changed code",) if code_changed else ()
            yield rule.finding(
                delta.new.location(Span(first, 0, first, 10_000)),
                delta.new.symbol(first),
                "\n".join(what for _, what in off),
                (*(what for _, what in off[:6]), *how),
                rule.confidence if code_changed else Confidence.LOW,
            )


def _switched_off(
    delta: FileDelta, old: SideDelta, new: SideDelta, switches: Sequence[Switch]
) -> Iterator[tuple[int, str]]:
    before = _settings(old)
    for name, (number, value) in _settings(new).items():
        for switch in switches:
            if not compiled(switch.name).fullmatch(name) or value not in switch.values:
                continue
            if name not in before or before[name][1] not in switch.values:
                yield number, f"{switch.what}: {delta.new.text.line(number).strip()[:120]}" if delta.new else ""
            break


def _settings(side: SideDelta) -> dict[str, tuple[int, str]]:
    """Line and lower-case value of every `name = value` or `"name": value` on the changed lines."""
    found: dict[str, tuple[int, str]] = {}
    for number in sorted(side.numbers):
        text = side.text.line(number)
        match = compiled(SETTING).match(text) if len(text) <= LONG else None
        if match:
            found[match["name"]] = (number, match["value"].lower())
    return found
