"""Who is reprinted by whom: how many stories went from which site to which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, Select, func, select

from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.archive.reprints.lineage import (
    Copy,
    copy_of,
    find_first,
    host_of,
    mirror_sites,
    select_members,
    without_text,
)
from unioncrawl.archive.schema import article, reprint_group, reprint_member, revision, site

# Deciding who was first takes some 30 µs a story, so that a page of so many takes under a second.
MOST_STORIES = 20_000
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Flows:
    """How many stories each site took from each other one.

    ``pairs`` by first publisher and reprinting site; a site that carried its own story again is one
    too. Of ``stories`` in all the newest ``counted`` were looked at: all, unless there are very many.
    """

    pairs: Mapping[tuple[str, str], int]
    counted: int
    stories: int

    @property
    def is_whole(self) -> bool:
        """Whether every story was counted."""
        return self.counted == self.stories

    def given(self) -> Counter[str]:
        """Return how many reprints elsewhere each site's stories had."""
        return self._by(0)

    def taken(self) -> Counter[str]:
        """Return how many stories of others each site carried."""
        return self._by(1)

    def _by(self, side: int) -> Counter[str]:
        counts: Counter[str] = Counter()
        for pair, number in self.pairs.items():
            if pair[0] != pair[1]:
                counts[pair[side]] += number
        return counts


@dataclass(frozen=True, slots=True)
class CarriedStory:
    """A story that several articles carried: the first publication and all of them, without their texts."""

    first: StoredArticle
    members: tuple[StoredArticle, ...]


def load_stories(connection: Connection, newest: int) -> list[CarriedStory]:
    """Return the newest stories, the newest first."""
    mirrors = mirror_sites(connection)
    stories = _load_members(connection, newest)
    return [_carried(stories[number], mirrors) for number in sorted(stories, reverse=True)]


def _carried(members: Sequence[StoredArticle], mirrors: AbstractSet[str]) -> CarriedStory:
    first, _ = find_first([copy_of(one) for one in members], mirrors)
    return CarriedStory(next(one for one in members if one.id == first.id), tuple(members))


def load_flows(connection: Connection, newest: int = MOST_STORIES) -> Flows:
    """Count the reprints of all stories, or of the newest, from whom to whom.

    The first publisher is that of ``unioncrawl reprints``; one site counts once a story.
    """
    mirrors = mirror_sites(connection)
    pairs: Counter[tuple[str, str]] = Counter()
    counted = 0
    for copies in _load_copies(connection, newest):
        counted += 1
        first, _ = find_first(copies, mirrors)
        pairs.update({(first.site, one.site) for one in copies if one.id != first.id})
    total = connection.execute(select(func.count()).select_from(reprint_group)).scalar_one()
    return Flows(dict(pairs), counted, total)


def _load_copies(connection: Connection, newest: int) -> Iterator[list[Copy]]:
    """Yield what decides who was first of the members of each of the newest stories."""
    query = (
        select(
            reprint_member.c.group_id,
            article.c.id,
            site.c.key,
            site.c.name,
            article.c.url,
            revision.c.source,
            article.c.published_at,
            article.c.first_seen_at,
            article.c.mirror,
        )
        .join_from(reprint_member, article, article.c.id == reprint_member.c.article_id)
        .join(revision, revision.c.id == article.c.revision_id)
        .join(site, site.c.id == article.c.site_id)
        .where(reprint_member.c.group_id.in_(_newest(newest)))
        .order_by(reprint_member.c.group_id, article.c.id)
    )
    rows = connection.execute(query.execution_options(yield_per=_BATCH))
    for _, members in groupby(rows, key=itemgetter(0)):
        yield [Copy(number, key, name, host_of(url), *rest) for _, number, key, name, url, *rest in members]


def _load_members(connection: Connection, newest: int) -> dict[int, list[StoredArticle]]:
    """Return what deciding needs of the members of the newest stories, by story."""
    query = select_members().where(reprint_member.c.group_id.in_(_newest(newest))).order_by(article.c.id)
    stories: defaultdict[int, list[StoredArticle]] = defaultdict(list)
    for row in connection.execute(query):
        stories[row.group_id].append(without_text(row))
    return stories


def _newest(number: int) -> Select[tuple[int]]:
    return select(reprint_group.c.id).order_by(reprint_group.c.id.desc()).limit(number)
