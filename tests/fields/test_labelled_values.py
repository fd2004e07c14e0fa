"""Metadata lines are read however their labels are set."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage
from unioncrawl.normalize import normalize_article

CASES = json.loads((Path(__file__).parents[1] / "cases" / "metadata_lines.json").read_text(encoding="utf-8"))
TITLE = "南陵区总工会启动暖心驿站建设"
TEXT = (
    "南陵区总工会近日在城东物流园启动暖心驿站建设，首批十二个驿站覆盖货运、快递和环卫职工，由园区工会联合会轮流值守。",
    "区总工会负责人表示，年内还将在三个街道增设驿站，并开通线上报修，让劳动者随时反映需要，件件有回音。",
)
LENGTHS = {"day": 10, "minute": 16, "second": 19}


def in_one_block(line: str) -> str:
    """The line as text of a block, its line breaks as blocks."""
    return "<div>" + line.replace("\n", "</div><div>") + "</div>"


def in_a_cell(line: str) -> str:
    """The line in a table cell, with no-break spaces and ``<br>``."""
    return (
        "<table><tr><td>"
        + line.replace("   ", "&nbsp;&nbsp;&nbsp;").replace("\n", "<br>")
        + "</td></tr></table>"
    )


def in_spans(line: str) -> str:
    """Each word of the line in a span of its own."""
    words = re.split(r"(?<=[^:：来点击索引源])\s+", line)  # 来 源, 点 击 数: no word ends there
    return "<p>" + "".join(f"<span>{word}</span>" for word in words) + "</p>"


@pytest.mark.parametrize("layout", [in_one_block, in_a_cell, in_spans])
@pytest.mark.parametrize("case", CASES, ids=[case["original"] for case in CASES])
def test_reads_every_recorded_line(case: dict[str, Any], layout: Callable[[str], str]) -> None:
    """Date, source, people and hits come out of each line of the field notes, in three kinds of markup."""
    text = (
        f"<html><head><title>{TITLE}_基层动态</title></head><body><h1>{TITLE}</h1>{layout(case['original'])}"
        f"<div>{''.join(f'<p>{line}</p>' for line in TEXT)}</div>"
        "<div>版权所有 某市总工会 2010-2024</div></body></html>"
    )
    page = DecodedPage(
        url="http://example.org/xw/1.html",
        text=text,
        encoding="utf-8",
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    found = extract_page(page).article
    assert found is not None
    article = normalize_article(found)
    published = ""
    if article.published_at and article.published_precision:
        published = article.published_at.isoformat()[: LENGTHS[article.published_precision.value]]
    assert (published, article.source, article.author, article.editor, article.hits) == (
        case["published_at"],
        *(case[name] or "" for name in ("source", "author", "editor")),
        case["hits"],
    )
    assert article.title == TITLE
    assert article.body_text == "\n".join(TEXT)
