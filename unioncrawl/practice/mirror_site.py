"""practice-mirror: a scraper's copy of union pages, in pseudo-traditional text.

Its stories are damaged by the forward process that real mirrors apply
(`unioncrawl.repair.mirror_model.forward`): character table, GBK, cuts on bytes, pinyin after
a fixed set of characters, decoding piece by piece. The mirror counts nothing: it
prints the number that it copied, or nothing at all.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from unioncrawl.practice.listener import Request, Response, robots_txt
from unioncrawl.practice.page_html import body_html, html_response, page_count, page_slice, slashed
from unioncrawl.practice.stories import Story, StorySite
from unioncrawl.repair.mirror_model.forward import Mirror, damage

PER_PAGE = 10
# This mirror's annotated characters: chosen for these sites, seen on no real one.
ANNOTATED = frozenset(
    "會國職務動長關級業協調導應實設產標準獎競賽勞醫療險證書歲擔負責機構聯網濟訂擴據區數層場經"
)
_MIRROR = Mirror(annotated=ANNOTATED)
_ROBOTS = b"User-agent: *\nAllow: /\n"
_CONTENT_TYPE = "text/html; charset=utf-8"
_ARTICLE = re.compile(r"/news/show/(\d{1,9})\.html\Z", re.ASCII)
_LIST = re.compile(r"/news/(?:(\d{1,9})\.html)?\Z", re.ASCII)
# Mirrors end their pages with place names to catch searches.
_PLACES = "臨溪市| 云泊市| 柘川市| 雁洲市| 石埠市| 鹿汀市| 槐嶺縣| 霜河縣| 嶺前縣| 麥河縣| 松渡縣|"


class MirrorSite(StorySite):
    """The site: ``/news/``, ``/news/2.html``, ``/news/show/5210.html``."""

    site_id = "practice-mirror"
    name = "風行資訊網"

    def answer(self, request: Request) -> Response:
        """The response to one request."""
        if request.path == "/robots.txt":
            return robots_txt(_ROBOTS)
        if article := _ARTICLE.match(request.path):
            return self._article(int(article[1]))
        if listing := _LIST.match(request.path):
            return self._list(int(listing[1] or 1))
        if request.path == "/":
            return _page(self.name, '<ul><li><a href="/news/">資訊</a></li></ul>')
        return _not_found()

    def _article(self, number: int) -> Response:
        story = self._by_id.get(number)
        if story is None:
            return _not_found()
        places = f'<div class="tail">{_PLACES}</div>\n' if story.place_names else ""
        body = f'<div class="crumb">首頁 &gt; 資訊 &gt; 正文</div>\n{damaged_article(story)}{places}'
        return _page(f"{damage(story.title, _MIRROR)}-{self.name}", body)

    def _list(self, page: int) -> Response:
        last = page_count(self._stories, PER_PAGE)
        if not 1 <= page <= last:
            return _not_found()
        entries = "".join(_list_entry(story) for story in page_slice(self._stories, page, PER_PAGE))
        newer = f'<a href="{_list_path(page - 1)}">上一頁</a> ' if page > 1 else ""
        older = f'<a href="{_list_path(page + 1)}">下一頁</a>' if page < last else ""
        paging = f'<div class="pages">{newer}<span>{page}/{last}</span> {older}</div>\n'
        return _page(f"資訊-{self.name}", f'<ul class="list">\n{entries}</ul>\n{paging}')


@cache
def damaged_article(story: Story) -> str:
    """The copied part of the page, markup and all, after the mirror's process."""
    return damage(original_article(story), _MIRROR)


def original_article(story: Story) -> str:
    """The part of the original page that the mirror copied, before the damage."""
    original = f"<p>原标题：{escape(story.original_title)}</p>\n" if story.original_title else ""
    editor = f"<p>责任编辑：{escape(story.editor)}</p>\n" if story.editor else ""
    body = body_html(line for part in story.parts for line in part)
    return (
        f'<h1>{escape(story.title)}</h1>\n<div class="info">{_info(story)}</div>\n'
        f'<div class="content">\n{original}{body}{editor}</div>\n'
    )


def _info(story: Story) -> str:
    pairs = (("来源", story.source), ("作者", story.author))
    people = "".join(f"〖{label}：{escape(value)}〗 " for label, value in pairs if value)
    hits = "" if story.hits is None else f"{story.hits}〗"  # the script in its place was not copied
    return f"〖发布日期：{slashed(story.published)}〗 {people}〖点击量：{hits}"


def _list_entry(story: Story) -> str:
    title = damage(escape(story.title), _MIRROR)
    return (
        f'<li><a href="/news/show/{story.id}.html">{title}</a><span>{story.published:%Y-%m-%d}</span></li>\n'
    )


def _list_path(page: int) -> str:
    return f"/news/{page}.html" if page > 1 else "/news/"


def _page(title: str, body: str, status: int = 200) -> Response:
    html = (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title></head>\n'
        '<body>\n<div class="top"><a href="/">首頁</a> | <a href="/news/">資訊</a></div>\n'
        f"{body}</body></html>\n"
    )
    return html_response(html, content_type=_CONTENT_TYPE, status=status)


def _not_found() -> Response:
    return _page("404", "<h1>404</h1>", status=404)
