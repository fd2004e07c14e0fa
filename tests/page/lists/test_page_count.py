"""Tests for `unioncrawl.page.lists.page_count`: how many pages a list says it has."""

from __future__ import annotations

import pytest

from unioncrawl.model import DecodedPage
from unioncrawl.page.lists.page_count import count_pages
from unioncrawl.page.parse import parse_document

ROWS = "".join(
    f"<li><a href='/20250301/{n}.html'>东河县总工会走访第{n}家企业</a><span>3/12</span></li>"
    for n in range(1, 21)
)
CALENDAR = "".join(
    "<tr>"
    + "".join(f"<td><a href='/day.php?d={week * 7 + day}'>{week * 7 + day}</a></td>" for day in range(1, 8))
    + "</tr>"
    for week in range(4)
)
# Pager -> the pages that it names.
PAGERS = {
    "words": ("<div>共<b>12</b>页 首页 上一页 <a href='javascript:;'>下一页</a></div>", 12),
    "words-beside-records": ("<p>共 231 条记录 每页 20 条 共 12 页</p>", 12),
    "traditional": ("<p>共12頁</p>", 12),
    "total": ("<span>总页数：7</span>", 7),
    "fraction": ("<div>页次：1/9 <a href='list_2.html'>下一页</a></div>", 9),
    "fraction-of-pages": ("<div>第1/9页</div>", 9),
    "english": ("<p>Page 1 of 6</p>", 6),
    "scripted-links": (
        "<div><a class='cur'>1</a>"
        + "".join(f"<a href='javascript:goPage({n})'>{n}</a>" for n in (2, 3, 4))
        + "</div>",
        4,
    ),
    "clicked-links": (
        "<p>1 " + "".join(f"<a href='#' onclick='turn({n - 1},20)'>{n}</a>" for n in (2, 3)) + "</p>",
        3,
    ),
    "permalinks": (
        (
            "<nav><span>1</span><a href='/xw/page/2/'>2</a><span>…</span><a href='/xw/page/9/'>9</a>"
            "<a href='/xw/page/2/'>下一页</a></nav>"
        ),
        9,
    ),
    "items": (
        "<ul><li><a href='?p=1'>1</a></li><li><a href='?p=2'>2</a></li><li><a href='?p=3'>3</a></li></ul>",
        3,
    ),
    "select": (
        "<select onchange='go(this)'><option>1</option><option>2</option><option>3</option></select>",
        3,
    ),
    "select-of-pages": (
        "<select onchange='go()'><option>第1页</option><option>第2页</option></select>",
        2,
    ),
    "trs": ("<script>createPageHTML(12, 0, 'index', 'html');</script>", 12),
    "trs-variables": ("<script>var currentPage = 0; var countPage = 5//共多少页</script>", 5),
    "kkpager": ("<script>kkpager.generPageHtml({pno: '1', total: '8', hrefFormer: 'l'});</script>", 8),
    "last-page": ("<div>共1页</div>", 1),
}
# What looks like a pager and is none.
NO_PAGERS = {
    "nothing": "",
    "dates-of-rows": "<p>3/12</p>",
    "records": "<p>共 231 条记录</p>",
    "title": "<p><a href='/20250301/99.html'>工会章程全文共12页</a></p>",
    "calendar": f"<table>{CALENDAR}</table>",
    "months": "<select name='month'>" + "".join(f"<option>{n}</option>" for n in range(1, 13)) + "</select>",
    "years": "<select onchange='go()'><option>2024</option><option>2025</option></select>",
    "ranking": "<div>"
    + "".join(f"<a href='/20250301/{n + 40}.html'>{n}</a>" for n in range(1, 6))
    + "</div>",
    "hits": "<script>var totalPage = 99.5; var width = 12;</script>",
}


def counted(pager: str) -> int:
    """The pages that a list with this pager names."""
    text = f"<html><body><ul>{ROWS}</ul>{pager}</body></html>"
    page = DecodedPage(url="http://gh.linxi.example/xw/", text=text, encoding="utf-8")
    return count_pages(parse_document(page))


@pytest.mark.parametrize("name", PAGERS)
def test_the_pages_that_a_pager_names_are_counted(name: str) -> None:
    """Words, numbers, selects and scripts name the pages, also where no link can be followed."""
    pager, pages = PAGERS[name]
    assert counted(pager) == pages


@pytest.mark.parametrize("name", NO_PAGERS)
def test_what_only_looks_like_a_pager_names_no_pages(name: str) -> None:
    """Dates, records, titles, calendars and other selects say nothing of pages."""
    assert counted(NO_PAGERS[name]) == 0
