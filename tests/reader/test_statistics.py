from __future__ import annotations

import csv
import io
import re
from html import unescape

import httpx
import pytest
from lxml import etree, html

from tests.reader.invented_news import News
from unioncrawl.reader.pages.statistics.files import FIGURES

PAGES = {
    "/sites": "按省级行政区",
    "/sites/linxi": "临溪市总工会",
    "/trends?q=职工&q=送清凉 OR 技能竞赛": "送清凉 OR 技能竞赛",
    "/trends?q=职工&share=1&by=week": "每周占比",
    "/trends?q=没有这样的词": "没有这样的词（占 %）",
    "/trends?since=1990&until=1991": "无数据",
    "/hits": "点击量最高的",
    "/hits?site=linxi&since=2024-04-10": "点击量增长最快",
    "/reprints": "谁转载谁（全部 1 篇多家刊发的稿件）",
    "/runs": "采集记录",
    "/runs/1": "条目账",
    "/reports": "信息采用通报",
    "/reports/coverage": "覆盖情况",
    "/reports/fields?days=9000": "字段填充率",
    "/reports/adoption?unit=临溪市总工会&unit=无此单位&since=2024-04&until=2024-05": "没有文章署名：无此单位",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_figures_says_what_it_is_about(browser: httpx.Client, path: str) -> None:
    """Each page answers in both languages, needs no script or inline style, and stays small."""
    page = browser.get(path)
    english = browser.get(f"{path}{'&' if '?' in path else '?'}lang=en")
    assert PAGES[path] in unescape(page.text)
    for answer in (page, english):
        assert answer.status_code == 200
        assert len(answer.content) < 60_000
        root = html.fromstring(answer.text)
        assert not root.xpath("//@style | //script | //style")
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids))
    assert not re.search("[一-鿿]", "".join(html.fromstring(english.text).xpath("//h2/text()")))


@pytest.mark.parametrize("path", ["/trends?q=职工&q=送清凉 OR 技能竞赛&by=week", "/sites"])
def test_a_number_leads_to_as_many_articles(browser: httpx.Client, path: str) -> None:
    """Every number that leads to a search is the total that the search shows."""
    links = html.fromstring(browser.get(path).text).xpath(
        "//td[@class='number']/a[starts-with(@href, '/?q')]"
    )
    assert links
    for link in links:
        found = re.search(r"共 ([\d,]+) 篇", browser.get(link.get("href")).text)
        assert (found[1] if found else "0") == link.text, link.get("href")


TAKES = {
    "publications": ("q", "since"),
    "growth": ("site", "since"),
    "field-days": ("days",),
    **dict.fromkeys(("adoption", "adopted"), ("unit", "since")),
    **dict.fromkeys(("calendar", "columns", "fields", "failures", "hits", "runs"), ("site",)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_can_be_taken_along(browser: httpx.Client, name: str) -> None:
    """Each figure has a CSV with heads and rows, and, where it is drawn, an SVG that stands by itself."""
    site = "donghe" if name == "failures" else "linxi"
    every = {"site": site, "q": "职工", "unit": "临溪市总工会", "since": "2024-04", "days": "9000"}
    asked = {one: every[one] for one in TAKES.get(name, ())}
    table = browser.get(f"/charts/{name}.csv", params=asked)
    assert table.status_code == 200
    assert table.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) > 1
    assert len(rows[0]) == len(rows[1])
    picture = browser.get(f"/charts/{name}.svg", params=asked)
    if picture.status_code == 404:
        assert name in {
            "sites",
            "columns",
            "stories",
            "runs",
            "coverage",
            "field-days",
            "adoption",
            "adopted",
        }
        return
    assert picture.headers["content-type"] == "image/svg+xml"
    assert etree.fromstring(picture.content).get("role") == "img"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sites/nowhere", 404),
        ("/runs/99", 404),
        ("/runs/x", 404),
        ("/charts/nothing.svg", 404),
        ("/charts/sites.svg", 404),
        ("/charts/hits.png", 404),
        ("/trends?since=May", 400),
        ("/trends?q=(工会", 400),
        ("/trends?q=site:nowhere", 404),
        ("/trends?by=hour", 400),
        ("/trends?" + "&".join(f"q={number}" for number in range(7)), 400),
        ("/hits?site=nowhere", 404),
        ("/reports/adoption?since=2024-13", 400),
        ("/reports/fields?days=0", 400),
    ],
)
def test_what_cannot_be_shown_is_an_error_page(browser: httpx.Client, path: str, status: int) -> None:
    """What is not there answers 404, what cannot be read 400, each with a page."""
    answer = browser.get(path)
    assert answer.status_code == status
    assert "<main" in answer.text


def test_a_withdrawn_article_counts_nowhere(browser: httpx.Client, news: News) -> None:
    """Its site has two articles of three; its title stands on no page."""
    assert news.numbers["withdrawn"]
    page = browser.get("/sites/linxi").text
    assert ">2 篇<" in page
    assert all("撤下的通报" not in browser.get(path).text for path in PAGES)


def test_the_link_to_the_other_language_keeps_every_query(browser: httpx.Client) -> None:
    """Two queries side by side are still two in English."""
    page = browser.get("/trends?q=职工&q=工会&since=2024").text
    (link,) = html.fromstring(page).xpath("//a[@hreflang='en']/@href")
    heads = html.fromstring(browser.get(link).text).xpath("//th/text()")
    assert {"职工", "工会"} <= set(heads)


def test_the_report_of_adoption_lists_what_it_counts(browser: httpx.Client, news: News) -> None:
    """Each article that counts stands below the report, with a link to itself."""
    page = browser.get("/reports/adoption?unit=临溪市总工会&since=2024-04").text
    links = html.fromstring(page).xpath("//td/a/@href")
    assert f"/articles/{news.numbers['reprint']}" in links


def test_the_report_of_coverage_says_its_notes_in_the_language_of_the_page(browser: httpx.Client) -> None:
    """A site that was never crawled is said to be so in Chinese, and in English on an English page."""
    chinese = browser.get("/reports/coverage").text
    assert "尚未采集" in chinese
    assert "never crawled" not in chinese
    assert "closed: " not in chinese
    assert "never crawled" in browser.get("/reports/coverage?lang=en").text
