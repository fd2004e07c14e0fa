"""The limits of what a line of a page may be hold where they are."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from tests.borders import Reads, border_cases, check_border, name_of
from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage, Listing
from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Line
from unioncrawl.page.labels import is_sentence, split_labels
from unioncrawl.page.line_kinds import (
    DISCLAIMER,
    is_boilerplate,
    is_credit,
    is_meta,
    is_running,
    is_tail_mark,
)
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.page.lists.syndication import read_syndication
from unioncrawl.page.regions import Region
from unioncrawl.sites.profile import Level, SiteProfile

TITLE = "雁川市总工会为货车司机建起暖心驿站"
TEXT = "雁川市总工会在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。"


def _line(text: str) -> Line:
    return Line(text, text, 0, 0, 0, Region.PLAIN, etree.Element("p"))


def _listed(body: str) -> Listing:
    """What a list page with this body lists; the address of its second page may be /l_2.html."""
    profile = SiteProfile(id="a", name="雁川市总工会", level=Level.CITY, family="generic", hosts=("e.org",))
    return read_listing(DecodedPage(url="http://e.org/l.html", text=body, encoding="utf-8"), profile)


def _is_left_out(line: str) -> bool:
    """Whether a line under a story is not a paragraph of it."""
    page = (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>发布时间：2024-03-05</div>"
        f"<div><p>{TEXT}</p><p>{TEXT}</p><p>{line}</p></div></body></html>"
    )
    found = extract_page(DecodedPage(url="http://example.org/1.html", text=page, encoding="utf-8")).article
    assert found is not None
    return line not in found.body_text.split("\n")


def _title_in_feed(title: str) -> str:
    feed = f"<rss><item><link>/1.html</link><title>{title}</title></item></rss>"
    found = read_syndication(DecodedPage(url="http://e.org/rss", text=feed, encoding="utf-8"))
    assert found is not None
    return found.listing.links[0].title


READERS: dict[str, Reads] = {
    "next_page": lambda body: _listed(body).next_page,
    "page_count": lambda body: _listed(body).page_count,
    "date_of_entry": lambda body: any(one.url == "http://e.org/1.html" for one in _listed(body).links),
    "is_read_in_feed": lambda title: "&" not in _title_in_feed(title),
    "is_boilerplate": is_boilerplate,
    "is_disclaimer": DISCLAIMER.match,
    "is_tail_mark": is_tail_mark,
    "is_meta": is_meta,
    "is_running": lambda text: is_running(_line(text)),
    "is_dated": is_dated,
    "is_split": split_labels,
    "is_sentence": is_sentence,
    "is_credit": is_credit,
    "is_left_out": _is_left_out,
}


@pytest.mark.parametrize("case", border_cases("page"), ids=name_of)
def test_holds_its_limits(case: dict[str, Any]) -> None:
    """A line at the limit of its kind is of it, and one a character beyond is not."""
    check_border(case, READERS)
