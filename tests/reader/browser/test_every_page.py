"""What holds for each page, whatever it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import httpx
import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page
from starlette.routing import Route

from tests.reader.browser.conftest import route_of
from tests.reader.invented_news import News
from unioncrawl.reader.words import load_words

_PHONE = {"width": 390, "height": 844}
_DESKTOP = {"width": 1280, "height": 900}
_GRAVE = {"serious", "critical"}


@contextmanager
def _opened(chromium: Browser, address: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page in a context of its own, and what went wrong on it."""
    context = chromium.new_context(**options)
    page, wrong = context.new_page(), []
    page.on("console", lambda said: wrong.extend([f"console: {said.text}"] * (said.type == "error")))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    host = httpx.URL(address).netloc
    page.on(
        "request",
        lambda asked: wrong.extend([f"asks {asked.url}"] * (httpx.URL(asked.url).netloc not in {host, b""})),
    )
    try:
        page.goto(address, timeout=0)
        yield page, wrong
    finally:
        context.close()


def _with(address: str, **look: str) -> str:
    return str(httpx.URL(address).copy_merge_params(look))


def test_every_route_can_be_reached_by_links(answers: dict[str, httpx.Response], routes: list[Route]) -> None:
    """From the first page, links lead to each thing that the reader answers to; none leads nowhere."""
    broken = [f"{answer.status_code} {address}" for address, answer in answers.items() if answer.is_error]
    # A withdrawn article is gone, and says so.
    assert [line for line in broken if not line.startswith("410")] == []
    reached = {route_of(routes, address) for address in answers}
    unreached = {route.path for route in routes if not route.path.startswith("/api/")} - reached
    assert unreached <= {"/revisions/{digest}"} | {path for path in unreached if "{token}" in path}


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_pages_load_cleanly_and_are_accessible(
    chromium: Browser, pages: dict[str, str], language: str, scheme: Literal["light", "dark"]
) -> None:
    """No error, no request elsewhere, no serious finding of axe; what it shows is in one language."""
    source = AXE_FILE_PATH.read_text(encoding="utf-8")
    found = []
    for route, address in pages.items():
        asked = _with(address, lang=language)
        with _opened(chromium, asked, color_scheme=scheme, viewport=_DESKTOP) as (page, wrong):
            page.evaluate(source)
            violations = page.evaluate("axe.run(document, {iframes: false}).then(found => found.violations)")
            found += [f"{route}: {line}" for line in wrong]
            found += [
                f"{route}: {one['id']}: {one['nodes'][0]['html'][:200]}"
                for one in violations
                if one["impact"] in _GRAVE
            ]
            if load_words(language)["site.skip"] not in page.content():
                found.append(f"{route}: not in {language}")
    assert found == []


def test_pages_fit_a_phone_in_large_type(chromium: Browser, pages: dict[str, str]) -> None:
    """At 390 pixels and in large type nothing stands beyond the edge but in a box that scrolls by itself."""
    found = []
    for route, address in pages.items():
        with _opened(chromium, _with(address, type="large"), viewport=_PHONE) as (page, _):
            width = page.evaluate("document.documentElement.scrollWidth")
            size = float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))
            if width > _PHONE["width"] or size < 20:
                found.append(f"{route}: {width} pixels wide, type of {size} pixels")
    assert found == []


def test_the_repair_table_stands_upright_on_a_phone(
    chromium: Browser, pages: dict[str, str], news: News
) -> None:
    """At 390 pixels original, repaired text and reasons stand below each other, each with its name."""
    address = httpx.URL(next(iter(pages.values()))).join(f"/articles/{news.numbers['damaged']}/repair")
    with _opened(chromium, str(address), viewport=_PHONE) as (page, _):
        box = page.locator(".scroll").last
        assert box.evaluate("one => one.scrollWidth <= one.clientWidth")
        cells = page.locator(".beside tbody tr").last.locator("td")
        tops = [cell.bounding_box() for cell in cells.all()]
        assert [top["y"] for top in tops if top] == sorted({top["y"] for top in tops if top})
        name = cells.first.evaluate("one => getComputedStyle(one, '::before').content")
        assert load_words("zh")["repair.original"] in name


def test_a_printed_page_names_its_address(chromium: Browser, pages: dict[str, str]) -> None:
    """On paper the links of the reader are gone, and the address of what is printed stands there."""
    found = []
    for route, address in pages.items():
        with _opened(chromium, address, viewport=_DESKTOP) as (page, _):
            page.emulate_media(media="print")
            shown = page.evaluate("document.body.innerText")
            if "/captures/{capture_id}/page" not in route and httpx.URL(address).path not in shown:
                found.append(f"{route}: does not name {address}")
            if page.locator("header nav").first.is_visible():
                found.append(f"{route}: prints its navigation")
    assert found == []
