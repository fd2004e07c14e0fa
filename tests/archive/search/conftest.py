"""A few articles in either database, to be searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from unioncrawl.archive.search.answer import SearchAnswer, SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article
from unioncrawl.sites.profile import Column, Level, SiteProfile

TIME = datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC)

ARTICLES: list[dict[str, Any]] = [
    {"title": "市总工会送清凉", "body_text": "职工代表说，5·1 将至。", "source": "工人日报", "hits": 1500},
    {
        "title": "劳模座谈",
        "body_text": "總工會邀請勞模座談，並發放慰問品。",
        "site": "mirror-a_b",
        "hits": 20,
    },
    {"title": "普通新闻", "body_text": "工作会议上，会员工人代表发言。", "published_at": None},
    {"title": "APP 上线", "lead_title": "工会", "body_text": "下载职工app，服务热线559。", "column": "要闻"},
    {
        "title": "会议",
        "subtitle": "副题里有劳动竞赛",
        "body_text": "全文很短。",
        "published_at": TIME - timedelta(days=400),
    },
    {"title": "空格", "body_text": "总 工 会 拆开写了，五·一 也在。100%_完成'\"--"},
]


def _article(number: int, values: dict[str, Any]) -> Article:
    defaults: dict[str, Any] = {
        "url": f"http://example.cn/{number}",
        "site": "xian",
        "published_at": TIME + timedelta(hours=number),
        "fetched_at": TIME,
    }
    return Article(**{**defaults, **values})


@dataclass
class Shelf:
    """An archive to put articles into and to ask."""

    archive: Archive

    def fill(self, articles: list[dict[str, Any]]) -> None:
        """Store articles of these values in one run."""
        number = self.archive.begin_run("xian", {})
        for position, values in enumerate(articles, 1):
            self.archive.store(_article(position, values), number)
        self.archive.flush()

    def ask(self, query: str, **more: Any) -> SearchAnswer:
        """What a search answers."""
        with self.archive.engine.connect() as connection:
            return search(connection, SearchRequest(query=query, **more))

    def ids(self, query: str, **more: Any) -> list[int]:
        """The articles that a query finds, in order."""
        answer = self.ask(query, **more)
        assert answer.total == len(answer.results)
        return [hit.id for hit in answer.results]


@pytest.fixture
def empty_shelf(any_archive: str) -> Iterator[Shelf]:
    """An empty archive with two sites."""
    with Archive.open(any_archive) as archive:
        for key, level in (("xian", Level.CITY), ("mirror-a_b", Level.MIRROR)):
            columns = (Column(name="要闻", url=f"http://{key}.cn/yw/"),)
            archive.ensure_site(
                SiteProfile(
                    id=key, name=key, level=level, region="610100", family="x", hosts=(key,), columns=columns
                )
            )
        yield Shelf(archive)


@pytest.fixture
def shelf(empty_shelf: Shelf) -> Shelf:
    """The articles above."""
    empty_shelf.fill(ARTICLES)
    return empty_shelf
