"""What follows a crawl, however it was called: its sites are judged, and the archive's watches are run.

What goes wrong here is logged, and said; it harms no crawl, whose articles are stored.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError
from unioncrawl.service.channels.channel_file import channels_path, load_channels
from unioncrawl.service.health.alerts import AlertEvent, Change, judge_run
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.watches.alert_events import queue_alerts
from unioncrawl.service.watches.run import Ran, run_watches
from unioncrawl.service.watches.saved_watches import has_watches
from unioncrawl.service.words import Words

logger = logging.getLogger(__name__)
_ALL_SITES = Words("全部网站", "all sites")
_RECOVERED = Words("已恢复（{}）。", "recovered from {}.")
_UNJUDGED = Words(
    "未能判断健康状况，原因见日志。", "its health could not be judged; the log says why."
)  # fmt: skip
_UNWATCHED = Words("未能执行监测（{}）。", "the watches could not be run ({}).")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The events of the sites that were judged, and those whose judging failed."""

    events: list[AlertEvent]
    failed: list[str]

    def of(self, site: str) -> dict[str, object]:
        """Return what the record of a site's crawl says of its health."""
        told = [f"{one.change}: {one.kind}" for one in self.events if one.site == site]
        return {"health": told, "health_unjudged": site in self.failed}

    @property
    def has_opened(self) -> bool:
        """Whether an alert opened: something is wrong that was not before."""
        return any(one.change is Change.OPENED for one in self.events)

    def of_no_site(self) -> Judgement:
        """Return what concerns all sites together, which no record of a site has."""
        return Judgement([one for one in self.events if not one.site], [])

    def lines(self, language: str) -> Iterator[str]:
        """Yield what is news of the sites' health, in ``en`` or ``zh``."""
        for one in self.events:
            yield f"{one.site or _ALL_SITES.of(language)}: {_said(one, language)}"
        for site in self.failed:
            yield f"{site}: {_UNJUDGED.of(language)}"


def _said(event: AlertEvent, language: str) -> str:
    if event.change is Change.RECOVERED:
        return _RECOVERED.of(language).format(event.kind)
    return f"{event.said.of(language)} {event.next_step.of(language)}"


def judge_ended_runs(archive: str, runs: Mapping[str, int]) -> Judgement:
    """Judge the last run of each site, by its number; queue what is to be told for the watches of health.

    A failure is logged, and its site named.
    """
    judgement = Judgement([], [])
    with _harmless(judgement, *sorted(runs)), Archive.open(archive) as opened:
        for site, number in runs.items():
            with _harmless(judgement, site):
                judgement.events.extend(_judge(opened, number))
    return judgement


@contextmanager
def _harmless(judgement: Judgement, *sites: str) -> Iterator[None]:
    """Log and name what could not be judged: the crawl has ended, and its articles are stored."""
    try:
        yield
    except ArchiveError as error:
        logger.warning("The health of %s could not be judged: %s", ", ".join(sites), error)
        judgement.failed.extend(sites)
    except Exception:  # a rule that fails at one site must not keep the others from being judged
        logger.exception("The health of %s could not be judged.", ", ".join(sites))
        judgement.failed.extend(sites)


def _judge(archive: Archive, number: int) -> list[AlertEvent]:
    with writing(archive.engine) as connection:
        at = now()
        events = judge_run(connection, number, at)
        queue_alerts(connection, events, at)
    return events


def watch_after_crawl(archive: str, language: str) -> list[str]:
    """Run the watches of an archive that has any; return what a person should know of it, a line each."""
    try:
        engine = open_engine(archive, create=False)
        try:
            ran = _watched(engine, archive)
        finally:
            engine.dispose()
    except Exception as error:  # the crawl has ended and its articles are stored
        logger.debug("The watches failed.", exc_info=True)
        return [f"watch: {_UNWATCHED.of(language).format(f'{type(error).__name__}: {error}')}"]
    return [f"watch: {line.of(language)}" for line in ran.troubles()] if ran else []


def _watched(engine: Engine, archive: str) -> Ran | None:
    """Run the watches; None where there are none, and no channel has to be read."""
    with reading(engine) as connection:
        if not has_watches(connection):
            return None
    return run_watches(engine, load_channels(channels_path(archive)), now())
