"""The headline is found wherever a template puts it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage

CASES = json.loads((Path(__file__).parents[1] / "cases" / "headlines.json").read_text(encoding="utf-8"))
PIECES = {
    "menu": "<div class=nav><a href=/>首页</a><a href=/a>工会要闻</a><a href=/b>基层动态</a></div>",
    "line": "<div class=info>发布时间：2024-04-08 10:00 来源：南陵工会</div>",
    "body": (
        "<p>南陵区总工会近日在城东物流园启动暖心驿站建设，首批十二个驿站覆盖货运、快递和环卫职工。</p>"
        "<p>区总工会负责人表示，年内还将在三个街道增设驿站，并开通线上报修，让劳动者随时反映需要。</p>"
    ),
    "related": "<ul>"
    + "".join(f"<li><a href=/{n}>某地工会走进企业第{n}场</a></li>" for n in range(6))
    + "</ul>",
}


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_finds_the_headline(case: dict[str, Any]) -> None:
    """A reader's headline comes out, without column, site, date or label."""
    body = case["original"]
    for name, piece in PIECES.items():
        body = body.replace("{" + name + "}", piece)
    text = f"<html><head>{case['head']}</head><body>{body}</body></html>"
    found = extract_page(DecodedPage(url="http://example.org/xw/1.html", text=text, encoding="utf-8")).article
    assert found is not None
    assert found.title.removeprefix("标题：") == case["expected"]
    assert found.body_text.count("\n") == 1
