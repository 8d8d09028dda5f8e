"""The HTML report in a real browser: headless Chromium, no script allowed, no address asked. `make test-browser`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from report_samples import HOSTILE, judged, verdict

from trustgate.report import html
from trustgate.verdict import Action, DiffFile, DiffRow

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
ROWS = tuple(DiffRow(0, n, f"line {n}" if n != 7 else HOSTILE, "o1") for n in range(1, 31))
ITEMS = (
    judged(path="app/a.py", line=7, title=HOSTILE),
    judged(Action.ESCALATE, path="app/a.py", line=9, boundary="auth", title="Guard gone", rule="guard", origin="o0"),
)
PAGE = html.render(verdict(*ITEMS, diff=(DiffFile("app/a.py", "app/a.py", ROWS),)))


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is not installed"
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    asked: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(java_script_enabled=False, viewport={"width": 1100, "height": 800})
        opened = context.new_page()
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(file.as_uri())
        opened.asked = asked
        yield opened
        browser.close()


@pytest.fixture(autouse=True)
def fresh(page):
    page.reload()


def keep(page, name: str) -> None:
    """A screenshot, where a folder for them is given."""
    folder = os.environ.get("TRUSTGATE_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_findings_stand_under_their_lines_without_a_script(page):
    keep(page, "page")
    finding = page.locator("section", has_text="Guard gone").bounding_box()
    before, after = (page.get_by_text(text, exact=True).bounding_box() for text in ("line 9", "line 10"))
    assert before["y"] < finding["y"] < after["y"]


def test_a_filter_hides_and_shows_again(page):
    guard = page.locator("section", has_text="Guard gone")
    assert guard.is_visible()
    page.get_by_label("auth").uncheck()
    assert not guard.is_visible()
    assert page.locator("section").count() == 2
    page.get_by_label("auth").check()
    assert guard.is_visible()


def test_a_link_of_the_list_leads_to_its_finding(page):
    page.get_by_role("link", name="Guard gone").click()
    assert page.locator("section:target", has_text="Guard gone").count() == 1


def test_nothing_but_the_page_itself_is_asked_for(page):
    assert {url.partition("#")[0] for url in page.asked} == {page.url.partition("#")[0]}


def test_hostile_text_makes_no_element(page):
    assert page.locator("script, img, a[href^=http]").count() == 0
    assert page.locator("details").count() == 1


@pytest.mark.parametrize("width", [360, 1400])
def test_no_width_makes_the_page_scroll_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    keep(page, f"page-{width}")
    assert _wide(page) <= width


def _wide(page) -> float:
    """The right edge of the widest box; the page may not run a script, so it is asked of the boxes."""
    boxes = [item.bounding_box() for item in page.locator("section, table, h1, p, summary").all()]
    return max(box["x"] + box["width"] for box in boxes if box)
