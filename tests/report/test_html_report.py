"""The page: well-formed, self-contained, and hostile text stays text."""

from html.parser import HTMLParser

from hypothesis import given, settings
from report_samples import HOSTILE, VERDICTS, blind, hostile, judged, typical, verdict

from trustgate.escape import visible
from trustgate.report import html
from trustgate.verdict import Action

VOID = {"meta", "br", "input"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "span", "strong", "section", "div", "code",
    "pre", "mark", "dl", "dt", "dd", "ul", "li", "fieldset", "legend", "label", "input", "details", "summary", "table",
    "tbody", "tr", "td", "a", "ol",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "style", "type", "id", "checked", "open", "colspan", "href",
}  # fmt: skip


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.attributes, self.text = [], set(), set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
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


def test_origins_have_colours_of_their_own():
    page = html.render(verdict(judged(origin="o1"), judged(origin="o2", path="b.py"), judged(origin="o0", path="c.py")))
    colours = [part.split('"')[0] for part in page.split('style="--origin:')[1:4]]
    assert len(set(colours)) == 3
    assert "#888" in colours


def test_blind_run_says_so():
    assert "no full review took place: 2 things could not be judged" in check(html.render(blind()))


def test_hostile_text_stays_text():
    text = check(html.render(hostile()))
    assert visible(HOSTILE) in text


@settings(max_examples=60)
@given(VERDICTS)
def test_any_verdict_is_a_page(value):
    check(html.render(value)).encode("utf-8")


def test_caps():
    mild = [judged(Action.WARN, rule="mild", path=f"a{n}.py") for n in range(9)]
    text = check(html.render(verdict(*mild, judged(rule="worst", path="z.py")), limit=3))
    assert "worst" in text
    assert "… and 7 warn more" in text
