"""A reader that masks personal information gives it out nowhere: pages, captures, feeds, exports, API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests.databases import archive_at
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, Image, RawPage
from unioncrawl.reader.beside import served
from unioncrawl.reader.guarding.masked_answers import masked_json, masked_markup, masked_text
from unioncrawl.reader.settings import ReaderSettings

NUMBER, MAIL = "13912345678", "lifang@linxi-gh.example"
URL = "http://www.linxi-gh.example/xw/20240408_13912345678.html"
AT = datetime(2024, 4, 8, 1, 30, tzinfo=UTC)
PAGE = (
    f"<html><head><title>招聘</title></head><body><p title={NUMBER}>致电<b>139</b>12345678</p></body></html>"
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of an article that names a person in each of its texts, in two revisions and a capture."""
    folder = tmp_path_factory.mktemp("masked")
    said = f"招聘联系人李方 {NUMBER}，简历请发 {MAIL}"
    with Archive.open(archive_at(folder / "archive.db")) as opened:
        writer = CaptureWriter(folder / "captures", "linxi")
        body = PAGE.encode()
        page = RawPage(
            url=URL, body=body, headers=(("Content-Type", "text/html; charset=utf-8"),), fetched_at=AT
        )
        captured = writer.write(page)
        writer.close()
        first = Article(
            url=URL,
            site="linxi",
            title=said,
            body_text=f"{said}。",
            author=f"李方（{NUMBER}）",
            fetched_at=AT,
            published_at=AT,
            images=(Image("http://www.linxi-gh.example/1.jpg", said),),
            captures=(captured,),
        )
        number = opened.begin_run("linxi", {})
        opened.store(first, number)
        later = replace(
            first, captures=(), body_text=f"{said}，另聘会计一名。", fetched_at=AT + timedelta(days=1)
        )
        opened.store(later, number)
        opened.finish_run(number, {}, "finished")
    return folder


@pytest.fixture(scope="module")
def visitor(archive: Path) -> Iterator[httpx.Client]:
    """What asks a masked reader."""
    settings = ReaderSettings(
        archive=archive_at(archive / "archive.db"), captures=archive / "captures", is_masked=True
    )
    with served(settings) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def links_of(page: str) -> set[str]:
    """The addresses of this reader that a page names."""
    found = re.findall(r'(?:href|src)="(/[^"#]*)', page)
    return {unescape(link) for link in found if not link.startswith("/static")}


def test_no_page_that_a_link_leads_to_has_a_number_or_a_name_of_mail(visitor: httpx.Client) -> None:
    """Every page within three links of the search, the API and the exports shows neither."""
    asked: set[str] = set()
    ahead = {
        "/?q=招聘",
        "/api/v1/articles",
        "/api/v1/articles/1/history",
        "/export.jsonl",
        "/export.csv",
    }
    for _ in range(3):
        following: set[str] = set()
        for link in sorted(ahead - asked):
            answer = visitor.get(link)
            said = answer.text.replace(URL, "")
            assert NUMBER not in said, link
            assert "lifang@" not in said, link
            assert "x-masked" in answer.headers or answer.status_code >= 400, link
            following |= links_of(answer.text) if "html" in answer.headers["content-type"] else set()
        asked |= ahead
        ahead = {link for link in following if "lang=en" not in link and "type=large" not in link}
    assert len(asked) > 20
    assert {"/captures/1", "/articles/1"} <= asked


def test_what_was_hidden_is_said(visitor: httpx.Client) -> None:
    """The page says that it masks, keeps the mark of a hit, and leads to the page that was crawled."""
    page = visitor.get("/?q=简历").text
    assert "本站已隐去电话" in page
    assert "139****5678" in page
    assert "<mark>简历</mark>" in page
    assert f'href="{URL}"' in visitor.get("/articles/1").text
    captured = visitor.get("/captures/1/page").text
    assert "<p title=139****5678>致电<b>139</b>****5678</p>" in captured
    assert visitor.get("/captures/1/raw").status_code == 403


def test_json_stays_json(visitor: httpx.Client) -> None:
    """The API's texts are masked, and its numbers, addresses and digests are as they were."""
    record = json.loads(visitor.get("/api/v1/articles/1").text)
    assert record["title"] == "招聘联系人李方 139****5678，简历请发 l*****@linxi-gh.example"
    assert record["url"] == URL
    assert "mail" in visitor.get("/export.csv").headers["x-masked"]


DIGEST = "0e13912345678ab0e13912345678ab01"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"<!-- {NUMBER} --><i>{DIGEST}</i>", f"<!-- 139****5678 --><i>{DIGEST}</i>"),
        (f"<a href='tel:{NUMBER}'>问</a>", "<a href='tel:139****5678'>问</a>"),
        (f"<td>139</td><td>12345678</td><td>{NUMBER}", "<td>139</td><td>12345678</td><td>139****5678"),
        (
            f'<a href="/?q=%EF%BC%88{NUMBER}&amp;lang=en">',
            '<a href="/?q=%EF%BC%88139%2A%2A%2A%2A5678&amp;lang=en">',
        ),
        ("<mark>139<ins>1234</ins></mark>5678<", "<mark>139<ins>****</ins></mark>5678<"),
    ],
)
def test_markup_is_masked_across_marks_and_not_across_cells(text: str, masked: str) -> None:
    """Comments, numbers cut by a mark and addresses of phones are masked; digests and cells stay."""
    assert masked_markup(text) == masked


def test_a_text_without_persons_stays_as_it_is() -> None:
    """Hotlines, dates and counts are no persons' numbers."""
    text = "服务热线12351，2024年4月8日，点击量13912次"
    assert masked_text(text) == text
    assert json.loads(masked_json(json.dumps({"a": [text, 1, None, True]}))) == {"a": [text, 1, None, True]}
