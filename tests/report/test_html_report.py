"""The page: well-formed, self-contained, and hostile text stays text."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from report_samples import VERDICTS, blind, hostile, judged, planted, typical, verdict

from trustgate.report import html
from trustgate.verdict import Action

VOID = {"meta", "br", "input", "col"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "span", "strong", "section", "div", "code",
    "pre", "mark", "dl", "dt", "dd", "ul", "li", "fieldset", "legend", "label", "input", "details", "summary", "table",
    "tbody", "tr", "td", "a", "article", "footer", "h4", "header", "main", "nav", "script", "col", "colgroup", "b",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "style", "type", "id", "checked", "open", "colspan", "href",
    "aria-label", "aria-labelledby", "role",
}  # fmt: skip


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.attributes, self.text, self.ids, self.links = [], set(), set(), [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def check(text):
    page = Page(text)
    assert page.open == []
    assert page.seen <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    return "".join(page.text)


def test_typical():
    page = html.render(typical())
    text = check(page)
    assert page.startswith("<!doctype html>")
    assert "block (exit 1): 2 block, 1 escalate, 3 notes; 5 files, 5 analysed, 1 proven mechanical" in text
    assert "12 |     return requests.get(url, <mark>verify=False</mark>)\n" in page.replace("</pre>", "\n")
    assert "glm-5.2 (open weights, CN)" in text
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page
    assert text.index("pin-mismatch") < text.index("tls-verify-off") < text.index("auth-guard-removed")


def test_the_top_says_what_was_decided_and_what_to_do():
    text = check(html.render(typical()))
    top = text[: text.index("Findings")]
    assert "2 findings block this change, 1 more waits for a review before merge." in top
    assert "trustgate review --diff aaaaaaaaaaaa..cccccccccccc shows the same on your machine" in top
    assert "trustgate accept ID" in top


def test_a_change_without_findings_asks_for_nothing():
    text = check(html.render(verdict()))
    assert "Nothing in this change needs you." in text
    assert "What to do" not in text


def test_style_and_script_are_allowed_by_their_digests_and_nothing_else_is():
    page = html.render(typical())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


def test_origins_have_colours_and_letters_of_their_own():
    page = html.render(verdict(judged(origin="o1"), judged(origin="o2", path="b.py"), judged(origin="o0", path="c.py")))
    assert len(set(re.findall(r"[.]k[0-9]+{--origin:([^}]+)}", page))) == 3
    assert len(set(re.findall(r'class="dot k[0-9]+">([A-Z])<', page))) == 3
    assert "#808890" in page


def test_findings_alike_are_folded_in_the_list_and_each_is_still_there():
    page = html.render(verdict(*(judged(path=f"a{n:02}.py") for n in range(12))))
    assert "7 more of the same" in page
    assert page.count("<article ") == page.count('href="#f-') == 12


def test_what_an_exception_accepted_is_listed_apart():
    text = check(html.render(verdict(judged(suppressed_by="exceptions.toml:tls"))))
    assert "Nothing in this change needs you." in text
    assert "Accepted by an exception" in text
    assert "exception exceptions.toml:tls" in text


def test_blind_run_says_so():
    assert "No full review took place: 2 things could not be judged." in check(html.render(blind()))


def test_hostile_text_stays_text():
    text = check(html.render(hostile()))
    assert "</details><script>alert(1)</script>" in text


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "\"' onfocus=x", "]]>--><b>", "", "constructor"]
)
def test_any_text_in_every_field_stays_text(text):
    check(html.render(planted(text)))


@settings(max_examples=60)
@given(VERDICTS)
def test_any_verdict_is_a_page(value):
    check(html.render(value)).encode("utf-8")


def test_caps():
    mild = [judged(Action.WARN, rule="mild", path=f"a{n}.py") for n in range(9)]
    text = check(html.render(verdict(*mild, judged(rule="worst", path="z.py")), limit=3))
    assert "worst" in text
    assert "… and 7 more, milder ones, are not on this page; the JSON report has them." in text
