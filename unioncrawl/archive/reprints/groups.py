"""The groups of reprints as a batch finds and changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from unioncrawl.archive.reprints.same_story import Kind, Likeness
from unioncrawl.archive.reprints.story_parts import StoryParts
from unioncrawl.archive.schema import reprint_group, reprint_member
from unioncrawl.archive.sql import chunks, next_id

# The member that another one is like, and how; None for the first of a group.
Match = tuple[int, Likeness] | None
# A member that parts from a group is compared with so many of each part.
_COMPARED = 3


class ReprintGroups:
    """Which article is in which group, within one transaction; `write` puts out what changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.group_of: dict[int, int] = {}
        self.changed: dict[int, int] = {}
        self._partners: defaultdict[int, set[int]] = defaultdict(set)
        self._members: list[dict[str, Any]] = []
        self._new_groups: list[dict[str, Any]] = []
        self._next_group = 0

    def load_excerpts(self, articles: Iterable[int]) -> None:
        """Read which members of these articles' groups are excerpts of which others."""
        groups = sorted({self.group_of[number] for number in articles if number in self.group_of})
        for some in chunks(groups):
            query = select(reprint_member.c.article_id, reprint_member.c.matched_article_id).where(
                reprint_member.c.group_id.in_(some), reprint_member.c.kind == Kind.EXCERPT.value
            )
            for number, matched in self._connection.execute(query):
                self._pair(number, matched)

    def partners(self, number: int) -> set[int]:
        """The articles of which this one is an excerpt, and its own excerpts."""
        return self._partners.get(number, set())

    def _pair(self, number: int, matched: int) -> None:
        self._partners[number].add(matched)
        self._partners[matched].add(number)

    def group(self, number: int) -> int:
        """Return the group of an article; one without a group becomes the first member of a new group."""
        if number not in self.group_of:
            self._become_member(number, self._new_group(), None, None)
        return self.group_of[number]

    def join(self, number: int, best: tuple[int, Likeness], groups: set[int]) -> None:
        """Make an article a member of these groups, which become one; ``best`` is the likest member."""
        kept = min(groups)
        for other in groups - {kept}:
            self._merge(other, kept)
        self._become_member(number, kept, *best)
        if best[1].kind is Kind.EXCERPT:
            self._pair(number, best[0])

    def members(self, group: int) -> list[int]:
        """Return the articles of a group."""
        self.write()
        query = select(reprint_member.c.article_id).where(reprint_member.c.group_id == group)
        return sorted(self._connection.execute(query).scalars())

    def part(self, group: int, stories: Sequence[Sequence[tuple[int, Match]]]) -> None:
        """Make the stories of one group groups of their own; an article that is alone leaves it.

        Each story lists its members, and which other member each is like.
        """
        self._connection.execute(delete(reprint_member).where(reprint_member.c.group_id == group))
        for number in (number for story in stories for number, _ in story):
            # A member of an earlier batch is in the archive alone.
            self.group_of.pop(number, None)
            self.changed.pop(number, None)
            for partner in self._partners.pop(number, set()):
                self._partners.get(partner, set()).discard(number)
        kept = [story for story in stories if len(story) > 1]
        if not kept:
            self._connection.execute(delete(reprint_group).where(reprint_group.c.id == group))
        for place, story in enumerate(kept):
            own = group if place == 0 else self._new_group()
            for number, match in story:
                self._become_member(number, own, *(match or (None, None)))
                if match and match[1].kind is Kind.EXCERPT:
                    self._pair(number, match[0])

    def _new_group(self) -> int:
        self._next_group = self._next_group or next_id(self._connection, reprint_group)
        group, self._next_group = self._next_group, self._next_group + 1
        self._new_groups.append({"id": group, "created_at": datetime.now(UTC)})
        return group

    def _become_member(self, number: int, group: int, matched: int | None, likeness: Likeness | None) -> None:
        self.group_of[number] = self.changed[number] = group
        similarity = likeness.similarity if likeness else None
        self._members.append(
            {
                "article_id": number,
                "group_id": group,
                "matched_article_id": matched,
                "jaccard": similarity.jaccard if similarity else 1.0,
                "containment": similarity.containment if similarity else 1.0,
                "kind": likeness.kind.value if likeness else "first",
            }
        )

    def _merge(self, gone: int, kept: int) -> None:
        self.write()
        self._connection.execute(
            update(reprint_member).where(reprint_member.c.group_id == gone).values(group_id=kept)
        )
        self._connection.execute(delete(reprint_group).where(reprint_group.c.id == gone))
        for known in (self.group_of, self.changed):
            known.update({number: kept for number, group in known.items() if group == gone})

    def write(self) -> None:
        """Write the new groups and members."""
        if self._new_groups:
            self._connection.execute(insert(reprint_group), self._new_groups)
            self._new_groups = []
        if self._members:
            self._connection.execute(insert(reprint_member), self._members)
            self._members = []


def sort_into_stories(
    members: Sequence[int], parts: StoryParts, likeness: Callable[[int, int], Likeness | None]
) -> list[list[tuple[int, Match]]]:
    """Sort the members of a group into stories: each with the member that it is like, the first with none."""
    stories: list[list[tuple[int, Match]]] = []
    for number in members:
        alike: list[tuple[int, Match]] = []
        for place, story in enumerate(stories):
            known = _numbers(story)
            if known and parts.apart[number].isdisjoint(known):
                found = _likest(number, known[:_COMPARED], likeness)
                alike += [(place, found)] if found else []
        if not alike:
            stories.append([(number, None)])
            continue
        best, match = max(alike, key=lambda pair: pair[1][1].similarity.jaccard if pair[1] else 0.0)
        stories[best].append((number, match))
        for place, _ in alike:
            if place != best and not parts.are_apart(_numbers(stories[best]), _numbers(stories[place])):
                stories[best] += stories[place]
                stories[place] = []
    return [story for story in stories if story]


def _likest(number: int, others: Sequence[int], likeness: Callable[[int, int], Likeness | None]) -> Match:
    found = [(other, likeness(number, other)) for other in others]
    alike = [(other, one) for other, one in found if one is not None and one.kind is not Kind.OTHER]
    return max(alike, key=lambda pair: pair[1].similarity.jaccard, default=None)


def _numbers(story: Sequence[tuple[int, Match]]) -> list[int]:
    return [number for number, _ in story]
