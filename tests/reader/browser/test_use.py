"""What a visitor does: type, tab, read, go on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(chromium: Browser, reader_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The first page, in a browser with and without scripts."""
    context = chromium.new_context(java_script_enabled=request.param)
    page = context.new_page()
    page.set_default_timeout(0)
    page.goto(reader_url)
    yield page
    context.close()


def test_a_search_leads_to_an_article_and_back(page: Page) -> None:
    """A word typed and Enter give results; the first leads to its text; back leads to the same results."""
    page.get_by_role("searchbox").fill("清凉饮料")
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_have_value("清凉饮料")
    expect(page.locator("mark").first).to_have_text("清凉饮料")
    total = page.get_by_role("status").inner_text()
    page.locator(".results a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("送清凉")
    expect(page.locator("main")).to_contain_text("防暑药品")
    page.go_back()
    assert page.get_by_role("status").inner_text() == total


def test_the_language_and_the_type_stay_along_the_way(page: Page) -> None:
    """Once switched, each further page is in English and in large type; the query stays."""
    page.get_by_role("searchbox").fill("职工书屋")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Large type").click()
    expect(page.get_by_role("searchbox")).to_have_value("职工书屋")
    page.locator("a[rel=next]").click()
    assert {"lang=en", "type=large"} <= set(page.url.partition("?")[2].split("&"))
    page.locator(".results a").first.click()
    assert {"lang=en", "type=large"} <= set(page.url.partition("?")[2].split("&"))
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_all_results_come_once(page: Page) -> None:
    """Page after page shows each article once, as many as the total says."""
    page.get_by_role("searchbox").fill("职工书屋")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    total = int("".join(filter(str.isdigit, page.get_by_role("status").inner_text())))
    seen: list[str | None] = []
    while True:
        seen += [link.get_attribute("href") for link in page.locator(".results h2 a").all()]
        if not page.locator("a[rel=next]").count():
            break
        with page.expect_navigation():
            page.locator("a[rel=next]").click()
    assert len(seen) == len(set(seen)) == total


def test_what_is_being_composed_is_not_searched(page: Page) -> None:
    """While pinyin is composed the page stays; the word that was chosen is searched with Enter."""
    field = page.get_by_role("searchbox")
    field.click()
    before = page.url
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "qingliang", "selectionStart": 9, "selectionEnd": 9})
    assert page.url == before
    session.send("Input.insertText", {"text": "清凉"})
    assert page.url == before
    expect(field).to_have_value("清凉")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("清凉")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    """The first Tab shows the way to the content; Tab reaches search and results, each visibly focused."""
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.get_by_role("searchbox").focus()
    page.keyboard.type("清凉饮料")
    page.keyboard.press("Enter")
    link = page.locator(".results h2 a").first
    for _ in range(200):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    expect(link).to_be_focused()
    assert link.evaluate("one => parseFloat(getComputedStyle(one).outlineWidth)") >= 2
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/articles/"))
