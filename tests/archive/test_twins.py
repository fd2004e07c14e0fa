from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from unioncrawl.archive.reading import load_articles
from unioncrawl.archive.schema import revision
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article
from unioncrawl.repair.article import repair_article
from unioncrawl.repair.forward import Mirror, damage

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
# 龑 is what the mirror makes of the rarer 䶮: only the other site can tell.
BODY = (
    "市总工会副主席王某与职工代表到环卫驿站慰问一线职工，送去清凉饮料和防暑药品。\n"
    "区（县）总工会要为户外劳动者建设更多驿站，让职工“冷可取暖、热可纳凉”。”他说。\n"
    "据了解，全市已建成驿站三百二十个，服务职工十万人次，职工䶮某表示感谢。"
)


@pytest.fixture
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(str(tmp_path_factory.mktemp("a") / "a.db")) as opened:
        yield opened


def _damaged() -> Article:
    text = damage(BODY, Mirror(frozenset("會為區職")))
    page = Article(url="http://mirror/1", site="mirror", title="慰问", body_text=text, fetched_at=TIME)
    return repair_article(page)


SOUND = Article(url="http://site/1", site="site", title="慰问", body_text=BODY, fetched_at=TIME)


@pytest.mark.parametrize("damaged_first", [True, False])
def test_the_sound_copy_repairs_the_damaged_one(archive: Archive, damaged_first: bool) -> None:  # noqa: FBT001
    """Whichever arrives first, the mirror's copy ends as the sound one, as a re-derivation."""
    number = archive.begin_run("x", {})
    assert _damaged().body_text != BODY
    for article in (_damaged(), SOUND) if damaged_first else (SOUND, _damaged()):
        archive.store(article, number)
        archive.flush()
    with archive.engine.connect() as connection:
        stored = {one.record.site: one for one in load_articles(connection, [1, 2])}
        rows = connection.execute(
            select(revision.c.kind, revision.c.raw)
            .where(revision.c.article_id == stored["mirror"].id)
            .order_by(revision.c.number)
        ).all()
    assert stored["mirror"].record.body_text == BODY
    assert stored["site"].revision == 1
    assert [row.kind for row in rows] == ["first", "rederived"]
    assert rows[1].raw["body_text"] == damage(BODY, Mirror(frozenset("會為區職")))


def test_the_next_visit_is_no_edit(archive: Archive) -> None:
    """The page visited again, still damaged, is neither an edit nor a step back."""
    number = archive.begin_run("x", {})
    for article in (_damaged(), SOUND, _damaged()):
        archive.store(article, number)
        archive.flush()
    assert archive.counts["revised"] == 0
    assert archive.counts["unchanged"] == 1
    with archive.engine.connect() as connection:
        assert load_articles(connection, [1])[0].record.body_text == BODY
