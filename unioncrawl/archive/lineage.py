"""Tell who reprinted whom: the order of a group's members, and what each changed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from unioncrawl.archive.content import normal_text
from unioncrawl.archive.folding import fold
from unioncrawl.archive.known import chunks
from unioncrawl.archive.query import SHANGHAI
from unioncrawl.archive.reading import StoredArticle, load_articles
from unioncrawl.archive.schema import reprint_group, reprint_member
from unioncrawl.model import Precision

_WHOLE_DAYS = {Precision.DAY, Precision.MONTH, Precision.YEAR}


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a reprint group.

    ``lag`` is the time since the first publisher's; ``None`` when a date is
    missing. ``kind`` and ``jaccard`` tell how it was matched when it came in.
    """

    article: StoredArticle
    kind: str
    jaccard: float
    containment: float
    lag: timedelta | None
    title_changed: bool
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Group:
    """A story and all who carried it, the first publisher first.

    ``origin`` says what decided: ``source`` when a member is the outlet that
    others name as their source, ``date`` when it was the labelled date, ``seen``
    when no date is known and the first seen stands first.
    """

    id: int
    origin: str
    members: tuple[Member, ...]


def load_groups(connection: Connection, ids: Sequence[int]) -> list[Group]:
    """The groups with these numbers, in this order."""
    rows: dict[int, list[Any]] = {}
    for some in chunks(ids):
        query = select(reprint_member).where(reprint_member.c.group_id.in_(some))
        for row in connection.execute(query):
            rows.setdefault(row.group_id, []).append(row)
    return [_group(connection, number, rows[number]) for number in ids if number in rows]


def newest_groups(connection: Connection, limit: int) -> list[int]:
    """The numbers of the groups formed last."""
    query = select(reprint_group.c.id).order_by(reprint_group.c.id.desc()).limit(limit)
    return list(connection.execute(query).scalars())


def _group(connection: Connection, number: int, rows: Sequence[Any]) -> Group:
    facts = {row.article_id: row for row in rows}
    articles = load_articles(connection, sorted(facts))
    first, origin = find_first(articles)
    rest = sorted((one for one in articles if one.id != first.id), key=_order)
    members = [_member(one, first, facts[one.id]) for one in (first, *rest)]
    return Group(number, origin, tuple(members))


def find_first(articles: Sequence[StoredArticle]) -> tuple[StoredArticle, str]:
    """The first publisher among articles of one story, and what decided.

    The outlet that the others declare as their source comes before the earliest
    date, for papers label the day and portals the minute of their copy. A date
    of a day counts from its beginning.
    """
    named = [one for one in articles if _is_named(one, articles)]
    if named:
        return min(named, key=_order), "source"
    first = min(articles, key=_order)
    return first, "date" if first.record.published_at else "seen"


def _is_named(one: StoredArticle, articles: Sequence[StoredArticle]) -> bool:
    """Whether a member of another site gives this one's site as its source."""
    name = fold(one.site_name)
    others = [other for other in articles if other.record.site != one.record.site and other.record.source]
    own = fold(one.record.source)
    if own and own not in name and name not in own:
        return False
    return bool(name) and any(name in fold(other.record.source) for other in others)


def _order(one: StoredArticle) -> tuple[bool, str, bool, datetime, int]:
    published = one.record.published_at
    # Within a day, one who labels only the day is not thereby the first: a
    # mirror and a declared foreign source come later, then the minute decides.
    day = published.astimezone(SHANGHAI).date().isoformat() if published else ""
    moment = published if published and one.record.published_precision not in _WHOLE_DAYS else None
    return (published is None, day, one.record.mirror, moment or published or one.first_seen_at, one.id)


def _member(one: StoredArticle, first: StoredArticle, row: Any) -> Member:  # noqa: ANN401 - a row
    published, origin = one.record.published_at, first.record.published_at
    added, removed = (
        (0, 0) if one.id == first.id else count_changes(first.record.body_text, one.record.body_text)
    )
    return Member(
        article=one,
        kind="first" if one.id == first.id else ("reprint" if row.kind == "first" else row.kind),
        jaccard=row.jaccard,
        containment=row.containment,
        lag=published - origin if published and origin else None,
        title_changed=normal_text(one.record.title) != normal_text(first.record.title),
        added=added,
        removed=removed,
    )


def count_changes(before: str, after: str) -> tuple[int, int]:
    """How many characters that count were added and removed.

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
