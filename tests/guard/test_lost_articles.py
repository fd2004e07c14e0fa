"""Articles that come by the same detour do not hide each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.guard.hostile import Answer, Hostile, page
from tests.guard.place import Place
from tests.guard.stories import article, listing

_ALL = tuple(range(1, 7))
_MOVED = (3, 4, 5, 6)
_REFRESH = "<html><head><meta http-equiv='refresh' content='0;url=/busy.html'></head><body></body></html>"
DETOURS: dict[str, Callable[[], Answer]] = {
    "redirect": lambda: Answer(b"", 302, (("Location", "/busy.html"),)),
    "refresh": lambda: page(_REFRESH),
    "unchanged": lambda: Answer(b"", 304),
}


@pytest.mark.parametrize("name", DETOURS)
def test_articles_sent_to_one_busy_page_are_each_recorded(place: Place, hostile: Hostile, name: str) -> None:
    """Four articles that lead to one page that is busy are four rejections under their own addresses."""
    paths = {number: f"/20250301/{number}.html" for number in _ALL}
    for number, path in paths.items():
        hostile.pages[path] = DETOURS[name]() if number in _MOVED else page(article(number, "绕"))
    hostile.pages["/busy.html"] = page("<html><body><h1>503</h1></body></html>", 503)
    hostile.pages["/list.html"] = page(listing(list(paths.values())))
    place.site("detours", hostile.host, [f"{hostile.url}/list.html"])
    ended = place.run("scrapy", "crawl", "detours", "-s", "RETRY_TIMES=0")
    rejected = " ".join(place.rejections("detours"))
    assert [n for n in _MOVED if paths[n] not in rejected] == [], ended.said
    assert len(place.stored("detours")) == len(_ALL) - len(_MOVED)


def test_an_article_that_leads_to_another_one_is_known_by_both_addresses(
    place: Place, hostile: Hostile
) -> None:
    """A list that names an article and an address that redirects to it: one article, and its alias."""
    hostile.pages["/20250301/1.html"] = page(article(1, "双"))
    hostile.pages["/20250301/2.html"] = Answer(b"", 301, (("Location", "/20250301/1.html"),))
    hostile.pages["/list.html"] = page(listing(["/20250301/1.html", "/20250301/2.html"]))
    place.site("detours", hostile.host, [f"{hostile.url}/list.html"])
    ended = place.unioncrawl("crawl", "detours")
    assert place.stored("detours") == [f"{hostile.url}/20250301/1.html"], ended.said
    aliases = [url for (url,) in place.rows("select url from url_alias")]
    assert f"{hostile.url}/20250301/2.html" in aliases
