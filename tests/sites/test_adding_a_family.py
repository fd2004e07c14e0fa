"""What docs/adding-a-family.md shows works as it is printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from spiders.crawl.site_spider import SiteSpider
from unioncrawl.model import Listing
from unioncrawl.sites.families import FAMILIES, read_families
from unioncrawl.sites.profile import Column, Level, SiteProfile

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-family.md"
LIST = "http://www.linxi-gh.example/c/gzdt/"
ARTICLE = "http://www.linxi-gh.example/c/gzdt/20250314-1023.jh"


def block(language: str) -> str:
    """The page's example in one language."""
    found = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    example: str = found[0]
    return example


def test_the_entry_knows_the_familys_addresses_and_traces() -> None:
    """The printed table reads as a family whose patterns match the printed addresses, each its own kind."""
    (family,) = read_families(block("toml")).values()
    assert family.id not in FAMILIES
    text = PAGE.read_text(encoding="utf-8")
    assert ARTICLE in text
    assert re.search(family.article_url, ARTICLE)
    assert not re.search(family.article_url, LIST)
    assert re.search(family.list_url, LIST)
    assert not re.search(family.list_url, ARTICLE)
    page = '<!-- JiaheCMS 3 --><script src="/jhcms/js/front.js"></script>'
    assert all(re.search(trace, page) for trace in family.traces)


def test_the_module_follows_the_pager() -> None:
    """The printed class asks for the page of the pager's attribute, and for no page after the last one."""
    names: dict[str, Any] = {"__name__": "spiders.families.jiahe", "__package__": "spiders.families"}
    exec(compile(block("python"), str(PAGE), "exec"), names)  # noqa: S102 - the document's own example
    family: type[SiteSpider] = names["JiaheSpider"]
    column = Column(name="工作动态", url=LIST)
    profile = SiteProfile(
        id="linxi", name="临溪市总工会", level=Level.CITY, family="generic",
        hosts=("www.linxi-gh.example",), columns=(column,),
    )  # fmt: skip
    kind: type[SiteSpider] = type("Linxi", (family,), {"name": "linxi", "profile": profile})
    spider = kind.from_crawler(get_crawler(kind))
    assert isinstance(spider, SiteSpider)
    page = '<ul></ul><div class="jh-pager" data-next="p2.jh"></div>'
    request = spider.next_list_request(Listing(url=LIST), HtmlResponse(LIST, body=page, encoding="utf-8"), 0)
    assert request is not None
    assert request.url == f"{LIST}p2.jh"
    assert (
        spider.next_list_request(Listing(url=LIST), HtmlResponse(LIST, body="<ul></ul>", encoding="utf-8"), 0)
        is None
    )
