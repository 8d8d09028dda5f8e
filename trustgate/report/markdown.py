"""The verdict as Markdown: the plain report for any forge, a CI run's summary, and a comment. Cut from the mild end."""

from __future__ import annotations

from collections.abc import Iterable

from trustgate import escape
from trustgate.report import phrases
from trustgate.report.grouping import Group, grouped, places
from trustgate.report.snippet import Snippet, snippet, sources_of
from trustgate.verdict import Judged, Source, Verdict

LIMIT = 1_000_000
"""bytes; a job summary over 1 MiB (1,048,576) is dropped whole by GitHub"""
NOTES = 200
"""notes in the short list"""
PLACES = 20
"""places named of findings of one rule that are not shown in full"""
MESSAGE, ENTRY = 800, 300
"""characters of a finding's texts and of a list entry"""
NAME = 500
"""characters of a path or a symbol"""
ENTRIES = 20
"""lines of each list of skips"""


def render(verdict: Verdict, *, limit: int = LIMIT, fold: bool = False, since: str = "") -> str:
    """At most `limit` bytes of UTF-8; what had to go is counted at the end.

    `fold` puts what is not asked of the reader into `<details>`, for a forge that knows them. `since` is a sentence of
    ours about an earlier run.
    """
    head = "\n".join([*_within(_opening(verdict, since), limit // 4), "", *_steps(verdict)]) + "\n"
    closing = [(title, _within(lines, limit // 12)) for title, lines in _closing(verdict)]
    tail = "".join(_section(title, lines, fold) for title, lines in closing) + _ids(verdict) + "\n"
    full, notes = phrases.shown(verdict)
    sources = sources_of(verdict)
    room = limit - len(head.encode()) - len(tail.encode()) - 300
    blocks: list[str] = []
    rest: list[Judged] = []
    for group in grouped(full):
        parts = [_finding(verdict, item, sources, max(limit // 8, 2_000)) for item in group.shown]
        block, cut = "".join([*parts, _more(group)]), group.items[:0]
        if len(block.encode()) > room:
            block, cut = parts[0], group.items[1:]
        if rest or len(block.encode()) > room:
            rest += group.items
            continue
        blocks.append(block)
        room -= len(block.encode())
        rest += cut
    if rest:
        blocks.append(f"… and {phrases.counts(rest)} more; the JSON report has all of them\n\n")
    blocks.append(_section("Notes", _notes(notes, room), fold, len(notes)))
    return head + "".join(blocks) + tail


def _opening(verdict: Verdict, since: str) -> list[str]:
    lines = [f"## trustgate: {verdict.decision.label}", ""]
    for text in (phrases.headline(verdict), phrases.lead(verdict)):
        lines += [f"**{escape.markdown_text(text, start=False)}**", ""] if text else []
    lines += [since, ""] if since else []
    errors = [skip for skip in verdict.skips if skip.error]
    for skip in errors[:ENTRIES]:
        where = f"{escape.markdown(phrases.clip(skip.path, NAME))}: " if skip.path else ""
        lines.append(f"- could not judge: {where}{_prose(skip.reason, ENTRY)} ({escape.markdown_text(skip.analyzer)})")
    lines += [f"- could not judge {len(errors) - ENTRIES} more"] if errors[ENTRIES:] else []
    lines += [f"- {_prose(note, ENTRY)}" for note in verdict.notes[:ENTRIES]]
    for reason in phrases.whole(verdict):
        who = escape.markdown_text(phrases.clip(phrases.origin_of(verdict, reason), ENTRY))
        why = _prose(reason.why, ENTRY)
        lines.append(f"- {reason.action.label} {escape.markdown(reason.policy_line)}: {why} Origin: {who}")
    return lines if lines[-1] else lines[:-1]


def _steps(verdict: Verdict) -> list[str]:
    steps = phrases.steps(verdict)
    return ["What to do:", "", *(f"- {_prose(step)}" for step in steps), ""] if steps else []


def _within(lines: list[str], room: int) -> list[str]:
    """As many of the lines as fit into `room` bytes, and how many did not."""
    for number, line in enumerate(lines):
        room -= len(line.encode()) + 1
        if room < 0:
            rest = phrases.counted(len(lines) - number, "more line")
            return [*lines[:number], f"- … and {rest}; the JSON report has all of them"]
    return lines


def _finding(verdict: Verdict, item: Judged, sources: dict[str, Source], room: int) -> str:
    """One made to push the others out, with over `room` bytes, is its rule and place only."""
    found = item.finding
    place = escape.markdown(phrases.clip(found.location.path, NAME) + phrases.position(found.location))
    if phrases.removed(item):
        place += ", removed"
    if found.symbol:
        place += f" in {escape.markdown(phrases.clip(found.symbol, NAME))}"
    title = escape.markdown_text(phrases.clip(found.title, ENTRY))
    part = snippet(item, sources)
    said = [
        ("why", found.message if found.message != found.title else ""),
        ("fix", found.tip),
        ("review", phrases.opinion(verdict, item)),
        ("from", phrases.origin_of(verdict, item)),
    ]
    block = "\n".join(
        [
            f"### {item.action.label} {escape.markdown(found.rule)} {title}",
            "",
            f"{place} ({escape.markdown_text(phrases.weight(item), start=False)})",
            "",
            *([_code(part)] if part.rows else []),
            *(f"- {name}: {_prose(text)}" for name, text in said if text),
            f"- id: {escape.markdown(found.fingerprint[:16])}, by policy line {escape.markdown(item.policy_line)}",
            "",
            "",
        ]
    )
    if len(block.encode()) <= room:
        return block
    return f"### {item.action.label} {_short(item)}\n\nToo long to show; the JSON report has it.\n\n"


def _more(group: Group) -> str:
    """The findings of a group that are not shown in full, by place."""
    if not group.more:
        return ""
    named, left = places(group.more, titles=not group.titled, limit=PLACES)
    said = []
    for place in named:
        gone = ", removed" if place.removed else ""
        title = f" {escape.markdown_text(phrases.clip(place.title, ENTRY))}" if place.title else ""
        said.append(f"- {escape.markdown(phrases.clip(place.path + place.position, ENTRY))}{gone}{title}")
    said += [f"- … and {left} more; the JSON report has all of them"] if left else []
    rule = escape.markdown(group.shown[0].finding.rule)
    return "\n".join([f"{phrases.counted(len(group.more), 'more finding')} of {rule}:", "", *said, "", ""])


def _prose(text: str, limit: int = MESSAGE) -> str:
    """Text of ours that may quote the change; what stands between backticks is code."""
    parts = enumerate(phrases.pieces(phrases.clip(text, limit)))
    return "".join(
        escape.markdown(part) if code else escape.markdown_text(part, start=number == 0)
        for number, (part, code) in parts
    )


def _code(part: Snippet) -> str:
    width = len(str(part.rows[-1].number))
    rows = [f"{row.number:>{width}} {row.mark} {row.before}{row.span}{row.after}" for row in part.rows]
    if part.more:
        rows.append(f"… {phrases.counted(part.more, 'more line')}")
    return escape.markdown_block("\n".join(row.replace("\n", " ") for row in rows))


def _section(title: str, lines: list[str], fold: bool, count: int = 0) -> str:
    if not lines:
        return ""
    text = "\n".join(lines)
    number = f" ({count})" if count else ""
    if fold:
        return f"<details><summary>{title}{number}</summary>\n\n{text}\n\n</details>\n\n"
    return f"### {title}\n\n{text}\n\n"


def _notes(notes: list[Judged], room: int) -> list[str]:
    lines = []
    for number, item in enumerate(notes):
        found = item.finding
        line = f"- {_short(item)} {escape.markdown_text(phrases.clip(found.title, ENTRY))}"
        room -= len(line.encode()) + 1
        if number == NOTES or room < 0:
            lines.append(f"- … and {phrases.counted(len(notes) - number, 'more note', 'more notes')}")
            break
        lines.append(line)
    return lines


def _short(item: Judged) -> str:
    where = item.finding.location
    place = escape.markdown(phrases.clip(where.path, NAME) + phrases.position(where))
    gone = " (removed)" if phrases.removed(item) else ""
    return f"{escape.markdown(item.finding.rule)} {place}{gone}"


def _closing(verdict: Verdict) -> Iterable[tuple[str, list[str]]]:
    """What nothing is asked of the reader for: title and lines of each section."""
    lines = [f"- {_short(item)} {_prose(phrases.opinion(verdict, item))}" for item in phrases.cleared(verdict)[:NOTES]]
    yield "Reviews", lines + [f"- {_prose(line)}" for line in phrases.reviews(verdict)[:ENTRIES]]
    lines = []
    for share in verdict.origins[:ENTRIES]:
        raised = ", raised" if share.raised else ""
        who = escape.markdown_text(phrases.clip(phrases.origin(share.origin), ENTRY))
        lines.append(f"- {who}; +{share.lines_added} -{share.lines_removed} lines{raised}")
    yield "Origins", lines
    entries = [f"not checked: {item.what} ({item.reason})" for item in verdict.not_checked[:ENTRIES]]
    entries += [f"not analysed: {item.path} ({item.reason})" for item in verdict.not_analysed[:ENTRIES]]
    lines = [f"- {_prose(entry, ENTRY)}" for entry in entries]
    rest = len(verdict.not_checked) + len(verdict.not_analysed) - len(entries)
    yield "Not looked at", lines + ([f"- … and {rest} more"] if rest else [])


def _ids(verdict: Verdict) -> str:
    ids = (("diff base", verdict.diff_base), ("trusted base", verdict.trusted_base), ("head", verdict.head))
    said = ", ".join(f"{label} {escape.markdown(phrases.clip(oid, 64))}" for label, oid in ids)
    return f"{escape.markdown_text(phrases.summary(verdict))}; {said}"
