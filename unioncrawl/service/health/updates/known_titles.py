"""The articles that an archive has of a site, found again by their titles on pages that have changed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from unioncrawl.archive.schema import article, revision, site, site_column
from unioncrawl.page.document import squash
from unioncrawl.sites.recognise import PageLink

# The newest articles of a site: more than its lists show on their first pages.
_MOST_KNOWN = 500
# Lists cut titles; so many characters are still one article's.
_SHORTEST_CUT = 8
# What a link holds besides the title: the date after it, or before.
_DATES = re.compile(r"^\d[\d年月日]+|\d[\d年月日]{1,13}$")


class KnownArticle(NamedTuple):
    """An archived article: its title without white space, its column, address, time and text."""

    title: str
    column: str
    url: str
    published_at: datetime | None
    text: str


class KnownTitles:
    """The archived articles of a site by their titles; a title that two articles have is no proof."""

    def __init__(self, articles: Iterable[KnownArticle]) -> None:
        self._by_title: dict[str, KnownArticle | None] = {}
        for one in articles:
            self._by_title[one.title] = None if one.title in self._by_title else one
        self._ordered = sorted(self._by_title)

    def __len__(self) -> int:
        return len(self._by_title)

    def find(self, link: PageLink) -> KnownArticle | None:
        """Return the article that a link names, also by a title that was cut; None for another link.

        >>> article = KnownArticle("市总工会召开全委会议部署工作", "要闻", "http://a.cn/1", None, "")
        >>> known = KnownTitles([article])
        >>> known.find(PageLink("市总工会召开全委会议…", "", "http://a.cn/x")).url
        'http://a.cn/1'
        >>> known.find(PageLink("市总工会召开", "", "http://a.cn/x"))
        """
        shown = [squash(link.title), squash(link.text)]
        forms = (*shown, *(_DATES.sub("", text) for text in shown))
        return next((found for text in forms if (found := self._named(text)) is not None), None)

    def _named(self, text: str) -> KnownArticle | None:
        if text in self._by_title:
            return self._by_title[text]
        start = text.rstrip("….⋯·")
        place = bisect_left(self._ordered, start)
        if len(start) < _SHORTEST_CUT or place == len(self._ordered):
            return None
        title = self._ordered[place]
        return self._by_title[title] if title.startswith(start) else None


def known_titles(connection: Connection, key: str) -> KnownTitles:
    """Return the newest archived articles of a site."""
    query = (
        select(
            revision.c.title, site_column.c.name, article.c.url, article.c.published_at, revision.c.body_text
        )
        .select_from(article)
        .join(site, site.c.id == article.c.site_id)
        .join(revision, revision.c.id == article.c.revision_id)
        .outerjoin(site_column, site_column.c.id == article.c.column_id)
        .where(site.c.key == key, article.c.withdrawn_at.is_(None))
        .order_by(article.c.id.desc())
        .limit(_MOST_KNOWN)
    )
    rows = connection.execute(query)
    return KnownTitles(
        KnownArticle(squash(title), column or "", url, at, text) for title, column, url, at, text in rows
    )
