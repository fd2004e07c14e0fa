"""An archive is full of other people's text: none of it may act."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from playwright.sync_api import Browser, Dialog

from tests.databases import archive_at
from tests.reader.browser.conftest import links_of
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, Attachment, HitsStatus, Image, RawPage
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings

_TIME = datetime(2024, 5, 1, 2, 0, tzinfo=UTC)
_ATTACK = "\"'></title></style></textarea><script>document.title='owned'</script><img src=x onerror=alert(1)>"
_TEXT = f"市总工会慰问一线职工。{_ATTACK}\n{{{{ 7 * 7 }}}} ${{7*7}} <svg onload=alert(1)>"


class _Seen(BaseHTTPRequestHandler):
    """Another host: it counts who asks it for anything."""

    asked: list[str]

    def do_GET(self) -> None:
        """Note that it was asked."""
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def other_host() -> Iterator[tuple[str, list[str]]]:
    """The address of another host, and what it was asked for."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Seen", (_Seen,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory, other_host: tuple[str, list[str]]) -> Iterator[str]:
    """A reader over an archive whose every text attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    other, _ = other_host
    page = (
        f"<html><head><title>x</title><script src='{other}/a.js'></script>"
        f"<link rel=stylesheet href='{other}/a.css'>"
        f"<meta http-equiv=refresh content='0;url={other}/refresh'><base href='{other}/'></head>"
        f"<body onload=\"fetch('{other}/fetch')\"><img src='{other}/a.gif'>"
        f"<iframe src='{other}/frame'></iframe>"
        f"<form action='{other}/form'><input autofocus onfocus=\"location='{other}/focus'\"></form>"
        f"<a href='{other}/link' target=_top>链接</a>{_ATTACK}</body></html>"
    ).encode()
    with Archive.open(archive_at(folder / "archive.db")) as archive:
        run = archive.begin_run(_ATTACK, {"url": _ATTACK})
        with CaptureWriter(folder / "captures", "hostile") as writer:
            for number, article in enumerate(_articles(other)):
                raw = RawPage(url=article.url, body=page + bytes([48 + number]), fetched_at=_TIME)
                archive.store(replace(article, captures=(writer.write(raw),)), run)
        archive.flush()
        archive.finish_run(run, {_ATTACK: 1}, _ATTACK)
    with served(
        ReaderSettings(archive=archive_at(folder / "archive.db"), captures=folder / "captures")
    ) as address:
        yield address


def _articles(other: str) -> Iterator[Article]:
    article = Article(
        url="javascript:alert(document.domain)//1",
        site=_ATTACK,
        title=_ATTACK,
        subtitle=_ATTACK,
        author=_ATTACK,
        source=_ATTACK,
        column=_ATTACK,
        body_text=_TEXT,
        published_at=_TIME,
        published_raw=_ATTACK,
        fetched_at=_TIME,
        hits=5,
        hits_raw=_ATTACK,
        hits_status=HitsStatus.PAGE,
        images=(
            Image(url=f"{other}/picture.jpg", caption=_ATTACK),
            Image(url="javascript:alert(2)", caption="x"),
        ),
        attachments=(Attachment(url="data:text/html,<script>alert(3)</script>", name=_ATTACK),),
    )
    yield article
    yield replace(article, url=f"http://x/2?{_ATTACK}", site="b", title="市总工会慰问一线职工")
    yield replace(article, url="http://x/3", site="c", author="", images=(), body_text=_TEXT * 3)


def _crawl(address: str) -> dict[str, httpx.Response]:
    """What a reader answers at the addresses that its links lead to."""
    found: dict[str, httpx.Response] = {}
    waiting = [address + "/", address + "/?q=工会"]
    with httpx.Client(timeout=600) as client:
        while waiting and len(found) < 300:
            asked = waiting.pop(0)
            if asked in found or not asked.startswith(address + "/"):
                continue
            answer = found[asked] = client.get(asked)
            if answer.headers.get("content-type", "").startswith("text/html"):
                waiting += links_of(answer)
    return found


def test_no_text_of_the_archive_acts(
    chromium: Browser, hostile_url: str, other_host: tuple[str, list[str]]
) -> None:
    """No script runs, no dialog opens, no other host is asked, no link is of a scheme that acts."""
    found: list[str] = []
    answers = _crawl(hostile_url)
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(0)

    def dismiss(dialog: Dialog) -> None:
        found.append(f"{page.url}: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismiss)
    kinds: dict[str, int] = {}
    for address, answer in answers.items():
        if answer.status_code >= 500:
            found.append(f"{answer.status_code} {address}")
        kind = "".join(sign for sign in address.partition("?")[0] if not sign.isdigit())
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > 2 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(address)
        if page.title() == "owned" or page.locator("script").count():
            found.append(f"{address}: a script")
        links = page.eval_on_selector_all("[href], [src]", "all => all.map(one => one.href || one.src)")
        found += [
            f"{address}: links {link}" for link in links if str(link).startswith(("javascript:", "data:text"))
        ]
    context.close()
    assert found == []
    assert other_host[1] == []
    assert len(kinds) >= 3
