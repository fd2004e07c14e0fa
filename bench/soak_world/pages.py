"""Writes the pages of a look: an article, a list, and what stands where an article is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from bench.soak_world.looks import Look

PER_PAGE = 15
_SKINS = {
    "plain": ("main", "crumb", "title", "info", "content", "list", "pages", "side", "foot"),
    "cms": (
        "xl-box",
        "dqwz",
        "xl-tit",
        "xl-sub",
        "TRS_Editor",
        "newslist",
        "pagination",
        "hot-news",
        "footer",
    ),
    "pinyin": ("neirong", "weizhi", "biaoti", "laiyuan", "zhengwen", "liebiao", "fenye", "youce", "dibu"),
    "short": ("w1000", "pos", "tt", "ly", "nr", "ul1", "page", "r_box", "btm"),
    "blocks": (
        *("article-wrap__inner", "bread-nav", "article-wrap__head", "article-meta", "article-wrap__text"),
        *("channel-items", "pager-box", "aside-rank", "site-bottom"),
    ),
}
_NAMES = ("wrap", "crumb", "title", "info", "body", "list", "pages", "side", "foot")
_INFOS = (
    "发布时间：{date}　来源：{source}　作者：{author}　浏览次数：{hits}次",
    "〖发布日期：{date}〗 〖来源：{source}〗 〖作者：{author}〗 〖点击量：{hits}〗",
    "<span>时间：{date}</span> <span>来源：{source}</span> 作者：{author} <span>点击：{hits}</span>",
    "来源：{source} | 作者：{author} | 发布时间：{date} | 阅读：{hits}",
    "日期：{date}&nbsp;&nbsp;信息来源：{source}&nbsp;&nbsp;作者：{author}&nbsp;&nbsp;浏览量：{hits}",
    "<em>{date}</em> <em>来源：{source}</em> <em>作者：{author}</em> <em>点击数：{hits}</em>",
)
# The label with its separator goes where a page shows no counter.
_HITS_PARTS = ("　浏览次数：{hits}次", " 〖点击量：{hits}〗", " <span>点击：{hits}</span>", " | 阅读：{hits}",
               "&nbsp;&nbsp;浏览量：{hits}", " <em>点击数：{hits}</em>")  # fmt: skip
_PARAGRAPHS = {
    "p": ("<p>　　{}</p>\n", ""),
    "styled": (
        '<p style="text-indent:2em;line-height:28px"><span style="font-size:16px">{}</span></p>\n',
        "",
    ),
    "breaks": ("　　{}<br><br>\n", ""),
    "div": ("<div>　　{}</div>\n", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an article's page shows: all but the look."""

    path: str
    number: int
    title: str
    lines: Sequence[str]
    printed_at: datetime
    source: str
    author: str
    # The number that the server prints, or the script of its counter.
    hits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around an article or a list: the site's names, its columns, other articles, the day."""

    site_name: str
    columns: Sequence[tuple[str, str]]
    column: str
    others: Sequence[Shown]
    now: datetime


def names_of(look: Look) -> dict[str, str]:
    """Return the classes of a look's parts by what they are."""
    return dict(zip(_NAMES, _SKINS[look.skin], strict=True))


def article_page(look: Look, shown: Shown, around: Around) -> bytes:
    """Return the page of an article."""
    names = names_of(look)
    printed = f"{shown.printed_at:{look.date}}"
    info = _INFOS[look.info] if shown.hits else _INFOS[look.info].replace(_HITS_PARTS[look.info], "")
    line = info.format(date=printed, source=shown.source, author=shown.author, hits=shown.hits)
    form, end = _PARAGRAPHS[look.paragraph]
    body = "".join(form.format(escape(line, quote=False)) for line in shown.lines) + end
    parts = (_headline(look, names["title"], shown.title), line, body + _neighbours(around))
    return _page(look, f"{shown.title}-{around.site_name}", _article_box(look, names, parts), around)


def _headline(look: Look, name: str, title: str) -> str:
    text = escape(title, quote=False)
    if look.headline == "strong":
        return f'<p class="{name}" align="center"><strong>{text}</strong></p>'
    return f'<{look.headline} class="{name}">{text}</{look.headline}>'


def _article_box(look: Look, names: dict[str, str], parts: tuple[str, str, str]) -> str:
    head, info, body = parts
    if look.markup == "table":
        return (
            f'<table width="960" align="center" class="{names["wrap"]}">\n'
            f'<tr><td align="center">{head}</td></tr>\n'
            f'<tr><td align="center" height="30" class="{names["info"]}">{info}</td></tr>\n'
            f'<tr><td class="{names["body"]}" id="zoom">{body}</td></tr></table>\n'
        )
    box = "article" if look.markup == "article" else "div"
    return (
        f'<{box} class="{names["wrap"]}">{head}\n<div class="{names["info"]}">{info}</div>\n'
        f'<div class="{names["body"]}">\n{body}</div></{box}>\n'
    )


def _neighbours(around: Around) -> str:
    links = [
        f'{label}：<a href="{escape(one.path)}">{escape(one.title)}</a>'
        for label, one in zip(("上一篇", "下一篇"), around.others, strict=False)
    ]
    return f'<div class="pn">{"<br>".join(links)}</div>\n' if links else ""


def _page(look: Look, title: str, main: str, around: Around) -> bytes:
    names = names_of(look)
    menu = " ".join(f'<li><a href="{escape(url)}">{name}</a></li>' for name, url in around.columns)
    side = "".join(
        f'<li><a href="{escape(one.path)}">{escape(one.title)}</a></li>\n' for one in around.others[2:]
    )
    crumb = f'<div class="{names["crumb"]}">当前位置：<a href="/">首页</a> &gt; {around.column}</div>\n'
    charset = "gb2312" if look.charset == "gb2312" else "utf-8"
    kind = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    html = (
        f"<!DOCTYPE html>\n<html><head>{kind}\n"
        f"<title>{escape(title, quote=False)}</title>\n"
        f'<link rel="stylesheet" href="/css/{look.skin}.css"></head>\n<body>\n'
        f'<div class="top">今天是{around.now:%Y年%m月%d日} 欢迎访问{around.site_name}</div>\n'
        f'<ul class="nav"><li><a href="/">首页</a></li> {menu}</ul>\n{crumb}{main}'
        f'<div class="{names["side"]}"><h4>热点推荐</h4><ul>{side}</ul></div>\n'
        f'<div class="{names["foot"]}">版权所有：{around.site_name} 地址：解放路66号 '
        f"您是第{_visitor(around.now)}位访客</div>\n</body></html>\n"
    )
    return html.encode("gb18030" if charset == "gb2312" else charset)


def _visitor(now: datetime) -> int:
    return 100_000 + int(now.timestamp()) // 977 % 900_000


def list_page(look: Look, entries: Sequence[Shown], pager: str, around: Around) -> bytes:
    """Return a page of a column's list."""
    names = names_of(look)
    shown = "".join(_entries(look, entries))
    if look.markup == "table":
        box = f'<table width="760" class="{names["list"]}">\n{shown}</table>\n'
    else:
        box = f'<ul class="{names["list"]}">\n{shown}</ul>\n'
    main = f'{box}<div class="{names["pages"]}">{pager}</div>\n'
    return _page(look, f"{around.column}-{around.site_name}", main, around)


def _entries(look: Look, entries: Iterable[Shown]) -> Iterable[str]:
    for one in entries:
        title = escape(one.title)
        link = f'<a href="{escape(one.path)}" title="{title}" target="_blank">{title}</a>'
        date = f"{one.printed_at:{look.list_date}}" if look.list_date else ""
        if look.markup == "table":
            yield f'<tr><td>·{link}</td><td width="90">{date}</td></tr>\n'
        else:
            yield f"<li>{f'<span>{date}</span>' if date else ''}{link}</li>\n"


def pager_of(look: Look, column: int, page: int, pages: int, total: int) -> str:
    """Return the links to a list's other pages, in the form of the look."""

    def link(number: int, label: str) -> str:
        return f'<a href="{escape(look.list_path(column, number, pages))}">{label}</a>'

    if look.pager == "script":
        return f'<script>createPageHTML({pages}, {page - 1}, "index", "html");</script>'
    if look.pager == "choice":
        options = "".join(
            f'<option value="{escape(look.list_path(column, one, pages))}"'
            f"{' selected' * (one == page)}>{one}</option>"
            for one in range(1, pages + 1)
        )
        return f'<select onchange="location.href=this.value">{options}</select>'
    around = range(max(1, page - 4), min(pages, page + 4) + 1)
    numbers = " ".join(f"<span>{one}</span>" if one == page else link(one, str(one)) for one in around)
    following = link(page + 1, "下一页") if page < pages else "下一页"
    if look.pager == "numbers":
        return numbers
    return f"共{total}条 {page}/{pages}页 " + (
        following if look.pager == "next" else f"{numbers} {following}"
    )


def message_page(look: Look, text: str, site_name: str) -> bytes:
    """Return a page that says something instead of an article."""
    charset = "gb2312" if look.charset == "gb2312" else "utf-8"
    html = (
        f'<html><head><meta charset="{charset}"><title>提示信息</title></head><body><div class="msg">'
        f'<h5>提示信息</h5><p>{text}</p><a href="/">返回首页</a></div><p>{site_name}</p></body></html>'
    )
    return html.encode("gb18030" if charset == "gb2312" else charset)
