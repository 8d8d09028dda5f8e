"""The part of the page that shows the change: findings beside their lines, a colour for each backend.

Files with findings come first, worst first, and stand open where there is more than notes; the others are folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from trustgate.escape import html as esc
from trustgate.report import phrases
from trustgate.report.filters import Names
from trustgate.report.snippet import span_of
from trustgate.verdict import Action, DiffFile, DiffRow, Judged, Verdict

LISTED = 3_000
"""files without findings that are named when the page has no room for their lines"""
Show = Callable[[Judged, bool], str]
"""a finding as HTML; True when its line stands right above it, marked"""
_COLUMNS = '<colgroup><col class="n"><col class="n"><col class="s"><col></colgroup>'


def change(verdict: Verdict, names: Names, show: Show) -> Iterator[str]:
    """The findings about no file that is shown, then every file of the change."""
    at: dict[str, list[Judged]] = {}
    elsewhere = []
    files = {path: file for file in verdict.diff for path in (file.old_path, file.path)}
    for item in names.items:
        file = files.get(item.finding.location.path)
        if file is None:
            elsewhere.append(show(item, False))
        else:
            at.setdefault(file.path, []).append(item)
    if verdict.diff or elsewhere:
        yield '<h2 id="change">The change</h2>'
    if elsewhere:
        where = "Findings about no file of the change" if verdict.diff else "Findings"
        yield f'<details class="file found" open><summary><h3>{where}</h3></summary>{"".join(elsewhere)}</details>'
    by_path = {file.path: file for file in verdict.diff}
    for path, items in at.items():
        yield _file(by_path[path], items, names, show)
    quiet = [file for file in verdict.diff if file.path not in at]
    if not quiet:
        return
    if at:
        yield f"<h2>Without findings: {phrases.counted(len(quiet), 'file')}</h2>"
    hidden = [file for file in quiet if file.cut and not file.rows]
    for file in quiet:
        if file.rows or not file.cut:
            yield _file(file, (), names, show)
    if hidden:
        yield _hidden(hidden, phrases.difference(verdict))


def _hidden(files: Sequence[DiffFile], command: str) -> str:
    rows = "".join(f"<li><code>{esc(file.path)}</code> {_size(file)}</li>" for file in files[:LISTED])
    rest = f"<li>… and {len(files) - LISTED} more</li>" if files[LISTED:] else ""
    where = f"; <code>{esc(command)}</code> shows them" if command else ""
    return (
        f"<details><summary>{phrases.counted(len(files), 'more file')} without findings, by name only: "
        f"the page has no room for their lines{where}</summary><ul>{rows}{rest}</ul></details>"
    )


def _size(file: DiffFile) -> str:
    return f'<span class="small">+{file.added} −{file.removed}</span>' if file.added or file.removed else ""


def _file(file: DiffFile, items: Sequence[Judged], names: Names, show: Show) -> str:
    placed: dict[DiffRow, list[Judged]] = {}
    first = []
    for item in items:
        row = _row_of(file, item)
        if row is None:
            first.append(show(item, False))
        else:
            placed.setdefault(row, []).append(item)
    rows = []
    last = ""
    for row in file.rows:
        here = placed.get(row, [])
        mark = row.origin if row.origin != last and (row.old == 0 or row.new == 0) else ""
        last = row.origin or last
        rows.append(_row(row, here, names, mark))
        if here:
            said = "".join(show(item, _span(row, item) is not None) for item in here)
            rows.append(f'<tr class="said"><td colspan="4">{said}</td></tr>')
    if file.cut:
        cut = phrases.counted(file.cut, "more changed line") if file.rows else phrases.counted(file.cut, "changed line")
        rows.append(f'<tr class="gap"><td colspan="4">… {cut} not shown</td></tr>')
    is_open = " open" if any(item.action > Action.NOTE for item in items) else ""
    table = (
        f'<table aria-label="Lines of {esc(file.path)}">{_COLUMNS}<tbody>{"".join(rows)}</tbody></table>'
        if rows
        else ""
    )
    return (
        f'<details class="file{" found" if items else ""}"{is_open}>'
        f"<summary>{_head(file, items, names)}</summary>{''.join(first)}{table}</details>"
    )


def _head(file: DiffFile, items: Sequence[Judged], names: Names) -> str:
    about = [f"was <code>{esc(file.old_path)}</code>"] if file.old_path != file.path else []
    about += [esc(text) for text in file.about]
    about += [_size(file)] if file.added or file.removed else []
    about += [phrases.counted(len(items), "finding")] if items else []
    origins = dict.fromkeys(row.origin for row in file.rows if row.origin)
    dots = "".join(map(names.dot, origins))
    title = f"<h3><code>{esc(file.path)}</code></h3>"
    return f'{title} <span class="dim">{", ".join(about)}</span> {dots}'.rstrip()


def _row_of(file: DiffFile, item: Judged) -> DiffRow | None:
    """The row after which a finding stands: its last line, or its first where the last is not shown."""
    at = item.finding.location
    wanted = [max(at.line, at.end_line), at.line] if at.line else []
    for number in wanted:
        for row in file.rows:
            if (row.old if phrases.removed(item) else row.new) == number:
                return row
    return None


def _span(row: DiffRow, item: Judged) -> tuple[int, int] | None:
    """The columns of a finding's span where the row shows all of it, so that a snippet would say it twice."""
    at = item.finding.location
    if max(at.line, at.end_line) != at.line:
        return None
    start, end = span_of(row.text, at.column - 1, at.end_column - 1)
    return None if end == len(row.text) and row.text.endswith("…") else (start, end)


def _row(row: DiffRow, items: Sequence[Judged], names: Names, mark: str) -> str:
    if not (row.old or row.new):
        return '<tr class="gap"><td colspan="4">⋯</td></tr>'
    kind, sign = ("", "") if row.old and row.new else ("add", "+") if row.new else ("del", "−")
    classes = f' class="{kind} {names.origin(row.origin)}"' if kind else ""
    letter = f"<b>{names.letter(mark)}</b>" if mark and names.several else ""
    return (
        f'<tr{classes}><td class="n">{row.old or ""}</td><td class="n">{row.new or ""}</td>'
        f'<td class="s">{sign}{letter}</td><td class="t">{_text(row, items)}</td></tr>'
    )


def _text(row: DiffRow, items: Sequence[Judged]) -> str:
    """The line, with the span of its first finding that is wholly on it marked."""
    start, end = next((span for span in (_span(row, item) for item in items) if span and span[0] < span[1]), (0, 0))
    before, span, after = (esc(text, "\t") for text in (row.text[:start], row.text[start:end], row.text[end:]))
    return f"{before}<mark>{span}</mark>{after}" if span else after
