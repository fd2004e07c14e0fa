"""The kind of a page is decided by what the page shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage, PageKind

CASES = json.loads((Path(__file__).parents[1] / "cases" / "kinds.json").read_text(encoding="utf-8"))
MENU = [
    "首页",
    "机构概况",
    "工会要闻",
    "基层动态",
    "权益保障",
    "职工文化",
    "劳模风采",
    "政策法规",
    "网上办事",
    "互动交流",
]
PIECES = {
    "menu": "<div class=nav>" + "".join(f"<a href=/{n}>{name}</a>" for n, name in enumerate(MENU)) + "</div>",
    "foot": (
        "<div class=footer><p>版权所有：雁川市总工会 主办：雁川市总工会</p>"
        "<p>地址：民主路18号 电话：0791-8666</p><p>赣ICP备05000000号 <a>网站地图</a></p></div>"
    ),
}


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_shows_the_kind(case: dict[str, Any]) -> None:
    """Lists, walls, soft 404s and shells are not articles, and articles are, however short."""
    body = case["original"]
    for name, piece in PIECES.items():
        body = body.replace("{" + name + "}", piece)
    text = f"<!DOCTYPE html><html><head><title>{case['title']}</title></head><body>{body}</body></html>"
    found = extract_page(DecodedPage(url="http://example.org/a/b.html", text=text, encoding="utf-8"))
    assert found.kind.value == case["expected"], found.reason
    assert (found.article is not None) is (found.kind is PageKind.ARTICLE)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, "not-found"),
        (410, "not-found"),
        (412, "blocked"),
        (521, "blocked"),
        (403, "blocked"),
        (502, "blocked"),
    ],
)
def test_status_decides(status: int, kind: str) -> None:
    """A status that forbids or misses is enough, whatever text comes with it."""
    text = (
        "<html><body><h1>市总工会召开会议</h1><p>时间：2024-01-02</p><p>会议要求抓好落实。</p></body></html>"
    )
    page = DecodedPage(url="http://example.org/1.html", text=text, encoding="utf-8", status=status)
    assert extract_page(page).kind.value == kind


def test_teasers_that_close_with_a_link_are_a_list() -> None:
    """A list without dates, each entry a title, a summary and 查看更多, is not an article."""
    teasers = "".join(
        f"<div><h2><a href='/xw/{n}'>临溪市总工会举办第{n}届职工运动会</a></h2>"
        f"<p>运动会设{n}个项目，来自各单位的职工参加，比赛持续三天，现场气氛热烈。</p>"
        f"<a href='/xw/{n}'>查看更多</a></div>"
        for n in range(3, 11)
    )
    page = DecodedPage(
        url="http://gh.example/list?id=2",
        text=f"<html><head><title>工会要闻</title></head><body><h2>工会要闻</h2>{teasers}</body></html>",
        encoding="utf-8",
    )
    assert extract_page(page).kind is PageKind.LIST


@pytest.mark.parametrize(("dates", "kind"), [(6, "list"), (0, "article")])
def test_dated_links_to_files_are_a_list(dates: int, kind: str) -> None:
    """A column may list files, each with its date; the attachments of an article have none."""
    names = ["预算公开", "决算公开", "经费收支", "项目公示", "采购结果", "人员名单"]
    rows = "".join(
        f"<li><a href=/up/{place}.pdf>雁川市总工会本级{name}说明</a>"
        f"{f'<span>2024-03-0{place}</span>' if place <= dates else ''}</li>"
        for place, name in enumerate(names, 1)
    )
    page = (
        f"<html><head><title>信息公开</title></head><body>{PIECES['menu']}<h1>雁川市总工会信息公开材料</h1>"
        f"<ul class=content>{rows}</ul><p>服务电话：0791-8666，工作日均可拨打。</p>"
        f"{PIECES['foot']}</body></html>"
    )
    found = extract_page(DecodedPage(url="http://example.org/xxgk/", text=page, encoding="utf-8"))
    assert found.kind.value == kind, found.reason
