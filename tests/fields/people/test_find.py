"""People, the source of a reprint and the lead are read wherever and however a page prints them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.line import read_page
from unioncrawl.model import Article, DecodedPage, RawPage
from unioncrawl.normalize import normalize_article
from unioncrawl.repair.mirror_model.forward import Mirror, damage
from unioncrawl.repair.mirror_model.script_lookups import READING_OF

CASES = json.loads((Path(__file__).parents[2] / "cases" / "people.json").read_text(encoding="utf-8"))
FIELDS = (
    *("author", "correspondent", "photographer", "editor", "reviewer", "proofreader"),
    *("source", "original_source", "dateline"),
)
TITLE = "雁川市总工会为货车司机建起暖心驿站"
TEXT = [
    "雁川市总工会近日在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询劳动法律。",
    "驿站开通首月已接待司机六百多人次，来源于职工的三十条建议都得到了落实。",
    "下一步，市总工会将把驿站建到更多货车司机身边，让他们累了能歇脚、渴了能喝水。",
]


MIRROR = Mirror(frozenset(char for char in READING_OF if char.encode("gbk", "ignore")))


def _page(case: dict[str, Any]) -> str:
    printed = {case["where"]: case["original"]}
    first, *rest = TEXT
    paragraphs = [printed.get("lead", "") + first, *rest, *filter(None, [printed.get("tail")])]
    picture = (
        f"<p><img src=/u/1.jpg></p><p align=center>{printed['caption']}</p>" if "caption" in printed else ""
    )
    return (
        f"<html><head><title>{TITLE}-雁川市总工会</title></head><body><div class=nav><a href=/>首页</a></div>"
        f"<h1>{TITLE}</h1><div>{printed.get('head', '2024-03-05')}</div><div class=content>{picture}"
        f"{''.join(f'<p>{text}</p>' for text in paragraphs)}</div>"
        "<div class=foot>版权所有：雁川市总工会 地址：人民路1号</div></body></html>"
    )


def _shown(article: Article) -> dict[str, str | None]:
    return {name: getattr(article, name) or None for name in FIELDS}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['where']} {case['original']}" for case in CASES])
def test_reads_who_made_a_story(case: dict[str, Any]) -> None:
    """Each form of the notes gives its people, its origin and its lead, and nothing that it does not say."""
    page = DecodedPage(url="http://example.org/xw/1.html", text=_page(case), encoding="utf-8")
    found = extract_page(page).article
    assert found is not None
    article = normalize_article(found)
    assert _shown(article) == {name: case[name] for name in FIELDS}
    for name in FIELDS:
        pieces = [piece for piece in article.evidence if piece.field == name]
        assert bool(pieces) == bool(case[name]), name
    kept = article.body_text.split("\n")
    assert (case["original"] in kept[-1] or case["original"] in kept[0]) == case["kept"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case["label_breaks"]], ids=lambda case: case["original"]
)
def test_reads_who_made_a_damaged_story(case: dict[str, Any]) -> None:
    """A mirror's page gives the same people, repaired, wherever the bytes of its labels are whole."""
    body = damage(_page(case), MIRROR).encode()
    article = read_page(RawPage(url="http://example.org/xw/1.html", body=body)).article
    assert article is not None
    assert _shown(article) == {name: case[name] for name in FIELDS}


def test_extraction_hands_on_what_is_printed() -> None:
    """People and sources leave the page as printed, a line each, and are cleaned once: by normalising."""
    head = (
        "2024-03-05 来源：《雁川日报》（转自工人日报） 作者：本报记者 李方 "
        "一审：吴江／ 二审：郑重（市总宣教部） 三审：吴江"
    )
    page = DecodedPage(
        url="http://example.org/xw/1.html", text=_page({"where": "head", "original": head}), encoding="utf-8"
    )
    printed = extract_page(page).article
    assert printed is not None
    assert printed.source == "《雁川日报》（转自工人日报）"
    assert printed.author == "本报记者 李方"
    assert printed.reviewer.split("\n") == ["吴江／", "郑重（市总宣教部）", "吴江"]
    article = normalize_article(printed)
    assert (article.source, article.original_source) == ("雁川日报", "工人日报")
    assert (article.author, article.reviewer) == ("李方", "吴江 郑重")
    assert dict(article.raw)["reviewer"] == printed.reviewer
    assert normalize_article(article) == article


def test_a_reprint_without_a_source_has_its_origin_for_one() -> None:
    """What 转自 names is the source, too, where no other is declared, and the evidence says so."""
    page = DecodedPage(
        url="http://example.org/xw/1.html",
        text=_page({"where": "head", "original": "2024-03-05 转自：工人日报"}),
        encoding="utf-8",
    )
    printed = extract_page(page).article
    assert printed is not None
    assert (printed.source, printed.original_source) == ("", "工人日报")
    article = normalize_article(printed)
    assert article.source == article.original_source == "工人日报"
    assert [piece.rule for piece in article.evidence if piece.field == "source"] == ["original-source"]
