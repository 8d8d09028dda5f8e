"""The part of the page that shows the change: findings beside their lines, origin colours, filters without a script.

A filter is a checkbox at the top of the page and a style rule (`:has()`) that hides what its box does not allow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from trustgate.escape import html as esc
from trustgate.report import phrases
from trustgate.verdict import DiffFile, DiffRow, Judged, Verdict

Show = Callable[[Judged], str]


def color(origin: str) -> str:
    """A colour of its own for each origin; the unknown one is grey."""
    if origin in ("o0", ""):
        return "#888"
    hue = int.from_bytes(hashlib.sha256(origin.encode("utf-8", "surrogatepass")).digest()[:2], "big") % 360
    return f"hsl({hue} 65% 45%)"


def classes(item: Judged) -> str:
    """What the filters hide a finding by: its boundary and its origin."""
    return f"b-{_word(item.finding.boundary)} o-{_word(item.origin)}"


def _word(text: str) -> str:
    """A name that is safe in a class: boundaries and origin ids are ours, but nothing rests on that."""
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in text)[:40] or "none"


def _choices(verdict: Verdict, items: Sequence[Judged]) -> tuple[dict[str, str], dict[str, str]]:
    boundaries = {f"b-{_word(item.finding.boundary)}": item.finding.boundary or "other" for item in items}
    origins = {f"o-{_word(item.origin)}": phrases.origin_of(verdict, item) for item in items}
    return boundaries, origins


def hiding(verdict: Verdict, items: Sequence[Judged]) -> str:
    """The style rules of the filters."""
    names = [name for group in _choices(verdict, items) if len(group) > 1 for name in group]
    return "".join(f"body:has(#{name}:not(:checked)) section.{name}{{display:none}}" for name in names)


def filters(verdict: Verdict, items: Sequence[Judged]) -> str:
    """Checkboxes by boundary and by backend, where there is a choice."""
    parts = []
    for title, group in zip(("Boundary", "Backend"), _choices(verdict, items), strict=True):
        if len(group) < 2:
            continue
        boxes = "".join(
            f'<label><input type="checkbox" id="{name}" checked> {esc(label)}</label> '
            for name, label in sorted(group.items())
        )
        parts.append(f"<fieldset><legend>{title}</legend>{boxes}</fieldset>")
    return "".join(parts)


def anchor(item: Judged) -> str:
    """The name of a finding on its page."""
    return f"f-{item.finding.fingerprint[:16]}-{item.finding.location.line}"


def index(verdict: Verdict, items: Sequence[Judged]) -> str:
    """Worst first, with links: the change itself stands in the order of its files."""
    if not verdict.diff or not items:
        return ""
    rows = "".join(
        f'<li><span class="tag {item.action.label}">{item.action.label}</span> <a href="#{anchor(item)}">'
        f"{esc(phrases.clip(item.finding.title, 300))}</a> "
        f"<code>{esc(item.finding.location.path + phrases.position(item.finding.location))}</code></li>"
        for item in items
    )
    return f"<ol>{rows}</ol>"


def beside(verdict: Verdict, items: Sequence[Judged], show: Show) -> Iterator[str]:
    """The findings: those on shown lines inside the change, the others before it. Without a change, in their order."""
    placed: dict[tuple[str, int, int], list[Judged]] = {}
    at_file: dict[str, list[Judged]] = {}
    files = {path: file for file in verdict.diff for path in (file.path, file.old_path)}
    for item in items:
        at = item.finding.location
        file = files.get(at.path)
        if file is None:
            yield show(item)
            continue
        row = _row_of(file, item)
        if row is None:
            at_file.setdefault(file.path, []).append(item)
        else:
            placed.setdefault((file.path, row.old, row.new), []).append(item)
    if verdict.diff:
        yield "<h2>The change</h2>"
    for file in verdict.diff:
        yield _file(file, at_file.get(file.path, ()), placed, show)


def _row_of(file: DiffFile, item: Judged) -> DiffRow | None:
    """The row after which a finding stands: its last line, or its first where the last is not shown."""
    at = item.finding.location
    wanted = [max(at.line, at.end_line), at.line] if at.line else []
    for number in wanted:
        for row in file.rows:
            if (row.old if phrases.removed(item) else row.new) == number:
                return row
    return None


def _file(file: DiffFile, first: Sequence[Judged], placed: dict[tuple[str, int, int], list[Judged]], show: Show) -> str:
    moved = f" (was {esc(file.old_path)})" if file.old_path != file.path else ""
    flagged = bool(first) or any(key[0] == file.path for key in placed)
    rows = []
    for row in file.rows:
        rows.append(_row(row))
        for item in placed.pop((file.path, row.old, row.new), ()) if row.old or row.new else ():
            rows.append(f'<tr><td colspan="3">{show(item)}</td></tr>')
    if file.cut:
        rows.append(f'<tr class="gap"><td colspan="3">… {phrases.counted(file.cut, "more changed line")}</td></tr>')
    return (
        f"<details{' open' if flagged else ''}><summary><code>{esc(file.path)}</code>{moved}</summary>"
        f'{"".join(map(show, first))}<table class="diff"><tbody>{"".join(rows)}</tbody></table></details>'
    )


def _row(row: DiffRow) -> str:
    if not (row.old or row.new):
        return '<tr class="gap"><td colspan="3">⋯</td></tr>'
    kind = "" if row.old and row.new else "add" if row.new else "del"
    style = f' style="--origin:{color(row.origin)}"' if kind == "add" else ""
    numbers = f'<td class="n">{row.old or ""}</td><td class="n">{row.new or ""}</td>'
    return f'<tr class="{kind}"{style}>{numbers}<td class="t">{esc(row.text, chr(9))}</td></tr>'
