from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from unioncrawl.archive.care.reprocess import Plan, Report, reprocess
from unioncrawl.archive.read.stored_articles import find_article, load_articles
from unioncrawl.archive.schema import revision
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, FieldStep, FieldUnresolved, Step, Unresolved

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
BODY = (
    "市总工会副主席王某与职工代表到环卫驿站慰问一线职工，送去清凉饮料和防暑药品。\n"
    "据了解，全市已建成驿站三百二十个，服务职工十万人次，职工㛃某表示感谢。"
)
_OTHER_STORIES = (
    (
        "第六届焊工技能竞赛昨日在临溪机械厂开幕，来自三十四家企业的选手同台竞技，争夺五一劳动奖章。\n"
        "开幕式由㛃某主持，前三名将被授予技术能手称号，并优先推荐为下一年度的劳动模范候选人。"
    ),
    (
        "女职工委员会举办法律知识讲座，律师围绕劳动合同、生育保险和夫妻财产逐条讲解，近百人到场旁听。\n"
        "讲座后㛃律师现场解答了二十多个问题，工会还印发了维权手册，并公布了常年开通的咨询电话。"
    ),
)
PLACE = BODY.index("㛃")
DAMAGED = Article(
    url="http://mirror/1",
    site="mirror",
    title="慰问",
    body_text=BODY.replace("㛃", "?"),
    mirror=True,
    unresolved=(FieldUnresolved("body_text", Unresolved(PLACE, PLACE + 1, "lost byte")),),
    raw=(("body_text", BODY.replace("㛃", "?")),),
    fetched_at=TIME,
)
SOUND = Article(url="http://site/1", site="site", title="慰问", body_text=BODY, fetched_at=TIME)


def _fill_from_twin(article: Article, *, twins: Sequence[str] = ()) -> Article:
    """Stands in for the repairer, which has tests of its own: takes the lost character from the twin."""
    assert article.body_text == DAMAGED.body_text
    if not twins:
        return DAMAGED
    taken = twins[0].split("\n", 1)[1][PLACE]
    step = FieldStep("body_text", Step("twin", PLACE, PLACE + 1, "?", taken, 0.99))
    body = article.body_text[:PLACE] + taken + article.body_text[PLACE + 1 :]
    return replace(article, body_text=body, steps=(step,), raw=DAMAGED.raw, mirror=True)


@pytest.fixture
def archive(any_archive: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An empty archive."""
    monkeypatch.setattr("unioncrawl.archive.rederive.repair_article", _fill_from_twin)
    with Archive.open(any_archive) as opened:
        yield opened


@pytest.mark.parametrize("articles", [(DAMAGED, SOUND), (SOUND, DAMAGED)])
def test_the_sound_copy_repairs_the_damaged_one(archive: Archive, articles: tuple[Article, ...]) -> None:
    """Whichever arrives first, the mirror's copy ends as the sound one, as a re-derivation."""
    number = archive.begin_run("x", {})
    for article in articles:
        archive.store(article, number)
        archive.flush()
    with archive.engine.connect() as connection:
        stored = {one.record.site: one for one in load_articles(connection, [1, 2])}
        rows = connection.execute(
            select(revision.c.kind, revision.c.raw, revision.c.body_text)
            .where(revision.c.article_id == stored["mirror"].id)
            .order_by(revision.c.number)
        ).all()
    assert stored["mirror"].record.body_text == BODY
    assert stored["site"].revision == 1
    assert [row.kind for row in rows] == ["first", "rederived"]
    assert rows[0].body_text == rows[1].raw["body_text"] == DAMAGED.body_text


def test_the_next_visit_is_no_edit(archive: Archive) -> None:
    """The page visited again, still damaged, is neither an edit nor a step back."""
    number = archive.begin_run("x", {})
    for article in (DAMAGED, SOUND, DAMAGED):
        archive.store(article, number)
        archive.flush()
    assert archive.counts["revised"] == 0
    assert archive.counts["unchanged"] == 1
    with archive.engine.connect() as connection:
        assert load_articles(connection, [1])[0].record.body_text == BODY


@pytest.mark.parametrize("late", [0, 1])
def test_a_member_is_repaired_once_after_the_same_twins(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, late: int
) -> None:
    """A copy that arrives later is repaired, those before it only when a twin arrives or changes."""
    repaired: list[int] = []

    def fill(article: Article, *, twins: Sequence[str] = ()) -> Article:
        repaired.append(int(article.url.rpartition("/")[2]))
        return _fill_from_twin(article, twins=twins)

    monkeypatch.setattr("unioncrawl.archive.rederive.repair_article", fill)
    number = archive.begin_run("x", {})
    seen = []
    copies = [replace(DAMAGED, url=f"http://mirror/{at}", site=f"mirror{at}") for at in range(3)]
    twins = [replace(SOUND, url="http://site/1"), replace(SOUND, url="http://other/2", site="other")]
    for one in (twins[0], copies[0], copies[1], copies[2], copies[2], *twins[1:] * late):
        archive.store(one, number)
        archive.flush()
        seen.append(sorted(repaired))
        repaired.clear()
    assert seen[:5] == [[], [0], [1], [2], []]
    assert seen[5:] == [[0, 1, 2]] * late
    assert archive.counts["rederived"] == len(copies)


@pytest.mark.parametrize("at_once", [1, 2, 50])
def test_each_group_of_a_batch_has_its_own_twins(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """However many groups are loaded together, a damaged copy is repaired after those of its own story."""
    twins_of: dict[str, tuple[str, ...]] = {}

    def fill(article: Article, *, twins: Sequence[str] = ()) -> Article:
        twins_of[article.url] = tuple(twins)
        return article

    monkeypatch.setattr("unioncrawl.archive.rederive.repair_article", fill)
    monkeypatch.setattr("unioncrawl.archive.reprints.repair_from_twin._GROUPS_AT_ONCE", at_once)
    number = archive.begin_run("x", {})
    bodies = (BODY, *_OTHER_STORIES)
    for at, body in enumerate(bodies):
        for site in range(at + 2):
            archive.store(replace(SOUND, url=f"http://s{site}/{at}", site=f"s{site}", body_text=body), number)
        damaged = body.replace("㛃", "?")
        archive.store(
            replace(DAMAGED, url=f"http://mirror/{at}", body_text=damaged, raw=(("body_text", damaged),)),
            number,
        )
    archive.flush()
    expected = {f"http://mirror/{at}": (f"慰问\n{body}",) * min(3, at + 2) for at, body in enumerate(bodies)}
    assert twins_of == expected


def test_reprocessing_asks_the_twins_too(archive: Archive, tmp_path: Path) -> None:
    """What a twin had repaired is not undone by deriving the damaged copy again."""
    number = archive.begin_run("x", {})
    for article in (SOUND, DAMAGED):
        archive.store(article, number)
        archive.flush()
    plan = Plan(node=parse_query("site:mirror"), stage="repair", captures=tmp_path)
    with archive.engine.connect() as connection:
        outcomes = list(reprocess(connection, plan, Report()))
        damaged = find_article(connection, DAMAGED.url)
    after = next(outcome.after for outcome in outcomes if outcome.number == damaged)
    assert after is not None
    assert after.body_text == BODY
