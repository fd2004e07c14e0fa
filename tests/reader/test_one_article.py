"""Tests for the pages of one article: its repair, its revisions, its ledger, its captures."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from tests.databases import archive_at
from tests.reader.invented_news import BEGIN, COOLING, DAMAGED, SITES, News
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.database import writing
from unioncrawl.archive.schema import capture
from unioncrawl.archive.store import Archive
from unioncrawl.line import finish
from unioncrawl.model import (
    Article,
    Attachment,
    Evidence,
    FieldUnresolved,
    Image,
    RawPage,
    Unresolved,
)
from unioncrawl.reader.beside import served
from unioncrawl.reader.settings import ReaderSettings
from unioncrawl.sites.catalogue import SITES_DIRS_VARIABLE


def _page(browser: httpx.Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.text


def _number(browser: httpx.Client, news: News, name: str) -> int:
    """The newest capture of an article, as its ledger names it."""
    page = _page(browser, f"/articles/{news.numbers[name]}/ledger")
    found = re.search(r"/captures/(\d+)", page)
    assert found is not None
    return int(found[1])


def test_the_repair_view_shows_each_step_and_proves_the_text(browser: httpx.Client, news: News) -> None:
    """Original and repaired stand side by side, with reason and confidence; the steps were taken again."""
    page = _page(browser, f"/articles/{news.numbers['damaged']}/repair")
    misread = html.escape(DAMAGED[1].encode().decode("latin-1"))
    assert f"<del>{misread}</del>" in page
    assert f"<ins>{DAMAGED[1]}</ins>" in page
    assert "UTF-8 误作西文" in page
    assert "99.5 %" in page
    assert page.count("得到的正是存档的文字") == 2
    assert "不能由原文得到" not in page


def test_an_article_without_damage_says_so(browser: httpx.Client, news: News) -> None:
    """Where nothing was repaired, the view is a sentence."""
    assert "没有修复过" in _page(browser, f"/articles/{news.numbers['skills']}/repair")


def test_the_diff_marks_what_was_taken_out_and_put_in(browser: httpx.Client, news: News) -> None:
    """Two revisions are compared word by word, with signs for who sees or hears no colour."""
    page = _page(browser, f"/articles/{news.numbers['cooling']}/revisions/1..2")
    text = re.sub(r"<[^>]+>", "", page.partition('class="difference"')[2])
    assert "[−百名−][+百一十名+]" in text or "[−两百名−][+两百一十名+]" in text
    assert "没有差别" in _page(browser, f"/articles/{news.numbers['cooling']}/revisions/2..2")


@pytest.mark.parametrize("span", ["1..9", "1", "x..y", "1..2..3", "99999999..1"])
def test_a_diff_of_no_revisions_is_not_found(browser: httpx.Client, news: News, span: str) -> None:
    """A revision that is not there, or a span that names none, is answered with 404."""
    assert browser.get(f"/articles/{news.numbers['cooling']}/revisions/{span}").status_code == 404


def test_the_ledger_accounts_for_every_line(browser: httpx.Client, news: News) -> None:
    """Each line of the captured page has its fate; fields have anchors that evidence can link to."""
    page = _page(browser, f"/articles/{news.numbers['cooling']}/ledger")
    for line in COOLING:
        assert re.search(rf"<td[^>]*>正文</td>\s*<td></td>\s*<td[^>]*>{line}</td>", page), line
    assert 'id="field-title"' in page
    assert 'id="field-source"' in page


def test_the_ledger_says_by_which_site_file_it_reads(
    browser: httpx.Client, news: News, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of one's own is read as soon as it is there; one that is broken is named on the page."""
    path = f"/articles/{news.numbers['cooling']}/ledger"
    assert "该站没有站点文件" in _page(browser, path)
    monkeypatch.setenv(SITES_DIRS_VARIABLE, str(tmp_path))
    own = tmp_path / "own.toml"
    own.write_text(
        'id = "linxi"\nname = "临溪市总工会"\nlevel = "city"\nfamily = "generic"\n'
        'hosts = ["gh.linxi.example"]\nscheme = "http"\ncolumns = []\n[selectors]\nbody = "div.info"\n',
        encoding="utf-8",
    )
    page = _page(browser, path)
    assert "自己的站点文件 <code>own.toml</code>" in re.sub(r"\s+", " ", page)
    assert not re.search(rf"<td[^>]*>正文</td>\s*<td></td>\s*<td[^>]*>{COOLING[0]}", page)
    own.write_text('id = "linxi"\nname = ', encoding="utf-8")
    page = _page(browser, path)
    assert "没有采用" in page
    assert "own.toml: not TOML" in page
    assert str(tmp_path) not in page
    assert "该站没有站点文件" in page
    assert "own.toml: not TOML" in _page(browser, "/reports/coverage")
    own.unlink()
    assert "没有采用" not in _page(browser, path)


def test_a_capture_shows_its_facts(browser: httpx.Client, news: News) -> None:
    """Address, time, status, headers, digest, file and offset; the body is compared with its digest."""
    number = _number(browser, news, "cooling")
    page = _page(browser, f"/captures/{number}")
    assert "http://gh.linxi.example/yw/1.html" in page
    assert re.search(r"<code>[0-9a-f]{64}</code>", page)
    assert re.search(r"<code>linxi-1[^<]*\.warc\.gz</code>", page)
    assert "一致" in page
    assert '<iframe class="captured" sandbox=""' in page


def test_the_bytes_of_a_capture_are_a_download(browser: httpx.Client, news: News) -> None:
    """The body comes as it was captured, as bytes to keep that no browser opens here."""
    answer = browser.get(f"/captures/{_number(browser, news, 'cooling')}/raw")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.content.startswith(b'<html><head><meta charset="utf-8">')
    assert COOLING[0].encode() in answer.content


def test_the_captured_page_is_closed_in(browser: httpx.Client, news: News) -> None:
    """It comes under a policy that sandboxes it and loads nothing, also when it is not sent again."""
    path = f"/captures/{_number(browser, news, 'cooling')}/page"
    answer = browser.get(path)
    assert COOLING[0] in answer.text
    assert "<meta" not in answer.text
    again = browser.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    for one in (answer, again):
        policy = one.headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "script-src" not in policy


def test_nothing_of_a_withdrawn_article_is_given_out(browser: httpx.Client, news: News) -> None:
    """Its repair, revisions, ledger and captures answer 410, and none of them has a word of its text."""
    number = news.numbers["withdrawn"]
    paths = [f"/articles/{number}{rest}" for rest in ("", "/repair", "/ledger", "/revisions/1..2")]
    captures = range(1, 60)
    paths += [f"/captures/{one}{rest}" for one in captures for rest in ("", "/raw", "/page")]
    gone = 0
    for path in paths:
        answer = browser.get(path)
        assert "当事人的姓名".encode() not in answer.content, path
        gone += answer.status_code == 410
    assert gone == 4 + 3


@pytest.mark.parametrize(
    "path", ["/captures/99999", "/captures/99999/raw", "/articles/99999/repair", "/captures/x"]
)
def test_what_is_not_there_is_a_page_of_404(browser: httpx.Client, path: str) -> None:
    """Neither a missing article nor a missing capture fails the reader."""
    answer = browser.get(path)
    assert answer.status_code == 404
    assert '<p lang="en">' in answer.text


def test_pictures_and_tables_can_be_taken_along(browser: httpx.Client, news: News) -> None:
    """The page links to each picture as SVG and to its whole table as CSV; what is not there is 404."""
    number = news.numbers["cooling"]
    page = _page(browser, f"/articles/{number}")
    for name, words in (("hits", "295"), ("lineage", "全国职工之声")):
        assert f'href="/articles/{number}/{name}.svg"' in page
        table = browser.get(f"/articles/{number}/{name}.csv")
        assert table.headers["content-type"].startswith("text/csv")
        assert words in table.text
        assert browser.get(f"/articles/{number}/{name}.svg").text.startswith("<?xml")
    for path in (f"{number}/other.svg", f"{number}/hits.pdf", f"{news.numbers['skills']}/lineage.svg"):
        assert browser.get(f"/articles/{path}").status_code == 404
    assert browser.get(f"/articles/{news.numbers['withdrawn']}/hits.csv").status_code == 410


def test_each_page_speaks_english(browser: httpx.Client, news: News) -> None:
    """With lang=en the pages of an article are English, and their links stay so."""
    number = news.numbers["damaged"]
    for rest in ("/repair", "/ledger"):
        page = _page(browser, f"/articles/{number}{rest}?lang=en")
        assert '<html lang="en">' in page
        assert f"/articles/{number}?lang=en" in page


def test_an_article_shows_all_that_is_known_of_it(browser: httpx.Client, news: News) -> None:
    """Breadcrumb, roles, picture as a link, file, hits as picture and table, revisions, story, evidence."""
    page = _page(browser, f"/articles/{news.numbers['cooling']}")
    assert 'href="/?q=site%3Alinxi+column%3A%22' in page
    assert '<dt>来源</dt><dd lang="zh-Hans">临溪工人报</dd>' in page
    assert '<a class="picture" href="http://gh.linxi.example/img/1.jpg"' in page
    assert "<figcaption>图为慰问现场。</figcaption>" in page
    assert 'href="http://gh.linxi.example/files/notice.pdf"' in page
    assert "<td>295</td><td>+35</td>" in page
    assert page.count("<svg ") == 2
    assert "首发据" in page
    assert "全国职工之声" in page
    assert "/ledger#field-source" in page
    assert "<img" not in page


_HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def _hostile_article() -> Article:
    """An article every text of which tries to be markup, and every address of which to run."""
    texts: dict[str, Any] = dict.fromkeys(
        ("title", "lead_title", "subtitle", "source", "author", "column", "body_text"), _HOSTILE
    )
    return finish(
        Article(
            url="http://gh.linxi.example/1",
            canonical_url="http://gh.linxi.example/1",
            site="linxi",
            images=(Image("javascript:alert(3)", _HOSTILE), Image("http://a.example/" + _HOSTILE, "")),
            attachments=(Attachment("javascript:alert(4)", _HOSTILE), Attachment("data:text/html,x", "")),
            evidence=(Evidence(_HOSTILE, _HOSTILE, _HOSTILE),),
            unresolved=(FieldUnresolved("title", Unresolved(0, 4, _HOSTILE, (_HOSTILE,))),),
            fetched_at=BEGIN,
            **texts,
        )
    )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A reader over an archive that somebody filled to harm its readers."""
    folder = tmp_path_factory.mktemp("hostile")
    page = f'<link rel=preconnect href="//a.example"><script>x</script><p>{_HOSTILE}</p>'.encode()
    with (
        Archive.open(archive_at(folder / "archive.db")) as archive,
        CaptureWriter(folder / "captures", "linxi-1") as writer,
    ):
        archive.ensure_site(SITES[1])
        run = archive.begin_run("linxi", {})
        headers = (("content-type", "text/html"), ("x-odd", _HOSTILE))
        raw = RawPage(url="http://gh.linxi.example/1", body=page, headers=headers, fetched_at=BEGIN)
        archive.store(replace(_hostile_article(), captures=(writer.write(raw),)), run)
        raw = RawPage(url="http://gh.linxi.example/2", body=b"<p>2</p>", fetched_at=BEGIN)
        archive.store(
            replace(_hostile_article(), url=raw.url, canonical_url=raw.url, captures=(writer.write(raw),)),
            run,
        )
        archive.flush()
        with writing(archive.engine) as connection:
            led_out = update(capture).where(capture.c.url == raw.url)
            connection.execute(led_out.values(file="../archive.db", offset=0, length=100))
    with (
        served(
            ReaderSettings(archive=archive_at(folder / "archive.db"), captures=folder / "captures")
        ) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize("rest", ["", "/repair", "/ledger", "/lineage", "/revisions/1..1"])
def test_no_text_of_an_archive_becomes_markup(hostile: httpx.Client, rest: str) -> None:
    """Whatever stands in the fields of an article is shown as characters, and no address runs."""
    page = _page(hostile, f"/articles/1{rest}") + _page(hostile, "/captures/1")
    assert "<script" not in page
    assert "<img" not in page
    assert not re.search(r"href=\"(?!/|#|http://)", page)
    assert "alert(1)" in page


def test_no_name_of_the_database_leads_to_another_file(hostile: httpx.Client) -> None:
    """A capture that is said to lie outside of the folder is not read."""
    assert "SQLite format" not in _page(hostile, "/captures/2")
    for rest in ("/raw", "/page"):
        answer = hostile.get(f"/captures/2{rest}")
        assert answer.status_code == 404
        assert b"SQLite format" not in answer.content
    assert "无法读取" in _page(hostile, "/articles/2/ledger")


def test_a_permalink_shows_the_revision_of_its_digest(browser: httpx.Client, news: News) -> None:
    """The digest in a citation leads to the text that was cited, also when a newer one is there."""
    page = _page(browser, f"/articles/{news.numbers['cooling']}")
    present, first = re.findall(r'href="(/revisions/[0-9a-f]{16})"', page)
    old = _page(browser, first)
    assert "为两百名一线职工" in old
    assert "第 1 版" in old
    assert "1..2" in old
    assert f"revision={first.rpartition('/')[2]}" in old
    assert "现行版本" in _page(browser, present)
    for name in ("0" * 16, "x" * 16, "abc"):
        assert browser.get(f"/revisions/{name}").status_code == 404


def test_the_lineage_compares_each_copy_with_the_first(browser: httpx.Client, news: News) -> None:
    """Who was first, and by what; each other one with its lag, its likeness and its changes."""
    page = _page(browser, f"/articles/{news.numbers['reprint']}/lineage")
    assert page.index("临溪市总工会") < page.index("全国职工之声")
    assert "+1 天" in page
    assert "100 %" in page
    assert "没有发现" in _page(browser, f"/articles/{news.numbers['skills']}/lineage")
