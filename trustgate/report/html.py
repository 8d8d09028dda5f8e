"""The verdict as one page that needs nothing else: no script, no font, no image, no address outside."""

from __future__ import annotations

import hashlib

from trustgate.escape import html as esc
from trustgate.report import phrases
from trustgate.report.snippet import Snippet, snippet, sources_of
from trustgate.verdict import Action, Judged, Source, Verdict

FULL, NOTES, ENTRIES = 2_000, 2_000, 500
"""findings, notes and entries of the other lists on the page; the mildest are cut and counted"""
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem;margin:0}
code,pre{font-family:ui-monospace,monospace;font-size:.86em;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--soft);padding:.6rem;border-radius:4px;white-space:pre}
mark{background:#ffd54f99;color:inherit}.removed mark,.gone{background:#ef535044}
.finding{border:1px solid var(--line);border-left:5px solid var(--origin,#888);border-radius:4px;padding:.8rem 1rem;
margin:1rem 0}
.tag{color:#fff;border-radius:3px;padding:.1em .5em;font-weight:600;font-size:.85em}
.block{background:#b3261e}.escalate{background:#7b1fa2}.warn{background:#9a5b00}.note,.allow{background:#00695c}
.dim{opacity:.75}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.5rem 0 0}dd{margin:0}
.dot{display:inline-block;width:.75em;height:.75em;border-radius:50%;background:var(--origin,#888)}
""".strip()


def render(verdict: Verdict, *, limit: int = FULL) -> str:
    """The page with at most `limit` findings in full."""
    full, notes = phrases.shown(verdict)
    sources = sources_of(verdict)
    decision = verdict.decision.label
    headline = phrases.headline(verdict)
    ways = phrases.pending(verdict)
    ids = [f"<code>{esc(text)}</code>" for text in (verdict.diff_base, verdict.trusted_base, verdict.head)]
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>trustgate: {decision}</title><style>{_STYLE}</style></head><body>",
        f'<h1>trustgate: <span class="tag {decision}">{decision}</span></h1>',
        f"<p><strong>{esc(headline)}</strong></p>" if headline else "",
        f"<p>{esc(phrases.summary(verdict))}</p>",
        f"<p>{esc(ways)}</p>" if ways else "",
        _list("Could not judge", [f"{s.path} {s.reason} ({s.analyzer})" for s in verdict.skips if s.error]),
        _list("About the whole change", _whole(verdict)),
        _list("About this range", list(verdict.notes)),
        "<h2>Findings</h2>" if full else "",
        *(_finding(verdict, item, sources) for item in full[:limit]),
        f"<p>… and {esc(phrases.counts(full[limit:]))} more</p>" if full[limit:] else "",
        _list("Cleared in review", [_cleared(verdict, item) for item in phrases.cleared(verdict)]),
        _list("What left for review", phrases.reviews(verdict)),
        _notes(notes),
        _origins(verdict),
        _list("Not checked", [f"{item.what} ({item.reason})" for item in verdict.not_checked]),
        _list("Not analysed", [f"{item.path} ({item.reason})" for item in verdict.not_analysed]),
        _list("Proven mechanical", [f"{m.path}:{m.line}-{m.end_line}: {m.proof}" for m in verdict.mechanical]),
        f'<p class="dim">diff base {ids[0]}, trusted base {ids[1]}, head {ids[2]}</p>',
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _color(origin: str) -> str:
    """A colour of its own for each origin; the unknown one is grey."""
    if origin == "o0":
        return "#888"
    hue = int.from_bytes(hashlib.sha256(origin.encode("utf-8", "surrogatepass")).digest()[:2], "big") % 360
    return f"hsl({hue} 65% 45%)"


def _finding(verdict: Verdict, item: Judged, sources: dict[str, Source]) -> str:
    found = item.finding
    place = f"<code>{esc(found.location.path + phrases.position(found.location))}</code>"
    if phrases.removed(item):
        place += ' <span class="gone">removed</span>'
    if found.symbol:
        place += f" in <code>{esc(found.symbol)}</code>"
    said = [
        ("why", found.message if found.message != found.title else ""),
        ("tip", found.tip),
        ("origin", phrases.origin_of(verdict, item)),
        ("policy", f"{item.policy_line} -> {item.action.label}"),
        ("evidence", "; ".join(found.evidence)),
        ("review", phrases.opinion(verdict, item)),
        ("accept", phrases.accept(item)),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{esc(phrases.clip(text, 4_000))}</dd>" for name, text in said if text)
    side = " removed" if phrases.removed(item) else ""
    return (
        f'<section class="finding{side}" style="--origin:{_color(item.origin)}"><h3>{_tag(item.action)} '
        f"<code>{esc(found.rule)}</code> {esc(found.title)}</h3>"
        f'<div>{place} <span class="dim">({esc(phrases.weight(item))})</span></div>'
        f"{_code(snippet(item, sources))}<dl>{rows}</dl></section>"
    )


def _tag(action: Action) -> str:
    return f'<span class="tag {action.label}">{action.label}</span>'


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


def _cleared(verdict: Verdict, item: Judged) -> str:
    found = item.finding
    return f"{found.rule} {found.location.path}{phrases.position(found.location)} {phrases.opinion(verdict, item)}"


def _notes(notes: list[Judged]) -> str:
    entries = []
    for item in notes:
        found = item.finding
        gone = " (removed)" if phrases.removed(item) else ""
        entries.append(f"{found.rule} {found.location.path}{phrases.position(found.location)}{gone} {found.title}")
    return _list("Notes", entries, NOTES)


def _origins(verdict: Verdict) -> str:
    if not verdict.origins:
        return ""
    rows = []
    for share in verdict.origins[:ENTRIES]:
        dot = f'<span class="dot" style="--origin:{_color(share.origin.id)}"></span>'
        raised = ", raised" if share.raised else ""
        counts = f"+{share.lines_added} -{share.lines_removed} lines{raised}"
        rows.append(f"<li>{dot} {esc(phrases.origin(share.origin))}; {counts}</li>")
    return f"<h2>Origins</h2><ul>{''.join(rows)}</ul>"


def _list(title: str, entries: list[str], limit: int = ENTRIES) -> str:
    if not entries:
        return ""
    rows = "".join(f"<li>{esc(phrases.clip(entry.strip(), 4_000))}</li>" for entry in entries[:limit])
    more = f"<li>… and {len(entries) - limit} more</li>" if len(entries) > limit else ""
    return f"<h2>{title}</h2><ul>{rows}{more}</ul>"
