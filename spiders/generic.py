"""Any other site: list pages and a pattern for the addresses of articles, feeds, sitemaps.

A column's address may be a list page, an RSS or Atom feed, or a sitemap; which
one it is shows when it comes.
"""

from __future__ import annotations

import re

from scrapy.http import Response

from unioncrawl.extract.syndication import read_syndication
from unioncrawl.model import Listing

from .base import Output, SiteSpider
from .responses import PageResponse, is_page


class GenericSpider(SiteSpider):
    """A site of no known system."""

    def read_list(self, response: PageResponse) -> Listing:
        """The entries of a feed or sitemap whose addresses are articles, or those of a list page."""
        found = read_syndication(response.page)
        if found is None:
            return super().read_list(response)
        pattern = re.compile(self.profile.article_url)
        links = tuple(link for link in found.listing.links if pattern.search(link.url))
        return Listing(url=response.url, links=links)

    def parse_list(self, response: Response, column: int) -> Output:
        """Follow an index of sitemaps into its parts; read everything else as a list."""
        found = read_syndication(response.page) if is_page(response) else None
        if found is None or not found.children:
            yield from super().parse_list(response, column)
            return
        for url in found.children:
            yield self.list_request(url, column)
