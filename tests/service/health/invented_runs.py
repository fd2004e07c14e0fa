"""Runs of invented sites, written into an archive as crawls leave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from unioncrawl.archive.database import writing
from unioncrawl.archive.schema import run, site
from unioncrawl.archive.sql import next_id
from unioncrawl.archive.store import Archive
from unioncrawl.service.health.alerts import AlertEvent, judge_run

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HALF_A_DAY = timedelta(hours=12)
WELL = {"unioncrawl/list/articles": 20, "unioncrawl/list/pages": 2}
TIMEOUT = {"unioncrawl/rejected/fetch/timeout": 2}
NO_NAME = {"unioncrawl/rejected/fetch/dns": 2}
# Without its robots.txt nothing of a host is asked for.
NOT_ASKED = {
    **dict.fromkeys(("unioncrawl/robots/pages_not_asked", "unioncrawl/robots/unreachable"), 2),
    "unioncrawl/rejected/fetch/robots-unreachable": 2,
}
NO_NAME_OF_ROBOTS = {
    **NOT_ASKED,
    "robotstxt/exception_count/<class 'scrapy.exceptions.CannotResolveHostError'>": 1,
}
ROBOTS_OF_503 = {**NOT_ASKED, "robotstxt/response_status_count/503": 3}
LEADS_AWAY = {"unioncrawl/rejected/fetch/address-host": 2}
GONE: dict[str, Any] = {"unioncrawl/list/pages": 2, "unioncrawl/rejected/fetch/no-article-on-list": 2}


@dataclass
class InventedRuns:
    """Writes and judges runs, half a day apart."""

    archive: Archive
    now: datetime = BEGIN
    known: set[str] = field(default_factory=set)

    def crawl(
        self,
        key: str,
        stats: Mapping[str, Any],
        *,
        times: int = 1,
        reason: str = "finished",
        judged: bool = True,
    ) -> list[AlertEvent]:
        """Crawl one site some times, each half a day after the last run; return what is told."""
        events: list[AlertEvent] = []
        for _ in range(times):
            self.now += HALF_A_DAY
            events += self.run(key, stats, reason=reason, judged=judged)
        return events

    def run(
        self, key: str, stats: Mapping[str, Any], *, reason: str = "finished", judged: bool = True
    ) -> list[AlertEvent]:
        """Crawl one site now; return what is told."""
        with writing(self.archive.engine) as connection:
            if key not in self.known:
                number = next_id(connection, site)
                connection.execute(insert(site).values(id=number, key=key, hosts=[f"{key}.example"]))
                self.known.add(key)
            number = next_id(connection, run)
            times = {"started_at": self.now, "finished_at": self.now}
            connection.execute(
                insert(run).values(id=number, spider=key, arguments={}, stats=stats, reason=reason, **times)
            )
            return judge_run(connection, number, self.now) if judged else []

    def crawl_all(self, keys: list[str], stats: Mapping[str, Any]) -> list[AlertEvent]:
        """Crawl sites one after another, half a day after the last run; return what is told."""
        self.now += HALF_A_DAY
        events: list[AlertEvent] = []
        for key in keys:
            self.now += timedelta(minutes=1)
            events += self.run(key, stats)
        return events
