from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine

from unioncrawl.archive.schema import revision, site
from unioncrawl.archive.write.article_rows import Draft, draft
from unioncrawl.archive.write.batch_items import Stored
from unioncrawl.archive.write.decide import Decision, KnownArticles, decide
from unioncrawl.archive.write.record_rows import RecordRows
from unioncrawl.model import Article

_SITE = 1
_SEEN = datetime(2024, 7, 1, 8, tzinfo=UTC)
_URL = "https://gh.example/art/1.html"
_BODY = "七月一日，市总工会为环卫职工送去清凉用品。" * 4


def _visit(url: str = _URL, body: str = _BODY, days: int = 0, site: int = _SITE) -> Draft:
    """What a visit of so many days later brings."""
    record = Article(
        site="gh", url=url, canonical_url=url, title="市总工会送清凉", body_text=body,
        fetched_at=_SEEN + timedelta(days=days),
    )  # fmt: skip
    return draft(record, RecordRows.of(record), site)


@pytest.fixture
def known() -> Iterator[KnownArticles]:
    """An archive that has one article, at one address of one site."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for table in (site, revision):
            table.create(connection)
        articles, first = KnownArticles(connection), _visit()
        stored = Stored(
            article_id=7, site_id=_SITE, canonical_url=_URL, url=_URL, revision_number=1, revision_id=9,
            text_digest=first.text_digest, content_hash=first.content_hash, seen_at=_SEEN, last_seen_at=_SEEN,
            title=first.record.title,
        )  # fmt: skip
        articles.add(stored)
        articles.name(_SITE, _URL, stored)
        articles.holds(_SITE, first.content_hash, None, stored)
        yield articles
    engine.dispose()


@pytest.mark.parametrize(
    ("visit", "decision"),
    [
        (_visit(days=1), Decision.UNCHANGED),
        (_visit(body=_BODY + "另据了解，活动持续到八月。", days=1), Decision.REVISED),
        (_visit(body=_BODY.replace("，", ",  "), days=1), Decision.UNCHANGED),
        (_visit(body="旧稿。" + _BODY, days=-1), Decision.REVISED),
        (_visit(url="https://gh.example/m/1.html"), Decision.ALIAS),
        (_visit(url="https://gh.example/art/2.html", body="另一篇消息。" * 20), Decision.NEW),
        (_visit(url="https://gh.example/m/1.html", site=2), Decision.NEW),
        (_visit(site=2), Decision.NEW),
    ],
)  # fmt: skip
def test_what_comes_in_is_decided_by_address_then_content(
    known: KnownArticles, visit: Draft, decision: Decision
) -> None:
    """An address decides first, then the content within its site; the same text on another site is new."""
    decided, stored = decide(visit, known)
    assert decided is decision
    assert (stored is None) == (decision is Decision.NEW)


def test_withdrawn_stays_withdrawn(known: KnownArticles) -> None:
    """A withdrawn article stays withdrawn, whatever its site shows."""
    for stored in known:
        stored.is_withdrawn = True
    assert decide(_visit(body="改过的消息。" * 20), known)[0] is Decision.WITHDRAWN


def test_an_earlier_text_counts_once(known: KnownArticles) -> None:
    """Two captures of one earlier text in a batch are one revision."""
    early = _visit(body="旧稿。" + _BODY, days=-2)
    known.earlier_revisions[7, early.text_digest] = (early, 1)
    assert decide(replace(early, seen_at=early.seen_at + timedelta(hours=1)), known)[0] is Decision.UNCHANGED


@pytest.mark.parametrize(
    ("body", "is_compared"),
    [
        ("", False),
        ("电话：0731-00000000\nQQ：00000000\n邮箱：gh@linxi.example\n地址：民主路18号总工会三楼", False),
        ("慰" * 59, False),
        ("慰" * 60, True),
    ],
)
def test_a_text_that_boilerplate_could_be_makes_no_alias(body: str, *, is_compared: bool) -> None:
    """Two picture stories of one title, with hardly a word or the same foot, stay two articles."""
    assert (_visit(body=body).content_hash is not None) is is_compared
