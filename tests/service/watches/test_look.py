"""A watch reports what was written since it was last asked: each thing once, nothing from before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.schema import article
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article, HitsStatus
from unioncrawl.service.watches.article_events import MOST_EVENTS
from unioncrawl.service.watches.look import first_position, look, look_and_queue
from unioncrawl.service.watches.notices import Notice, list_notices
from unioncrawl.service.watches.saved_watches import Watch, WatchKind, add_watch, pause_watch
from unioncrawl.service.watches.story_events import find_story

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
TEXT = (
    "临溪市总工会到环卫驿站送清凉，为三百名一线职工送去防暑药品和清凉饮料，并叮嘱大家合理安排作息，注意安全。"
)
OTHER = "东河县总工会召开集体协商推进会，全县二十家企业的职工代表参加，会议部署了下一阶段工资协商的具体安排。"


class Library:
    """An archive into which articles come, and its watches."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.engine = archive, archive.engine
        self.run_id = archive.begin_run("linxi", {})
        self.days = 0

    def store(self, number: int, text: str, site: str = "linxi", hits: int | None = None) -> None:
        """Store a visit of an article; each is a day later."""
        self.days += 1
        at = NOW - timedelta(days=30) + timedelta(days=self.days)
        status = HitsStatus.PAGE if hits is not None else HitsStatus.NO_COUNTER
        self.archive.store(
            Article(
                url=f"http://{site}.example/{number}.html", site=site, title=f"题{number}", body_text=text,
                published_at=at, fetched_at=at, hits=hits, hits_status=status,
            ),
            self.run_id,
        )  # fmt: skip
        self.archive.flush()

    def watch(
        self, name: str, kind: WatchKind, query: str = "", since: datetime | None = None, **given: object
    ) -> None:
        """Add a watch."""
        with writing(self.engine) as connection:
            position = first_position(connection, kind, given, since)
            made = Watch(
                name=name,
                kind=kind,
                query=query,
                arguments=given,
                channels=("mail",),
                created_at=NOW,
                position=position,
            )
            add_watch(connection, made)

    def news(self, name: str) -> list[tuple[str, str]]:
        """What a watch finds and queues: the kind of each event, and the last part of its address."""
        (found,) = [one for one in look_and_queue(self.engine, NOW) if one.watch.name == name]
        assert found.error == ""
        return [(event.kind, event.url.rpartition("/")[2]) for event in found.events]

    def queued(self) -> int:
        """How many notices were queued in all."""
        with reading(self.engine) as connection:
            return len(list_notices(connection, 1_000))


@pytest.fixture
def library(any_archive: str) -> Iterator[Library]:
    """An archive of two articles."""
    with Archive.open(any_archive) as archive:
        made = Library(archive)
        made.store(1, TEXT)
        made.store(2, OTHER)
        yield made


def test_a_search_reports_new_articles_and_new_texts_from_now_on(library: Library) -> None:
    """What was there before is not reported; an edit is, once; what does not match is not."""
    library.watch("清凉", WatchKind.QUERY, "送清凉 -驿站旧址")
    assert library.news("清凉") == []
    library.store(3, TEXT.replace("三百", "四百") + "活动持续三天。")
    library.store(4, OTHER + "会后，代表们参观了企业的职工之家。")
    library.store(1, TEXT.replace("三百", "五百"))
    assert library.news("清凉") == [("article-new", "3.html"), ("article-revised", "1.html")]
    assert library.news("清凉") == []
    assert library.queued() == 2


def test_a_dry_look_changes_nothing(library: Library) -> None:
    """What it shows is queued by the next run all the same."""
    library.watch("全部", WatchKind.QUERY, "")
    library.store(3, TEXT + "活动持续三天，覆盖全市。")
    assert [len(one.events) for one in look(library.engine, NOW)] == [1]
    assert library.queued() == 0
    assert library.news("全部") == [("article-new", "3.html")]


def test_an_earlier_day_begins_with_what_the_archive_took_in_then(library: Library) -> None:
    """--from is the day on which the archive saw it, not that of publishing."""
    library.watch("第二天起", WatchKind.QUERY, "", since=NOW - timedelta(days=28))
    library.watch("最初起", WatchKind.QUERY, "", since=NOW - timedelta(days=400))
    library.watch("以后", WatchKind.QUERY, "", since=NOW + timedelta(days=400))
    found = {one.watch.name: len(one.events) for one in look_and_queue(library.engine, NOW)}
    assert found == {"第二天起": 1, "最初起": 2, "以后": 0}
    # Both go to one channel: an event that two watches found goes there once.
    assert library.queued() == 2


def test_a_text_from_before_is_no_news(library: Library) -> None:
    """An import of an older capture adds a revision, which is no new text of the article."""
    library.watch("全部", WatchKind.QUERY, "")
    days, library.days = library.days, -900
    library.store(1, "旧稿：" + TEXT)
    library.days = days
    assert library.news("全部") == []


def test_a_number_of_hits_is_reported_when_it_is_reached(library: Library) -> None:
    """Once, at the visit that counted it; a visit that counts more reports nothing again."""
    library.watch("热", WatchKind.QUERY, "清凉 hits:>=1000")
    library.store(1, TEXT, hits=10)
    assert library.news("热") == []
    library.store(1, TEXT, hits=1_200)
    assert library.news("热") == [("article-hits", "1.html")]
    library.store(1, TEXT, hits=1_300)
    assert library.news("热") == []


def test_more_articles_than_are_listed_are_counted(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest are events of their own, and one event counts the rest."""
    assert MOST_EVENTS == 200
    monkeypatch.setattr("unioncrawl.service.watches.article_events.MOST_EVENTS", 3)
    library.watch("全部", WatchKind.QUERY, "")
    for number in range(10, 15):
        library.store(number, f"{number * 7919} 号：{TEXT}")
    (found,) = look_and_queue(library.engine, NOW)
    assert [event.url[-7:-5] for event in found.events[:-1]] == ["12", "13", "14"]
    assert "另有 2 篇" in found.events[-1].title.zh


def test_a_paused_watch_goes_on_where_it_was(library: Library) -> None:
    """What came meanwhile is reported then."""
    library.watch("全部", WatchKind.QUERY, "")
    with writing(library.engine) as connection:
        pause_watch(connection, "全部", paused=True)
    library.store(3, TEXT + "活动持续三天，覆盖全市。")
    assert look_and_queue(library.engine, NOW) == []
    with writing(library.engine) as connection:
        pause_watch(connection, "全部", paused=False)
    assert library.news("全部") == [("article-new", "3.html")]


def mark(library: Library, number: int, vanished_at: datetime | None) -> None:
    """Mark an article as gone from its site, or as there again."""
    with writing(library.engine) as connection:
        marked = update(article).where(article.c.id == number)
        connection.execute(marked.values(vanished_at=vanished_at))


def notices(library: Library) -> list[Notice]:
    """All notices that were queued."""
    with reading(library.engine) as connection:
        return list_notices(connection, 1_000)


def test_a_story_reports_its_edits_its_end_and_its_return(library: Library) -> None:
    """By its number or any of its addresses; what happened before is not reported."""
    with reading(library.engine) as connection:
        number = find_story(connection, "http://linxi.example/1.html")
        assert find_story(connection, f"http://127.0.0.1:8810/articles/{number}?lang=zh") == number
    library.watch("故事", WatchKind.STORY, article=number, reprints=False)
    library.store(1, TEXT.replace("三百", "五百"))
    library.store(2, OTHER.replace("二十", "三十"))
    assert library.news("故事") == [("article-revised", "1.html")]
    mark(library, number, NOW)
    assert library.news("故事") == [("article-vanished", "1.html")]
    assert library.news("故事") == []
    mark(library, number, None)
    assert library.news("故事") == [("article-back", "1.html")]
    mark(library, number, NOW + timedelta(days=9))
    assert library.news("故事") == [("article-vanished", "1.html")]
    assert len({one.event.event_id for one in notices(library)}) == 4


def test_a_story_with_its_reprints_reports_a_new_one(library: Library) -> None:
    """The group is that of the moment: what joins it is news."""
    with reading(library.engine) as connection:
        number = find_story(connection, "1")
    library.watch("故事", WatchKind.STORY, article=number, reprints=True)
    library.store(7, TEXT, site="dongzhou")
    assert library.news("故事") == [("article-new", "7.html")]
    library.store(7, TEXT.replace("三百", "七百"), site="dongzhou")
    assert library.news("故事") == [("article-revised", "7.html")]


def test_a_taken_down_story_is_reported_without_its_text(library: Library, tmp_path: Path) -> None:
    """A search does not find it any more, and no notice of it is left."""
    with reading(library.engine) as connection:
        number = find_story(connection, "1")
    library.watch("故事", WatchKind.STORY, article=number, reprints=False)
    library.watch("早先", WatchKind.QUERY, "清凉", since=NOW - timedelta(days=400))
    assert library.news("早先") == [("article-new", "1.html")]
    library.watch("全部", WatchKind.QUERY, "", since=NOW - timedelta(days=400))
    take_down(library.engine, tmp_path / "captures", str(number), "当事人要求")
    # What was queued of it before held its title.
    assert notices(library) == []
    found = {one.watch.name: one.events for one in look_and_queue(library.engine, NOW)}
    (gone,) = found["故事"]
    assert (gone.kind, gone.title.zh) == ("article-withdrawn", "http://linxi.example/1.html")
    assert [event.url for event in found["全部"]] == ["http://linxi.example/2.html"]
