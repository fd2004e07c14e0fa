"""Who is reprinted by whom: how many stories went from which site to which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.archive.reprints.lineage import find_first, mirror_sites, select_members, without_text
from unioncrawl.archive.schema import article, reprint_group, reprint_member

# Deciding who was first compares the members of a story with each other.
NEWEST_STORIES = 1_000


@dataclass(frozen=True, slots=True)
class Flows:
    """How many stories each site took from each other one.

    ``pairs`` by first publisher and reprinting site; a site that carried its own story again is one
    too. Of ``stories`` in all the newest ``counted`` were looked at.
    """

    pairs: Mapping[tuple[str, str], int]
    counted: int
    stories: int

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
    return [
        CarriedStory(find_first(stories[number], mirrors)[0], tuple(stories[number]))
        for number in sorted(stories, reverse=True)
    ]


def load_flows(connection: Connection, newest: int = NEWEST_STORIES) -> Flows:
    """Count the reprints of the newest stories, from whom to whom.

    The first publisher is that of ``unioncrawl reprints``; one site counts once a story.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    stories = load_stories(connection, newest)
    for story in stories:
        others = {one.record.site for one in story.members if one.id != story.first.id}
        pairs.update((story.first.record.site, other) for other in others)
    total = connection.execute(select(func.count()).select_from(reprint_group)).scalar_one()
    return Flows(dict(pairs), len(stories), total)


def _load_members(connection: Connection, newest: int) -> dict[int, list[StoredArticle]]:
    """Return what deciding needs of the members of the newest stories, by story."""
    groups = select(reprint_group.c.id).order_by(reprint_group.c.id.desc()).limit(newest)
    query = select_members().where(reprint_member.c.group_id.in_(groups)).order_by(article.c.id)
    stories: defaultdict[int, list[StoredArticle]] = defaultdict(list)
    for row in connection.execute(query):
        stories[row.group_id].append(without_text(row))
    return stories
