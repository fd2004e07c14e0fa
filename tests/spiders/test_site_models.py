"""A crawl learns the layouts of its site, the next one reads by them, and neither loses or adds a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spiders.canned import SENTENCES, Pages, Prepared, environment, listing, write_site
from tests.spiders.conftest import Workplace
from unioncrawl.practice.server import PracticeServer

SITE = "linxi"
FIRST, SECOND = range(1, 61), range(61, 91)
MENU = "".join(
    f"<li><a href='/col{n}/'>{name}</a></li>"
    for n, name in enumerate(("首页", "要闻", "维权", "帮扶", "技能"))
)
FOOT = "临溪市总工会主办 地址：临溪市东河路8号 邮编：000000 备案号：示ICP备00000000号"


def path(number: int) -> str:
    """The address of an article on an EmpireCMS."""
    return f"/xwdt/2025-03-{number % 28 + 1:02d}/{number}.html"


def lines(number: int) -> list[str]:
    """The paragraphs of an article."""
    return [f"第{number}号稿件。{sentence}" for sentence in SENTENCES]


def title(number: int) -> str:
    """The headline of an article."""
    return f"临溪市总工会举办第{number}届职工技能竞赛"


def page(number: int, *, holder: str = "content") -> str:
    """An article in the site's template; another ``holder`` is another template."""
    hot = "".join(f"<li><a href='{path(number + n)}'>{title(number + n)}</a></li>" for n in range(1, 9))
    body = "".join(f"<p>{line}</p>" for line in lines(number))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title(number)}-临溪市总工会</title></head>"
        f"<body><div class='nav'><ul>{MENU}</ul></div><div class='main-{holder}'><h1>{title(number)}</h1>"
        f"<div class='info'>发布时间：2025-03-{number % 28 + 1:02d} 09:30 来源：临溪市总工会</div>"
        f"<div class='{holder}'>{body}</div></div>"
        f"<div class='side'><h3>热点新闻</h3><ul>{hot}</ul></div>"
        f"<div class='foot'><p>{FOOT}</p></div></body></html>"
    )


class Site:
    """A working directory, and crawls of whatever articles the site has at the time."""

    def __init__(self, folder: Path) -> None:
        self.place = Workplace(folder, PracticeServer(0), environment(folder))
        self.place.environment |= {
            "SCRAPY_SETTINGS_MODULE": "unioncrawl.settings",
            "UNIONCRAWL_SITE_MODELS": "1",
        }

    def crawl(self, articles: Pages) -> dict[str, int]:
        """Serve these articles and crawl them; the numbers of the run's stats."""
        prepared = Prepared({**articles, "/xwdt/": listing(list(articles))}, ["/xwdt/"], len(articles))
        server = write_site(self.place.folder, SITE, "empirecms", prepared)
        try:
            stats = self.place.crawl(SITE)
        finally:
            server.shutdown()
            server.server_close()
        return {name.removeprefix("unioncrawl/"): number for name, number in stats.items()}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """The site."""
    return Site(tmp_path)


def test_the_next_run_reads_by_what_this_one_learnt(site: Site) -> None:
    """Each article has its own lines and no other, and names the model by which it was read."""
    first = site.crawl({path(number): page(number) for number in FIRST})
    assert (first["reading/learnt"], first["reading/in-full/no-model"]) == (1, 20)
    second = site.crawl({path(number): page(number) for number in SECOND})
    assert "reading/in-full/no-model" not in second
    assert second["reading/by-model"] + second.get("reading/compared", 0) == len(SECOND)
    rows = site.place.rows("select title, body_text, site_model from revision order by article_id")
    assert {row[:2] for row in rows} == {(title(n), "\n".join(lines(n))) for n in (*FIRST, *SECOND)}
    kept = site.place.rows("select id from site_model")
    assert len(kept) == 1
    assert sum(row[2] == kept[0][0] for row in rows) >= len(SECOND) + len(FIRST) - 20


def test_a_site_that_changed_its_template_is_read_in_full(site: Site) -> None:
    """Nothing is read by a model of the old template, and a model of the new one is learnt."""
    site.crawl({path(number): page(number) for number in FIRST})
    second = site.crawl({path(number): page(number, holder="article") for number in SECOND})
    assert second.get("reading/by-model", 0) <= len(SECOND) - 20
    assert second["reading/learnt"] == 1
    rows = site.place.rows("select title, body_text from revision order by article_id")
    assert set(rows) == {(title(n), "\n".join(lines(n))) for n in (*FIRST, *SECOND)}


def test_a_crawl_that_does_not_learn_reads_in_full(site: Site) -> None:
    """By default no model is made, and a known one reads nothing new."""
    site.crawl({path(number): page(number) for number in FIRST})
    del site.place.environment["UNIONCRAWL_SITE_MODELS"]
    second = site.crawl({path(number): page(number) for number in SECOND})
    assert not any(name.startswith("reading/") for name in second)
    named = site.place.rows(
        "select count(*) from revision where site_model = '' and article_id > ?", len(FIRST)
    )
    assert named == [(len(SECOND),)]
