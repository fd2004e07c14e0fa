"""中工网: four generations of addresses, all still linked to.

``/c/2025-04-28/8510641.shtml`` now; ``/43/201410/24/141024152506206.shtml`` before,
whose lists go on at ``32839_2.shtml`` … until one is empty, without a link. The
e-paper of 工人日报 has a folder for each page of each day.
"""

from __future__ import annotations

import re

from scrapy import Request
from scrapy.http import Response

from unioncrawl.language.printed_number import small_number
from unioncrawl.model import Listing
from unioncrawl.urls import absolute_url

from .epaper import EpaperSpider

_OLD_LIST = re.compile(r"/(?P<name>\d+)(?:_(?P<number>\d+))?\.shtml$")


class WorkercnSpider(EpaperSpider):
    """A channel of 中工网, or its e-paper."""

    index_url = re.compile(
        r"/papers/\w+/(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})/\d+/(?!news-)[\w-]*(?:\.s?html?)?$"
    )

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """Follow the page's link, or count an old list's file name up."""
        old = _OLD_LIST.search(response.url)
        number = small_number(old["number"] or "1") if old else None
        if listing.next_page or old is None or number is None or not listing.links:
            return super().next_list_request(listing, response, column)
        return self.list_request(absolute_url(response.url, f"{old['name']}_{number + 1}.shtml"), column)
