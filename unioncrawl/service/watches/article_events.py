"""What a saved search has to report: articles new to the archive, and new texts of known ones.

Articles, revisions and visits are numbered in the order in which they were written, and none is ever
deleted. So the numbers up to which a watch has read are all that it needs to remember: what is
written between two looks lies beyond them, whenever it was published or fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select

from unioncrawl.archive.content_hash import digest_name
from unioncrawl.archive.schema import article, observation, revision, site
from unioncrawl.archive.search.index.index_rows import headline
from unioncrawl.archive.search.match import compare_numbers
from unioncrawl.archive.search.query import Filter, Node, parse_query
from unioncrawl.archive.search.query_sql import top_parts, with_sites, with_texts
from unioncrawl.archive.search.text_conditions import condition_of
from unioncrawl.archive.sql import chunks
from unioncrawl.language.zones import local_time
from unioncrawl.model.article_fields import HEADLINE_FIELDS
from unioncrawl.service.watches.event import (
    ARTICLE_HITS,
    ARTICLE_NEW,
    ARTICLE_REVISED,
    ARTICLES_MORE,
    Event,
    event_id,
)
from unioncrawl.service.words import Words, both

# So many articles of one look are listed one by one; a message shows fewer still.
MOST_EVENTS = 200
_READ = {"article": article, "revision": revision, "observation": observation}


def present_position(connection: Connection) -> dict[str, int]:
    """Return the position from which only what comes later is read."""
    return {name: _last(connection, table) for name, table in _READ.items()}


def position_of_day(connection: Connection, since: datetime) -> dict[str, int]:
    """Return the position before all that the archive took in at a time or later."""
    seen = {article: article.c.first_seen_at, revision: revision.c.seen_at, observation: observation.c.at}
    position = {}
    for name, table in _READ.items():
        first = connection.execute(select(func.min(table.c.id)).where(seen[table] >= since)).scalar()
        position[name] = _last(connection, table) if first is None else first - 1
    return position


def _last(connection: Connection, table: Table) -> int:
    last: int | None = connection.execute(select(func.max(table.c.id))).scalar()
    return last or 0


@dataclass(frozen=True, slots=True)
class _Found:
    """An article that matches, and what happened to it."""

    kind: str
    article_id: int
    revision_id: int
    hits: int | None = None


def article_events(
    connection: Connection, name: str, query: str, position: Mapping[str, Any], now: datetime
) -> tuple[list[Event], dict[str, int]]:
    """Return the events of a saved search beyond a position, the oldest first, and the next position.

    A query is asked of each article as it is now. Beyond `MOST_EVENTS` one event counts the
    others. Raises `QueryError`.
    """
    node = with_sites(connection, parse_query(query))
    after = {key: int(position.get(key, 0)) for key in _READ}
    until = present_position(connection)
    found = list(_found(connection, node, after, until))
    events = list(_described(connection, found[-MOST_EVENTS:]))
    left_out = len(found) - len(events)
    if left_out:
        events.append(_more(name, query, left_out, until, now))
    return events, until


def _found(
    connection: Connection, node: Node, after: Mapping[str, int], until: Mapping[str, int]
) -> Iterator[_Found]:
    fresh = _fresh(connection, after["article"], until["article"])
    edited = _edited(connection, after, until)
    matching = _matching(connection, node, [*fresh, *edited])
    yield from (_Found(ARTICLE_NEW, number, edit) for number, edit in fresh.items() if number in matching)
    yield from (
        _Found(ARTICLE_REVISED, number, edit) for number, edit in edited.items() if number in matching
    )
    reached = _reached(connection, node, after, until)
    yield from (_Found(ARTICLE_HITS, number, 0, hits) for number, hits in reached if number not in matching)


def _fresh(connection: Connection, after: int, until: int) -> dict[int, int]:
    """The articles of a span of numbers, each with its present revision."""
    query = select(article.c.id, article.c.revision_id).where(article.c.id > after, article.c.id <= until)
    return {row.id: row.revision_id for row in connection.execute(query.order_by(article.c.id))}


def _edited(connection: Connection, after: Mapping[str, int], until: Mapping[str, int]) -> dict[int, int]:
    """The latest edit of each older article that has a new one; a text from before the known ones is none."""
    newest = func.max(revision.c.number).label("number")
    query = (
        select(revision.c.article_id, newest, func.max(revision.c.id).label("id"))
        .where(revision.c.id > after["revision"], revision.c.id <= until["revision"])
        .where(revision.c.kind == "edit", revision.c.article_id <= after["article"])
        .group_by(revision.c.article_id)
        .order_by(func.max(revision.c.id))
    )
    edits = {row.article_id: (row.number, row.id) for row in connection.execute(query)}
    known: dict[int, int] = {}
    for some in chunks(list(edits)):
        before = (
            select(revision.c.article_id, newest)
            .where(revision.c.article_id.in_(some), revision.c.id <= after["revision"])
            .group_by(revision.c.article_id)
        )
        known |= {row.article_id: row.number for row in connection.execute(before)}
    return {number: edit for number, (place, edit) in edits.items() if place > known.get(number, 0)}


def _reached(
    connection: Connection, node: Node, after: Mapping[str, int], until: Mapping[str, int]
) -> Iterator[tuple[int, int]]:
    """Older articles that match since a visit, by their hits: what was counted before did not."""
    asked = [part for part in top_parts(node) if isinstance(part, Filter) and part.field == "hits"]
    if not asked:
        return
    span = (observation.c.id > after["observation"], observation.c.id <= until["observation"])
    visited = select(observation.c.article_id).where(*span, observation.c.hits.is_not(None)).distinct()
    ids = sorted(connection.execute(visited).scalars())
    matching = _matching(connection, node, [number for number in ids if number <= after["article"]])
    for number in sorted(matching):
        counted = select(observation.c.hits).where(
            observation.c.article_id == number,
            observation.c.id <= after["observation"],
            observation.c.hits.is_not(None),
        )
        before = connection.execute(counted.order_by(observation.c.id.desc()).limit(1)).scalar()
        if before is None or not all(compare_numbers(before, part.comparison, part.value) for part in asked):
            hits = connection.execute(select(article.c.hits).where(article.c.id == number)).scalar()
            yield number, hits or 0


def _matching(connection: Connection, node: Node, ids: Sequence[int]) -> set[int]:
    """Which of some articles match now; what was withdrawn matches nothing."""
    if not ids:
        return set()
    asked = condition_of(connection, node)
    query = (
        select(article.c.id).select_from(with_texts(article)).where(asked, article.c.withdrawn_at.is_(None))
    )
    return {
        number
        for some in chunks(ids)
        for number in connection.execute(query.where(article.c.id.in_(some))).scalars()
    }


def _described(connection: Connection, found: Sequence[_Found]) -> Iterator[Event]:
    facts = article_facts(connection, [one.article_id for one in found])
    digests = _digests(connection, [one.revision_id for one in found if one.kind == ARTICLE_REVISED])
    for one in found:
        fact = facts[one.article_id]
        if one.kind == ARTICLE_NEW:
            named = event_id(one.kind, fact.site, fact.canonical_url)
            yield fact.event(one.kind, named, Words("新文章", "new"), fact.first_seen_at)
        elif one.kind == ARTICLE_REVISED:
            yield revised_event(fact, one.revision_id, *digests[one.revision_id])
        else:
            named = event_id(one.kind, fact.site, fact.canonical_url, fact.hits_seen_at, one.hits)
            said = Words(f"点击量达到 {one.hits}", f"{one.hits} hits")
            yield fact.event(one.kind, named, said, fact.hits_seen_at)


def _digests(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    columns = (revision.c.id, revision.c.text_digest, revision.c.seen_at)
    return {
        row.id: (row.text_digest, row.seen_at)
        for some in chunks(ids)
        for row in connection.execute(select(*columns).where(revision.c.id.in_(some)))
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """What an event says of an article."""

    site: str
    site_name: str
    title: str
    url: str
    canonical_url: str
    source: str
    published_at: datetime | None
    first_seen_at: datetime
    hits_seen_at: datetime
    vanished_at: datetime | None
    withdrawn_at: datetime | None

    def event(self, kind: str, named: str, said: Words, at: datetime) -> Event:
        """Return an event of this article."""
        day = (local_time(self.published_at) or "")[:10]
        about = both("  ".join(filter(None, (self.site_name, day, self.source))))
        return Event(
            event_id=named,
            kind=kind,
            site=self.site,
            at=at,
            title=both(self.title or self.canonical_url),
            lines=(said, about),
            url=self.url,
        )


def revised_event(fact: ArticleFacts, number: int, digest: int, seen_at: datetime) -> Event:
    """Return the event of a new text of an article, whichever watch reports it."""
    named = event_id(ARTICLE_REVISED, fact.site, fact.canonical_url, number, digest_name(digest))
    return fact.event(ARTICLE_REVISED, named, Words("正文有改动", "the text was changed"), seen_at)


def article_facts(connection: Connection, ids: Sequence[int]) -> dict[int, ArticleFacts]:
    """Return what events say of articles, by number; of a withdrawn one its address alone."""
    query = (
        select(
            *(article.c[name] for name in ("id", "url", "canonical_url", "first_seen_at", "last_seen_at")),
            *(
                article.c[name]
                for name in ("last_observed_at", "published_at", "vanished_at", "withdrawn_at")
            ),
            *(revision.c[name] for name in (*HEADLINE_FIELDS, "source")),
            site.c.key.label("site_key"),
            site.c.name.label("site_name"),
        )
        .join(revision, revision.c.id == article.c.revision_id)
        .join(site, site.c.id == article.c.site_id)
    )
    return {
        row.id: ArticleFacts(
            site=row.site_key,
            site_name=row.site_name or row.site_key,
            title=row.title or headline([getattr(row, name) for name in HEADLINE_FIELDS]),
            url=row.url,
            canonical_url=row.canonical_url,
            source=row.source,
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
            hits_seen_at=row.last_observed_at or row.last_seen_at,
            vanished_at=row.vanished_at,
            withdrawn_at=row.withdrawn_at,
        )
        for some in chunks(ids)
        for row in connection.execute(query.where(article.c.id.in_(some)))
    }


def _more(name: str, query: str, number: int, until: Mapping[str, int], now: datetime) -> Event:
    return Event(
        event_id=event_id(ARTICLES_MORE, name, query, *until.values()),
        kind=ARTICLES_MORE,
        site="",
        at=now,
        title=Words(
            f"监测“{name}”另有 {number} 篇未逐条列出", f"watch {name}: {number} more articles, not listed"
        ),
        lines=(both(f"unioncrawl search '{query}'"),),
    )
