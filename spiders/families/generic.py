"""Any other site: list pages and a pattern for the addresses of articles, feeds, sitemaps.

A column's address may be a list page, an RSS or Atom feed, or a sitemap; which
one it is shows when it comes.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from unioncrawl import outcomes
from unioncrawl.archive.captures.content_coding import unpacked
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import DecodeError, UnpacksTooLarge
from unioncrawl.fields.dates.clean import parse_published
from unioncrawl.model import Listing, ListLink
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.page.lists.syndication import read_syndication
from unioncrawl.sites.families import FAMILIES

from ..components.decode_middleware import mark_unread
from ..crawl.site_spider import Output, SiteSpider
from ..responses import PageResponse, is_page, raw_page

_GZIP = b"\x1f\x8b"
_A_DAY = timedelta(days=1)


class GenericSpider(SiteSpider):
    """A site of no known system."""

    def __init__(self, *args: Any, **kwargs: str) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(*args, **kwargs)
        self._maps: defaultdict[int, deque[str]] = defaultdict(deque)

    def read_list(self, response: PageResponse) -> Listing:
        """The entries of a feed or sitemap whose addresses are articles, or those of a list page.

        Where the site file names no pattern and the general one finds nothing on a list,
        its entries are the links that have a date beside them.
        """
        found = read_syndication(response.page)
        if found is None:
            listing = super().read_list(response)
            own = [link for link in listing.links if urlsplit(link.url).netloc in self.profile.hosts]
            if own or self.profile.article_url != FAMILIES["generic"].article_url:
                return listing
            return read_listing(response.page, self.profile.model_copy(update={"article_url": ""}))
        pattern = re.compile(self.profile.article_url)
        links = tuple(link for link in found.listing.links if pattern.search(link.url))
        return replace(found.listing, links=links)

    def parse_list(self, response: Response, column: int) -> Output:
        """Follow an index of sitemaps into its parts; read everything else as a list.

        @asks_for_articles
        """
        response = _unpacked(response)
        found = read_syndication(response.page) if is_page(response) else None
        if found is None or not found.children:
            yield from super().parse_list(response, column)
            return
        self.count("list/pages")
        walk = self.walks[column]
        changed = [link.url for link in found.children if not self._is_unchanged(link, column)]
        maps = walk.new_sitemaps(changed)
        if walk.limit is not None:
            yield from self.end_walk(walk, response)
        if all(link.date_raw for link in found.children):
            # Newest first: the walk goes on only while there is news.
            self._maps[column].extend(maps)
            maps = [self._maps[column].popleft()] if maps else []
        for url in maps:
            yield self.list_request(url, column)
        if not maps and not walk.stopped:
            walk.stopped = "known"

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """The next sitemap of an index, or the next list page."""
        if self._maps[column]:
            return self.list_request(self._maps[column].popleft(), column)
        return super().next_list_request(listing, response, column)

    def _is_unchanged(self, link: ListLink, column: int) -> bool:
        """Whether a sitemap was last changed before the last complete walk, by more than a day."""
        settled_at = self.settled_at(self.walks[column])
        changed = parse_published(link.date_raw) if link.date_raw else None
        return bool(settled_at and changed and changed.at < settled_at - _A_DAY and not self.arguments.full)


def _unpacked(response: Response) -> Response:
    """A sitemap that is served as a gzip file (sitemap.xml.gz), unpacked; anything else as it is."""
    if is_page(response) or not response.body.startswith(_GZIP):
        return response
    try:
        raw = replace(raw_page(response), body=unpacked(response.body, {"content-encoding": "gzip"}))
        page = decode_raw(raw)
    except UnpacksTooLarge as error:
        mark_unread(response.meta, outcomes.UNPACKS_TOO_LARGE, error.message)
        return response
    except (DecodeError, ValueError):
        return response
    return PageResponse(
        url=response.url,
        status=response.status,
        headers=response.headers,
        body=raw.body,
        request=response.request,
        encoding=page.encoding,
        page=page,
    )
