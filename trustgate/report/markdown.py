"""The verdict as Markdown: the plain report, and the job summary of a CI run. Worst first, cut from the mild end."""

from __future__ import annotations

from trustgate import escape
from trustgate.report import phrases
from trustgate.report.snippet import Snippet, snippet, sources_of
from trustgate.verdict import Judged, Source, Verdict

LIMIT = 1_000_000
"""bytes; a job summary over 1 MiB (1,048,576) is dropped whole by GitHub"""
NOTES = 200
"""notes in the short list"""
MESSAGE, ENTRY = 800, 300
"""characters of a finding's texts and of a list entry"""
NAME = 500
"""characters of a path or a symbol"""
ENTRIES = 20
"""lines of each list of skips"""


def render(verdict: Verdict, *, limit: int = LIMIT) -> str:
    """At most `limit` bytes of UTF-8; what had to go is counted at the end."""
    head = _within(_opening(verdict), limit // 4) + "\n\n"
    tail = _within(_closing(verdict), limit // 4) + "\n\n" + _bases(verdict) + "\n"
    full, notes = phrases.shown(verdict)
    sources = sources_of(verdict)
    room = limit - len(head.encode()) - len(tail.encode()) - 300
    blocks: list[str] = []
    for number, item in enumerate(full):
        block = _finding(verdict, item, sources)
        if len(block.encode()) > limit // 8:
            block = _short(item)
        room -= len(block.encode())
        if room < 0:
            blocks.append(f"… and {phrases.counts(full[number:])} more; the JSON report has all of them\n\n")
            break
        blocks.append(block)
    blocks.append(_notes(notes, room))
    return head + "".join(blocks) + tail


def _opening(verdict: Verdict) -> list[str]:
    lines = [f"## trustgate: {verdict.decision.label}", ""]
    headline = phrases.headline(verdict)
    if headline:
        lines += [f"**{escape.markdown_text(headline)}**", ""]
    lines += [escape.markdown_text(phrases.summary(verdict)), ""]
    for skip in [skip for skip in verdict.skips if skip.error][:ENTRIES]:
        where = f"{escape.markdown(phrases.clip(skip.path, NAME))}: " if skip.path else ""
        fault = escape.markdown_text(phrases.clip(skip.reason, ENTRY))
        lines.append(f"- could not judge: {where}{fault} ({escape.markdown_text(skip.analyzer)})")
    lines += [f"- {escape.markdown_text(phrases.clip(note, ENTRY))}" for note in verdict.notes[:ENTRIES]]
    for reason in phrases.whole(verdict):
        why = escape.markdown_text(phrases.clip(reason.why, ENTRY))
        who = escape.markdown_text(phrases.clip(phrases.origin_of(verdict, reason), ENTRY))
        lines.append(f"- {reason.action.label} {escape.markdown(reason.policy_line)}: {why} Origin: {who}")
    ways = phrases.pending(verdict)
    if ways:
        lines += ["", escape.markdown_text(ways[:1].upper() + ways[1:])]
    return lines


def _finding(verdict: Verdict, item: Judged, sources: dict[str, Source]) -> str:
    found = item.finding
    place = escape.markdown(phrases.clip(found.location.path, NAME) + phrases.position(found.location))
    if phrases.removed(item):
        place += ", removed"
    if found.symbol:
        place += f" in {escape.markdown(phrases.clip(found.symbol, NAME))}"
    title = escape.markdown_text(phrases.clip(found.title, ENTRY))
    lines = [
        f"### {item.action.label} {escape.markdown(found.rule)} {title}",
        "",
        f"{place} ({phrases.weight(item)})",
        "",
    ]
    part = snippet(item, sources)
    if part.rows:
        lines += [_code(part)]
    said = [
        ("why", found.message if found.message != found.title else ""),
        ("tip", found.tip),
        ("origin", phrases.origin_of(verdict, item)),
        ("policy", f"{item.policy_line} -> {item.action.label}"),
        ("review", phrases.opinion(verdict, item)),
    ]
    lines += [f"- {name}: {escape.markdown_text(phrases.clip(text, MESSAGE))}" for name, text in said if text]
    lines += [f"- accept: {escape.markdown(phrases.accept(item))}", "", ""]
    return "\n".join(lines)


def _short(item: Judged) -> str:
    """For a finding whose texts are made to push the others out."""
    place = escape.markdown(phrases.clip(item.finding.location.path, NAME) + phrases.position(item.finding.location))
    return f"### {item.action.label} {escape.markdown(item.finding.rule)}\n\n{place}; the JSON report has the rest\n\n"


def _within(lines: list[str], room: int) -> str:
    """As many of the lines as fit into `room` bytes, and how many did not."""
    for number, line in enumerate(lines):
        room -= len(line.encode()) + 1
        if room < 0:
            rest = phrases.counted(len(lines) - number, "more line")
            return "\n".join([*lines[:number], f"- … and {rest}; the JSON report has all of them"])
    return "\n".join(lines)


def _code(part: Snippet) -> str:
    width = len(str(part.rows[-1].number))
    rows = [f"{row.number:>{width}} {row.mark} {row.before}{row.span}{row.after}" for row in part.rows]
    if part.more:
        rows.append(f"… {phrases.counted(part.more, 'more line')}")
    return escape.markdown_block("\n".join(row.replace("\n", " ") for row in rows))


def _notes(notes: list[Judged], room: int) -> str:
    if not notes:
        return ""
    lines = ["### Notes", ""]
    for number, item in enumerate(notes):
        found = item.finding
        place = escape.markdown(phrases.clip(found.location.path, NAME) + phrases.position(found.location))
        gone = " (removed)" if phrases.removed(item) else ""
        line = f"- {escape.markdown(found.rule)} {place}{gone} {escape.markdown_text(phrases.clip(found.title, ENTRY))}"
        room -= len(line.encode()) + 1
        if number == NOTES or room < 0:
            lines.append(f"- … and {phrases.counted(len(notes) - number, 'more note', 'more notes')}")
            break
        lines.append(line)
    return "\n".join(lines) + "\n\n"


def _reviews(verdict: Verdict) -> list[str]:
    """What reviewers cleared, with quotes, and what left for them."""
    if not verdict.reviews:
        return []
    lines = ["### Reviews", ""]
    for item in phrases.cleared(verdict)[:NOTES]:
        found = item.finding
        place = escape.markdown(phrases.clip(found.location.path, NAME) + phrases.position(found.location))
        said = escape.markdown_text(phrases.clip(phrases.opinion(verdict, item), MESSAGE))
        lines.append(f"- {escape.markdown(found.rule)} {place} {said}")
    lines += [f"- {escape.markdown_text(phrases.clip(line, MESSAGE))}" for line in phrases.reviews(verdict)[:ENTRIES]]
    return [*lines, ""]


def _closing(verdict: Verdict) -> list[str]:
    lines = _reviews(verdict)
    if verdict.origins:
        lines += ["### Origins", ""]
        for share in verdict.origins[:ENTRIES]:
            raised = ", raised" if share.raised else ""
            who = escape.markdown_text(phrases.clip(phrases.origin(share.origin), ENTRY))
            lines.append(f"- {who}; +{share.lines_added} -{share.lines_removed} lines{raised}")
        lines.append("")
    entries = [f"not checked: {item.what} ({item.reason})" for item in verdict.not_checked[:ENTRIES]]
    entries += [f"not analysed: {item.path} ({item.reason})" for item in verdict.not_analysed[:ENTRIES]]
    if entries:
        lines += ["### Not looked at", ""]
        lines += [f"- {escape.markdown_text(phrases.clip(entry, ENTRY))}" for entry in entries]
        rest = len(verdict.not_checked) + len(verdict.not_analysed) - len(entries)
        lines += [f"- … and {rest} more"] if rest else []
        lines.append("")
    return lines


def _bases(verdict: Verdict) -> str:
    bases = f"diff base {verdict.diff_base}, trusted base {verdict.trusted_base}, head {verdict.head}"
    return escape.markdown_text(bases)
