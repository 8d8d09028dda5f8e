"""The Markdown report: rendered, its structure is ours whatever the text says, and it never outgrows its limit."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from report_samples import VERDICTS, blind, hostile, judged, source, typical, verdict

from trustgate.finding import NotChecked, Skip
from trustgate.report import markdown
from trustgate.verdict import Action, NotAnalysed

ALLOWED = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close",
    "list_item_open", "list_item_close", "inline", "fence", "text", "text_special", "code_inline", "softbreak",
    "strong_open", "strong_close",
}  # fmt: skip


NOISE = ("\u202e" * 250 + "/") * 16
"""a path of 4,000 characters, each of which is shown as six"""


@pytest.mark.parametrize("limit", [64_536, 1_000_000])
def test_long_names_do_not_burst_the_limit_or_push_findings_out(limit):
    skips = tuple(Skip("a", f"{NOISE}{number}", "broken", True) for number in range(20))
    gone = tuple(NotAnalysed(f"{NOISE}{number}", "broken") for number in range(20))
    worst = judged(path=f"{NOISE}a.py", symbol=NOISE, title=NOISE, message=NOISE, tip=NOISE)
    text = markdown.render(verdict(worst, judged(path="b.py"), skips=skips, not_analysed=gone), limit=limit)
    assert len(text.encode()) <= limit
    assert text.count("### block") == 2
    assert "`b.py:12:30`" in text
    assert f"head `{'c' * 40}`" in text


def test_a_comment_has_room_for_few_of_many_long_lines_and_counts_the_rest():
    skips = tuple(Skip("a" * 9_000, "x", "broken", True) for _ in range(20))
    text = markdown.render(verdict(skips=skips), limit=65_536)
    assert len(text.encode()) <= 65_536
    assert re.search(r"… and 1\d more lines", text)


def kinds(text):
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return {child.type for token in parsed for child in [token, *(token.children or [])]}


def headings(text):
    parsed = MarkdownIt("commonmark").parse(text)
    return [parsed[i + 1].content for i, token in enumerate(parsed) if token.type == "heading_open"]


def test_typical():
    shown = markdown.render(typical())
    assert headings(shown) == [
        "trustgate: block",
        "block `pin-mismatch` Weights differ from their pin",
        "block `tls-verify-off` TLS certificate check switched off",
        "escalate `auth-guard-removed` Authorization check removed",
        "Notes",
        "Origins",
        "Not looked at",
    ]
    assert "```\n12 |     return requests.get(url, verify=False)\n```" in shown
    assert "`app/api.py:7:5`, removed in `delete_user` (high severity, high confidence, auth)" in shown
    assert kinds(shown) <= ALLOWED


def test_blind_run_says_so_before_anything_else():
    lines = [line for line in markdown.render(blind()).splitlines() if line]
    assert lines[0] == "## trustgate: escalate"
    assert lines[1] == "**no full review took place: 2 things could not be judged**"


def test_hostile_text_makes_no_markup():
    shown = markdown.render(hostile())
    assert kinds(shown) <= ALLOWED
    parsed = MarkdownIt("commonmark").parse(shown)
    words = [c.content for token in parsed for c in (token.children or []) if c.type == "text"]
    assert any("org/team" in word for word in words)
    assert not [word for word in words if re.search(r"@\w|#\d|://", word)]
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]


@settings(max_examples=60)
@given(VERDICTS)
def test_any_verdict_keeps_its_structure(value):
    shown = markdown.render(value)
    assert kinds(shown) <= ALLOWED
    assert headings(shown)[0] == f"trustgate: {value.decision.label}"


@pytest.mark.parametrize("limit", [20_000, 60_000, markdown.LIMIT])
def test_limit_cuts_the_mildest(limit):
    mild = [judged(Action.WARN, rule=f"mild-{n}", path=f"a{n:04}.py", message="x" * 3000) for n in range(400)]
    notes = [judged(Action.NOTE, rule="note", path=f"n{n}.py") for n in range(400)]
    worst = judged(rule="worst", path="zzz.py")
    shown = markdown.render(verdict(*mild, *notes, worst), limit=limit)
    assert len(shown.encode()) <= limit
    assert headings(shown)[1] == "block `worst` TLS certificate check switched off"
    assert "1 block, 400 warn, 400 notes" in shown
    assert "more notes" in shown
    if limit < 100_000:
        assert "the JSON report has all of them" in shown


def test_many_findings_of_one_rule_are_said_once_with_their_places():
    shown = markdown.render(verdict(*(judged(path=f"a{n:02}.py") for n in range(30))))
    assert headings(shown).count("block `tls-verify-off` TLS certificate check switched off") == 3
    assert "27 more findings of `tls-verify-off`:\n\n- `a03.py:12`\n- `a04.py:12`" in shown
    assert "- … and 7 more" in shown


def test_a_group_that_is_too_long_is_cut_to_its_first_and_the_rest_is_counted():
    items = [judged(path=f"{n}" + "d/" * 90, message="x" * 700) for n in range(9)]
    shown = markdown.render(verdict(*items), limit=4_000)
    assert len(shown.encode()) <= 4_000
    assert "… and 8 block more; the JSON report has all of them" in shown


def test_the_opening_says_what_was_decided_and_what_to_do():
    shown = markdown.render(typical())
    assert "**2 findings block this change, 1 more waits for a review before merge.**" in shown
    assert "`trustgate review --diff aaaaaaaaaaaa..cccccccccccc` shows the same" in shown
    assert "`trustgate accept ID --reason … --expires …`" in shown
    assert "What to do" not in markdown.render(verdict())


def test_folded_sections_are_closed_one_by_one():
    shown = markdown.render(typical(), fold=True)
    assert shown.count("<details><summary>") == shown.count("</details>") == 3
    assert "<details><summary>Notes (3)</summary>\n\n- `touch-auth`" in shown
    assert "<details>" not in markdown.render(typical())


def test_code_in_our_own_sentences_is_code():
    shown = markdown.render(verdict(judged(message="The check `require_admin(x)` is gone, and a lone ` stays")))
    assert "- why: The check `require_admin(x)` is gone, and a lone &#96; stays" in shown


def test_hostile_lists_cannot_push_findings_out():
    gaps = tuple(NotChecked("@" * 5000, "@" * 5000) for _ in range(500))
    item = judged()
    shown = markdown.render(verdict(item, not_checked=gaps, sources=(source(item, "@" * 100_000),)))
    assert len(shown.encode()) <= markdown.LIMIT
    assert "block `tls-verify-off`" in shown
    assert "… and 480 more" in shown
