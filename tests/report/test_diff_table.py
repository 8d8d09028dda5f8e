"""Findings beside the lines of the change, and filters that need no script."""

import re

from report_samples import judged, source, verdict

from trustgate.finding import Location, Side
from trustgate.report import html
from trustgate.verdict import Action, DiffFile, DiffRow

ROWS = (DiffRow(1, 1, "import os"), DiffRow(2, 0, "check(user)"), DiffRow(0, 2, "run(user)", "o1"))
DIFF = (DiffFile("a.py", "a.py", ROWS, 4), DiffFile("b.py", "old/b.py", ROWS[2:]))


def page(*items):
    return html.render(verdict(*items, diff=DIFF))


def order(text, *parts):
    places = [text.index(part, text.index('id="change"')) for part in parts]
    return places == sorted(places)


def test_a_finding_stands_after_its_line():
    text = page(judged(path="a.py", line=2, title="Runs it"))
    assert order(text, "import os", "check(user)", "run(user)", "Runs it", "4 more changed lines not shown", "old/b.py")


def test_a_finding_on_a_removed_line_stands_after_that_line():
    gone = judged(location=Location("a.py", Side.OLD, 2, 2, 1, 9), title="Check went")
    assert order(page(gone), "check(us", "Check went", "run(user)")


def test_a_finding_of_a_file_stands_above_its_lines_and_one_elsewhere_above_the_change():
    text = page(judged(path="a.py", line=0, title="About the file"), judged(path="c.py", line=3, title="Elsewhere"))
    assert order(text, "About the file", "import os")
    assert order(text, "Findings about no file of the change", "Elsewhere", "About the file")


def test_the_list_at_the_top_leads_to_each_finding():
    text = page(judged(path="a.py", line=2), judged(path="c.py", line=3))
    links = re.findall(r'<a href="#(f-[^"]+)"', text)
    assert len(links) == 2
    assert all(f'id="{name}"' in text for name in links)


def test_a_filter_is_there_where_there_is_a_choice_and_says_how_many():
    one = page(judged(path="a.py", line=2))
    two = page(judged(path="a.py", line=2), judged(path="a.py", line=1, boundary="auth", origin="o0"))
    assert "<fieldset>" not in one
    assert "<script>" not in one
    assert two.count("<fieldset>") == 2
    assert "body:has(#b-auth:not(:checked)) :is(article,li).b-auth{display:none}" in two
    assert "> auth (1)</label>" in two


def test_a_span_is_marked_in_its_line_and_not_said_twice():
    item = judged(location=Location("a.py", Side.NEW, 2, 2, 1, 4))
    text = html.render(verdict(item, diff=DIFF, sources=(source(item, "run(user)"),)))
    assert '<td class="t"><mark>run</mark>(user)</td>' in text
    assert "<pre>" not in text


def test_a_span_past_the_end_of_a_cut_line_is_shown_with_the_finding():
    rows = (DiffRow(0, 1, "x" * 399 + "…"),)
    item = judged(location=Location("a.py", Side.NEW, 1, 1, 900, 905))
    value = verdict(item, diff=(DiffFile("a.py", "a.py", rows),), sources=(source(item, "x" * 899 + "verify"),))
    assert "<mark>verif</mark>y</pre>" in html.render(value)


def test_a_note_stands_beside_its_line_and_is_folded():
    text = page(judged(Action.NOTE, path="a.py", line=2, title="Touched"))
    assert order(text, "run(user)", "Touched", "4 more changed lines")
    assert "<article" in text


def test_files_without_findings_come_last_and_are_folded():
    text = page(judged(path="b.py", line=2))
    assert order(text, "b.py", "Without findings: 1 file", "a.py")
    assert text.count('<details class="file') == 2
    assert text.count(" open>") == 1


def test_a_file_without_lines_says_what_it_is():
    diff = (
        DiffFile("a.png", "a.png", (), 0, ("binary, 2 -> 4 bytes",)),
        DiffFile("run.sh", "run.sh", (), 0, ("mode",)),
    )
    text = html.render(verdict(diff=diff))
    assert "binary, 2 -&gt; 4 bytes" in text
    assert "mode" in text


def test_files_that_have_no_room_are_named_with_a_command_that_shows_them():
    diff = tuple(DiffFile(f"f{n}.py", f"f{n}.py", (), 2, (), 1, 1) for n in range(5))
    text = html.render(verdict(judged(path="z.py"), diff=diff))
    assert "5 more files without findings, by name only" in text
    assert "git diff aaaaaaaaaaaa..cccccccccccc" in text
    assert text.count("<code>f3.py</code>") == 1


def test_hostile_lines_and_paths_stay_text():
    rows = (DiffRow(0, 1, "</td><script>alert(1)</script>\x1b[2J"),)
    text = html.render(verdict(judged(path="x</summary>.py", line=1), diff=(DiffFile("x</summary>.py", "y", rows),)))
    assert "<script>" not in text
    assert "x</summary>" not in text
    assert "\x1b" not in text
