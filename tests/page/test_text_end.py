"""What stands under a story is read as credits or left out of its text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import Article, DecodedPage
from unioncrawl.normalize import normalize_article

CASES = json.loads((Path(__file__).parents[1] / "cases" / "tails.json").read_text(encoding="utf-8"))
TAILS, NOISE = CASES["tails"], CASES["noise"]
TITLE = "雁川市总工会为货车司机建起暖心驿站"
TEXT = [
    "雁川市总工会近日在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。",
    "驿站开通首月已接待司机六百多人次，来源于职工的三十条建议都得到了落实。",
    "下一步，市总工会将把驿站建到更多货车司机身边，让他们累了能歇脚、渴了能喝水。",
]
LENGTHS = {"day": 10, "minute": 16, "second": 19}


def _read(under: str, *, inside: bool, line: str = "") -> Article:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    story = f"<div>{text}{under}</div>" if inside else f"<div class=content>{text}</div>{under}"
    page = (
        f"<html><head><title>{TITLE}-雁川市总工会</title></head><body><div class=nav><a href=/>首页</a></div>"
        f"<h1>{TITLE}</h1>{line}{story}"
        "<div class=foot>版权所有：雁川市总工会 地址：人民路1号</div></body></html>"
    )
    found = extract_page(
        DecodedPage(
            url="http://example.org/xw/1.html",
            text=page,
            encoding="utf-8",
            fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
    ).article
    assert found is not None
    return normalize_article(found)


def _shown(article: Article) -> dict[str, Any]:
    precision, at = article.published_precision, article.published_at
    return {
        "published_at": at.isoformat()[: LENGTHS[precision.value]] if at and precision else None,
        "source": article.source or None,
        "author": article.author or None,
        "editor": article.editor or None,
        "hits": article.hits,
        "kept": [text for text in article.body_text.split("\n") if text not in TEXT],
        "lost": [text for text in TEXT if text not in article.body_text.split("\n")],
    }


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "after"])
@pytest.mark.parametrize("case", TAILS, ids=[case["label"] for case in TAILS])
def test_reads_credits_under_a_story(case: dict[str, Any], inside: bool) -> None:  # noqa: FBT001 - parametrized
    """Credits under a story fill their fields and leave the text, whatever noise follows them."""
    if case["inside"] and not inside:
        inside = True  # a byline belongs to the text
    wanted = {name: case[name] for name in ("published_at", "source", "author", "editor", "hits", "kept")}
    for noise in ({"original": ""}, *NOISE):
        shown = _shown(_read(case["original"] + noise["original"], inside=inside))
        assert shown == {**wanted, "lost": []}, noise


@pytest.mark.parametrize("noise", NOISE, ids=[case["label"] for case in NOISE])
def test_keeps_noise_out_of_the_line_above(noise: dict[str, Any]) -> None:
    """The line under the headline wins over whatever numbers and dates stand under the story."""
    line = "<div>发布时间：2019-03-05 10:20 来源：雁川市总工会 浏览次数：<span id=hits></span>次</div>"
    shown = _shown(_read(noise["original"], inside=False, line=line))
    assert shown == {
        "published_at": "2019-03-05T10:20",
        "source": "雁川市总工会",
        "author": None,
        "editor": None,
        "hits": None,
        "kept": [],
        "lost": [],
    }
