from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import update

from tests.archive.small_archive import BODY, Kept
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.database import writing
from unioncrawl.archive.exports.cited_sources import load_cited, load_cited_revision
from unioncrawl.archive.schema import revision
from unioncrawl.citations.cited_source import CitedSource
from unioncrawl.errors import ArticleDamaged, ArticleNotFound


def _cited(kept: Kept, *numbers: int) -> tuple[list[CitedSource], list[ArticleDamaged]]:
    damaged: list[ArticleDamaged] = []
    with kept.archive.engine.connect() as connection:
        return load_cited(connection, numbers, damaged.append, "http://r/{}".format), damaged


def test_a_citation_is_made_of_the_stored_revision(kept: Kept) -> None:
    """Address, title, dates, digests and permalink of each article, in the order in which they are asked."""
    cited, damaged = _cited(kept, 3, 1)
    assert [one.number for one in cited] == [3, 1]
    assert damaged == []
    third = cited[0]
    assert (third.url, third.title, third.day) == ("http://x/3", "题3", "2024-04-11")
    assert third.evidence.capture == sha256(BODY.format(3).encode()).hexdigest()
    assert third.evidence.permalink == f"http://r/{third.evidence.revision}"
    with kept.archive.engine.connect() as connection:
        again = load_cited_revision(connection, "http://x/3", third.evidence.revision, "http://r/{}".format)
        assert again == third
        with pytest.raises(ArticleNotFound):
            load_cited_revision(connection, "1", third.evidence.revision)


def test_what_was_changed_is_not_cited(kept: Kept) -> None:
    """An article that is not what was stored is reported, and the others are cited."""
    digest = _cited(kept, 2)[0][0].evidence.revision
    with writing(kept.archive.engine) as connection:
        connection.execute(update(revision).where(revision.c.article_id == 2).values(source="改过"))
    cited, damaged = _cited(kept, 1, 2)
    assert [one.number for one in cited] == [1]
    assert "its digest differs" in str(damaged[0])
    with kept.archive.engine.connect() as connection, pytest.raises(ArticleDamaged):
        load_cited_revision(connection, "2", digest)


def test_of_a_withdrawn_article_the_last_visit_is_known(kept: Kept) -> None:
    """It has no words and no digests; the time is that of its last visit, not that of the takedown."""
    before = _cited(kept, 1)[0][0]
    take_down(kept.archive.engine, kept.captures, "1", "asked for")
    ((after,), _) = _cited(kept, 1)
    assert (after.title, after.evidence.revision, after.evidence.capture) == ("", "", "")
    assert after.evidence.withdrawn_at is not None
    assert after.evidence.seen_at == before.evidence.seen_at
