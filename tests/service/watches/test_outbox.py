"""Events become notices, once for each channel."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from unioncrawl.archive.database import writing
from unioncrawl.archive.service_tables import notice
from unioncrawl.archive.store import Archive
from unioncrawl.errors import WatchInvalid
from unioncrawl.service.watches.event import Event, event_id
from unioncrawl.service.watches.outbox import queue_event
from unioncrawl.service.watches.saved_watches import (
    Watch,
    WatchKind,
    add_watch,
    find_watch,
    pause_watch,
    remove_watch,
)
from unioncrawl.service.words import Words, both

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)


def alert(site: str = "linxi", fault: str = "no-articles") -> Event:
    """The event of a fault."""
    return Event(
        event_id=event_id("alert-opened", site, fault),
        kind="alert-opened",
        site=site,
        at=NOW,
        title=Words("临溪市总工会：两次没有文章", "linxi: no articles twice"),
        lines=(both("\ud83d\0半个字"),),
    )


def health(name: str, *channels: str, sites: tuple[str, ...] = ()) -> Watch:
    """A watch of health."""
    arguments = {"sites": list(sites)}
    return Watch(name=name, kind=WatchKind.HEALTH, channels=channels, arguments=arguments, created_at=NOW)


def test_an_alert_goes_once_to_each_channel_of_each_watch_of_its_site(any_archive: str) -> None:
    """Two watches of one channel queue an event once; one of another site, or a paused one, none."""
    with Archive.open(any_archive) as archive, writing(archive.engine) as connection:
        add_watch(connection, health("all", "mail", "group"))
        add_watch(connection, health("linxi", "group", "robot", sites=("linxi",)))
        add_watch(connection, health("other", "elsewhere", sites=("dongzhou",)))
        add_watch(connection, health("paused", "nobody"))
        pause_watch(connection, "paused", paused=True)
        assert queue_event(connection, alert(), NOW) == 3
        assert queue_event(connection, alert(), NOW) == 0
        assert queue_event(connection, alert(site=""), NOW) == 4
        rows = connection.execute(select(notice.c.channel, notice.c.event).order_by(notice.c.id)).all()
    assert [row.channel for row in rows[:3]] == ["mail", "group", "robot"]
    assert rows[0].event["lines"] == [{"zh": "?␀半个字", "en": "?␀半个字"}]


def test_a_removed_watch_takes_nothing_from_another(any_archive: str) -> None:
    """What waits for a channel that both have goes out; what waits for its own channel is removed."""
    with Archive.open(any_archive) as archive, writing(archive.engine) as connection:
        add_watch(connection, health("first", "shared", "own"))
        add_watch(connection, health("second", "shared"))
        assert queue_event(connection, alert(), NOW) == 2
        assert remove_watch(connection, "first") == 1
        rows = connection.execute(select(notice.c.channel, notice.c.watch_id)).all()
    assert [tuple(row) for row in rows] == [("shared", None)]


def test_an_event_of_an_article_is_found_by_its_watch_alone(any_archive: str) -> None:
    """No watch of health takes it."""
    with Archive.open(any_archive) as archive, writing(archive.engine) as connection:
        add_watch(connection, health("all", "mail"))
        event = Event(event_id="1", kind="article-new", site="linxi", at=NOW, title=both("题"))
        assert queue_event(connection, event, NOW) == 0


@pytest.mark.parametrize("name", ["", "a b", "-x", "x" * 65, "a\x1b[2J"])
def test_a_name_that_a_shell_or_a_terminal_would_misread_is_refused(any_archive: str, name: str) -> None:
    """A watch is named by letters, digits, hyphens and dots."""
    with Archive.open(any_archive) as archive, writing(archive.engine) as connection:
        with pytest.raises(WatchInvalid):
            add_watch(connection, health(name, "mail"))
        with pytest.raises(WatchInvalid):
            find_watch(connection, name)
