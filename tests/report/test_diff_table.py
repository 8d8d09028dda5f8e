"""Findings beside the lines of the change, and filters that need no script."""

import re

from report_samples import finding, judged, verdict

from trustgate.finding import Location, Side
from trustgate.report import html
from trustgate.verdict import DiffFile, DiffRow

ROWS = (DiffRow(1, 1, "import os"), DiffRow(2, 0, "check(user)"), DiffRow(0, 2, "run(user)", "o1"))
DIFF = (DiffFile("a.py", "a.py", ROWS, 4), DiffFile("b.py", "old/b.py", ROWS[2:]))


def page(*items):
    return html.render(verdict(*items, diff=DIFF))


def order(text, *parts):
    places = [text.index(part, text.index("The change") if "The change" in text else 0) for part in parts]
    return places == sorted(places)


def test_a_finding_stands_after_its_line():
    text = page(judged(path="a.py", line=2, title="Runs it"))
    assert order(text, "import os", "check(user)", "run(user)", "Runs it", "4 more changed lines", "old/b.py")


def test_a_finding_on_a_removed_line_stands_after_that_line():
    gone = judged(location=Location("a.py", Side.OLD, 2, 2, 1, 9), title="Check went")
    assert order(page(gone), "check(user)", "Check went", "run(user)")


def test_a_finding_of_a_file_stands_above_its_lines_and_one_elsewhere_above_the_change():
    text = page(judged(path="a.py", line=0, title="About the file"), judged(path="c.py", line=3, title="Elsewhere"))
    assert order(text, "About the file", "import os")
    assert text.index('class="tag block">block</span> <code>tls-verify-off</code> Elsewhere') < text.index("The change")


def test_the_list_at_the_top_leads_to_each_finding():
    text = page(judged(path="a.py", line=2), judged(path="c.py", line=3))
    links = re.findall(r'<a href="#([^"]+)"', text)
    assert len(links) == 2
    assert all(f'id="{name}"' in text for name in links)


def test_a_filter_is_there_where_there_is_a_choice():
    one = page(judged(path="a.py", line=2))
    two = page(judged(path="a.py", line=2), judged(path="a.py", line=1, boundary="auth", origin="o0"))
    assert "<fieldset>" not in one
    assert two.count("<fieldset>") == 2
    assert "body:has(#b-auth:not(:checked)) section.b-auth{display:none}" in two


def test_hostile_lines_and_paths_stay_text():
    rows = (DiffRow(0, 1, "</td><script>alert(1)</script>\x1b[2J"),)
    text = html.render(verdict(judged(path="x</summary>.py", line=1), diff=(DiffFile("x</summary>.py", "y", rows),)))
    assert "<script>" not in text
    assert "x</summary>" not in text
    assert "\x1b" not in text
    assert finding().rule in text
