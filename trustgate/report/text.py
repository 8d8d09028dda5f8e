"""The verdict for a terminal: findings read like a compiler's, worst first, and one summary line closes the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trustgate import escape
from trustgate.report import phrases
from trustgate.report.snippet import Row, snippet, sources_of
from trustgate.verdict import Action, Judged, Source, Verdict

if TYPE_CHECKING:
    from trustgate.finding import Finding
    from trustgate.report.grouping import Group

FULL, BRIEF = 50, 10
"""rules with their findings in full, and lines of each short list; the mildest are cut and the counts stay"""
PLACES = 10
"""places named of findings that are said together"""
REASONS = 3
"""pieces of evidence shown of a finding; `--verbose` shows all"""
MESSAGE = 600
"""characters of a finding's message or tip"""
_TAB = "    "
_COLORS = {Action.BLOCK: "1;31", Action.ESCALATE: "1;35", Action.WARN: "1;33", Action.NOTE: "1;36"}
"""SGR parameters (ECMA-48 section 8.3.117)"""


def render(verdict: Verdict, *, color: bool = False, seconds: float | None = None, verbose: bool = False) -> str:
    """The whole report, or the empty string when the commit hook has nothing to say. `seconds` is the time taken.

    `verbose` leaves nothing out: silent findings, every piece of evidence, and what was proven mechanical.
    """
    if phrases.silent(verdict) and not verbose:
        return ""
    from trustgate.report import grouping  # late: a commit with nothing to say does not pay for it

    paint = _Paint(color)
    full, notes = phrases.shown(verdict)
    if verbose:
        full, notes = [item for item in phrases.ranked(verdict) if not item.suppressed_by], []
    lines = _opening(verdict, paint)
    for reason in phrases.whole(verdict):
        name = paint(reason.action, f"{reason.action.label}[{escape.terminal(reason.policy_line)}]")
        who = escape.terminal(phrases.clip(phrases.origin_of(verdict, reason), MESSAGE))
        lines += [f"{name} {escape.terminal(reason.why)}", f"  = origin: {who}", ""]
    sources = sources_of(verdict)
    groups = [grouping.Group((item,), ()) for item in full] if verbose else grouping.grouped(full)
    most = len(groups) if verbose else FULL
    for group in groups[:most]:
        for item in group.shown:
            lines += [*_finding(verdict, item, sources, paint, verbose), ""]
        if group.more:
            lines[-1:] = [_more(group), ""]
    if groups[most:]:
        rest = [item for group in groups[most:] for item in group.items]
        lines += [f"… and {phrases.counts(rest)} more; `--format json` has all of them", ""]
    lines += _cleared(verdict, paint)
    lines += _notes(notes, paint)
    if verbose:
        lines += [f"mechanical: {escape.path(item.path)}:{item.line} {item.proof}" for item in verdict.mechanical]
    lines += _closing(verdict)
    lines.append(paint(_worst(verdict), f"trustgate: {phrases.summary(verdict, seconds)}"))
    return "\n".join(lines) + "\n"


class _Paint:
    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, action: Action, text: str) -> str:
        code = _COLORS.get(action, "1")
        return f"\x1b[{code}m{text}\x1b[0m" if self._color else text


def _worst(verdict: Verdict) -> Action:
    return max(phrases.actions(verdict), default=Action.SILENT)


def _opening(verdict: Verdict, paint: _Paint) -> list[str]:
    lines = []
    headline = phrases.headline(verdict)
    if headline:
        lines.append(paint(Action.WARN, f"trustgate: {headline}"))
    blind = [skip for skip in verdict.skips if skip.error]
    for skip in blind[:BRIEF]:
        where = f"{escape.path(skip.path)}: " if skip.path else ""
        reason = escape.terminal(phrases.clip(skip.reason, MESSAGE))
        lines.append(f"  could not judge: {where}{reason} ({escape.terminal(skip.analyzer)})")
    if blind[BRIEF:]:
        lines.append(f"  … and {len(blind) - BRIEF} more that could not be judged")
    lines += [f"note: {escape.terminal(phrases.clip(note, MESSAGE))}" for note in verdict.notes[:BRIEF]]
    return [*lines, ""] if lines else []


def _finding(
    verdict: Verdict, item: Judged, sources: dict[str, Source], paint: _Paint, verbose: bool = False
) -> list[str]:
    found = item.finding
    where = found.location
    part = snippet(item, sources)
    gutter = " " * max((len(str(row.number)) for row in part.rows), default=1)
    place = escape.path(where.path) + phrases.position(where)
    if phrases.removed(item):
        place += "  removed" + (f" in {escape.terminal(found.symbol)}" if found.symbol else "")
    elif found.symbol:
        place += f"  in {escape.terminal(found.symbol)}"
    lines = [
        f"{paint(item.action, f'{item.action.label}[{escape.terminal(found.rule)}]')} {escape.terminal(found.title)}",
        f"{gutter}--> {place}   ({phrases.weight(item)})",
    ]
    if part.rows:
        lines.append(f"{gutter} |")
    for row in part.rows:
        lines += _row(row, len(gutter), item.action, paint)
    if part.more:
        lines.append(f"{gutter} … {phrases.counted(part.more, 'more line')}")
    said = [("origin", phrases.origin_of(verdict, item)), ("policy", f"{item.policy_line} -> {item.action.label}")]
    if found.message and found.message != found.title:
        said.append(("why", found.message))
    seen = found.evidence if verbose else _new(found, part.rows)
    if seen:
        most = len(seen) if verbose else REASONS
        more = f" (and {len(seen) - most} more: --verbose)" if seen[most:] else ""
        said.append(("seen", "; ".join(seen[:most]) + more))
    if found.tip:
        said.append(("tip", found.tip))
    if verdict.reviews and (words := phrases.opinion(verdict, item)):
        said.append(("review", words))
    said.append(("accept", phrases.accept(item)))
    return lines + [f"{gutter} = {name}: {escape.terminal(phrases.clip(text, MESSAGE))}" for name, text in said]


def _more(group: Group) -> str:
    """The line under the last finding of a group that is shown in full."""
    found = group.shown[0].finding
    named = _places(group.more, not group.titled)
    return f"  = also: {len(group.more)} more {escape.terminal(found.rule)}: {named} (each in full: `--verbose`)"


def _places(items: Sequence[Judged], titles: bool, limit: int = PLACES) -> str:
    from trustgate.report import grouping

    named, left = grouping.places(items, titles=titles, limit=limit)
    said = []
    for place in named:
        gone = " (removed)" if place.removed else ""
        title = f" {escape.terminal(phrases.clip(place.title, MESSAGE))}" if place.title else ""
        said.append(f"{escape.path(place.path)}{place.position}{gone}{title}")
    return ("; " if titles else ", ").join(said) + (f" and {left} more" if left else "")


def _new(found: Finding, rows: Sequence[Row]) -> tuple[str, ...]:
    """The pieces of evidence that say more than the lines shown, with their places, and the message do."""
    shown = (f"{row.before}{row.span}{row.after}".strip() for row in rows)
    told = " ".join(
        [found.message, *(f"{found.location.path}:{row.number} {text}" for row, text in zip(rows, shown, strict=True))]
    )
    told = "".join(told.split())
    return tuple(item for item in found.evidence if "".join((item.partition(": ")[2] or item).split()) not in told)


def _row(row: Row, width: int, action: Action, paint: _Paint) -> list[str]:
    before, span, after = (escape.terminal(part.replace("\t", _TAB)) for part in (row.before, row.span, row.after))
    lines = [f"{row.number:>{width}} {row.mark} {before}{span}{after}".rstrip()]
    if span:
        marks = paint(action, "^" * max(1, _cells(span)))
        lines.append(f"{' ' * width} | {' ' * _cells(before)}{marks}")
    return lines


def _cells(text: str) -> int:
    """Columns that `text` takes on a terminal (Unicode Standard Annex 11: wide and fullwidth take two)."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def _notes(notes: list[Judged], paint: _Paint) -> list[str]:
    from trustgate.report import grouping

    lines = []
    groups = grouping.grouped(notes)
    for group in groups[:BRIEF]:
        found = group.shown[0].finding
        name = paint(Action.NOTE, f"note[{escape.terminal(found.rule)}]")
        many = len(group.items)
        if many == 1:
            lines.append(f"{name} {_places(group.items, False)} {escape.terminal(found.title)}")
        elif group.titled:
            lines.append(f"{name} {escape.terminal(found.title)}, {many} times: {_places(group.items, False)}")
        else:
            lines.append(f"{name} {many} times: {_places(group.items, True)}")
    rest = sum(len(group.items) for group in groups[BRIEF:])
    if rest:
        lines.append(f"… and {phrases.counted(rest, 'more note', 'more notes')}: `--verbose`")
    return [*lines, ""] if lines else []


def _cleared(verdict: Verdict, paint: _Paint) -> list[str]:
    lines = []
    items = phrases.cleared(verdict)
    for item in items[:FULL]:
        found = item.finding
        place = escape.path(found.location.path) + phrases.position(found.location)
        gone = " (removed)" if phrases.removed(item) else ""
        name = paint(Action.NOTE, f"cleared[{escape.terminal(found.rule)}]")
        lines.append(f"{name} {place}{gone} {escape.terminal(found.title)}")
        lines.append(f"  = review: {escape.terminal(phrases.clip(phrases.opinion(verdict, item), MESSAGE))}")
    if items[FULL:]:
        lines.append(f"… and {len(items) - FULL} more cleared")
    return [*lines, ""] if lines else []


def _closing(verdict: Verdict) -> list[str]:
    lines = [f"review: {escape.terminal(phrases.clip(line, MESSAGE))}" for line in phrases.reviews(verdict)]
    if verdict.stage != "commit":
        for share in verdict.origins:
            if share.origin.id != "o0" or share.raised or len(verdict.origins) > 1:
                raised = ", raised" if share.raised else ""
                who = escape.terminal(phrases.origin(share.origin))
                where = "" if len(verdict.origins) == 1 else " in the files it touched"
                lines.append(f"origin: {who}; +{share.lines_added} -{share.lines_removed} lines{where}{raised}")
    listed = [
        ("not checked", [f"{item.what} ({item.reason})" for item in verdict.not_checked]),
        ("not analysed", [f"{item.path} ({item.reason})" for item in verdict.not_analysed]),
        ("skipped", [f"{skip.path or skip.analyzer} ({skip.reason})" for skip in verdict.skips if not skip.error]),
    ]
    for name, entries in listed:
        if entries:
            more = f", … and {len(entries) - BRIEF} more" if len(entries) > BRIEF else ""
            brief = [escape.terminal(phrases.clip(entry, 120)) for entry in entries[:BRIEF]]
            lines.append(f"{name}: {', '.join(brief)}{more}")
    ways = phrases.pending(verdict)
    return [*lines, ways] if ways else lines
