"""practice-asp: a county union on a classic ASP template.

Bytes are GB18030 and declared gb2312, with characters beyond GB2312 (镕, 喆, 〇),
as IIS sites of that age send them; one page declares no charset at all.
"""

from __future__ import annotations

from datetime import datetime
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
    slashed,
)
from unioncrawl.practice.sample_files import upload_response
from unioncrawl.practice.stories import Story, StorySite, in_column

PER_PAGE = 6
COLUMNS = {2: "工会动态", 5: "职工之家"}
_CONTENT_TYPE = "text/html; charset=gb2312"
_ROBOTS = b"User-agent: *\r\nDisallow: /admin/\r\nDisallow: /inc/\r\n"


class AspSite(StorySite):
    """The site: ``NewsList.asp?SortID=&page=``, ``NewsView.asp?ID=``, ``GetHits.asp?ID=``."""

    site_id = "practice-asp"
    name = "槐岭县总工会"

    def answer(self, request: Request) -> Response:
        """The response to one request; IIS does not mind the case of a path."""
        match request.path.lower():
            case "/robots.txt":
                return robots_txt(_ROBOTS)
            case "/newslist.asp":
                return self._list(request)
            case "/newsview.asp":
                return self._view(request)
            case "/gethits.asp":
                return self._get_hits(request)
            case "/" | "/index.asp":
                return _page(self.name, _menu())
        return upload_response(request.path) or _page("无法找到该页", "<h1>无法找到该页</h1>", status=404)

    def _list(self, request: Request) -> Response:
        sort = request.number("SortID")
        if sort not in COLUMNS:
            return _page("出错了", "<p>参数错误！</p>", status=500)
        stories = in_column(self._stories, COLUMNS[sort])
        last = page_count(stories, PER_PAGE)
        page = min(max(1, request.number("page", 1)), last)  # a page beyond the end shows the last one
        rows = "".join(_list_row(story) for story in page_slice(stories, page, PER_PAGE))
        body = (
            f"{_menu()}<table width=760 align=center class=list>\n<tr><td colspan=2>当前位置：首页 &gt;&gt; "
            f"{COLUMNS[sort]}</td></tr>\n{rows}</table>\n{_paging(sort, page, stories)}"
        )
        return _page(f"{COLUMNS[sort]}-{self.name}", body)

    def _view(self, request: Request) -> Response:
        story = self._by_id.get(request.number("ID"))
        if story is None:
            return _page("出错了", "<p>没有找到这篇文章！</p>", status=404)
        html = _html(f"{story.title}-{self.name}", _article_html(story), meta_charset(story, "gb2312"))
        return html_response(html, content_type=content_type(story, _CONTENT_TYPE), encoding=story.encoding)

    def _get_hits(self, request: Request) -> Response:
        story = self._by_id.get(request.number("ID"))
        if story is None or story.hits is None:
            return html_response('document.write("0");', content_type=_CONTENT_TYPE)
        counting = request.query.get("Action") == "Count"
        hits = (self._state.count_hit if counting else self._state.hits)(story.key, story.hits)
        return html_response(f'document.write("{hits}");', content_type=_CONTENT_TYPE)


def _article_html(story: Story) -> str:
    url = f"GetHits.asp?Action=Count&ID={story.id}"
    hits = "" if story.hits is None else f'<script language="javascript" src="{url}"></script>'
    lead = (
        f"<tr><td align=center class=yinti>{escape(story.lead_title)}</td></tr>\n" if story.lead_title else ""
    )
    sub = f"<tr><td align=center class=futi>——{escape(story.subtitle)}</td></tr>\n" if story.subtitle else ""
    body = body_html(line for part in story.parts for line in part)
    editor = f"<p>责任编辑：{escape(story.editor)}</p>\n" if story.editor else ""
    return (
        f"{_menu()}<table width=760 align=center class=article>\n"
        f"<tr><td>当前位置：首页 &gt;&gt; {story.column} &gt;&gt; 正文</td></tr>\n{lead}"
        f"<tr><td align=center class=title><h2>{escape(story.title)}</h2></td></tr>\n{sub}"
        f"<tr><td align=center>〖发布日期：{slashed(story.published)}〗 {_people(story)}"
        f"〖点击量：{hits}〗</td></tr>\n"
        f"<tr><td class=content id=zoom>{body}{attachments_html(story)}{editor}</td></tr>\n</table>\n"
    )


def _people(story: Story) -> str:
    pairs = (("来源", story.source), ("作者", story.author))
    return "".join(f"〖{label}：{escape(value)}〗 " for label, value in pairs if value)


def _list_row(story: Story) -> str:
    link = f'<a href="NewsView.asp?ID={story.id}" target=_blank>{escape(story.title)}</a>'
    return f"<tr><td>·{link}</td><td width=90>[{_dashed(story.published)}]</td></tr>\n"


def _dashed(moment: datetime) -> str:
    return f"{moment.year}-{moment.month}-{moment.day}"


def _paging(sort: int, page: int, stories: tuple[Story, ...]) -> str:
    last = page_count(stories, PER_PAGE)
    ends = (("首页", 1), ("上一页", page - 1), ("下一页", page + 1), ("尾页", last))
    links = " ".join(
        f"<a href=NewsList.asp?SortID={sort}&page={target}>{label}</a>"
        if 1 <= target <= last and target != page
        else label
        for label, target in ends
    )
    return f"<p align=center class=page>共{len(stories)}条 页次：{page}/{last} {links}</p>\n"


def _menu() -> str:
    links = "".join(f" | <a href=NewsList.asp?SortID={number}>{name}</a>" for number, name in COLUMNS.items())
    return f"<table width=760 align=center><tr><td><a href=index.asp>首页</a>{links}</td></tr></table>\n"


def _html(title: str, body: str, meta: str) -> str:
    head = f"<head>\r\n{meta}\r\n<title>{escape(title)}</title>\r\n</head>\r\n"
    return f"<html>\r\n{head}<body>\r\n{body}</body>\r\n</html>\r\n"


def _page(title: str, body: str, status: int = 200) -> Response:
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    html = _html(title, body, meta)
    return html_response(html, content_type=_CONTENT_TYPE, encoding="gb18030", status=status)
