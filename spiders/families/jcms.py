"""大汉 JCMS: ``/art/2025/12/29/art_101583_10363084.html``, lists as XML from a data proxy.

The first list page carries the newest records as XML in a script; the rest come
from ``dataproxy.jsp``, whose address for the next group of pages stands in
``<nextgroup>`` of each answer. Where it does not, the address is built from the
page's own parameters and the number of records seen so far.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from unioncrawl.language.printed_number import small_number
from unioncrawl.model import Listing
from unioncrawl.urls import absolute_url

from ..crawl.site_spider import Output, SiteSpider
from ..responses import PageResponse, is_page

_NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[\s*<a\s+href=[\"'](?P<url>[^\"']+)", re.IGNORECASE)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)|totalRecord\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[")
_PROXY = re.compile(r"(/module/[\w/]*dataproxy\.jsp)", re.IGNORECASE)
_PARAMETERS = (
    *("col", "appid", "webid", "path", "columnid"),
    *("sourceContentType", "unitid", "webname", "permissiontype"),
)
# Keys of a request's meta: how many records came before it, and the proxy's parameters.
_SEEN, _GIVEN = "jcms_seen", "jcms_parameters"
_PER_REQUEST = 45


class JcmsSpider(SiteSpider):
    """A JCMS site."""

    def parse_list(self, response: Response, column: int) -> Output:
        """Read a list; a proxy that gives nothing to a POST is asked by a GET, which most answer as well.

        @asks_for_articles
        """
        posted = response.request is not None and response.request.method == "POST"
        if posted and not (is_page(response) and _RECORD.search(response.text)):
            query = urlencode(response.meta[_GIVEN])
            meta = {name: response.meta[name] for name in (_SEEN, _GIVEN)}
            yield self.list_request(f"{response.url}&{query}", column, meta=meta)
            return
        yield from super().parse_list(response, column)

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """Ask the data proxy for the next records; the page's own pager is only script."""
        if not is_page(response):
            return None
        records = len(_RECORD.findall(response.text)) or len(listing.links)
        if not records:
            return None
        named = _NEXT_GROUP.search(response.text)
        if named:
            url = unescape(named["url"])
            return self.list_request(absolute_url(self._page_url(column), url) or url, column)
        built = self._built(response, records, column)
        # Without the proxy's traces the list is a plain one.
        return built or super().next_list_request(listing, response, column)

    def _page_url(self, column: int) -> str:
        return self.walks[column].column.url

    def _built(self, response: PageResponse, records: int, column: int) -> Request | None:
        """The POST that the page's script sends: the position in the address, the column in the body."""
        total = _TOTAL.search(response.text)
        proxy = _PROXY.search(response.text) or _PROXY.search(response.url)
        seen = response.meta.get(_SEEN, 0) + records
        if total is None or proxy is None:
            return None
        printed_total = small_number(total[1] or total[2])
        # A total too large for any list does not end the walk: the proxy is asked until it has no more.
        if printed_total is not None and seen >= printed_total:
            return None
        given = response.meta.get(_GIVEN) or _parameters(response.text, self._page_url(column))
        position = {"startrecord": seen + 1, "endrecord": seen + _PER_REQUEST, "perpage": _PER_REQUEST}
        return self.form_request(
            urljoin(self._page_url(column), f"{proxy[1]}?{urlencode(position)}"),
            column,
            given,
            headers={"Referer": self._page_url(column)},
            meta={_SEEN: seen, _GIVEN: given},
        )


def _parameters(text: str, column_url: str) -> dict[str, str]:
    """The proxy's parameters as the page's script names them; the column's number from its address."""
    found = {}
    for name in _PARAMETERS:
        match = re.search(rf"\b{name}\b['\"]?\s*[:=]\s*['\"]?([^'\",;&}}\s]*)", text, re.IGNORECASE)
        if match:
            found[name] = match[1]
    number = re.search(r"/col/?col(\d+)", urlsplit(column_url).path)
    if number:
        found.setdefault("columnid", number[1])
    return {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0", **found}
