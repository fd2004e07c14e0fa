"""Decide who reprinted whom: the order of a group's members, and what each changed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, Select, select

from unioncrawl.archive.content_hash import normal_text
from unioncrawl.archive.read.stored_articles import StoredArticle, load_articles
from unioncrawl.archive.reprints.outlets import is_foreign, names_outlet
from unioncrawl.archive.reprints.reprint_changes import Change, what_changed
from unioncrawl.archive.reprints.same_story import Story, compare
from unioncrawl.archive.schema import article, reprint_group, reprint_member, revision, site
from unioncrawl.archive.sql import chunks
from unioncrawl.language.zones import CHINA
from unioncrawl.model import Article, Precision
from unioncrawl.sites.level import Level

_HOSTS_AT_HAND = 4_096
_WHOLE_DAYS = {Precision.DAY, Precision.MONTH, Precision.YEAR}


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a reprint group.

    ``lag`` is the time since the first publisher's, in whole days where one of
    the two dates has no time; ``None`` when a date is missing. ``kind``, ``jaccard``
    and ``containment`` measure its likeness to the first publication (or to the member
    that it was matched with, where these two are not alike); ``changes`` says what differs.
    """

    article: StoredArticle
    kind: str
    jaccard: float
    containment: float
    lag: timedelta | None
    changes: tuple[Change, ...]
    title_changed: bool
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Group:
    """A story and all who carried it, the first publisher first.

    ``origin`` says what decided: ``source`` when others name a member as their
    source, ``date`` for the labelled date, ``seen`` when no date is known and the
    first member seen stands first.
    """

    id: int
    origin: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A story and all who carried it, the first publisher first; ``origin`` as in `Group`.

    The records have headline, source and date alone; ``lags`` are those of the members.
    """

    id: int
    origin: str
    members: tuple[StoredArticle, ...]
    lags: tuple[timedelta | None, ...]


def load_groups(connection: Connection, ids: Sequence[int]) -> list[Group]:
    """Return the groups with these numbers, in this order."""
    rows: dict[int, list[Any]] = {}
    for some in chunks(ids):
        query = select(reprint_member).where(reprint_member.c.group_id.in_(some))
        for row in connection.execute(query):
            rows.setdefault(row.group_id, []).append(row)
    return [_group(connection, number, rows[number]) for number in ids if number in rows]


def groups_of(connection: Connection, article_number: int) -> list[int]:
    """Return the number of an article's group; nothing for one that stands alone."""
    query = select(reprint_member.c.group_id).where(reprint_member.c.article_id == article_number)
    return list(connection.execute(query).scalars())


def newest_groups(connection: Connection, limit: int, before: int | None = None) -> list[int]:
    """Return the numbers of the newest groups, or of the newest before one with a number."""
    query = select(reprint_group.c.id).order_by(reprint_group.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(reprint_group.c.id < before)
    return list(connection.execute(query).scalars())


def _group(connection: Connection, number: int, rows: Sequence[Any]) -> Group:
    facts = {row.article_id: row for row in rows}
    articles, origin = _in_order(connection, load_articles(connection, sorted(facts)))
    members = [_member(one, articles[0], facts[one.id]) for one in articles]
    return Group(number, origin, tuple(members))


def _in_order(connection: Connection, articles: Sequence[StoredArticle]) -> tuple[list[StoredArticle], str]:
    """Return the articles of a story, the first publisher first, and what decided who that is."""
    copies = {one.id: copy_of(one) for one in articles}
    first, origin = find_first(list(copies.values()), mirror_sites(connection))
    return sorted(articles, key=lambda one: (one.id != first.id, _order(copies[one.id]))), origin


def mirror_sites(connection: Connection) -> frozenset[str]:
    """Return the keys of the sites that show other sites' articles: no first publishers."""
    keys = select(site.c.key).where(site.c.level == Level.MIRROR.value)
    return frozenset(connection.execute(keys).scalars())


def load_outline(connection: Connection, number: int) -> Outline:
    """Return who carried a story, without reading a text: for pages that show no more."""
    query = select_members().where(reprint_member.c.group_id == number)
    members, origin = _in_order(connection, [without_text(row) for row in connection.execute(query)])
    lags = tuple(_lag(one.record, members[0].record) for one in members)
    return Outline(number, origin, tuple(members), lags)


def select_members() -> Select[Any]:
    """Select the members of groups, without their texts."""
    taken = ("id", "url", "first_seen_at", "last_seen_at", "published_at", "mirror", "hits", "vanished_at")
    return (
        select(
            reprint_member.c.group_id,
            *(article.c[name] for name in (*taken, "revision_number")),
            *(revision.c[name] for name in ("title", "source", "published_precision")),
            *(site.c[name].label(f"site_{name}") for name in ("key", "name")),
        )
        .join_from(reprint_member, article, article.c.id == reprint_member.c.article_id)
        .join(revision, revision.c.id == article.c.revision_id)
        .join(site, site.c.id == article.c.site_id)
    )


def without_text(row: Row[Any]) -> StoredArticle:
    """Return a member of `select_members`."""
    record = Article(
        url=row.url,
        site=row.site_key,
        title=row.title,
        source=row.source,
        published_at=row.published_at,
        published_precision=Precision(row.published_precision) if row.published_precision else None,
        mirror=row.mirror,
        hits=row.hits,
    )
    return StoredArticle(
        id=row.id,
        record=record,
        site_name=row.site_name,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        revision=row.revision_number,
        reprint_group=row.group_id,
        withdrawn_at=None,
        vanished_at=row.vanished_at,
    )


@dataclass(frozen=True, slots=True)
class Copy:
    """What decides whether an article of a story was its first publication."""

    id: int
    site: str
    site_name: str
    host: str
    source: str
    published_at: datetime | None
    first_seen_at: datetime
    mirror: bool


def copy_of(one: StoredArticle) -> Copy:
    """Return what decides of a stored article."""
    record = one.record
    about = (one.id, record.site, one.site_name, host_of(record.url), record.source)
    return Copy(*about, record.published_at, one.first_seen_at, record.mirror)


def host_of(url: str) -> str:
    """Return the host of an address; empty for what is none."""
    return _host("/".join(url.split("/", 3)[:3]))


@lru_cache(_HOSTS_AT_HAND)
def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def find_first(articles: Sequence[Copy], mirrors: AbstractSet[str] = frozenset()) -> tuple[Copy, str]:
    """Return the first publisher among articles of one story, and what decided.

    The outlet that the others declare as their source comes before the earliest
    date, for papers label the day and portals the minute of their copy. A member
    that declares another member as its source is not the first. A date without a
    time counts from the beginning of its day. A mirror (``mirrors``: keys of such
    sites) is the first among mirrors alone.
    """
    own = [one for one in articles if not one.mirror and one.site not in mirrors]
    able = own or list(articles)
    copies = {one.id for one in able if any(_names(one, other) for other in able)}
    able = [one for one in able if one.id not in copies] or able
    named = [one for one in able if not _is_foreign(one) and any(_names(other, one) for other in articles)]
    first = min(named or able, key=_order)
    if named:
        return first, "source"
    return first, "date" if first.published_at else "seen"


def _names(one: Copy, other: Copy) -> bool:
    """Whether an article gives another's site as its source."""
    if one.site == other.site or not one.source:
        return False
    return names_outlet(one.source, other.site_name, other.host)


def _is_foreign(one: Copy) -> bool:
    return is_foreign(one.source, one.site_name, one.host)


def _order(one: Copy) -> tuple[bool, str, bool, bool, datetime, int]:
    published = one.published_at
    # Within a day a mirror comes last, before it a member that declares a source elsewhere.
    day = published.astimezone(CHINA).date().isoformat() if published else ""
    return (
        published is None,
        day,
        one.mirror,
        _is_foreign(one),
        published or one.first_seen_at,
        one.id,
    )


def _member(one: StoredArticle, first: StoredArticle, row: Any) -> Member:  # noqa: ANN401 - a row
    if one.id == first.id:
        return Member(one, "first", 1.0, 1.0, _lag(one.record, one.record), (), False, 0, 0)
    found = compare(Story.of(first.record.body_text), Story.of(one.record.body_text))
    kind = found.kind.value if found else ("reprint" if row.kind == "first" else row.kind)
    changes = what_changed(first.record, one.record)
    added, removed = count_changes(first.record.body_text, one.record.body_text)
    return Member(
        article=one,
        kind=kind,
        jaccard=found.similarity.jaccard if found else row.jaccard,
        containment=found.similarity.containment if found else row.containment,
        lag=_lag(one.record, first.record),
        changes=changes,
        title_changed=Change.TITLE in changes,
        added=added,
        removed=removed,
    )


def _lag(record: Article, first: Article) -> timedelta | None:
    """Return the time since the first publication: in whole days when one of the dates has no time."""
    if record.published_at is None or first.published_at is None:
        return None
    if not _WHOLE_DAYS & {record.published_precision, first.published_precision}:
        return record.published_at - first.published_at
    dates = (one.astimezone(CHINA).date() for one in (record.published_at, first.published_at))
    return next(dates) - next(dates)


def count_changes(before: str, after: str) -> tuple[int, int]:
    """Count the significant characters (`normal_text`) that were added and removed.

    >>> count_changes("总工会慰问职工。", "本报讯 总工会慰问职工")
    (3, 0)
    >>> count_changes("五一", "五一")
    (0, 0)
    """
    left, right = normal_text(before), normal_text(after)
    added = removed = 0
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            removed += end - start
            added += new_end - new_start
    return added, removed
