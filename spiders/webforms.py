"""ASP.NET WebForms: ``newshow.aspx?id=3811&mid=166``, lists paged by ``__doPostBack``.

Every list page has the same address: the next one comes by a POST of the page's
own hidden fields with the pager's name and the page number. The body is part of
Scrapy's request fingerprint, so that no page passes for another.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from unioncrawl.model import Listing

from .base import SiteSpider
from .responses import PageResponse

_POST_BACK = re.compile(
    r"__doPostBack\(\s*['\"](?P<target>[^'\"]+)['\"]\s*,\s*['\"](?P<argument>[^'\"]*)['\"]\s*\)[^<>]*>"
    r"(?:<[^>]+>)*\s*(?:下一页|下页|后页|&gt;|>)",
)


class WebFormsSpider(SiteSpider):
    """An ASP.NET WebForms site."""

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """Follow the page's link, or press its pager's button."""
        if listing.next_page or not isinstance(response, PageResponse):
            return super().next_list_request(listing, response, column)
        pressed = _POST_BACK.search(unescape(response.text).replace("\\'", "'"))
        form = response.xpath("//form[.//input[@name='__VIEWSTATE']]")
        if pressed is None or not form:
            return None
        kept = {
            field.attrib["name"]: field.attrib.get("value", "")
            for field in form.xpath(".//input[@name and (@type='hidden' or @type='text' or not(@type))]")
        }
        pushed = {"__EVENTTARGET": pressed["target"], "__EVENTARGUMENT": pressed["argument"]}
        return self.list_request(
            response.urljoin(form.attrib.get("action", "")),
            column,
            method="POST",
            body=urlencode({**kept, **pushed}, encoding=response.encoding, errors="xmlcharrefreplace"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
