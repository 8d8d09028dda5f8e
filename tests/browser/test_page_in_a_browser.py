"""The HTML report in a real browser: headless Chromium, no address asked, with scripts and without. `make test-browser`."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from report_samples import GLM, HOSTILE, judged, planted, verdict

from trustgate.finding import Location, Side
from trustgate.report import html
from trustgate.verdict import Action, DiffFile, DiffRow, OriginShare

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
ROWS = tuple(DiffRow(0, n, f"line {n}" if n != 7 else HOSTILE, "o1") for n in range(1, 31))
OLD = (DiffRow(1, 1, "def wipe():"), DiffRow(2, 0, "    require_admin()", "o2"), DiffRow(3, 2, "    drop()"))
ITEMS = (
    judged(path="app/a.py", line=7, title=HOSTILE),
    judged(Action.ESCALATE, path="app/a.py", line=9, boundary="auth", title="Guard weaker", rule="guard", origin="o2"),
    judged(
        Action.ESCALATE, location=Location("app/b.py", Side.OLD, 2, 2, 5, 20), boundary="auth", title="Guard gone",
        rule="gone", origin="o2",
    ),
)  # fmt: skip
TWO = (OriginShare(GLM, True, 30, 0), OriginShare(GLM._replace(id="o2", model="opus", agent="Other"), False, 0, 1))
FILES = (DiffFile("app/a.py", "app/a.py", ROWS), DiffFile("app/b.py", "app/b.py", OLD), DiffFile("c.py", "c.py", OLD))
PAGE = html.render(verdict(*ITEMS, diff=FILES, origins=TWO))
ATTACKS = {
    "script": "<script>alert(1)</script><script src=http://127.0.0.1:9/x.js></script>",
    "closing": "</style></script></summary></details></td></table></article><script>alert(1)</script>",
    "attribute": "\"'><img src=http://127.0.0.1:9/i.png onerror=alert(1)>' onmouseover=alert(1) autofocus onfocus=alert(1) x='",
    "frame and form": "<iframe srcdoc='<script>alert(1)</script>'></iframe><form action=http://127.0.0.1:9/><button>",
    "link": "<a href=javascript:alert(1)>x</a> javascript:alert(1) [x](javascript:alert(1)) http://127.0.0.1:9/",
    "style": "</style><style>@import url(http://127.0.0.1:9/c.css);*{display:none}</style> }*{display:none}",
    "policy": "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><base href=http://127.0.0.1:9/>",
    "svg": "<svg onload=alert(1)><use href=http://127.0.0.1:9/#x></svg><math><mtext><script>alert(1)</script>",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt;&#60;script>&#x3c;img src=x onerror=alert(1)>",
    "comment": "--><!--><script>alert(1)</script><![CDATA[<script>alert(1)</script>]]>",
    "ids": "filters count change b-auth o0 k0 __proto__ constructor \u202e\u2066evil\u0000",
    "backticks": "`<script>alert(1)</script>``<img src=x onerror=alert(1)>`",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is not installed"
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


def opened(browser, file: Path, text: str, *, script: bool, fragment: str = ""):
    """The page, with the addresses that it asks for and the dialogs and faults that it makes."""
    file.write_text(text, encoding="utf-8")
    context = browser.new_context(java_script_enabled=script, viewport={"width": 1100, "height": 800})
    context.set_default_timeout(8_000)
    page = context.new_page()
    page.asked, page.dialogs, page.said = [], [], []
    page.on("request", lambda request: page.asked.append(request.url.partition("#")[0]))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))

    def dialog(item) -> None:
        page.dialogs.append(item.message)
        item.dismiss()

    page.on("dialog", dialog)
    page.goto(file.as_uri() + fragment)
    return page


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address on loopback, and the paths that were asked there."""
    came: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            came.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", came
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[False, True], ids=["no script", "script"])
def page(browser, tmp_path, request) -> Iterator[object]:
    made = opened(browser, tmp_path / "page.html", PAGE, script=request.param)
    yield made
    made.context.close()


@pytest.fixture
def live(browser, tmp_path) -> Iterator[object]:
    made = opened(browser, tmp_path / "page.html", PAGE, script=True)
    yield made
    made.context.close()


def keep(page, name: str) -> None:
    """A screenshot, where a folder for them is given."""
    folder = os.environ.get("TRUSTGATE_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_findings_stand_under_their_lines(page):
    keep(page, "page")
    finding = page.locator("article", has_text="Guard weaker").bounding_box()
    before, after = (page.get_by_text(text, exact=True).bounding_box() for text in ("line 9", "line 10"))
    assert before["y"] < finding["y"] < after["y"]


def test_a_removed_guard_stands_under_the_line_that_went(page):
    finding = page.locator("article", has_text="Guard gone").bounding_box()
    before, after = (
        page.locator("details.found tr", has_text=text).bounding_box() for text in ("require_admin", "drop()")
    )
    assert before["y"] < finding["y"] < after["y"]


def test_a_filter_hides_in_the_list_and_in_the_change_and_shows_again(page):
    page.get_by_label("network (1)").uncheck()
    assert page.locator("article:visible").count() == 2
    assert page.locator("nav li:visible").count() == 2
    page.get_by_label("opus through Other (2)").uncheck()
    assert page.locator("article:visible").count() == 0
    page.get_by_label("network (1)").check()
    assert page.locator("article:visible").count() == 1


def test_a_link_of_the_list_leads_to_its_finding_and_back(page):
    page.get_by_role("link", name="Guard weaker").click()
    article = page.locator("article:target", has_text="Guard weaker")
    assert article.count() == 1
    assert page.get_by_text("line 9", exact=True).bounding_box()["y"] > 0
    article.get_by_role("link", name="back to the list").click()
    assert page.locator("li:target", has_text="Guard weaker").count() == 1


def test_the_keyboard_reaches_the_filters_and_the_findings(page):
    page.keyboard.press("Tab")
    assert page.locator("a.skip:focus").count() == 1
    page.keyboard.press("Enter")
    assert page.url.endswith("#change")
    page.locator(".filters input").first.focus()
    page.keyboard.press("Space")
    assert page.locator(".filters input:not(:checked)").count() == 1


def test_nothing_but_the_page_itself_is_asked_for(page):
    assert set(page.asked) == {page.url.partition("#")[0]}
    assert page.said == []


def test_the_address_keeps_the_filters(live, browser, tmp_path):
    assert live.locator("#count").inner_text() == "3 of 3 findings and notes are shown."
    live.get_by_label("auth (2)").uncheck()
    assert live.url.endswith("#hide=b-auth")
    assert live.locator("#count").inner_text() == "1 of 3 findings and notes are shown."
    assert live.locator("details.found:visible").count() == 1
    again = opened(browser, tmp_path / "again.html", PAGE, script=True, fragment="#hide=b-auth,nothing,<b>")
    assert again.locator("article:visible").count() == 1
    again.get_by_label("auth (2)").check()
    assert again.locator("article:visible").count() == 3
    again.context.close()


def test_a_link_to_a_note_in_a_folded_file_opens_it(browser, tmp_path):
    note = judged(Action.NOTE, path="app/a.py", line=20, title="Touched", rule="touch")
    made = opened(browser, tmp_path / "page.html", html.render(verdict(note, ITEMS[2], diff=FILES)), script=True)
    assert not made.get_by_text("line 20", exact=True).is_visible()
    made.get_by_role("link", name="Touched").click()
    assert made.get_by_text("line 20", exact=True).is_visible()
    made.context.close()


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_text_in_any_field_makes_no_element_no_request_and_no_dialog(browser, tmp_path, attack, script):
    text = html.render(planted(ATTACKS[attack])).replace("<details", "<details open")
    made = opened(browser, tmp_path / "page.html", text, script=script)
    try:
        made.mouse.move(300, 300)
        outside = "img, svg, math, iframe, form, button, object, embed, base, link, video, meta[http-equiv=refresh]"
        assert made.locator(outside).count() == 0
        assert made.locator("script").count() == made.locator("style").count() == 1
        assert made.locator("a:not([href^='#'])").count() == 0
        assert made.locator("[onerror], [onload], [onfocus], [onmouseover], [style]").count() == 0
        assert made.locator("article:visible").count() > 10
        assert set(made.asked) == {made.url.partition("#")[0]}
        assert (made.dialogs, made.said) == ([], [])
    finally:
        made.context.close()


def test_a_script_that_got_in_all_the_same_would_not_run(browser, tmp_path, listener):
    host, came = listener
    evil = f"<script>alert(1)</script><img src={host}/x onerror=alert(2)><p style='display:none'>shown</p>"
    made = opened(browser, tmp_path / "page.html", PAGE.replace("<main>", f"<main>{evil}"), script=True)
    assert made.get_by_text("shown", exact=True).is_visible()
    assert (made.dialogs, came) == ([], [])
    made.context.close()


@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("text", [HOSTILE, "x" * 5_000], ids=["hostile", "long"])
def test_no_width_makes_the_page_scroll_sideways(browser, tmp_path, width, text):
    made = opened(browser, tmp_path / "page.html", html.render(planted(text)), script=True)
    made.set_viewport_size({"width": width, "height": 800})
    keep(made, f"page-{width}")
    assert made.evaluate("document.documentElement.scrollWidth") <= width
    made.context.close()
