"""Seven union sites for measuring whole crawls: six of known systems, one of none, each with its own pages.

A page is made when it is asked for, always the same: its place decides its text. A tenth of the
articles reprint one of another site, three in a hundred round up others; so large a share as is
asked for is damaged as mirrors damage. Sizes and elements are those of real pages of such sites
(`docs/performance.md`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from random import Random

from bench.material.edits import EDITS
from bench.material.page_templates import Link, Near, PageTemplate, rows
from bench.material.prose import Prose
from bench.material.roundup_forms import numeral
from bench.material.site_systems import PER_LIST_PAGE, SYSTEMS, articles_of, list_pages
from unioncrawl.practice.listener import Listener, Request, Response, robots_txt
from unioncrawl.practice.mirror_site import ANNOTATED
from unioncrawl.repair.mirror_model.forward import Mirror, damage

REPRINTED, ROUNDED_UP = 0.1, 0.03
_HIGHEST = 990_000
_NEWEST = datetime(2026, 11, 20, 18, 0)  # noqa: DTZ001 - a page prints local time without a zone
# A reprint follows within days: so many articles of all sites lie between the two at most.
_APART = 60
_COPIES = [
    edit for edit in EDITS if edit.name in ("copy under another title", "本报讯 added", "slips of the pen")
]
_MIRROR = Mirror(annotated=ANNOTATED)
_NUMBER = re.compile(r"(?<!\d)(9[0-9]{5})(?!\d)")
_SOURCES = ("工人日报", "中工网", "新华社", "本站", "省总工会办公室", "人民网", "劳动报")
_ENTRY = '<li><span class="date">{date}</span><a href="{url}" title="{text}" target="_blank">{text}</a></li>'
_DENIED = b"User-agent: *\nDisallow: /api\nDisallow: /plus/\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article before it becomes a page. ``story`` is the number of the text that it prints."""

    story: int
    title: str
    lines: tuple[str, ...]
    source: str
    author: str
    editor: str
    hits: int
    pictures: tuple[tuple[int, str], ...] = ()


def _drawn(number: int) -> float:
    return Random(f"kind {number}").random()


@lru_cache(maxsize=4096)
def _title(number: int) -> str:
    return Prose(Random(f"title {number}")).write("title")


def _story(number: int) -> list[str]:
    return Prose(Random(f"story {number}")).story()


def _origin(number: int) -> int:
    """Return the number of the article whose text this one prints: its own, or an older one elsewhere."""
    story = number
    while _drawn(story) < REPRINTED or (story != number and (story - number) % len(SYSTEMS) == 0):
        story += 1 + Random(f"origin {story}").randrange(_APART)
    return story


def make_item(number: int) -> Item:
    """Return the article of this number among all sites' articles, 0 being the newest."""
    chance = Random(f"item {number}")
    prose, story, drawn = Prose(chance), _origin(number), _drawn(number)
    lines = _story(story)
    if story != number:
        lines = chance.choice(_COPIES).make(lines, chance)
    elif drawn < REPRINTED + ROUNDED_UP:
        lines = [line for one in range(1, 4) for line in _rounded_up(one, number + 7 * one)]
    shown = range(len(lines)) if chance.random() < 0.4 else ()
    return Item(
        story=story,
        title=_title(story),
        lines=tuple(lines),
        source=chance.choice(_SOURCES),
        author=prose.write("name"),
        editor=prose.write("name"),
        hits=int(20 * chance.paretovariate(0.9)),
        pictures=tuple((at, prose.write("caption")) for at in shown[: 3 * chance.randint(1, 3) : 3]),
    )


def _rounded_up(place: int, number: int) -> list[str]:
    return [f"{numeral(place)}、{_title(number)}", *_story(number)[:2]]


class NewsSite:
    """One of the sites, with so many articles; ``order`` is its place among `SYSTEMS`."""

    def __init__(self, order: int, count: int, damaged: float) -> None:
        self.system = SYSTEMS[order]
        self.site_id = f"bench-{self.system.name}"
        self.name = self.system.union
        self.count = count
        self._order, self._damaged = order, damaged
        self.list_pages = list_pages(count)
        fixed = {"site": self.name, "column": "基层动态", "list": self.system.lists[0]}
        self._template = PageTemplate(self.system.name, fixed)

    def number(self, place: int) -> int:
        """Return the number, among the articles of all sites, of the one at this place of the list."""
        return place * len(SYSTEMS) + self._order

    def published(self, place: int) -> datetime:
        """Return when the article at this place was published."""
        return _NEWEST - timedelta(minutes=37 * self.number(place))

    def path(self, place: int) -> str:
        """Return the address of the article at this place."""
        return self.system.article_path(self.published(place), _HIGHEST - place)

    def is_damaged(self, place: int) -> bool:
        """Whether the page at this place is one of the damaged ones."""
        return Random(f"damage {self.number(place)}").random() < self._damaged

    def link(self, place: int) -> Link:
        """Return what a list shows of the article at this place."""
        title = item_title(self.number(place))
        return Link(self.path(place), escape(title), f"{self.published(place):%Y-%m-%d}")

    def page(self, place: int) -> bytes:
        """Return the page of the article at this place."""
        item, at = make_item(self.number(place)), self.published(place)
        pictures = {line: Link(f"{_HIGHEST - place}_{line}", text) for line, text in item.pictures}
        earlier, later = self.link(min(place + 1, self.count - 1)), self.link(max(place - 1, 0))
        values = {
            "title": escape(item.title, quote=False),
            "lead": escape(item.lines[0][:120]),
            "number": str(_HIGHEST - place),
            "date": f"{at:%Y-%m-%d}",
            "time": f"{at:%H:%M}",
            "clock": f"{at:%H:%M:%S}",
            "plain_date": f"{at:%Y}/{at.month}/{at.day} {at:%H:%M:%S}",
            "source": item.source,
            "author": item.author,
            "editor": item.editor,
            "hits": str(item.hits),
            "body": self._template.body(item.lines, pictures),
            "earlier": earlier.text,
            "earlier_url": earlier.url,
            "later": later.text,
            "later_url": later.url,
        }
        html = self._template.article(values, self._near(place))
        return self._encoded(damage(html, _MIRROR) if self.is_damaged(place) else html)

    def _encoded(self, html: str) -> bytes:
        return html.encode(self.system.encoding)

    def _near(self, place: int) -> Callable[[Near, int], Iterable[Link]]:
        """Return what the lists of a page show: beside the article its neighbours, else what is read most."""

        def near(wanted: Near, lists: int) -> Iterator[Link]:
            first = place + 1 if wanted.is_inside else place // 150 * 150 + 40 * lists
            return (self.link((first + at) % self.count) for at in range(wanted.count))

        return near

    def list_page(self, page: int) -> bytes:
        """Return a list page, the first being 1."""
        places = range((page - 1) * PER_LIST_PAGE, min(page * PER_LIST_PAGE, self.count))
        following = f'<a href="{self.system.list_path(page + 1, self.list_pages)}">下一页</a>'
        extra = self.system.extra.replace("{pages}", str(self.list_pages)).replace("{current}", str(page - 1))
        pager = extra or (following if page < self.list_pages else "")
        entries = f'<ul class="newslist">\n{rows(_ENTRY, map(self.link, places))}</ul>\n'
        html = self._template.listing(
            f'{entries}<div class="pages">共{self.list_pages}页 {pager}</div>\n',
            {"title": "基层动态"},
            self._near(places.start),
        )
        return self._encoded(html)

    def answer(self, request: Request) -> Response:
        """Return the response to one request."""
        if request.path == "/robots.txt":
            return robots_txt(_DENIED)
        if self.system.counter and request.path == self.system.counter:
            return Response(body=self._counted(request).encode())
        headers = (("Content-Type", f"text/html; charset={self.system.encoding}"),)
        if self.system.encoding != "utf-8":
            headers = (("Content-Type", "text/html"),)
        if page := self._list_number(request.target):
            return Response(body=self.list_page(page), headers=headers)
        if (found := _NUMBER.search(request.target)) and 0 <= (
            place := _HIGHEST - int(found[1])
        ) < self.count:
            return Response(body=self.page(place), headers=headers)
        return Response(body=b"<h1>404</h1>", status=404, headers=headers)

    def _list_number(self, target: str) -> int:
        """Return which list page an address names; 0 where it names none."""
        return self._lists().get(target, 0)

    @lru_cache(maxsize=1)  # noqa: B019 - a site lives as long as its server
    def _lists(self) -> dict[str, int]:
        paths = (self.system.list_path(page, self.list_pages) for page in range(1, self.list_pages + 1))
        return {path.replace("&amp;", "&"): page for page, path in enumerate(paths, 1)}

    def _counted(self, request: Request) -> str:
        found = _NUMBER.search(request.target)
        hits = make_item(self.number(_HIGHEST - int(found[1]))).hits if found else 0
        return self.system.answer.format(hits=hits)

    def site_file(self, host: str) -> str:
        """Return the site file with which a crawl finds this site."""
        pattern = "article_url = 'newsshow\\.php\\?nid=\\d+'\n" if self.system.family == "generic" else ""
        return (
            f'id = "{self.site_id}"\nname = "{self.name}"\nlevel = "practice"\n'
            f'family = "{self.system.family}"\n'
            f'hosts = ["{host}"]\nscheme = "http"\n{pattern}'
            f'columns = [{{ name = "基层动态", url = "http://{host}{self.system.lists[0]}" }}]\n'
            "[politeness]\ndelay_seconds = 0\nconcurrent_requests = 16\nautothrottle = false\n"
        )


def item_title(number: int) -> str:
    """Return the title of the article of this number without making its text."""
    return _title(_origin(number))


def news_sites(count: int, damaged: float = 0.05) -> list[NewsSite]:
    """Return the sites with ``count`` articles together, of which a share is damaged."""
    return [NewsSite(order, each, damaged) for order, each in enumerate(articles_of(count))]


def news_pages(count: int, damaged: float = 0.05) -> Iterator[tuple[str, bytes]]:
    """Yield ``count`` pages, the sites by turns: address and body, always the same ones."""
    sites = news_sites(count, damaged)
    for number in range(count):
        place, order = divmod(number, len(SYSTEMS))
        yield f"http://{sites[order].site_id}.example{sites[order].path(place)}", sites[order].page(place)


def listeners(sites: Iterable[NewsSite]) -> list[Listener]:
    """Return the sites on free ports, not yet started; ``url`` is each one's address."""
    return [Listener(site, 0, Counter()) for site in sites]
