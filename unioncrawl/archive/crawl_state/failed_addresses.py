"""Which addresses of a site failed, how often, and whether they are owed another request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Result, Select, func, select

from unioncrawl.archive.crawl_state.visit_plan import visit_is_due
from unioncrawl.archive.schema import rejection, site
from unioncrawl.archive.sql import chunks
from unioncrawl.outcomes import Cause, Outcome, Owed, outcome_of, outcomes
from unioncrawl.sites.profile import Revisit


@dataclass(frozen=True, slots=True)
class FailedAddress:
    """An address that failed: its last reason, how often, when first and last; times are aware (UTC).

    The count starts again when the reason changes between one that is owed a request and one that is not.
    """

    url: str
    outcome: Outcome
    times: int
    first_at: datetime
    last_at: datetime

    @property
    def rests(self) -> bool:
        """Whether a list that names the address leads there only when the plan of visits says so."""
        return self.outcome.owed is not Owed.SOON and self.outcome.cause is not Cause.RUN

    def is_owed(self, plan: Revisit, now: datetime) -> bool:
        """Whether a run requests the address, even when no list that it reads names it.

        The next run does in any case, however late it comes: a reason that is owed a
        request is believed only the second time.
        """
        if self.outcome.owed is Owed.NEVER:
            return False
        if self.times == 1:
            return True
        if self.outcome.owed is Owed.SOON:
            return self.last_at - self.first_at <= timedelta(days=plan.until_days)
        return visit_is_due(plan, self.first_at, self.last_at, now)


def find_missed(engine: Engine, site_key: str) -> list[FailedAddress]:
    """Return the site's addresses whose last failure is owed a request; some may be an article's by now."""
    # Addresses that are not owed are most of an old archive's rejections; they stay in the database.
    last = (
        select(func.max(rejection.c.id).label("id"))
        .join(site, site.c.id == rejection.c.site_id)
        .where(site.c.key == site_key)
        .group_by(rejection.c.url)
        .subquery()
    )
    never = [one.reason for one in outcomes() if one.owed is Owed.NEVER]
    owed = (
        select(rejection.c.url)
        .join(last, last.c.id == rejection.c.id)
        .where(rejection.c.reason.not_in(never))
    )
    with engine.connect() as connection:
        query = _failures(site_key).where(rejection.c.url.in_(owed))
        failed = _last_failures(connection.execute(query))
    return [address for address in failed if address.outcome.owed is not Owed.NEVER]


def find_failed(connection: Connection, site_key: str, urls: Sequence[str]) -> list[FailedAddress]:
    """Return those of a site's addresses whose last request failed."""
    found: list[FailedAddress] = []
    for some in chunks(urls):
        query = _failures(site_key).where(rejection.c.url.in_(some))
        found += _last_failures(connection.execute(query))
    return found


def _failures(site_key: str) -> Select[str, str, datetime]:
    """Select URL, reason and time of a site's rejections, in the order of writing."""
    return (
        select(rejection.c.url, rejection.c.reason, rejection.c.at)
        .join(site, site.c.id == rejection.c.site_id)
        .where(site.c.key == site_key)
        .order_by(rejection.c.id)
    )


def _last_failures(rows: Result[str, str, datetime]) -> list[FailedAddress]:
    found: dict[str, FailedAddress] = {}
    for url, reason, at in rows:
        new = FailedAddress(url, outcome_of(reason), 1, at, at)
        found[url] = _after(found[url], new) if url in found else new
    return list(found.values())


def _after(old: FailedAddress, new: FailedAddress) -> FailedAddress:
    """Return an address that failed once more."""
    was_owed, is_owed = (one.outcome.owed is not Owed.NEVER for one in (old, new))
    if was_owed != is_owed:
        return new
    first, last = min(old.first_at, new.first_at), max(old.last_at, new.last_at)
    return replace(new, times=old.times + 1, first_at=first, last_at=last)
