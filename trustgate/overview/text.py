"""The overview for a terminal. Names of models and paths are hostile until escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from trustgate import escape
from trustgate.attribution.origin import OriginClass
from trustgate.ledger.sums import Sum
from trustgate.overview.exceptions import Lasting
from trustgate.overview.tally import WHO, Backend, Overview
from trustgate.report import phrases

MOST = 10
"""rows of a list"""
WIDEST = 56
"""characters of a name"""
WORDS = (("block", "blocked"), ("escalate", "escalated"), ("warn", "warned of"), ("allow", "allowed"))
HEAD = ("who wrote it", "commits", "stopped", "+lines", "-lines", "findings")


def render(made: Overview, days: tuple[str, str], money: Sum | None, exceptions: Lasting) -> str:
    """`days` are the first and the last day of the range."""
    said = ", ".join(f"{made.decisions[name]} {word}" for name, word in WORDS if made.decisions[name]) or "none judged"
    blind = f"; {made.incomplete} seen in part only" if made.incomplete else ""
    backends = made.by_lines()
    lines = [f"{phrases.counted(made.commits, 'commit')}, {days[0]} to {days[1]}: {said}{blind}", ""]
    lines += _table([HEAD, *map(_row, backends[:MOST])])
    lines += [f"… and {len(backends) - MOST} more"] if len(backends) > MOST else []
    lines += ["", *_counted("boundaries weakened", made.weakened), *_counted("rules", made.rules)]
    lines += [_spent(money), *_ending(exceptions)]
    return "\n".join(lines) + "\n"


def _row(item: Backend) -> tuple[str, ...]:
    who = dict(zip(WHO, item.who, strict=True))
    named = " through ".join(part for part in (who["model"], who["agent"]) if part)
    name = named or phrases.nameless(OriginClass(who["class"]))
    more = (
        who["class"] if named and who["class"] != OriginClass.GENERATED else "",
        who["provider"],
        who["hosting"] if who["hosting"] != "unknown" else "",
        who["jurisdiction"],
        "raised" if item.raised else "",
    )
    about = ", ".join(part for part in more if part)
    told = ", ".join(f"{kind} {number}" for kind, number in sorted(item.told.items())) or "-"
    label = escape.terminal(f"{name} ({about})" if about else name)
    label = label if len(label) <= WIDEST else label[: WIDEST - 1] + "…"
    return label, str(item.commits), str(item.stopped), str(item.lines_added), str(item.lines_removed), told


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The first and the last column to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    for first, *numbers, last in rows:
        cells = [first.ljust(widths[0]), *(text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True))]
        yield "  ".join([*cells, last])


def _counted(title: str, counts: Counter[str]) -> list[str]:
    if not counts:
        return []
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{escape.terminal(name)} {number}" for name, number in most[:MOST])
    return [f"{title}: {told}" + (f", … and {len(most) - MOST} more" if len(most) > MOST else "")]


def _spent(money: Sum | None) -> str:
    if money is None or not money.attempts:
        return "asked of models, from this machine: nothing"
    return f"asked of models, from this machine: {money.attempts} times, {money.answered} answered, {money.cost}"


def _ending(exceptions: Lasting) -> Iterator[str]:
    if exceptions.held or exceptions.ended:
        yield f"exceptions: {exceptions.held} in force, {exceptions.ended} ended"
    for item in exceptions.ending[:MOST]:
        yield f"  {escape.terminal(item.id)} ends on {item.expires}, {escape.terminal(item.owner)}"
    if len(exceptions.ending) > MOST:
        yield f"  … and {len(exceptions.ending) - MOST} more end soon"
