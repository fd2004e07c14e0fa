"""What visitors ask a reader: words, phrases and filters from the archive's own news, and its pages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from urllib.parse import quote

_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST_WORD = 8
# Words that everybody asks for, and that nearly every article has or hardly any.
_COMMON = ("工会", "职工", "劳动", "会议", "企业", "服务", "北京", "竞赛", "工", "龘", "貔貅")
# Each is made of two words, a site and a year of the archive.
_FORMS = (
    "{one} {two}", "{one} OR {two}", "{one} -{two}", '"{one}{two}"', "({one} OR {two}) -工会",
    "{one} site:{site}", "site:{site}", "{one} since:{year}", "since:{year} until:{year}",
    "{one} level:city", "{one} source:劳动报", "{one} column:要闻", "{one} hits:>1000", "{one}{two}",
)  # fmt: skip
_STATISTICS = (
    "/sites", "/trends", "/trends?q=工会&q=职工&q=劳动&by=week", "/trends?by=day", "/trends?q=工会&share=1",
    "/hits", "/reprints", "/runs", "/reports", "/reports/coverage", "/reports/fields",
    "/reports/fields?days=3650", "/reports/adoption", "/help/search",
)  # fmt: skip
# Pages of an article that has most of something, by the query for its number.
_EXTREMES = {
    "the longest": "SELECT article_id FROM revision ORDER BY length(body_text) DESC LIMIT 1",
    "most mirrors": (
        "SELECT article_id FROM reprint_member WHERE group_id ="
        " (SELECT group_id FROM reprint_member GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) LIMIT 1"
    ),
    "most visits": "SELECT article_id FROM observation GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    "most captures": "SELECT article_id FROM capture GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    "most revisions": "SELECT article_id FROM revision GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
}
_OF_ARTICLE = ("", "/repair", "/ledger", "/lineage", "/cite")
_API = (
    "search?q=工会&facets=1",
    "articles?q=职工&limit=20",
    "hits",
    "reprints",
    "sites",
    "runs",
    "articles/{number}",
)


class Questions:
    """Draws what to ask of one archive; the same seed draws the same."""

    def __init__(self, archive: Path, chance: Random) -> None:
        self._chance = chance
        with closing(sqlite3.connect(archive)) as connection:
            numbers = connection.execute("SELECT id FROM article ORDER BY id").fetchall()
            self._numbers: list[int] = [number for (number,) in numbers]
            drawn = chance.choices(self._numbers, k=300)
            places = ",".join(map(str, drawn))
            texts = f"SELECT title || char(10) || body_text FROM revision WHERE article_id IN ({places})"  # noqa: S608 - numbers
            self._runs: list[str] = [
                run for (text,) in connection.execute(texts) for run in _RUN.findall(text)
            ]
            self._sites: list[str] = [key for (key,) in connection.execute("SELECT key FROM site")]
            years = "SELECT DISTINCT substr(published_at, 1, 4) FROM article WHERE published_at IS NOT NULL"
            self._years: list[str] = [year for (year,) in connection.execute(years)]
            self._extremes = {
                name: found[0]
                for name, query in _EXTREMES.items()
                if (found := connection.execute(query).fetchone())
            }
        self.articles = len(self._numbers)

    def word(self) -> str:
        """Return a word as somebody might type it: mostly of two to four characters."""
        if self._chance.random() < 0.15:
            return self._chance.choice(_COMMON)
        run = self._chance.choice(self._runs)
        length = self._chance.choices(range(1, _LONGEST_WORD + 1), (1, 6, 4, 6, 2, 2, 1, 1))[0]
        start = self._chance.randrange(max(1, len(run) - length + 1))
        return run[start : start + length]

    def query(self) -> str:
        """Return a query: in three of five cases a word alone."""
        if self._chance.random() < 0.6:
            return self.word()
        site, year = self._chance.choice(self._sites), self._chance.choice(self._years)
        return self._chance.choice(_FORMS).format(one=self.word(), two=self.word(), site=site, year=year)

    def searches(self) -> Iterator[str]:
        """Yield search pages, without end."""
        while True:
            order = "&order=relevance" if self._chance.random() < 0.2 else ""
            yield f"/?q={quote(self.query())}{order}"

    def articles_of(self) -> Iterator[str]:
        """Yield pages of articles, without end."""
        while True:
            yield f"/articles/{self._chance.choice(self._numbers)}"

    def mix(self) -> Iterator[str]:
        """Yield what a busy reader is asked: of ten pages six articles, three searches, one of the rest."""
        searches, articles = self.searches(), self.articles_of()
        while True:
            drawn = self._chance.random()
            if drawn < 0.6:
                yield next(articles)
            elif drawn < 0.9:
                yield next(searches)
            else:
                number = self._chance.choice(self._numbers)
                some = (
                    f"/articles/{number}/lineage",
                    f"/articles/{number}/repair",
                    f"/api/v1/articles/{number}",
                    "/feed.json",
                )
                yield self._chance.choice(some)

    def every_page(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the address of each kind of page, with the articles that have most to show."""
        yield from (
            (page, quote(page, safe="/?&=")) for page in ("/", "/?q=工会", "/?q=工会&order=relevance")
        )
        for name, number in self._extremes.items():
            yield from ((f"{name}: article{part}", f"/articles/{number}{part}") for part in _OF_ARTICLE)
        yield from ((page, quote(page, safe="/?&=")) for page in _STATISTICS)
        yield "/sites/{key}", f"/sites/{self._sites[0]}"
        for page in _API:
            asked = page.format(number=self._numbers[-1])
            yield f"api {page}", f"/api/v1/{quote(asked, safe='/?&=')}"
        yield from (
            (feed, quote(feed, safe="/?&=")) for feed in ("/feed.json?q=工会", "/feed.atom", "/feed.rss")
        )

    def for_both(self, number: int) -> Iterator[tuple[str, tuple[list[str], list[str]]]]:
        """Yield what is asked of both programs: ours and Datasette's addresses of the same pages."""
        words = [quote(self.word()) for _ in range(number)]
        numbers = self._chance.choices(self._numbers, k=number)
        theirs = [
            f"/archive/articles?body_text__contains={word}&_sort_desc=published_local" for word in words
        ]
        yield "search page", ([f"/?q={word}" for word in words], theirs)
        yield (
            "article page",
            (
                [f"/articles/{one}" for one in numbers],
                [f"/archive/articles?id={one}" for one in numbers],
            ),
        )
