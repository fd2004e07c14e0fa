"""Closes a run's ledger: what became of every entry, by what the archive has of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from scrapy.statscollectors import StatsCollector

from unioncrawl import outcomes
from unioncrawl.archive.crawl_state.crawl_memory import SiteCrawl
from unioncrawl.archive.crawl_state.crawl_runs import RunRows
from unioncrawl.archive.crawl_state.entry_ledger import (
    MISSING_STAT,
    Account,
    account_stats,
    close_ledger,
    entries_in_words,
)
from unioncrawl.archive.crawl_state.run_notes import RunNotes
from unioncrawl.archive.store import Archive
from unioncrawl.model import Rejection
from unioncrawl.outcomes import Reason, outcome_of
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import canonical_url

# So many missing addresses stand in the stats; every one has a row.
_NAMED = 20
_FINISHED = "finished"


def account_for(crawl: SiteCrawl, archive: Archive, rows: RunRows, reason: str) -> Account:
    """Return what became of the entries of a run, whose rows are all written."""
    rejected = RunNotes(crawl.ledger.file)
    for url, why in rows.rejected():
        entry = _canonical(url, crawl.profile)
        rejected.forget(entry)
        rejected.note(entry, why)

    def last_reason(entry: str) -> Reason | None:
        why = rejected.said(entry)
        return None if why is None else outcome_of(why).reason

    return close_ledger(
        crawl.ledger,
        partial(archive.known, crawl.profile.id),
        last_reason,
        began_at=rows.began_at,
        is_finished=reason == _FINISHED,
    )


def _canonical(url: str, profile: SiteProfile) -> str:
    """The address as entries have it; one that cannot be read as it is, for no entry is like it."""
    try:
        return canonical_url(url, profile)
    except ValueError:
        return url


def unanswered_rows(crawl: SiteCrawl, account: Account, reason: str) -> list[Rejection]:
    """Return a row for each address without an answer, so that the next run asks for it."""
    is_lost = reason == _FINISHED
    return [
        Rejection(
            url=url,
            site=crawl.profile.id,
            stage="fetch",
            reason=outcomes.LOST if is_lost else outcomes.NOT_REACHED,
            detail="" if is_lost else f"the run ended: {reason}",
            at=datetime.now(UTC),
        )
        for url in account.unanswered
    ]


def count_entries(account: Account, stats: StatsCollector, reason: str) -> str:
    """Put the account into the run's stats; return it in words."""
    for name, number in account_stats(account):
        stats.set_value(name, number)
    if account.unanswered and reason == _FINISHED:
        stats.set_value(MISSING_STAT, list(account.unanswered[:_NAMED]))
    return entries_in_words({name.rpartition("/")[2]: number for name, number in account_stats(account)})
