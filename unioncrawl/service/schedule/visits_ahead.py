"""When the next known article of a site is owed a visit for its hits and edits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from unioncrawl.archive.crawl_state.vanished import is_visited
from unioncrawl.archive.crawl_state.visit_plan import visit_due_at
from unioncrawl.archive.schema import article, site
from unioncrawl.service.schedule.site_history import SiteHistory
from unioncrawl.sites.profile import SiteProfile


def add_visits(
    connection: Connection,
    profiles: Iterable[SiteProfile],
    histories: Mapping[str, SiteHistory],
    now: datetime,
) -> dict[str, SiteHistory]:
    """Return the histories with the time at which each site's next visit is owed; None where none is."""
    profiles = list(profiles)
    plans = {profile.id: profile.revisit for profile in profiles}
    longest = max((profile.revisit.until_days for profile in profiles), default=0)
    found: dict[str, datetime] = {}
    for key, born, last_visit in connection.execute(_young(now - timedelta(days=longest))):
        at = visit_due_at(plans[key], born, last_visit) if key in plans else None
        if at is not None and (key not in found or at < found[key]):
            found[key] = at
    return {name: replace(one, next_visit_at=found.get(name)) for name, one in histories.items()}


def _young(born_after: datetime) -> Select[Any]:
    """Select site, birth and last visit of articles that may be visited, born after a time."""
    born = func.coalesce(article.c.published_at, article.c.first_seen_at, type_=article.c.first_seen_at.type)
    visited = func.coalesce(
        article.c.last_observed_at, article.c.last_seen_at, type_=article.c.last_seen_at.type
    )
    # Two conditions, so that the index of times finds them.
    undated = article.c.published_at.is_(None) & (article.c.first_seen_at > born_after)
    return (
        select(site.c.key, born, visited)
        .join(site, site.c.id == article.c.site_id)
        .where(or_(article.c.published_at > born_after, undated))
        .where(*is_visited())
    )
