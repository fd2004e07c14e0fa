"""Many article pages of one size, for measuring: a template's chrome around the stories.

Each page is another mixture of the practice stories' paragraphs, so that no two
have the same text; every fifth is damaged as practice-mirror's are, which is the
share of such pages among the practice sites.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from html import escape

from unioncrawl.practice.listener import Listener, Request, Response
from unioncrawl.practice.mirror_site import ANNOTATED
from unioncrawl.practice.page_html import page_count, page_slice
from unioncrawl.practice.stories import PICTURE, Story, load_stories
from unioncrawl.repair.mirror_model.forward import Mirror, damage

SOURCE_SITES = ("practice-xunrui", "practice-empire", "practice-phpcms", "practice-asp")
DAMAGED_EVERY = 5
PER_LIST_PAGE = 100
_NEWEST = datetime(2026, 11, 20, 18, 0)  # noqa: DTZ001 - a page prints local time without a zone
_LIST = re.compile(r"/news/(?:index_(\d{1,9})\.html)?\Z", re.ASCII)
_HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
_MIRROR = Mirror(annotated=ANNOTATED)
_STYLE = "".join(
    f".mod{number}{{float:left;width:{180 + number * 4}px;margin:0 {number % 9}px;overflow:hidden}}\n"
    f".mod{number} li a{{color:#{number * 4099 % 0xFFFFFF:06x};line-height:{20 + number % 9}px}}\n"
    for number in range(24)
)
_SCRIPT = "".join(
    f'menu["m{number}"]={{url:"/col{number}/index.html",open:{str(number % 3 == 0).lower()},'
    f'icon:"/skin/default/images/ico_{number}.gif"}};\n'
    for number in range(36)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchArticle:
    """One article of the measuring site, before it becomes a page."""

    number: int
    title: str
    published: datetime
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        """``/news/2026-11-20/100001.html``."""
        return f"/news/{self.published:%Y-%m-%d}/{self.number}.html"


def bench_pages(count: int, size_bytes: int = 25_000) -> Iterator[tuple[str, bytes]]:
    """Yield ``count`` pages of about ``size_bytes``: path and body, always the same ones.

    >>> path, body = next(bench_pages(1, 25_000))
    >>> path, 24_000 < len(body) < 26_000
    ('/news/2026-11-20/100000.html', True)
    """
    for place in range(count):
        article = bench_article(place)
        yield article.path, render(article, size_bytes)


@lru_cache(maxsize=20_000)
def bench_article(place: int) -> BenchArticle:
    """Return the article at this place of the list, 0 being the newest."""
    chance = random.Random(place)
    titled, *others = chance.sample(_stories(), 5)
    paragraphs = [chance.choice(story.paragraphs) for story in others for _ in range(2)]
    return BenchArticle(
        number=100_000 + place,
        title=f"{titled.title}（{place + 1}）",
        published=_NEWEST - timedelta(minutes=37 * place),
        paragraphs=tuple(dict.fromkeys((*titled.paragraphs[:2], *paragraphs))),
    )


def render(article: BenchArticle, size_bytes: int) -> bytes:
    """Return the article's page, filled up with the chrome's link lists to about ``size_bytes``."""
    content = _content(article)
    if article.number % DAMAGED_EVERY == 0:
        content = damage(content, _MIRROR)
    start = (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(article.title)}</title>\n'
        f"<style>\n{_STYLE}</style>\n<script>\nvar menu={{}};\n{_SCRIPT}</script>\n</head>\n"
        f"<body>\n{_navigation()}{content}"
    ).encode()
    end = '<div class="foot">主办：云泊市总工会 | 技术支持：练习站点</div>\n</body></html>\n'.encode()
    return start + _related(article.number, size_bytes - len(start) - len(end)) + end


def _content(article: BenchArticle) -> str:
    body = "".join(f"<p>{escape(paragraph, quote=False)}</p>\n" for paragraph in article.paragraphs)
    return (
        f'<div class="main"><h1>{escape(article.title)}</h1>\n<div class="info">'
        f"发布时间：{article.published:%Y-%m-%d %H:%M:%S}　来源：云泊市总工会　"
        f"浏览次数：{article.number % 977}</div>\n"
        f'<div class="content">\n{body}</div></div>\n'
    )


@cache
def _stories() -> tuple[Story, ...]:
    stories = [story for site_id in SOURCE_SITES for story in load_stories(site_id)]
    return tuple(story for story in stories if len(story.paragraphs) > 1 and PICTURE not in story.text)


@cache
def _navigation() -> str:
    columns = [story.source or story.column for story in _stories()]
    links = "".join(
        f'<li class="mod{number % 24}"><a href="/col{number}/index.html">{column}</a></li>\n'
        for number, column in enumerate(columns)
    )
    return f'<div class="nav"><ul>\n{links}</ul></div>\n'


def _related(number: int, space_bytes: int) -> bytes:
    lines: list[bytes] = []
    used = 0
    stories = _stories()
    while used < space_bytes:
        story = stories[(number + len(lines)) % len(stories)]
        link = f'<a href="/hot/{story.id}.html">{escape(story.title)}</a>'
        lines.append(f'<li class="mod{len(lines) % 24}">{link}</li>\n'.encode())
        used += len(lines[-1])
    return b'<div class="side"><ul>\n' + b"".join(lines) + b"</ul></div>\n"


class BenchSite:
    """The measuring site: ``/news/``, ``/news/index_2.html``, ``/news/2026-11-20/100000.html``."""

    site_id = "bench"
    name = "练习站点"

    def __init__(self, count: int, size_bytes: int) -> None:
        self._pages = dict(bench_pages(count, size_bytes))
        self._places = range(count)

    def answer(self, request: Request) -> Response:
        """Return the response to one request; all pages are ready beforehand."""
        if body := self._pages.get(request.path):
            return Response(body=body, headers=_HEADERS)
        if listing := _LIST.match(request.path):
            return self._list(int(listing[1] or 1))
        return Response(body=b"<h1>404</h1>", status=404, headers=_HEADERS)

    def _list(self, page: int) -> Response:
        articles = [bench_article(place) for place in page_slice(self._places, page, PER_LIST_PAGE)]
        entries = "".join(_list_entry(article) for article in articles)
        more = page < page_count(self._places, PER_LIST_PAGE)
        older = f'<div class="pages"><a href="/news/index_{page + 1}.html">下一页</a></div>' if more else ""
        html = (
            '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>新闻</title></head><body>\n'
            f'<ul class="list">\n{entries}</ul>\n{older}</body></html>\n'
        )
        return Response(body=html.encode(), headers=_HEADERS)


def _list_entry(article: BenchArticle) -> str:
    link = f'<a href="{article.path}">{escape(article.title)}</a>'
    return f"<li><span>{article.published:%Y-%m-%d}</span>{link}</li>\n"


def bench_listener(count: int, size_bytes: int = 25_000, port: int = 0) -> Listener:
    """Return the measuring site on a port, not yet started; ``url`` is its address.

    Raise `PortTaken` when the port is in use.
    """
    return Listener(BenchSite(count, size_bytes), port, Counter())
