"""博达 VSB webber: ``/info/1016/7929.htm``, lists ``/xwdt.htm``, then ``/xwdt/12.htm`` … ``/xwdt/1.htm``.

The file number of a list page falls as its articles get older. The page links
to the next one; where its pager is only a form, the number is counted down from
the page before.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from unioncrawl.language.printed_number import small_number
from unioncrawl.model import Listing
from unioncrawl.urls import absolute_url

from ..crawl.site_spider import SiteSpider
from ..responses import is_page

_NUMBERED = re.compile(r"/[^/?#]*/(?P<number>\d+)\.htm$")


class VsbSpider(SiteSpider):
    """A VSB webber site."""

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """Follow the page's link, or count the file number down."""
        if listing.next_page:
            return self.list_request(listing.next_page, column)
        numbered = _NUMBERED.search(response.url)
        if numbered is None:
            return self._second_page(response, column)
        number = small_number(numbered["number"])
        if number is None or number <= 1:
            return None
        return self.list_request(absolute_url(response.url, f"{number - 1}.htm"), column)

    def _second_page(self, response: Response, column: int) -> Request | None:
        """After ``/xwdt.htm`` comes the highest number that it links to, ``/xwdt/12.htm``."""
        stem = urlsplit(response.url).path.removesuffix(".htm")
        text = response.text if is_page(response) else ""
        name = re.escape(stem.rpartition("/")[2])
        linked = map(small_number, re.findall(rf"[\"'/]{name}/(\d+)\.htm", text))
        numbers = [number for number in linked if number is not None]
        return (
            self.list_request(absolute_url(response.url, f"{stem}/{max(numbers)}.htm"), column)
            if numbers
            else None
        )
