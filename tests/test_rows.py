"""Rows are flat, JSON-able and have the promised keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from unioncrawl import outcomes
from unioncrawl.model import Article, Extraction, Image, Precision
from unioncrawl.rows import FIELDS, article_row, extraction_row

KEYS = [
    *("kind", "url", "title", "lead_title", "subtitle", "original_title"),
    *("published_at", "published_precision", "published_raw", "hits", "hits_raw", "hits_status"),
    *("source", "author", "editor", "column", "body_text", "images", "attachments", "next_page", "counter"),
    *("photographer", "correspondent", "reviewer", "proofreader", "original_source", "dateline"),
    *("mirror", "body_html", "evidence"),
]


def test_extract_prints_exactly_the_promised_keys() -> None:
    """An article and a page that is not an article have the same keys; what is not known is null."""
    article = Article(url="http://e.org/1.html", title="题")
    article_page = extraction_row(Extraction(url=article.url, article=article))
    refused_page = extraction_row(
        Extraction(url="http://e.org/2.html", reason=outcomes.reason_of_status(412))
    )
    assert list(article_page) == list(refused_page) == list(FIELDS) == KEYS
    assert article_page["source"] is None
    assert {name for name, value in refused_page.items() if value is not None} == {"kind", "url"}


def test_row_is_json_with_chinese_time() -> None:
    """Times are written with +08:00, pictures as objects."""
    article = Article(
        url="http://e.org/1.html",
        published_at=datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC),
        published_precision=Precision.SECOND,
        images=(Image("http://e.org/1.jpg", "图"),),
    )
    row = json.loads(json.dumps(article_row(article), ensure_ascii=False))
    assert row["published_at"] == "2024-04-08T09:32:34+08:00"
    assert row["images"] == [{"url": "http://e.org/1.jpg", "caption": "图"}]
    assert (row["mirror"], row["repaired"], row["site"]) == (False, False, None)
