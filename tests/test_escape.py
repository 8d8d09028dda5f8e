"""Hostile text, for every place it can land (threats T-L01, T-L02, T-L05, T-E02, T-D01)."""

import re
import string
import unicodedata
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustgate import escape

ANY = st.text(st.characters(exclude_categories=()), max_size=60) | st.binary(max_size=40).map(
    lambda data: data.decode("utf-8", "surrogateescape")
)
LINE_FUNCTIONS = [
    escape.terminal,
    escape.path,
    escape.annotation_data,
    escape.annotation_property,
    escape.markdown,
    escape.markdown_text,
    escape.html,
    escape.csv,
]
HOSTILE = [
    pytest.param("\x1b[2J", id="clear screen"),
    pytest.param("\x1b]8;;http://evil.example\x07x\x1b]8;;\x07", id="terminal link"),
    pytest.param("\x9b31m", id="C1 control sequence introducer"),
    pytest.param("a\rb", id="carriage return"),
    pytest.param("a\nb", id="line feed"),
    pytest.param("a\x07\x08\x7f", id="bell, backspace, delete"),
    pytest.param("\u202eevil\u202c", id="bidi override"),
    pytest.param("\u2066x\u2069", id="bidi isolate"),
    pytest.param("pay\u200bload", id="zero-width space"),
    pytest.param("\ufeffx", id="byte order mark"),
    pytest.param("\U000e0069\U000e0067", id="tag characters"),
    pytest.param("x\ufe0f\U000e0100", id="variation selectors"),
    pytest.param("so\u00adft", id="soft hyphen"),
    pytest.param("\u3164\u2800", id="blank letters"),
    pytest.param("\u2028\u2029\x85", id="exotic line ends"),
    pytest.param("\udcff\udc80", id="bytes that are not UTF-8"),
    pytest.param("\ud800", id="lone high surrogate"),
    pytest.param("\ue000\U0010ffff", id="private use and noncharacter"),
    pytest.param("e" + "\u0301" * 40, id="stacked marks"),
]


def unseen(text):
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("return requests.get(url, verify=False)", id="code"),
        pytest.param("Grüße, 世界, Привет, สวัสดี", id="words in many scripts"),
        pytest.param("e\u0301", id="a combining accent"),
        pytest.param("🎉", id="emoji"),
        pytest.param("C:\\temp", id="backslash"),
        pytest.param("## [1.2.0]", id="changelog heading"),
        pytest.param("", id="nothing"),
    ],
)
def test_terminal_leaves_alone(text):
    assert escape.terminal(text) == text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("function", LINE_FUNCTIONS, ids=lambda f: f.__name__)
def test_hostile_text_becomes_visible(function, text):
    shown = function(text)
    assert unseen(shown) == []
    assert "\\" in shown or "&#92;" in shown or "%0A" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202e", "\\u202e"),
        ("\U000e0041", "\\U000e0041"),
        ("\udcff", "\\udcff"),
        ("\t", "\\t"),
        ("##[add-mask]x", "#\\x23[add-mask]x"),
        ("a ##vso[task.setvariable]x", "a #\\x23vso[task.setvariable]x"),
    ],
)
def test_terminal_spelling(text, shown):
    assert escape.terminal(text) == shown


@given(ANY)
def test_no_line_function_lets_an_unseen_character_through(text):
    for function in LINE_FUNCTIONS:
        shown = function(text)
        assert unseen(shown) == []
        shown.encode("utf-8")


@given(ANY)
def test_path_is_reversible(text):
    names = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}

    def back(found):
        kind, digits = found[1][0], found[1][1:]
        return chr(int(digits, 16)) if digits else names[kind]

    shown = escape.path(text)
    pattern = r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[nrt\\])"
    assert re.sub(pattern, back, shown) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("100% sure", "100%25 sure"),
        ("a\n::error::b", "a%0A::error::b"),
        ("a\r\n::set-env name=X::y", "a\\r%0A::set-env name=X::y"),
        ("%0A", "%250A"),
    ],
)
def test_annotation_data(text, shown):
    assert escape.annotation_data(text) == shown


def test_annotation_property_cannot_start_another_property():
    assert escape.annotation_property("a,line=1::x\n") == "a%2Cline=1%3A%3Ax\\n"


@given(st.text(string.ascii_letters + "_-", min_size=1, max_size=20), ANY)
def test_environment_value_is_one_value(name, value):
    block = escape.environment_value(name, value)
    first, *middle, last, rest = block.split("\n")
    assert rest == ""
    assert first == f"{name}<<{last}"
    assert last not in middle
    assert len(last) > 30


def test_environment_value_with_a_known_delimiter():
    value = "EOF\nNAME=x\nghadelimiter\nOTHER<<EOF\ny\nEOF"
    assert escape.environment_value("report", value).split("\n")[1:-2] == value.split("\n")


def test_environment_delimiters_differ():
    assert escape.environment_value("a", "b") != escape.environment_value("a", "b")


@pytest.mark.parametrize("name", ["", "a=b", "a\nb", "a<<b", "ä"])
def test_environment_name_is_ours(name):
    with pytest.raises(ValueError, match="not a name"):
        escape.environment_value(name, "x")


MARKUP = [
    pytest.param("`code` ``` x", id="backticks"),
    pytest.param("</details></summary><script>alert(1)</script>", id="raw html"),
    pytest.param("<!-- ", id="comment"),
    pytest.param("![x](http://evil.example/beacon.png)", id="image"),
    pytest.param("[x](http://evil.example)", id="link"),
    pytest.param("[x]: http://evil.example", id="reference"),
    pytest.param("http://evil.example www.evil.example", id="autolinks"),
    pytest.param("<http://evil.example>", id="angle link"),
    pytest.param("a@evil.example mailto:a@evil.example", id="mail"),
    pytest.param("@org/team @someone", id="mentions"),
    pytest.param("#123 org/repo#5 GH-7", id="references"),
    pytest.param(":tada::tada::tada:", id="emoji bomb"),
    pytest.param("| a | b |", id="table"),
    pytest.param("# heading", id="heading"),
    pytest.param("**bold** _it_ ~~gone~~", id="emphasis"),
    pytest.param("&lt;script&gt; &#64;team", id="entities"),
    pytest.param("\\`x\\`", id="backslashes"),
    pytest.param("$x$", id="formula"),
    pytest.param(" ` ", id="backtick between blanks"),
    pytest.param("`", id="a lone backtick"),
    pytest.param("- item", id="list item"),
    pytest.param("12) item", id="numbered item"),
    pytest.param("---", id="rule"),
    pytest.param("===", id="heading underline"),
    pytest.param("> quote", id="quote"),
    pytest.param("    code", id="indented code"),
]


@pytest.fixture(scope="module")
def gfm():
    """CommonMark with tables and strikethrough; links are told apart by the tests themselves."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(parsed):
    return [child.type for token in parsed for child in [token, *(token.children or [])]]


@pytest.mark.parametrize("text", MARKUP)
def test_markdown_is_one_code_span_with_the_text(gfm, text):
    parsed = gfm.parse(f"- before {escape.markdown(text)} after")
    spans = [c for token in parsed for c in (token.children or []) if c.type == "code_inline"]
    assert [span.content for span in spans] == [text]
    assert set(tokens(parsed)) <= {
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "text", "code_inline",
        "paragraph_close", "list_item_close", "bullet_list_close",
    }  # fmt: skip


@pytest.mark.parametrize("text", MARKUP)
def test_markdown_text_is_nothing_but_text(gfm, text):
    parsed = gfm.parse(f"- {escape.markdown_text(text)} after")
    kinds = set(tokens(parsed))
    assert kinds <= {
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "text", "text_special",
        "paragraph_close", "list_item_close", "bullet_list_close",
    }  # fmt: skip
    plain = "".join(c.content for token in parsed for c in (token.children or []))
    assert plain.replace("\u200b", "") == f"{text} after"
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.|:\w+:", plain)


@given(ANY)
def test_markdown_block_cannot_be_left(text):
    from markdown_it import MarkdownIt

    parsed = MarkdownIt().parse(escape.markdown_block(text) + "after\n")
    assert [token.type for token in parsed] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@given(ANY)
def test_html_holds_no_markup(text):
    assert not set("<>\"'") & set(escape.html(text))


def test_html_spelling():
    assert escape.html("<a href='x'>&\"\x1b") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\\x1b"


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("src/app.py", "src/app.py"),
        ("a b%/ü#?.py", "a%20b%25/%C3%BC%23%3F.py"),
        ("bad\udcff.py", "bad%FF.py"),
        ("c:x", "c%3Ax"),
        ("//host/x", "%2F/host/x"),
        ("a\nb\\c", "a%0Ab%5Cc"),
    ],
)
def test_sarif_uri(text, uri):
    assert escape.sarif_uri(text) == uri


@given(st.binary(max_size=60))
def test_sarif_uri_round_trips(data):
    text = data.decode("utf-8", "surrogateescape")
    uri = escape.sarif_uri(text)
    assert uri.isascii()
    assert unquote_to_bytes(uri) == data


def test_sarif_message_has_no_embedded_link():
    assert "](" not in escape.sarif_message("see [this](http://evil.example)")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("plain", '"plain"'),
        ('say "hi", you', '"say ""hi"", you"'),
        ("=HYPERLINK(1)", '"\'=HYPERLINK(1)"'),
        (" @SUM(A1)", '"\' @SUM(A1)"'),
        ("-1+1", '"\'-1+1"'),
        ("a\nb", '"a\\nb"'),
        ("", '""'),
    ],
)
def test_csv(text, field):
    assert escape.csv(text) == field
