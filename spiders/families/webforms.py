"""ASP.NET WebForms: ``newshow.aspx?id=3811&mid=166``, lists paged by ``__doPostBack``.

Every list page has the same address: the next one comes by a POST of the page's
own hidden fields with the pager's name and the page number. The body is part of
Scrapy's request fingerprint, so that no page passes for another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from parsel import Selector, SelectorList
from scrapy import Request
from scrapy.http import Response

from unioncrawl.model import Listing

from ..crawl.site_spider import SiteSpider
from ..responses import is_page, linked

_PRESSED = re.compile(
    r"__doPostBack\(\s*['\"](?P<target>[^'\"]+)['\"]\s*,\s*['\"](?P<argument>[^'\"]*)['\"]\s*\)"
)
_NEXT = re.compile(r"^(?:\W*+(?:下一?页|后页|Next)\W*+|(?=[^>›»]*+[>›»])\W++)$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}")


class WebFormsSpider(SiteSpider):
    """An ASP.NET WebForms site."""

    def next_list_request(self, listing: Listing, response: Response, column: int) -> Request | None:
        """Follow the page's link, or press its pager's button."""
        if listing.next_page or not is_page(response):
            return super().next_list_request(listing, response, column)
        form = response.xpath("//form[.//input[@name='__VIEWSTATE']]")
        pressed = _next_button(form) if form else {}
        if not pressed:
            return None
        kept = {
            field.attrib["name"]: field.attrib.get("value", "")
            for field in form.xpath(".//input[@name and (@type='hidden' or @type='text' or not(@type))]")
        }
        return self.form_request(
            linked(response, form.attrib.get("action", "")), column, {**kept, **pressed}, response.encoding
        )


def _next_button(form: SelectorList[Selector]) -> dict[str, str]:
    """The fields that pressing 下一页 adds to the form; empty on the last page.

    The button is a link that posts back, a submit button, or, in a row of
    numbers (GridView), the number after the one that is not a link.
    """
    numbers: dict[int, dict[str, str]] = {}
    for link in form.xpath(".//a[@href]"):
        pressed = _PRESSED.search(link.attrib["href"].replace("\\'", "'"))
        if pressed is None:
            continue
        fields = {"__EVENTTARGET": pressed["target"], "__EVENTARGUMENT": pressed["argument"]}
        text = "".join(link.xpath(".//text()").getall()).strip()
        if _NEXT.match(text):
            return fields
        if _NUMBER.fullmatch(text):
            numbers[int(text)] = fields
    for button in form.xpath(".//input[@type='submit' and @name and not(@disabled)]"):
        if _NEXT.match(button.attrib.get("value", "")):
            return {button.attrib["name"]: button.attrib["value"]}
    return numbers.get(_current_number(form, numbers) + 1, {})


def _current_number(form: SelectorList[Selector], numbers: Mapping[int, object]) -> int:
    """The number between the pager's links that is not itself a link; 0 without such a number."""
    for text in form.xpath(".//*[not(self::a or self::option)]/text()").getall():
        if _NUMBER.fullmatch(text.strip()):
            number = int(text)
            if number not in numbers and (number - 1 in numbers or number + 1 in numbers):
                return number
    return 0
