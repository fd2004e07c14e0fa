"""``/hits`` and ``/reprints``: rankings, and who carries whose story."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from unioncrawl.archive.reports.hit_series import Window, rank_by_growth
from unioncrawl.archive.reprints.lineage import Group, Member, load_groups, newest_groups
from unioncrawl.archive.search.known_sites import find_site
from unioncrawl.archive.search.query import filter_node
from unioncrawl.language.zones import local_time
from unioncrawl.reader.api.answering import Before, Limit, answer
from unioncrawl.reader.api.records import (
    Ranked,
    Ranking,
    Reprint,
    ReprintGroup,
    ReprintPage,
)

router = APIRouter()
_USUAL = 20
Key = Annotated[str, Query(max_length=100, description="Only this site.")]
Day = Annotated[str, Query(max_length=20, description="A day, month or year, as since: of a query.")]


@router.get("/hits", response_model=Ranking, tags=["hits"])
def rank_hits(
    request: Request, site: Key = "", since: Day = "", until: Day = "", limit: Limit = _USUAL
) -> Response:
    """Rank articles by the hits (点击量) that they gained in a window of time."""
    window = Window(_time("since", since), _time("until", until))

    def make(connection: Connection) -> Ranking:
        find_site(connection, site)
        ranked = rank_by_growth(connection, site, window, limit)
        return Ranking(
            articles=[
                Ranked(
                    id=one.article.id,
                    title=one.article.record.title,
                    url=one.article.record.url,
                    site=one.article.record.site,
                    gained=one.gained,
                    per_day=one.per_day,
                    hits=one.hits,
                    flags=list(one.flags),
                )
                for one in ranked
            ]
        )

    return answer(request, make)


def _time(field: str, value: str) -> datetime | None:
    found = filter_node(field, value).value if value else None
    return found if isinstance(found, datetime) else None


@router.get("/reprints", response_model=ReprintPage, tags=["reprints"])
def list_reprints(request: Request, before: Before = None, limit: Limit = _USUAL) -> Response:
    """Return groups of articles that carry one story, the newest group first."""

    def make(connection: Connection) -> ReprintPage:
        numbers = newest_groups(connection, limit + 1, before)
        groups = load_groups(connection, numbers[:limit])
        after = numbers[limit - 1] if len(numbers) > limit else None
        return ReprintPage(groups=[reprint_group(group) for group in groups], next=after)

    return answer(request, make)


def reprint_group(group: Group) -> ReprintGroup:
    """Return a group as a record."""
    return ReprintGroup(id=group.id, origin=group.origin, members=[_reprint(one) for one in group.members])


def _reprint(member: Member) -> Reprint:
    record = member.article.record
    same = ("kind", "jaccard", "containment", "title_changed", "added", "removed")
    return Reprint(
        id=member.article.id,
        site=record.site,
        url=record.url,
        title=record.title,
        source=record.source,
        published_at=local_time(record.published_at),
        hits=record.hits,
        lag_seconds=None if member.lag is None else int(member.lag.total_seconds()),
        changes=list(member.changes),
        **{name: getattr(member, name) for name in same},
    )
