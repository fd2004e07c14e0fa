"""practice-phpcms: a city union on PHPCMS v9, whose robots.txt forbids the counter.

The shipped robots.txt has ``Disallow: /api``, a prefix of ``/api.php?op=count``
(field notes, section 0): a polite crawler gets no hits here. A message page with
status 200 stands where an article was deleted.
"""

from __future__ import annotations

from html import escape

from unioncrawl.practice.listener import Request, Response, robots_txt
from unioncrawl.practice.page_html import (
    attachments_html,
    body_html,
    content_type,
    html_response,
    meta_charset,
    page_count,
    page_slice,
)
from unioncrawl.practice.sample_files import upload_response
from unioncrawl.practice.stories import Story, StorySite, in_column

PER_PAGE = 7
COLUMNS = {9: "工会新闻", 12: "职工服务"}
NEWS_MODEL = 1
_CONTENT_TYPE = "text/html; charset=utf-8"
_ROBOTS = b"""#
# robots.txt for PHPCMS v9
#
User-agent: *
Disallow: /caches
Disallow: /phpcms
Disallow: /install
Disallow: /phpsso_server
Disallow: /api
Disallow: /admin.php
"""


class PhpcmsSite(StorySite):
    """The site: ``/index.php?m=content&c=index&a=lists`` or ``a=show``, ``/api.php?op=count``."""

    site_id = "practice-phpcms"
    name = "柘川市总工会"

    def answer(self, request: Request) -> Response:
        """The response to one request."""
        match request.path:
            case "/robots.txt":
                return robots_txt(_ROBOTS)
            case "/api.php":
                return self._count(request)
            case "/" | "/index.php":
                return self._index(request)
        return upload_response(request.path) or html_response(
            "<h1>404 Not Found</h1>", content_type=_CONTENT_TYPE, status=404
        )

    def _index(self, request: Request) -> Response:
        match request.query.get("a"):
            case "lists":
                return self._list(request)
            case "show":
                return self._show(request)
        links = "".join(
            f'<li><a href="{_list_url(number, 1)}">{name}</a></li>\n' for number, name in COLUMNS.items()
        )
        return self._page(self.name, f"<ul>\n{links}</ul>\n")

    def _list(self, request: Request) -> Response:
        catid, page = request.number("catid"), max(1, request.number("page", 1))
        if catid not in COLUMNS:
            return self._message("栏目不存在！")
        stories = in_column(self._stories, COLUMNS[catid])
        entries = "".join(_list_entry(story) for story in page_slice(stories, page, PER_PAGE))
        body = (
            f'<div class="crumbs"><a href="/">首页</a><span> &gt; </span>{COLUMNS[catid]} &gt;  列表</div>\n'
            f'<ul class="list lh24 f14">\n{entries}</ul>\n{_paging(catid, page, stories)}'
        )
        return self._page(f"{COLUMNS[catid]} - {self.name}", body)

    def _show(self, request: Request) -> Response:
        story = self._by_id.get(request.number("id"))
        if story is None or story.page == "gone" or COLUMNS.get(request.number("catid")) != story.column:
            return self._message("您访问的信息不存在或已被删除！")
        title = f"{escape(story.title)} - {story.column} - {self.name}"
        html = _html(title, _article_html(request, story), meta_charset(story, "utf-8"))
        return html_response(html, content_type=content_type(story, _CONTENT_TYPE), encoding=story.encoding)

    def _count(self, request: Request) -> Response:
        story = self._by_id.get(request.number("id"))
        known = story is not None and story.hits is not None and request.number("modelid") == NEWS_MODEL
        if not known or story is None or story.hits is None or request.query.get("op") != "count":
            return html_response("", content_type=_CONTENT_TYPE)
        before = self._state.count_hit(story.key, story.hits) - 1  # v9 prints the value it found
        text = (
            f"$('#todaydowns').html('{before % 7 + 1}');$('#weekdowns').html('{before % 31 + 1}');"
            f"$('#monthdowns').html('{before % 97 + 1}');$('#hits').html('{before}');"
        )
        return html_response(text, content_type=_CONTENT_TYPE)

    def _page(self, title: str, body: str) -> Response:
        meta = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'
        return html_response(_html(title, body, meta), content_type=_CONTENT_TYPE)

    def _message(self, text: str) -> Response:
        """The CMS's 提示信息 page: status 200, no article."""
        body = (
            f'<div class="showMsg" style="text-align:center">\n<h5>提示信息</h5>\n'
            f'<div class="content guery">{text}</div>\n<div class="bottom">'
            '<a href="javascript:history.back();">[点这里返回上一页]</a></div>\n</div>\n'
        )
        return self._page("提示信息", body)


def _show_url(story: Story) -> str:
    catid = next(number for number, name in COLUMNS.items() if name == story.column)
    return f"/index.php?m=content&amp;c=index&amp;a=show&amp;catid={catid}&amp;id={story.id}"


def _list_url(catid: int, page: int) -> str:
    suffix = f"&amp;page={page}" if page > 1 else ""
    return f"/index.php?m=content&amp;c=index&amp;a=lists&amp;catid={catid}{suffix}"


def _article_html(request: Request, story: Story) -> str:
    counter = f"{request.base_url}/api.php?op=count&amp;id={story.id}&amp;modelid={NEWS_MODEL}"
    script = "" if story.hits is None else f'<script language="JavaScript" src="{counter}"></script>\n'
    body = body_html(line for part in story.parts for line in part)
    editor = f"<p>（责任编辑：{escape(story.editor)}）</p>\n" if story.editor else ""
    original = f"<p>原标题：{escape(story.original_title)}</p>\n" if story.original_title else ""
    return (
        f'<div class="crumbs"><a href="/">首页</a><span> &gt; </span>{story.column} &gt;  正文</div>\n'
        f'<div id="Article">\n<h1>{escape(story.title)}<br />\n{_info(story)}</h1>\n'
        f'<div class="content">\n{original}{body}{attachments_html(story)}{editor}</div>\n</div>\n{script}'
    )


def _info(story: Story) -> str:
    return (
        f"<span>{story.published:%Y-%m-%d %H:%M:%S}&nbsp;&nbsp;&nbsp;"
        f"来源：{escape(story.source)}&nbsp;&nbsp;&nbsp;"
        '评论：<a href="#comment_iframe" id="comment">0</a> 点击：<span id="hits"></span></span>'
    )


def _list_entry(story: Story) -> str:
    link = f'<a href="{_show_url(story)}" target="_blank">{escape(story.title)}</a>'
    return f'<li><span class="rt">{story.published:%Y-%m-%d %H:%M:%S}</span>·{link}</li>\n'


def _paging(catid: int, page: int, stories: tuple[Story, ...]) -> str:
    last = page_count(stories, PER_PAGE)
    pieces = [f'<a class="a1">{len(stories)}条</a>']
    pieces.append(f'<a href="{_list_url(catid, max(1, page - 1))}" class="a1">上一页</a>')
    for other in range(1, last + 1):
        link = f'<a href="{_list_url(catid, other)}">{other}</a>'
        pieces.append(f"<span>{other}</span>" if other == page else link)
    # On the last page v9 links 下一页 to that page itself.
    pieces.append(f'<a href="{_list_url(catid, min(last, page + 1))}" class="a1">下一页</a>')
    return f'<div id="pages" class="text-c">{" ".join(pieces)}</div>\n'


def _html(title: str, body: str, meta: str) -> str:
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n{meta}\n<title>{title}</title>\n'
        '<script type="text/javascript" src="/statics/js/jquery.min.js"></script>\n'
        f"</head>\n<body>\n{body}</body>\n</html>\n"
    )
