"""practice-xunrui: a city union on XunRui CMS, answering as a running one was recorded to.

The placeholder 0 in the page, the JSONP counter with its 300 s cookie, the
string count on a repeat, list pages beyond the end that are empty with status
200, a real 404 for an unknown article.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from unioncrawl.practice.listener import Request, Response, robots_txt
from unioncrawl.practice.page_html import attachments_html, body_html, page_count, page_slice, slashed
from unioncrawl.practice.sample_files import upload_response
from unioncrawl.practice.stories import Story, StorySite, in_column

PER_PAGE = 5
COOKIE_SECONDS = 300
COLUMNS = {1: "工会要闻", 2: "基层动态"}
_COOKIE = "3c1f0a9be2d75486a1b0c9d8e7f60512_module-b7e23ec29af22b0b4e41da31e868d572-{id}"
_CALLBACK = re.compile(r"[\w.$]{1,64}\Z", re.ASCII)
# One header with both values, as the recorded responses have it.
_PAGE_HEADERS = (
    ("X-Powered-By", "PHP/8.2.36"),
    ("Content-Type", "text/html; charset=utf-8, text/html; charset=UTF-8"),
    ("Cache-control", "no-store, max-age=0, no-cache"),
)
_PLAIN_HEADERS = (("X-Powered-By", "PHP/8.2.36"), ("Content-Type", "text/html; charset=utf-8"))
_ROBOTS = b"User-agent: *\nDisallow: /admin.php\nDisallow: /cache/\n"
_HITS_SCRIPT = (
    '<span class="dr_show_hits_{id}">0</span><script type="text/javascript"> $.ajax({{ type: "GET", '
    'url:"/index.php?s=api&c=module&siteid=1&app=news&m=hits&id={id}", dataType: "jsonp", '
    'success: function(data){{ if (data.code) {{ $(".dr_show_hits_{id}").html(data.msg); }} '
    "else {{ dr_tips(0, data.msg); }} }} }}); </script>"
)


class XunRuiSite(StorySite):
    """The site: ``/index.php`` with ``c=category``, ``c=show`` or the hits API."""

    site_id = "practice-xunrui"
    name = "临溪市总工会"

    def answer(self, request: Request) -> Response:
        """The response to one request."""
        if request.path == "/robots.txt":
            self._begin_visit(self._stories)
            return robots_txt(_ROBOTS)
        if request.path not in ("/", "/index.php"):
            return upload_response(request.path) or self._not_found(request, "页面不存在")
        if request.query.get("s") == "api":
            return self._hits(request)
        match request.query.get("c"):
            case "show":
                return self._show(request)
            case "category":
                return self._category(request)
        return self._home(request)

    def _begin_visit(self, stories: tuple[Story, ...]) -> None:
        for story in stories:
            if story.later:
                self._state.begin_visit(story.key, len(story.later))

    def _home(self, request: Request) -> Response:
        links = "".join(
            f'<li><a href="{request.base_url}/index.php?c=category&id={number}">{name}</a></li>\n'
            for number, name in COLUMNS.items()
        )
        return self._page(self.name, f'<ul class="nav">\n{links}</ul>')

    def _category(self, request: Request) -> Response:
        number, page = request.number("id"), max(1, request.number("page", 1))
        if number not in COLUMNS:
            return self._not_found(request, f"栏目（{number}）不存在")
        stories = in_column(self._stories, COLUMNS[number])
        if page == 1:
            self._begin_visit(stories)
        entries = "".join(_list_entry(request, story) for story in page_slice(stories, page, PER_PAGE))
        title = f"{COLUMNS[number]}_{self.name}"
        return self._page(
            f"第{page}页_{title}" if page > 1 else title,
            f'<div class="position">当前位置：<a href="{request.base_url}/">首页</a> &gt; '
            f'{COLUMNS[number]}</div>\n<ul class="newslist">\n{entries}</ul>\n'
            f"{_paging(number, page, stories)}\n",
        )

    def _show(self, request: Request) -> Response:
        story = self._by_id.get(request.number("id"))
        if story is None:
            return self._not_found(request, "无法通过id找到共享模块的模块目录")
        return self._page(
            f"{story.title}_{story.column}_{self.name}",
            f"{_position(request, story)}<h1>{escape(story.title)}</h1>\n{_info(story)}"
            f'<div class="content">{self._body(story)}</div>\n{self._neighbours(request, story)}',
            head='<script src="/static/assets/global/plugins/jquery.min.js"></script>',
        )

    def _body(self, story: Story) -> str:
        editions = (story.parts[0], *(tuple(body.splitlines()) for body in story.later))
        edition = self._state.edition(story.key) if story.later else 0
        return body_html(editions[edition]) + attachments_html(story)

    def _neighbours(self, request: Request, story: Story) -> str:
        older, newer = (self._neighbour(request, story, step) for step in (1, -1))
        return f'<div class="pn">上一篇：{older} 下一篇：{newer}</div>'

    def _neighbour(self, request: Request, story: Story, step: int) -> str:
        column = in_column(self._stories, story.column)
        position = column.index(story) + step
        if not 0 <= position < len(column):
            return "没有了"
        return f'<a href="{_show_url(request, column[position])}">{escape(column[position].title)}</a>'

    def _hits(self, request: Request) -> Response:
        callback = request.query.get("callback", "callback")
        story = self._by_id.get(request.number("id"))
        if story is None or story.hits is None:
            return _jsonp(callback, {"code": 0, "msg": "阅读统计: 模块内容不存在", "data": []})
        cookie = _COOKIE.format(id=story.id)
        if cookie in request.cookies:
            hits = self._state.hits(story.key, story.hits)
            return _jsonp(callback, {"code": 1, "msg": str(hits), "data": "不重复统计"})
        hits = self._state.count_hit(story.key, story.hits)
        expires = format_datetime(datetime.now(UTC) + timedelta(seconds=COOKIE_SECONDS), usegmt=True)
        value = f"{cookie}={story.id}; expires={expires}; Max-Age={COOKIE_SECONDS}; path=/; SameSite=Lax"
        return _jsonp(callback, {"code": 1, "msg": hits, "data": []}, (("Set-Cookie", value),))

    def _page(self, title: str, body: str, head: str = "") -> Response:
        html = (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head>'
            f"<body>\n{body}\n</body></html>\n"
        )
        return Response(body=html.encode(), headers=_PAGE_HEADERS)

    def _not_found(self, request: Request, reason: str) -> Response:
        html = (
            '<!DOCTYPE html>\n<html lang="zh-cn">\n<head>\n    <meta charset="utf-8" />\n'
            '    <title>你访问的页面不存在</title>\n</head>\n<body class="page-container-bg-solid">\n'
            f'<div class="page-logo"><a href="{request.base_url}/">{self.name}</a></div>\n'
            '<div class="portlet-title"><div class="caption"><span> 404错误 </span></div></div>\n'
            f'<label class="fc-404-title">{escape(reason)}</label>\n</body>\n</html>\n'
        )
        return Response(body=html.encode(), status=404, headers=_PLAIN_HEADERS)


def _show_url(request: Request, story: Story) -> str:
    return f"{request.base_url}/index.php?c=show&id={story.id}"


def _list_entry(request: Request, story: Story) -> str:
    title = escape(story.title)
    link = f'<a href="{_show_url(request, story)}" title="{title}">{title}</a>'
    return f"<li><span>{story.published:%Y-%m-%d}</span>{link}</li>\n"


def _position(request: Request, story: Story) -> str:
    number = next(number for number, name in COLUMNS.items() if name == story.column)
    return (
        f'<div class="position">当前位置：<a href="{request.base_url}/">首页</a> &gt; '
        f'<a href="{request.base_url}/index.php?c=category&id={number}">{story.column}</a> &gt; 正文</div>\n'
    )


def _info(story: Story) -> str:
    hits = "" if story.hits is None else _HITS_SCRIPT.format(id=story.id)
    source = f"〖来源：{escape(story.source)}〗 " if story.source else ""
    return (
        f'<div class="info">〖发布日期：{slashed(story.published)}〗 {source}'
        f"〖作者：{escape(story.author)}〗 〖点击量：{hits}〗</div>\n"
    )


def _paging(number: int, page: int, stories: tuple[Story, ...]) -> str:
    last = page_count(stories, PER_PAGE)
    page = min(page, last)  # asked for page 99, the CMS marks the last one as current
    links = [f"<li><a>共{len(stories)}条</a></li>"]
    if page > 1:
        links.append(_page_link(number, page - 1, "上一页"))
    for other in range(1, last + 1):
        here = f'<li class="active"><a>{other}</a></li>'
        links.append(here if other == page else _page_link(number, other, str(other)))
    if page < last:
        links.append(_page_link(number, page + 1, "下一页"))
    return f'<div class="pages"><ul class="pagination">{"".join(links)}</ul></div>'


def _page_link(number: int, page: int, label: str) -> str:
    suffix = f"&page={page}" if page > 1 else ""
    url = f"/index.php?c=category&id={number}{suffix}"
    return f'<li><a href="{url}" data-ci-pagination-page="{page}">{label}</a></li>'


def _jsonp(callback: str, value: dict[str, object], extra: tuple[tuple[str, str], ...] = ()) -> Response:
    name = callback if _CALLBACK.match(callback) else "callback"
    text = f"{name}({json.dumps(value, ensure_ascii=False, separators=(',', ':'))})"
    headers = (*_PLAIN_HEADERS, ("Cache-control", "no-store, max-age=0, no-cache"), *extra)
    return Response(body=text.encode(), headers=headers)
