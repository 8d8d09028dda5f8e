"""The Markdown report through GitHub's own renderer: whatever stands in a change, the structure is ours (threat T-L02)."""

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from report_samples import HOSTILE, VERDICTS, planted, typical

from trustgate.forge import comment, removed
from trustgate.report import markdown

TAGS = {"h2", "h3", "p", "ul", "li", "strong", "code", "pre", "details", "summary"}
ALIVE = re.compile(
    r"@\w|[#!$&~]\w|\bGH-\d|://|\bwww\.\w|:\w+:|%\w|\b(?=[0-9]*[a-f])[0-9a-f]{7,40}\b|\w@\w", re.IGNORECASE
)  # mentions, references and links that a forge makes of rendered text outside code
ATTACKS = {
    "mention": "@team @org/team ping@example.com user/repo@0123456789abcdef",
    "reference": "#123 GH-123 org/repo#7 !45 ~label %milestone $12 &3 0123456789abcdef0123456789abcdef01234567 deadbeef",
    "link": "[x](http://evil.example) <http://evil.example> http://evil.example www.evil.example mailto:a@b.example",
    "image": "![x](http://evil.example/i.png) ![x][r]\n\n[r]: http://evil.example/i.png",
    "raw": "</details></summary><script>alert(1)</script><img src=x><!-- --><details open><a name=x>",
    "marker": "<!-- trustgate:report -->\n<!-- unclosed",
    "blocks": "\n\n# head\n\n---\n\n> quote\n\n1. one\n\n- [x] done\n\n| a | b |\n| - | - |\n| c | d |\n",
    "fence": "```\n````\n~~~\n</pre>\n``` ```` `",
    "setext": "===\n---\n***",
    "emphasis": "**a** __b__ ~~c~~ *d* $x$ $$y$$ \\(z\\) :tada: [^1] `",
    "mixed": HOSTILE,
    "spaces": "    code\ttab   \\",
}


class Rendered(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.prose, self.heads = [], [], [], []
        options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES  # raw HTML is let through, to be seen
        self.html = cmarkgfm.github_flavored_markdown_to_html(text, options)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert attrs == []
        self.tags.append(tag)
        self.open.append(tag)
        if tag == "h3" or tag == "h2":
            self.heads.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("h2", "h3"):
            self.heads[-1] += data
        if not {"code", "pre"} & set(self.open):
            self.prose.append(data)


def checked(text):
    page = Rendered(text)
    assert page.open == []
    assert set(page.tags) <= TAGS
    assert not [data for data in page.prose if ALIVE.search(data)]
    return page


@pytest.mark.parametrize("fold", [False, True], ids=["plain", "folded"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_text_in_any_field_changes_nothing_of_the_structure(attack, fold):
    page = checked(markdown.render(planted(ATTACKS[attack]), fold=fold))
    plain = checked(markdown.render(planted("word"), fold=fold))
    assert page.tags.count("h3") == plain.tags.count("h3")
    assert page.tags.count("li") == plain.tags.count("li")
    assert page.tags.count("details") == (4 if fold else 0)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_after_the_marker_of_a_comment_is_lost(attack):
    text = comment.body(planted(ATTACKS[attack]))
    assert text.startswith(f"{comment.MARKER}\n## trustgate: block\n")
    page = checked(text.removeprefix(comment.MARKER))
    assert page.heads[0] == "trustgate: block"
    assert Rendered(text).html.count("<h3>") == page.tags.count("h3") > 5
    assert "trusted base" in page.html.rpartition("</details>")[2]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_comment_on_a_removed_line_is_prose(attack):
    item = next(item for item in planted(ATTACKS[attack]).findings if item.finding.location.side == "old")
    checked(removed._text("", item))


@pytest.mark.parametrize("limit", [3_000, 6_000, 30_000])
def test_a_report_that_is_cut_is_still_whole(limit):
    page = checked(markdown.render(planted(ATTACKS["raw"]), limit=limit, fold=True))
    assert page.heads[0] == "trustgate: block"


@settings(max_examples=60, deadline=None)
@given(VERDICTS)
def test_any_verdict_is_prose_lists_and_code(value):
    checked(markdown.render(value, fold=True))


def test_typical_has_its_code():
    page = checked(markdown.render(typical()))
    assert "<pre><code>12 |     return requests.get(url, verify=False)" in page.html
