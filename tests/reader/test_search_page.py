from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from tests.reader.invented_news import MORE, PAGES
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.search.query_faults import FAULTS
from unioncrawl.reader.pages.search import EXAMPLES, PAGE_SIZE
from unioncrawl.reader.words import load_words

_TITLE = re.compile(r'<h2 lang="zh-Hans"><a href="([^"]+)">(.*?)</a></h2>')
_FACET = re.compile(r'<li><a href="([^"]+)"[^>]*>([^<]+)</a> <span class="number">([\d,≈]+)</span></li>')


def _page(browser: httpx.Client, path: str = "/", **asked: str) -> str:
    answer = browser.get(path, params=asked or None)
    assert answer.status_code == 200
    return answer.text


def _titles(page: str) -> list[str]:
    return [re.sub("<.*?>", "", title) for _, title in _TITLE.findall(page)]


def test_a_search_shows_what_it_found(browser: httpx.Client) -> None:
    """Results, newest first, with their total, their words marked, and links to follow and to export them."""
    page = _page(browser, q="送清凉")
    assert "共 2 篇" in page
    assert "为环卫职工<mark>送清凉</mark></a>" in page
    assert page.index("全国职工之声") < page.index("临溪市总工会</span> · <time")
    for where in ("/feed.json", "/feed.atom", "/feed.rss", "/export.csv", "/export.jsonl"):
        assert f'href="{where}?q=%E9%80%81%E6%B8%85%E5%87%89"' in page
    assert 'value="送清凉"' in page


def test_pages_join_to_all_articles(browser: httpx.Client) -> None:
    """Followed to the end, the links to the next page show every article once, without those withdrawn."""
    titles, path = list[str](), "/"
    while path and len(titles) <= len(PAGES):
        page = _page(browser, path)
        found = _titles(page)
        assert f"共 {len(PAGES) - 1} 篇" in page
        assert len(found) <= PAGE_SIZE
        titles += found
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(following[1]) if following else ""
    assert sorted(titles) == sorted(one.title for one in PAGES if one.name != "withdrawn")
    assert titles[0] == f"职工书屋第{MORE}期书讯"


def test_a_choice_finds_as_many_as_it_says(browser: httpx.Client) -> None:
    """Each value of a facet leads to a search with exactly its number of articles, and is then no link."""
    choices = _FACET.findall(_page(browser, q="工会 OR 职工 OR 劳模"))
    assert {label for _, label, _ in choices} >= {"临溪市总工会", "2024", "云岭日报"}
    for path, label, number in choices:
        page = _page(browser, unescape(path))
        assert f"共 {number} 篇" in page, label
        assert f'<span class="taken" lang="zh-Hans">{label}</span>' in page


def test_the_most_relevant_come_first_on_request(browser: httpx.Client) -> None:
    """By relevance a headline counts more than a newer text, and pages go on where the last one ended."""
    page = _page(browser, q="职工 OR 劳模工匠", order="relevance")
    assert _titles(page)[0] != _titles(_page(browser, q="职工 OR 劳模工匠"))[0]
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    rest = _titles(_page(browser, unescape(following[1])))
    assert rest
    assert set(rest).isdisjoint(_titles(page))


def test_the_fields_of_the_form_become_part_of_the_query(browser: httpx.Client) -> None:
    """Without scripts the form's fields lead to the address whose query says the same."""
    asked = {
        "q": "劳模 OR 送清凉",
        "level": "city",
        "since": "2024-04-01",
        "until": "",
        "site": "",
        "lang": "en",
    }
    answer = browser.get("/", params=asked)
    assert answer.status_code == 303
    where = httpx.URL(answer.headers["location"])
    assert (where.host, where.path) == ("", "/")
    assert dict(where.params) == {"q": "(劳模 OR 送清凉) level:city since:2024-04-01", "lang": "en"}
    assert _titles(_page(browser, str(where))) == ["临溪市总工会为环卫职工送清凉"]
    assert browser.get("/", params={"q": "工会", "since": "昨天"}).status_code == 400


def test_nothing_found_names_what_finds_more(browser: httpx.Client) -> None:
    """Of several words each is shown with its number; a long word is offered in pieces."""
    page = _page(browser, q="送清凉 职代会")
    assert "没有找到" in page
    assert re.search(r">送清凉</a> <span class=\"number\">2<", page)
    assert re.search(r">职代会</a> <span class=\"number\">1<", page)
    assert re.search(r">技能 竞赛 选手</a> <span class=\"number\">1<", _page(browser, q="技能竞赛选手"))
    assert "/help/search" in _page(browser, q="龘")


def test_a_fault_is_shown_where_it_is(browser: httpx.Client) -> None:
    """The query is shown with its fault marked, and stays in the field to be mended."""
    answer = browser.get("/", params={"q": "工会 (劳模"})
    assert answer.status_code == 400
    assert "工会 <mark>(</mark>劳模" in answer.text
    assert load_words("zh")["fault.open"] in answer.text
    assert load_words("en")["fault.open"] in answer.text
    assert 'value="工会 (劳模"' in answer.text
    page = browser.get("/", params={"q": "工会 site:unknown"}).text
    assert "linxi" in page


def test_every_fault_has_its_words() -> None:
    """What can be wrong with a query is said in both languages."""
    for language in ("zh", "en"):
        words = load_words(language)
        assert [fault for fault in FAULTS if f"fault.{fault}" not in words] == []


def test_every_example_of_the_help_is_a_query(browser: httpx.Client) -> None:
    """The help's examples can be followed."""
    page = _page(browser, "/help/search")
    for query, _ in EXAMPLES:
        parse_query(query)
    assert page.count('<td><a href="/?q=') == len(EXAMPLES)


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "'--", "%s {x} {{ 7*7 }}"]
)
def test_what_is_typed_is_only_text(browser: httpx.Client, query: str) -> None:
    """Nothing of a query becomes markup, a command or a template."""
    page = browser.get("/", params={"q": query}).text
    for sign in ("<script>alert", "<img src=x", "49"):
        assert sign not in page.replace("&#34;", "")
