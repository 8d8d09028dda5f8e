"""The verdict as one page that needs nothing else: no font, no image, no address outside, and no script to be read.

Its own style and its small script are allowed by their digests, so that nothing else on the page can be either.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from trustgate.escape import html as esc
from trustgate.report import phrases
from trustgate.report.diff_table import change
from trustgate.report.filters import Names
from trustgate.report.snippet import Snippet, snippet, sources_of
from trustgate.verdict import Action, Judged, Source, Verdict

FULL, NOTES, ENTRIES = 2_000, 2_000, 500
"""findings, notes and entries of the other lists on the page; the mildest are cut and counted"""
SAME = 5
"""findings of one rule and title in the list at the top; the others are folded"""
TEXT = 4_000
"""characters of a text of a finding, or of a list's entry"""
_FOLDER = Path(__file__).parent


def render(verdict: Verdict, *, limit: int = FULL) -> str:
    """The page with at most `limit` findings in full, and at most NOTES notes."""
    full, notes = phrases.shown(verdict)
    names = Names(verdict, (*full[:limit], *notes[:NOTES]))
    sources = sources_of(verdict)
    decision = verdict.decision.label
    style = (_FOLDER / "page.css").read_text(encoding="utf-8").strip() + names.style()
    filters = names.boxes()
    script = (_FOLDER / "page.js").read_text(encoding="utf-8").strip() if filters else ""
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>trustgate: {decision}, {esc(phrases.counts((*full, *notes)))}</title>",
        f"<style>{style}</style></head><body>",
        '<a class="skip" href="#change">Skip to the change</a>' if verdict.diff or names.items else "",
        f'<header class="verdict {decision}">{_opening(verdict)}</header><main>',
        _list("Could not judge", [f"{s.path} {s.reason} ({s.analyzer})" for s in verdict.skips if s.error]),
        _list("About the change as a whole", _whole(verdict)),
        _index(verdict, full[:limit], names, "Findings", len(full) - limit),
        filters,
        _origins(verdict, names),
        *change(verdict, names, lambda item, beside: _finding(verdict, item, sources, names, beside)),
        _index(verdict, notes[:NOTES], names, "Notes", len(notes) - NOTES),
        _list("Cleared in review", [_other(verdict, item) for item in phrases.cleared(verdict)]),
        _list("What left for review", phrases.reviews(verdict)),
        _list("Accepted by an exception", [_other(verdict, item) for item in phrases.accepted(verdict)]),
        _list("About this range", list(verdict.notes)),
        _list("Not checked", [f"{item.what} ({item.reason})" for item in verdict.not_checked]),
        _list("Not analysed", [f"{item.path} ({item.reason})" for item in verdict.not_analysed]),
        _list("Proven mechanical", [f"{m.path}:{m.line}-{m.end_line}: {m.proof}" for m in verdict.mechanical]),
        f'</main><footer class="dim small">{_ids(verdict)}</footer>',
        f"<script>{script}</script>" if script else "",
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _policy(style: str, script: str) -> str:
    """Content Security Policy Level 3: nothing is loaded, and inline only what has one of these digests runs."""
    allowed = [f"style-src '{_digest(style)}'"] + ([f"script-src '{_digest(script)}'"] if script else [])
    return "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _opening(verdict: Verdict) -> str:
    decision = verdict.decision.label
    headline, lead, steps = phrases.headline(verdict), phrases.lead(verdict), phrases.steps(verdict)
    parts = [
        f'<h1>trustgate: <span class="tag">{decision}</span></h1>',
        f'<p class="alert">{esc(headline[:1].upper() + headline[1:])}.</p>' if headline else "",
        f'<p class="lead">{esc(lead)}</p>' if lead else "",
        f'<p class="dim">{esc(phrases.summary(verdict))}</p>',
        f"<h2>What to do</h2><ul>{''.join(f'<li>{_prose(step)}</li>' for step in steps)}</ul>" if steps else "",
    ]
    return "".join(parts)


def _index(verdict: Verdict, items: Sequence[Judged], names: Names, title: str, cut: int) -> str:
    """The findings worst first, with links; of many alike the most are folded."""
    if not items:
        return ""
    alike: dict[tuple[int, str, str], list[str]] = {}
    for item in items:
        found = item.finding
        alike.setdefault((item.action, found.rule, found.title), []).append(_entry(verdict, item, names))
    rows = []
    for same in alike.values():
        rows += same[:SAME]
        if same[SAME:]:
            label = f"{len(same) - SAME} more of the same"
            rows.append(f"<li><details><summary>{label}</summary><ul>{''.join(same[SAME:])}</ul></details></li>")
    more = f"<p>… and {cut} more, milder ones, are not on this page; the JSON report has them.</p>" if cut > 0 else ""
    label = title.lower()
    return f'<nav aria-labelledby="{label}"><h2 id="{label}">{title}</h2><ul>{"".join(rows)}</ul></nav>{more}'


def _entry(verdict: Verdict, item: Judged, names: Names) -> str:
    found = item.finding
    name = names.anchor(item)
    gone = ' <span class="gone">removed</span>' if phrases.removed(item) else ""
    return (
        f'<li id="to-{name}" class="{names.classes(item)}">{_tag(item.action)} '
        f'<a href="#{name}">{esc(phrases.clip(found.title, 300))}</a> '
        f"<code>{esc(found.location.path + phrases.position(found.location))}</code>{gone} "
        f'<span class="dim small">{names.dot(item.origin)}{esc(phrases.origin_of(verdict, item))}</span></li>'
    )


def _finding(verdict: Verdict, item: Judged, sources: dict[str, Source], names: Names, beside: bool) -> str:
    found = item.finding
    name = names.anchor(item)
    part = snippet(item, sources)
    told = " ".join(f"{row.before}{row.span}{row.after}" for row in part.rows)
    back = f' <a class="back small" href="#to-{name}" aria-label="back to the list">↑ list</a>'
    title = f"{_tag(item.action)} {esc(phrases.clip(found.title, TEXT))}"
    head = f"<h4>{title}{'' if item.action is Action.NOTE else back}</h4>"
    place = f"<code>{esc(found.location.path + phrases.position(found.location))}</code>"
    if phrases.removed(item):
        place += ' <span class="gone">removed</span>'
    if found.symbol:
        place += f" in <code>{esc(found.symbol)}</code>"
    said = [
        ("why", _prose(found.message) if found.message != found.title else ""),
        ("fix", _prose(found.tip)),
        ("seen", esc("; ".join(phrases.fresh(item, told)))),
        ("review", esc(phrases.opinion(verdict, item))),
        ("from", names.dot(item.origin) + esc(phrases.origin_of(verdict, item))),
        ("rule", f"<code>{esc(found.rule)}</code>, by policy line <code>{esc(item.policy_line)}</code>"),
        ("accept", f"<code>{esc(phrases.accept(item))}</code>"),
    ]
    if item.action is Action.NOTE:
        said = [pair for pair in said if pair[0] in ("why", "seen", "review")]
    rows = "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in said if text)
    where = f'<p class="small">{place} <span class="dim">{esc(phrases.weight(item))}</span></p>'
    body = f"{where}{'' if beside else _code(part)}<dl>{rows}</dl>"
    body = f"<details><summary>{head}</summary>{body}{back}</details>" if item.action is Action.NOTE else head + body
    side = "removed " if phrases.removed(item) else ""
    return f'<article id="{name}" class="{side}{names.classes(item)}">{body}</article>'


def _tag(action: Action) -> str:
    return f'<span class="tag {action.label}">{action.label}</span>'


def _prose(text: str) -> str:
    """Text of ours that may quote the change; what stands between backticks is code."""
    clipped = phrases.clip(text, TEXT)
    return "".join(f"<code>{esc(part)}</code>" if code else esc(part) for part, code in phrases.pieces(clipped))


def _code(part: Snippet) -> str:
    if not part.rows:
        return ""
    width = len(str(part.rows[-1].number))
    lines = []
    for row in part.rows:
        before, span, after = (esc(text, "\t") for text in (row.before, row.span, row.after))
        marked = f"{before}<mark>{span}</mark>{after}" if span else f"{before}{after}"
        if row.mark != "|" and not span:
            marked = f"<mark>{marked}</mark>"
        lines.append(f"{row.number:>{width}} {esc(row.mark)} {marked}")
    if part.more:
        lines.append(f"… {phrases.counted(part.more, 'more line')}")
    return "<pre>" + "\n".join(lines) + "</pre>"


def _whole(verdict: Verdict) -> list[str]:
    return [
        f"{reason.action.label}: {reason.why} (policy: {reason.policy_line}; "
        f"origin: {phrases.origin_of(verdict, reason)})"
        for reason in phrases.whole(verdict)
    ]


def _other(verdict: Verdict, item: Judged) -> str:
    """A finding that asks nothing of the reader any more: what it was, and who says so."""
    found = item.finding
    gone = " (removed)" if phrases.removed(item) else ""
    said = phrases.opinion(verdict, item) or f"exception {item.suppressed_by}"
    return f"{found.rule} {found.location.path}{phrases.position(found.location)}{gone} {found.title}; {said}"


def _origins(verdict: Verdict, names: Names) -> str:
    if not verdict.origins:
        return ""
    rows = []
    for share in verdict.origins[:ENTRIES]:
        raised = ", raised" if share.raised else ""
        counts = f"+{share.lines_added} −{share.lines_removed} lines{raised}"
        who = esc(phrases.clip(phrases.origin(share.origin), TEXT))
        rows.append(f"<li>{names.dot(share.origin.id)}{who}; {counts}</li>")
    more = f"<li>… and {len(verdict.origins) - ENTRIES} more</li>" if verdict.origins[ENTRIES:] else ""
    return f"<h2>Who wrote it</h2><ul>{''.join(rows)}{more}</ul>"


def _list(title: str, entries: list[str], limit: int = ENTRIES) -> str:
    if not entries:
        return ""
    rows = "".join(f"<li>{_prose(entry.strip())}</li>" for entry in entries[:limit])
    more = f"<li>… and {len(entries) - limit} more</li>" if len(entries) > limit else ""
    return f"<h2>{title}</h2><ul>{rows}{more}</ul>"


def _ids(verdict: Verdict) -> str:
    ids = (("diff base", verdict.diff_base), ("trusted base", verdict.trusted_base), ("head", verdict.head))
    return ", ".join(f"{label} <code>{esc(oid)}</code>" for label, oid in ids)
