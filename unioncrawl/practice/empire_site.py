"""practice-empire: a city union on EmpireCMS, static pages with dynamic twins.

Pages carry Last-Modified and ETag and answer 304; the date in a path is the day
on which the article was entered, not the day printed on it; long articles go on
at ``ID_2.html``.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from html import escape

from unioncrawl.practice.listener import Request, Response, redirect, robots_txt, static_response
from unioncrawl.practice.page_html import (
    attachments_html,
    body_html,
    challenge_response,
    content_type,
    html_response,
    meta_charset,
    page_count,
    page_slice,
)
from unioncrawl.practice.sample_files import upload_response
from unioncrawl.practice.stories import Story, StorySite, in_column

PER_PAGE = 6
# classid -> (folder, printed name)
COLUMNS = {3: ("xwdt", "新闻动态"), 7: ("wqbz", "维权帮扶")}
# The files' times: when the page was last generated, in UTC.
_SHANGHAI = timedelta(hours=8)
_ROBOTS = b"""#
# robots.txt for EmpireCMS
#
User-agent: *
Disallow: /e/class/
Disallow: /e/data/
Disallow: /e/enews/
Disallow: /e/update/
"""
_ARTICLE = re.compile(r"/(\w+)/\d{4}-\d\d-\d\d/(\d{1,9})(?:_(\d{1,3}))?\.html\Z", re.ASCII)
_LIST = re.compile(r"/(\w+)/(?:index(?:_(\d{1,9}))?\.html)?\Z", re.ASCII)


class EmpireSite(StorySite):
    """The site: ``/xwdt/2025-03-14/1023.html``, ``/xwdt/index_2.html``, ``/e/…``."""

    site_id = "practice-empire"
    name = "云泊市总工会"

    def answer(self, request: Request) -> Response:
        """The response to one request."""
        if request.path == "/robots.txt":
            return robots_txt(_ROBOTS)
        if request.path.startswith("/e/"):
            return self._dynamic(request)
        if article := _ARTICLE.match(request.path):
            return self._article(request, int(article[2]), int(article[3] or 1))
        if listing := _LIST.match(request.path):
            return self._list(request, listing[1], int(listing[2] or 1))
        if request.path == "/":
            return _page(self.name, _menu(), "utf-8")
        return upload_response(request.path) or _not_found()

    def _article(self, request: Request, number: int, part: int) -> Response:
        story = self._by_id.get(number)
        if story is None or not 1 <= part <= len(story.parts) or request.path != article_path(story, part):
            return _not_found()
        if story.page == "challenge":
            return challenge_response()
        html = _html(f"{story.title}-{self.name}", _article_html(story, part), meta_charset(story, "utf-8"))
        page = html_response(html, content_type=content_type(story, "text/html"), encoding=story.encoding)
        return static_response(request, page, (story.published - _SHANGHAI).replace(tzinfo=UTC))

    def _list(self, request: Request, folder: str, page: int) -> Response:
        classid = next((number for number, (name, _) in COLUMNS.items() if name == folder), 0)
        if not classid:
            return _not_found()
        stories = in_column(self._stories, COLUMNS[classid][1])
        if not 1 <= page <= page_count(stories, PER_PAGE):
            return _not_found()
        entries = "".join(_list_entry(story) for story in page_slice(stories, page, PER_PAGE))
        body = (
            f'{_menu()}<div class="path">您当前的位置：<a href="/">首页</a>&nbsp;&gt;&nbsp;'
            f'{COLUMNS[classid][1]}</div>\n<ul class="list">\n{entries}</ul>\n'
            f"{_list_paging(folder, page, stories)}"
        )
        listing = _page(f"{COLUMNS[classid][1]}-{self.name}", body, "utf-8")
        if not stories:
            return listing
        return static_response(request, listing, (stories[0].published - _SHANGHAI).replace(tzinfo=UTC))

    def _dynamic(self, request: Request) -> Response:
        story = self._by_id.get(request.number("id"))
        match request.path:
            case "/e/public/ViewClick/":
                return self._view_click(request, story)
            case "/e/action/ShowInfo.php":
                return redirect(article_path(story)) if story else _message("此信息不存在")
            case "/e/action/ListInfo/":
                return _list_twin(request)
            case "/e/DoPrint/":
                return _print_view(story) if story else _message("此信息不存在")
        return _not_found()

    def _view_click(self, request: Request, story: Story | None) -> Response:
        if request.number("classid") not in COLUMNS:
            return html_response("", content_type="text/html; charset=utf-8")
        hits = 1  # seen on a running copy: an id that does not exist answers 1
        if story is not None and story.hits is not None:
            counting = request.query.get("addclick") == "1"
            count = self._state.count_hit if counting else self._state.hits
            hits = count(story.key, story.hits)
        return html_response(f"document.write('{hits}');", content_type="text/html; charset=utf-8")


def article_path(story: Story, part: int = 1) -> str:
    """The article's static path; parts after the first end in ``_2`` and so on."""
    folder = next(folder for folder, name in COLUMNS.values() if name == story.column)
    suffix = f"_{part}" if part > 1 else ""
    return f"/{folder}/{story.created or story.published:%Y-%m-%d}/{story.id}{suffix}.html"


def _classid(story: Story) -> int:
    return next(number for number, (_, name) in COLUMNS.items() if name == story.column)


def _article_html(story: Story, part: int) -> str:
    files = attachments_html(story) if part == len(story.parts) else ""
    editor = f"<p>责任编辑：{escape(story.editor)}</p>\n" if story.editor and part == len(story.parts) else ""
    return (
        f'{_menu()}<div class="path">您当前的位置：<a href="/">首页</a>&nbsp;&gt;&nbsp;{story.column}</div>\n'
        '<table width="100%" border="0" cellspacing="0" cellpadding="0">\n'
        f'<tr><td class="title_info"><h1>{escape(story.title)}</h1></td></tr>\n'
        f'<tr><td class="info_text">{_info(story)}</td></tr>\n</table>\n'
        '<table width="100%" border="0" cellspacing="0" cellpadding="0" class="content_info">\n'
        f'<tr><td id="text">{body_html(story.parts[part - 1])}{files}{editor}'
        f"{_parts_paging(story, part)}</td></tr>\n</table>\n"
    )


def _info(story: Story) -> str:
    url = f"/e/public/ViewClick/?classid={_classid(story)}&id={story.id}&addclick=1"
    hits = "" if story.hits is None else f"<script src={url}></script>"
    author = f"&nbsp;&nbsp;作者：{escape(story.author)}" if story.author else ""
    return (
        f"信息来源：{escape(story.source)}&nbsp;&nbsp;时间：{story.published:%Y-%m-%d %H:%M:%S}"
        f"{author}&nbsp;&nbsp;浏览量：{hits}"
    )


def _parts_paging(story: Story, part: int) -> str:
    if len(story.parts) == 1:
        return ""
    pieces = []
    for other in range(1, len(story.parts) + 1):
        link = f'<a href="{article_path(story, other)}">{other}</a>'
        pieces.append(f"<b>{other}</b>" if other == part else link)
    if part < len(story.parts):
        pieces.append(f'<a href="{article_path(story, part + 1)}">下一页</a>')
    return f'<p align="center" class="epages">{"&nbsp;".join(pieces)}</p>'


def _list_entry(story: Story) -> str:
    link = f'<a href="{article_path(story)}" target="_blank">{escape(story.title)}</a>'
    return f"<li><span>{story.published:%Y-%m-%d}</span>{link}</li>\n"


def _list_path(folder: str, page: int) -> str:
    return f"/{folder}/index_{page}.html" if page > 1 else f"/{folder}/"


def _list_paging(folder: str, page: int, stories: tuple[Story, ...]) -> str:
    last = page_count(stories, PER_PAGE)
    pieces = [f'<a title="Total record">&nbsp;<b>{len(stories)}</b> </a>']
    if page > 1:
        pieces.append(f'<a href="{_list_path(folder, page - 1)}">上一页</a>')
    for other in range(1, last + 1):
        link = f'<a href="{_list_path(folder, other)}">{other}</a>'
        pieces.append(f"<b>{other}</b>" if other == page else link)
    if page < last:
        pieces.append(f'<a href="{_list_path(folder, page + 1)}">下一页</a>')
        pieces.append(f'<a href="{_list_path(folder, last)}">尾页</a>')
    return f'<div class="epages">{"&nbsp;".join(pieces)}</div>\n'


def _list_twin(request: Request) -> Response:
    classid = request.number("classid")
    if classid not in COLUMNS:
        return _message("此栏目不存在")
    return redirect(_list_path(COLUMNS[classid][0], request.number("page") + 1))  # pages count from 0 here


def _print_view(story: Story) -> Response:
    paragraphs = body_html(line for part in story.parts for line in part)
    body = (
        f'<h1 align="center">{escape(story.title)}</h1>\n<p align="center">来源：{escape(story.source)}&nbsp;'
        f"时间：{story.published:%Y-%m-%d %H:%M:%S}</p>\n{paragraphs}<p>原文链接：{article_path(story)}</p>\n"
    )
    return _page(f"{story.title} - 打印", body, "utf-8")


def _menu() -> str:
    links = "".join(f'<a href="/{folder}/">{name}</a> | ' for folder, name in COLUMNS.values())
    return f'<div class="menu"><a href="/">首页</a> | {links}<a href="/e/tool/gbook/?bid=1">留言</a></div>\n'


def _html(title: str, body: str, meta: str) -> str:
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n{meta}\n<title>{escape(title)}</title>\n'
        f"</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _page(title: str, body: str, charset: str) -> Response:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}" />'
    return html_response(_html(title, body, meta), content_type="text/html")


def _message(text: str) -> Response:
    """The CMS's 信息提示 page: status 200, no article."""
    return _page(
        "信息提示", f'<div class="msg"><b>信息提示</b><br />{text}<br /><a href="/">返回</a></div>', "utf-8"
    )


def _not_found() -> Response:
    html = (
        "<html>\n<head><title>404 Not Found</title></head>\n<body>\n<center><h1>404 Not Found</h1></center>\n"
    )
    return html_response(
        html + "<hr><center>nginx</center>\n</body>\n</html>\n", content_type="text/html", status=404
    )
