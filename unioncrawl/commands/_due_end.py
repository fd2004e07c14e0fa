"""How a crawl of the sites that were due ends: in words, as a record, and with which exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import IntEnum

from unioncrawl.archive.crawl_state.crawl_runs import (
    NO_ANSWER,
    NOT_BEGUN,
    RUN_NUMBER,
    SIGNALLED,
    UNWRITTEN_EXIT_CODE,
    faults,
)
from unioncrawl.archive.store import Archive
from unioncrawl.commands._crawling import Crawled
from unioncrawl.commands._due import Planned
from unioncrawl.commands._site_outcome import SiteOutcome
from unioncrawl.errors import SiteFileError
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.schedule.site_history import PastRun
from unioncrawl.service.words import Words

NOT_BEGUN_STAT = "unioncrawl/schedule/not_begun"
_ONCE = timedelta(days=1)


class End(IntEnum):
    """The exit codes of ``crawl --due``; a signal's is `SIGNALLED` and its number."""

    DONE = 0
    BROKE = 1
    UNWRITTEN = UNWRITTEN_EXIT_CODE
    AS_BEFORE = 4


SAID = {
    End.DONE: Words("应采集的网站均已采集。", "All sites that were due were crawled."),
    End.BROKE: Words("有此前正常的网站出现故障。", "A site broke that worked before."),
    End.UNWRITTEN: Words(
        "存档有危险：抓取到的内容未能全部保存。",
        "The archive is in danger: not all that was fetched is stored.",
    ),
    End.AS_BEFORE: Words(
        "部分网站的故障与此前相同，没有新的问题。",
        "Some sites failed as they did before; nothing new is wrong.",
    ),
}
_INTERRUPTED = Words("采集被中断；已抓取的内容已保存。", "Interrupted; what was fetched is stored.")


def said_end(code: int) -> Words:
    """Say in both languages what an exit code means."""
    return SAID[End(code)] if code in set(End) else _INTERRUPTED


def exit_code(crawled: Crawled, planned: Planned, *, is_alerted: bool) -> int:
    """Decide with which code the command ends; ``is_alerted``: an alert opened, also one of no failed run."""
    failed = [outcome for outcome in crawled.outcomes if outcome.failed]
    if any(outcome.is_unwritten for outcome in failed):
        return End.UNWRITTEN
    if crawled.signal:
        return SIGNALLED + crawled.signal
    if is_alerted or not all(is_known(outcome, planned) for outcome in failed):
        return End.BROKE
    return End.AS_BEFORE if failed else End.DONE


def due_records(
    records: Sequence[Mapping[str, object]], crawled: Crawled, planned: Planned, code: int
) -> dict[str, object]:
    """What a machine reads of a crawl of due sites: how it ended, in words and as a code, and each site."""
    known = [outcome.failed and is_known(outcome, planned) for outcome in crawled.outcomes]
    sites = [{**record, "failed_before": before} for record, before in zip(records, known, strict=True)]
    return {"exit_code": code, "said": said_end(code)._asdict(), "sites": sites}


def record_not_begun(archive: str, crawled: Crawled, planned: Planned | None) -> Crawled:
    """Give each site whose run could not begin a run in the archive, which says why; so no report lacks it.

    A site file that cannot be read is such a site, in a crawl of what is due. Its row is written once a day.
    """
    broken = planned.broken if planned else {}
    files = [
        SiteOutcome(site=name, reason=NOT_BEGUN, error=str(wrong)) for name, (wrong, _) in broken.items()
    ]
    outcomes = [*crawled.outcomes, *files]
    if not any(outcome.reason == NOT_BEGUN for outcome in outcomes):
        return crawled
    with Archive.open(archive) as opened:
        written = [_recorded(opened, one, broken) if one.reason == NOT_BEGUN else one for one in outcomes]
    return replace(crawled, outcomes=written)


def _recorded(
    archive: Archive, outcome: SiteOutcome, broken: Mapping[str, tuple[SiteFileError, PastRun | None]]
) -> SiteOutcome:
    _, last = broken.get(outcome.site, (None, None))
    is_told = last is not None and last.reason == NOT_BEGUN and now() - last.begun_at < _ONCE
    if outcome.is_unwritten or is_told:
        return outcome
    number = archive.begin_run(outcome.site, {})
    archive.finish_run(number, {NOT_BEGUN_STAT: outcome.error}, NOT_BEGUN)
    return replace(outcome, stats={NOT_BEGUN_STAT: outcome.error, RUN_NUMBER: number})


def is_known(outcome: SiteOutcome, planned: Planned) -> bool:
    """Whether a site that failed did so before: in its last run in the same way, or it has an open alert."""
    before = planned.known_faults(outcome.site)
    return outcome.site in planned.alerted or _kinds(_faults_of(outcome)) <= _kinds(before)


def _faults_of(outcome: SiteOutcome) -> frozenset[str]:
    return faults(outcome.stats) | ({NOT_BEGUN} if outcome.error else frozenset())


def _kinds(names: Iterable[str]) -> frozenset[str]:
    """Take all ways to give no answer for one: a dead site refuses one day, and is silent on the next."""
    return frozenset("no-answer" if name in NO_ANSWER or name == NOT_BEGUN else name for name in names)
