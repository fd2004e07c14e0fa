"""Find reprints as articles arrive: the persisted index of fingerprints, and the groups.

A fingerprint that many stories carry (a phrase of the day, a disclaimer) is no
evidence and is ignored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, Table

from unioncrawl.archive.limits.gc_pause import collecting_later
from unioncrawl.archive.reprints.edge_paragraphs import EdgeParagraphs
from unioncrawl.archive.reprints.find_part import find_part, has_heading, is_announced, may_hold, says_more
from unioncrawl.archive.reprints.fingerprint_postings import Postings, number_pairs
from unioncrawl.archive.reprints.fingerprints import sketch
from unioncrawl.archive.reprints.groups import ReprintGroups, sort_into_stories
from unioncrawl.archive.reprints.same_story import MIN_STORY, Kind, Likeness, Story, liken
from unioncrawl.archive.reprints.story_parts import Relation, StoryPart, StoryParts
from unioncrawl.archive.reprints.texts_at_hand import TextsAtHand
from unioncrawl.archive.schema import reprint_member

# A fingerprint of more stories than this is common talk.
_COMMON_STORIES = 6
_MAX_VERIFIED = 8
# The likest members of a group represent it.
_MAX_OF_GROUP = 2
_MAX_RANKED = 40
# A roundup of twenty stories has this many candidates and more, each with a small share of it.
_MAX_PARTS = 80
# An article that shares fewer of the distinctive fingerprints is not an excerpt of a third.
_MIN_SHARED = 0.12
_MANY_PRINTS, _LEAST_SHARED = 8, 2


@dataclass(frozen=True, slots=True)
class NewText:
    """A body to look for reprints of, and its title, both folded; ``None``: the title is not at hand."""

    article_id: int
    folded: str
    title: str | None = None
    published_at: datetime | None = None


@dataclass(slots=True)
class _Fresh:
    article_id: int
    story: Story
    prints: set[int]
    ranked: list[int] = field(default_factory=list)
    # Articles that share less: of them it may hold a story, or they of it.
    held: list[int] = field(default_factory=list)
    likeness: dict[int, Likeness | None] = field(default_factory=dict)


class ReprintIndex:
    """Takes new bodies in and joins them to groups, within the writer's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._postings = Postings(connection)
        self._groups = ReprintGroups(connection)
        self._parts = StoryParts(connection)
        self._texts = TextsAtHand(connection)
        self._stories = self._texts.stories
        self._edges = EdgeParagraphs(connection)
        self._common: dict[int, bool] = {}
        self._of_batch: set[int] = set()
        self._bodies: dict[int, str] = {}

    @collecting_later()
    def add(self, texts: Sequence[NewText]) -> dict[int, int]:
        """Index the bodies; return the group of each article that is or became a member of one."""
        stories = [(new, Story.of_folded(new.folded)) for new in texts]
        long_enough = [(new, story) for new, story in stories if len(story.text) >= MIN_STORY]
        fresh = [_Fresh(new.article_id, story, sketch(story.text)) for new, story in long_enough]
        self._parts.forget({new.article_id for new in texts})
        if not fresh:
            return {}
        for new, _ in long_enough:
            if new.title is not None:
                self._texts.name(new.article_id, new.title, new.published_at)
        self._load(fresh)
        self._bodies = {new.article_id: new.folded for new, _ in long_enough}
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
            self._rank(one)
        candidates = {number for one in fresh for number in one.ranked}
        self._groups.load_excerpts(candidates)
        held = {number for one in fresh for number in one.held}
        self._parts.load(candidates | held)
        self._load_stories(candidates.union(held, *map(self._groups.partners, candidates)), fresh)

    def _pairs(self, table: Table, names: tuple[str, str], numbers: list[int]) -> Iterator[tuple[int, int]]:
        return number_pairs(self._connection, table, names, numbers)

    def _load_stories(self, numbers: set[int], fresh: Sequence[_Fresh] = ()) -> None:
        self._edges.load([*self._texts.load(numbers), *(one.story for one in fresh)])

    # Deciding.

    def _rank(self, one: _Fresh) -> None:
        """Find the articles that share most distinctive fingerprints, and those that share few."""
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
        fewest = _LEAST_SHARED if count >= _MANY_PRINTS else 1
        least = max(_MIN_SHARED * count, fewest)
        # Few articles share enough; only these are sorted.
        likely = sorted(
            (pair for pair in shared.items() if pair[1] >= fewest), key=lambda pair: (-pair[1], pair[0])
        )
        enough = [number for number, common in likely[:_MAX_RANKED] if common >= least]
        one.ranked = self._few_of_each_group(enough)[:_MAX_VERIFIED]
        ranked = set(one.ranked)
        held = self._few_of_each_group([number for number, _ in likely])[:_MAX_PARTS]
        one.held = [number for number in held if number not in ranked]

    def _few_of_each_group(self, numbers: Sequence[int]) -> list[int]:
        chosen: list[int] = []
        of_group: Counter[int] = Counter()
        for number in numbers:
            group = self._groups.group_of.get(number, -number)
            of_group[group] += 1
            if of_group[group] <= _MAX_OF_GROUP:
                chosen.append(number)
        return chosen

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
        # The batch brought no candidate when it shares fewer fingerprints than a candidate must.
        least = _LEAST_SHARED if len(one.prints) >= _MANY_PRINTS else 1
        if len(self._of_batch & one.prints) >= least:
            self._rank(one)
        self._find_parts(one)
        if one.article_id in groups.group_of:
            groups.changed[one.article_id] = groups.group_of[one.article_id]
        elif not self._match(one):
            self._edges.add(one.story)
        self._texts.add(one.article_id, one.story, self._bodies[one.article_id])
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
            if (
                self._groups.group_of.get(number) not in groups
                and not self._parts.are_apart([number], [best[0]])
                and self._bridges(one, best[0], number)
            ):
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
        apart = self._parts.apart[one.article_id]
        others.update(self._groups.group_of.get(number, -number) for number in apart)
        for number in one.ranked:
            group = self._groups.group_of.get(number, -number)
            if number not in self._stories or group in others or self._is_settled(found.get(group)):
                continue
            likeness = self._likeness(one, number)
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

    # Roundups.

    def _find_parts(self, one: _Fresh) -> None:
        """Find what the article holds of others, and where it stands in others; part their groups."""
        wholes: set[int] = set()
        for number in (*one.ranked, *one.held):
            story = self._stories.get(number)
            if story is None or story.text == one.story.text:
                continue
            pair = (one.article_id, one.story), (number, story)
            longer, shorter = pair if len(one.story.text) >= len(story.text) else pair[::-1]
            if number not in one.ranked and not self._is_room_for_either(longer[1], shorter[1]):
                continue
            # A longer text that says no more than the shorter one leaves it no room of its own, either.
            if not says_more(longer[1], shorter[1]) or not self._may_be_parts(one, number):
                continue
            likely = one.likeness.get(number) is not None
            if (likely or may_hold(longer[1], shorter[1])) and self._add_part(longer, shorter, one):
                wholes.add(longer[0])
            is_room = may_hold(shorter[1], longer[1]) and says_more(shorter[1], longer[1])
            if is_room and self._add_part(shorter, longer, one):
                wholes.add(shorter[0])
        for held in sorted(wholes):
            for found in self._parts.settle(held, self._texts):
                self._separate(found)

    @staticmethod
    def _is_room_for_either(longer: Story, shorter: Story) -> bool:
        """Whether a few pieces of one text stand in the other: cheaper than all their grams."""
        return may_hold(longer, shorter) or may_hold(shorter, longer)

    def _may_be_parts(self, one: _Fresh, number: int) -> bool:
        """Whether one of two texts may hold the other: not when the same words are about other bodies."""
        likeness = self._likeness(one, number) if number in one.ranked else None
        return likeness is None or likeness.kind is not Kind.OTHER

    def _add_part(self, whole: tuple[int, Story], part: tuple[int, Story], one: _Fresh) -> bool:
        left = self._edges.boilerplate(whole[1]) | self._edges.boilerplate(part[1])
        other = part[0] if whole[0] == one.article_id else whole[0]
        is_same_event = one.likeness.get(other) is not None
        place = find_part(whole[1], part[1].without(left), is_same_event=is_same_event)
        if place is None:
            return False
        self._texts.add(one.article_id, one.story, self._bodies[one.article_id])
        start, end = self._texts.in_body(whole[0], place.start, place.end)
        titles = self._texts.titles([whole[0], part[0]])
        title = titles.get(part[0], "")
        is_named = title != titles.get(whole[0]) and (
            has_heading(whole[1], place, title)
            or (
                not place.is_cut
                and place.start >= MIN_STORY
                and is_announced(self._texts.body(whole[0]), start)
            )
        )
        relation = Relation.CONTAINS if is_named else Relation.EXCERPT
        found = StoryPart(whole[0], part[0], start, end, place.share, relation.value)
        self._parts.add(found)
        if is_named:
            self._separate(found)
        return True

    def _separate(self, part: StoryPart) -> None:
        """Part the group that a roundup and one of its stories stand in together."""
        both = sorted((part.article_id, part.part_article_id))
        self._groups.write()
        self._groups.group_of.update(self._pairs(reprint_member, ("article_id", "group_id"), both))
        group = self._groups.group_of.get(part.article_id)
        if group is None or group != self._groups.group_of.get(part.part_article_id):
            return
        members = self._groups.members(group)
        self._parts.load(members)
        self._load_stories(set(members))
        self._groups.part(group, sort_into_stories(members, self._parts, self._liken_numbers))

    def _likeness(self, one: _Fresh, number: int) -> Likeness | None:
        if number not in one.likeness:
            one.likeness[number] = self._liken(one.story, self._stories[number])
        return one.likeness[number]

    def _liken(self, left: Story, right: Story) -> Likeness | None:
        return liken(left, right, self._edges.boilerplate(left) | self._edges.boilerplate(right))

    def _liken_numbers(self, left: int, right: int) -> Likeness | None:
        return self._liken(self._stories[left], self._stories[right])

    # Writing.

    def _write(self) -> None:
        self._groups.write()
        self._parts.write()
        self._postings.write()
        self._edges.write()
