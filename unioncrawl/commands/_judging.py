"""Judges the health of the sites that a crawl has ended; what goes wrong in it harms no crawl."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from unioncrawl.archive.crawl_state.crawl_runs import RUN_NUMBER
from unioncrawl.archive.database import writing
from unioncrawl.archive.store import Archive
from unioncrawl.commands._crawling import SiteOutcome
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArchiveError
from unioncrawl.service.health.alerts import AlertEvent, Change, judge_run
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.watches.alert_events import queue_alerts

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The events of the sites that were judged, and those whose judging failed."""

    events: list[AlertEvent]
    failed: list[str]

    def of(self, site: str) -> dict[str, object]:
        """What the record of a site's crawl says of its health."""
        told = [f"{one.change}: {one.kind}" for one in self.events if one.site == site]
        return {"health": told, "health_unjudged": site in self.failed}

    def of_no_site(self) -> Judgement:
        """What concerns all sites together, which no record of a site has."""
        return Judgement([one for one in self.events if not one.site], [])


def judge_outcomes(archive: str, outcomes: Sequence[SiteOutcome]) -> Judgement:
    """Judge each site that has a run in the archive; a failure is logged, and its site named."""
    judgement = Judgement([], [])
    runs = {one.site: number for one in outcomes if isinstance(number := one.stats.get(RUN_NUMBER), int)}
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


def print_judgement(judged: Judgement, language: str) -> None:
    """Print what is news of the sites' health."""
    is_english = language == "en"
    for one in judged.events:
        if one.change is Change.RECOVERED:
            said = f"recovered from {one.kind}." if is_english else f"已恢复（{one.kind}）。"
        else:
            said = f"{one.said.of(language)} {one.next_step.of(language)}"
        everywhere = "all sites" if is_english else "全部网站"
        say(f"{one.site or everywhere}: {said}", err=True)
    for site in judged.failed:
        unjudged = (
            "its health could not be judged; the log says why."
            if is_english
            else "未能判断健康状况，原因见日志。"
        )
        say(f"{site}: {unjudged}", err=True)


def _judge(archive: Archive, number: int) -> list[AlertEvent]:
    with writing(archive.engine) as connection:
        at = now()
        events = judge_run(connection, number, at)
        queue_alerts(connection, events, at)
    return events
