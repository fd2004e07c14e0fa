"""Twins and damage as a mirror makes it, through the true repairer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.schema import revision
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article
from unioncrawl.normalize import normalize_article
from unioncrawl.repair.article import repair_article
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, damage

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
LINES = [
    "4月8日，神木市总工会主席王秀英到环卫驿站慰问一线职工，送去清凉饮料和防暑药品，并同大家亲切交谈。",
    "据了解，各省（自治区、市）总工会今年新建驿站三百二十个，服务职工4200名，职工朱㛃莹表示感谢。",
    "下一步，工会将加强学习，确保“十四五”规划圆满收官，为职工办好实事，让广大会员都满意。",
]
MIRROR = Mirror(frozenset("會動務強學習辦實區開發員"), Decoder.SWALLOWING)


def _article(site: str, lines: list[str]) -> Article:
    url = f"http://{site}/1"
    article = Article(url=url, site=site, title="送清凉", body_text="\n".join(lines), fetched_at=TIME)
    return normalize_article(repair_article(article))


DAMAGED = _article("mirror", [damage(line, MIRROR) for line in LINES])


@pytest.fixture
def archive(any_archive: str) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(any_archive) as opened:
        yield opened


def _stored(archive: Archive, *articles: Article) -> dict[str, Article]:
    """The articles by site, as they are after all have come, each in a batch of its own."""
    number = archive.begin_run("x", {})
    for article in articles:
        archive.store(article, number)
        archive.flush()
    with archive.engine.connect() as connection:
        found = load_articles(connection, range(1, len(articles) + 1))
    return {one.record.site: one.record for one in found}


@pytest.mark.parametrize("sound_first", [True, False])
def test_a_sound_copy_restores_what_bytes_alone_leave_open(archive: Archive, sound_first: bool) -> None:  # noqa: FBT001
    """A name that GBK lacks comes back from the twin, in a step that says so, not as an edit of the site."""
    assert "㛃" not in DAMAGED.body_text
    sound = _article("site", ["本报讯（记者 李四）" + LINES[0], *LINES[1:]])
    stored = _stored(archive, *((sound, DAMAGED) if sound_first else (DAMAGED, sound)))
    assert stored["mirror"].body_text == "\n".join(LINES)
    assert any("twin" in taken.step.evidence for taken in stored["mirror"].steps)
    assert stored["site"].body_text == sound.body_text
    with archive.engine.connect() as connection:
        query = select(revision.c.kind).order_by(revision.c.article_id, revision.c.number)
        assert sorted(connection.execute(query).scalars()) == ["first", "first", "rederived"]


def test_a_twin_with_other_particulars_changes_none(archive: Archive) -> None:
    """Where the sound copy has another number or name than the page shows, the page's stays."""
    corrected = [line.replace("4200", "4300").replace("王秀英", "王秀云") for line in LINES]
    stored = _stored(archive, DAMAGED, _article("site", corrected))
    text = stored["mirror"].body_text
    assert stored["site"].body_text == "\n".join(corrected)
    assert ("4200" in text, "4300" in text) == (True, False)
    assert ("王秀英" in text, "王秀云" in text) == (True, False)
    assert "（自治区、市）" in text


def test_a_like_notice_is_no_twin(archive: Archive) -> None:
    """Another union's notice in the same words restores nothing."""
    other = [line.replace("神木市", "府谷县").replace("王秀英", "李建国") for line in LINES]
    other = [
        line.replace("4200", "870").replace("三百二十", "十二").replace("4月8日", "6月3日") for line in other
    ]
    stored = _stored(archive, DAMAGED, _article("site", other))
    assert stored["mirror"].body_text == DAMAGED.body_text
    assert "府谷县" in stored["site"].body_text
    assert archive.counts["rederived"] == 0
