"""Find reprints as articles arrive: the persisted index of fingerprints, and the groups.

A fingerprint that many stories carry (a phrase of the day, a disclaimer) is no
evidence and is ignored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from unioncrawl.archive.reprints.fingerprint_postings import Postings, number_pairs
from unioncrawl.archive.reprints.fingerprints import sketch
from unioncrawl.archive.reprints.gc_pause import collecting_later
from unioncrawl.archive.reprints.groups import ReprintGroups
from unioncrawl.archive.reprints.same_story import MIN_STORY, Kind, Likeness, Story, liken
from unioncrawl.archive.schema import (
    article,
    edge_paragraph,
    reprint_member,
    revision,
)
from unioncrawl.archive.sql import chunks

# A fingerprint of more stories than this is common talk.
_COMMON_STORIES = 6
# A paragraph at the edge of so many stories is boilerplate.
_BOILERPLATE_STORIES = 3
_MAX_VERIFIED = 8
# The likest members of a group represent it.
_MAX_OF_GROUP = 2
_MAX_RANKED = 40
# An article that shares fewer of the distinctive fingerprints is not an excerpt of a third.
_MIN_SHARED = 0.12
_MANY_PRINTS, _LEAST_SHARED = 8, 2


@dataclass(frozen=True, slots=True)
class NewText:
    """A body to look for reprints of, folded."""

    article_id: int
    folded: str


@dataclass(slots=True)
class _Fresh:
    article_id: int
    story: Story
    prints: set[int]
    ranked: list[int] = field(default_factory=list)


class ReprintIndex:
    """Takes new bodies in and joins them to groups, within the writer's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._postings = Postings(connection)
        self._groups = ReprintGroups(connection)
        self._stories: dict[int, Story] = {}
        self._edges: Counter[int] = Counter()
        self._new_edges: Counter[int] = Counter()
        self._common: dict[int, bool] = {}
        self._of_batch: set[int] = set()

    @collecting_later()
    def add(self, texts: Sequence[NewText]) -> dict[int, int]:
        """Index the bodies; return the group of each article that is or became a member of one."""
        stories = [(new.article_id, Story.of_folded(new.folded)) for new in texts]
        fresh = [
            _Fresh(number, story, sketch(story.text))
            for number, story in stories
            if len(story.text) >= MIN_STORY
        ]
        if not fresh:
            return {}
        self._load(fresh)
        for one in fresh:
            self._place(one)
        self._write()
        return self._groups.changed

    # Reading what the batch needs.

    def _load(self, fresh: Sequence[_Fresh]) -> None:
        self._postings.load({value for one in fresh for value in one.prints})
        found = sorted({one.article_id for one in fresh}.union(*self._postings.articles.values()))
        self._groups.group_of.update(self._pairs(reprint_member, ("article_id", "group_id"), found))
        for one in fresh:
            one.ranked = self._rank(one)
        candidates = {number for one in fresh for number in one.ranked}
        self._groups.load_excerpts(candidates)
        self._load_stories(sorted(candidates.union(*map(self._groups.partners, candidates))))
        stories = [*self._stories.values(), *(one.story for one in fresh)]
        edges = sorted({value for story in stories for value in story.edges})
        self._edges.update(dict(self._pairs(edge_paragraph, ("hash", "stories"), edges)))

    def _pairs(self, table: Table, names: tuple[str, str], numbers: list[int]) -> Iterator[tuple[int, int]]:
        return number_pairs(self._connection, table, names, numbers)

    def _load_stories(self, numbers: Sequence[int]) -> None:
        for some in chunks(numbers):
            query = (
                select(article.c.id, revision.c.body_text)
                .join(revision, revision.c.id == article.c.revision_id)
                .where(article.c.id.in_(some))
            )
            for number, body in self._connection.execute(query):
                self._stories[number] = Story.of(body)

    # Deciding.

    def _rank(self, one: _Fresh) -> list[int]:
        """Return the articles that share most distinctive fingerprints, most first."""
        prints = one.prints - self._postings.talk
        articles = self._postings.articles
        known = [(value, numbers) for value in prints if (numbers := articles.get(value))]
        distinctive = [
            numbers
            for value, numbers in known
            if len(numbers) <= _COMMON_STORIES or not self._is_common(value)
        ]
        count = len(prints) - len(known) + len(distinctive)
        shared = Counter(chain.from_iterable(distinctive))
        shared.pop(one.article_id, None)
        least = max(_MIN_SHARED * count, _LEAST_SHARED if count >= _MANY_PRINTS else 1)
        # Few articles share enough; only these are sorted.
        likely = sorted(
            (pair for pair in shared.items() if pair[1] >= least), key=lambda pair: (-pair[1], pair[0])
        )
        ranked: list[int] = []
        of_group: Counter[int] = Counter()
        for number, _ in likely[:_MAX_RANKED]:
            group = self._groups.group_of.get(number, -number)
            of_group[group] += 1
            if of_group[group] <= _MAX_OF_GROUP:
                ranked.append(number)
        return ranked[:_MAX_VERIFIED]

    def _is_common(self, value: int) -> bool:
        """Whether many stories carry a fingerprint; members of one group are one story."""
        if value not in self._common:
            articles = self._postings.articles[value]
            stories = {-self._groups.group_of.get(number, -number) for number in articles}
            self._common[value] = len(stories) > _COMMON_STORIES
            if self._common[value]:
                self._postings.drop_common(value)
        return self._common[value]

    def _place(self, one: _Fresh) -> None:
        groups = self._groups
        if one.article_id in groups.group_of:
            groups.changed[one.article_id] = groups.group_of[one.article_id]
        elif not self._match(one):
            self._new_edges.update(one.story.edges.keys())
            self._edges.update(one.story.edges.keys())
        self._stories[one.article_id] = one.story
        self._of_batch |= one.prints
        self._postings.add(one.prints, one.article_id)

    def _match(self, one: _Fresh) -> bool:
        """Join an article to the group of the likest one, and merge other groups of its story into it."""
        matches = sorted(self._alike(one), key=lambda match: (-match[1].similarity.jaccard, match[0]))
        if not matches:
            return False
        best = matches[0]
        groups = {self._groups.group(best[0])}
        for number, _ in matches[1:]:
            if self._groups.group_of.get(number) not in groups and self._bridges(one, best[0], number):
                groups.add(self._groups.group(number))
        self._groups.join(one.article_id, best, groups)
        return True

    def _bridges(self, one: _Fresh, left: int, right: int) -> bool:
        """Whether two like articles are one story: by themselves, or as excerpts of one that holds both."""
        found = self._liken(self._stories[left], self._stories[right])
        if found is not None:
            return found.kind is not Kind.OTHER
        longest = max(len(self._stories[number].text) for number in (left, right))
        return len(one.story.text) > longest

    def _alike(self, one: _Fresh) -> list[tuple[int, Likeness]]:
        """Return the articles of the same story, one of each group.

        An article about other bodies than one member does not join the group,
        however like it is to the others: an excerpt may lack what differs.
        """
        found: dict[int, tuple[int, Likeness]] = {}
        others: set[int] = set()
        # The batch brought no candidate when it shares fewer fingerprints than a candidate must.
        least = _LEAST_SHARED if len(one.prints) >= _MANY_PRINTS else 1
        ranked = one.ranked if len(self._of_batch & one.prints) < least else self._rank(one)
        for number in ranked:
            group = self._groups.group_of.get(number, -number)
            if number not in self._stories or group in others or self._is_settled(found.get(group)):
                continue
            likeness = self._liken(one.story, self._stories[number])
            if likeness is None:
                continue
            if likeness.kind is Kind.OTHER:
                others.add(group)
            elif group not in found and self._is_like_partners(one, number):
                found[group] = (number, likeness)
        return [match for group, match in found.items() if group not in others]

    @staticmethod
    def _is_settled(match: tuple[int, Likeness] | None) -> bool:
        """Whether a match is certain without a second member."""
        return match is not None and match[1].kind is not Kind.EXCERPT

    def _is_like_partners(self, one: _Fresh, number: int) -> bool:
        """Whether an article like an excerpt is like the fuller text too; else they share a background."""
        length = len(self._stories[number].text)
        fuller = (self._stories.get(partner) for partner in self._groups.partners(number))
        likenesses = [
            self._liken(one.story, story)
            for story in fuller
            if story is not None and len(story.text) > length
        ]
        return not likenesses or any(found and found.kind is not Kind.OTHER for found in likenesses)

    def _liken(self, left: Story, right: Story) -> Likeness | None:
        return liken(left, right, self._boilerplate(left) | self._boilerplate(right))

    def _boilerplate(self, story: Story) -> set[str]:
        return {line for value, line in story.edges.items() if self._edges[value] >= _BOILERPLATE_STORIES}

    # Writing.

    def _write(self) -> None:
        self._groups.write()
        self._postings.write()
        if self._new_edges:
            upsert = _upsert(self._connection, edge_paragraph)
            statement = upsert.on_conflict_do_update(
                index_elements=["hash"],
                set_={"stories": edge_paragraph.c.stories + upsert.excluded.stories},
            )
            counted = sorted(self._new_edges.items())
            self._connection.execute(statement, [{"hash": value, "stories": n} for value, n in counted])


def _upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
