"""Find reprints as articles arrive: the persisted index of fingerprints, and the groups.

New fingerprints go into a small table that is poured into the large one now
and then, in order; so the cost of an article stays the same however many there
are. A fingerprint that many stories carry (a phrase of the day, a disclaimer)
is no evidence: it is neither followed nor kept further.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from unioncrawl.archive.collecting import collecting_later
from unioncrawl.archive.fingerprints import sketch
from unioncrawl.archive.known import chunks
from unioncrawl.archive.likeness import MIN_STORY, Likeness, Story, compare
from unioncrawl.archive.other_facts import tell_of_others
from unioncrawl.archive.schema import (
    article,
    edge_paragraph,
    fingerprint,
    recent_fingerprint,
    reprint_group,
    reprint_member,
    revision,
)
from unioncrawl.archive.site_rows import next_id

# A fingerprint of more stories than this is common talk.
_COMMON_STORIES = 6
# So many articles are kept for a fingerprint: a story reprinted more often is
# still found by any of them.
_MAX_KEPT = 64
# A paragraph at the edge of so many stories is boilerplate.
_BOILERPLATE_STORIES = 3
_MAX_VERIFIED = 8
# Of a group the likest members speak for all.
_MAX_OF_GROUP = 2
_MAX_RANKED = 40
_MANY = 2_000
# What shares fewer of the telling fingerprints is no excerpt of a third.
_MIN_SHARED = 0.12
_MANY_TELLING = 8
_POUR_ROWS = 400_000


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
    candidates: list[int] = field(default_factory=list)


class ReprintIndex:
    """Takes new bodies in and joins them to groups, within the writer's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._postings: defaultdict[int, list[int]] = defaultdict(list)
        self._groups: dict[int, int] = {}
        self._stories: dict[int, Story] = {}
        self._edges: Counter[int] = Counter()
        self._new_edges: Counter[int] = Counter()
        self._members: list[dict[str, Any]] = []
        self._prints: list[tuple[int, int]] = []
        self._joined: dict[int, int] = {}
        self._common: dict[int, bool] = {}
        self._new_groups: list[dict[str, Any]] = []
        self._next_group = 0

    @collecting_later()
    def add(self, texts: Sequence[NewText]) -> dict[int, int]:
        """Index the bodies; the group of each article that is or became a member of one."""
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
        return self._joined

    # Reading what the batch needs.

    def _load(self, fresh: Sequence[_Fresh]) -> None:
        wanted = {value for one in fresh for value in one.prints}
        for table in (fingerprint, recent_fingerprint):
            for value, number in self._rows(table, ("hash", "article_id"), wanted):
                self._postings[value].append(number)
        found = {one.article_id for one in fresh}.union(*self._postings.values())
        self._groups.update(self._rows(reprint_member, ("article_id", "group_id"), found))
        for one in fresh:
            one.candidates = self._rank(one)
        self._load_stories(sorted({number for one in fresh for number in one.candidates}))
        stories = [*self._stories.values(), *(one.story for one in fresh)]
        edges = {value for story in stories for value in story.edges}
        self._edges.update(dict(self._rows(edge_paragraph, ("hash", "stories"), edges)))

    def _rows(self, table: Table, names: tuple[str, str], numbers: set[int]) -> Iterator[tuple[int, int]]:
        """Two columns of the rows whose first column is one of the numbers."""
        for some in chunks(sorted(numbers), _MANY):
            # Whole numbers written out: binding thousands costs more than the look-up.
            listed = ",".join(map(str, some))
            query = f"SELECT {names[0]}, {names[1]} FROM {table.name} WHERE {names[0]} IN ({listed})"  # noqa: S608
            result = self._connection.exec_driver_sql(query)
            # Plain tuples: these are by far the most rows that a batch reads.
            yield from result.cursor.fetchall()
            result.close()

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
        """The articles that share most of what few others have, most first."""
        telling = [
            numbers
            for value in one.prints
            if len(numbers := self._postings.get(value, ())) <= _COMMON_STORIES or not self._is_common(value)
        ]
        shared = Counter(chain.from_iterable(telling))
        shared.pop(one.article_id, None)
        least = max(_MIN_SHARED * len(telling), 2 if len(telling) >= _MANY_TELLING else 1)
        # Few share enough: only those are put in order.
        likely = sorted((pair for pair in shared.items() if pair[1] >= least), key=lambda pair: -pair[1])
        ranked: list[int] = []
        of_group: Counter[int] = Counter()
        for number, _ in likely[:_MAX_RANKED]:
            group = self._groups.get(number, -number)
            of_group[group] += 1
            if of_group[group] <= _MAX_OF_GROUP:
                ranked.append(number)
        return ranked[:_MAX_VERIFIED]

    def _is_common(self, value: int) -> bool:
        """Whether many stories carry a fingerprint; members of one group are one story."""
        if value not in self._common:
            stories = {-self._groups.get(number, -number) for number in self._postings[value]}
            self._common[value] = len(stories) > _COMMON_STORIES
        return self._common[value]

    def _place(self, one: _Fresh) -> None:
        if one.article_id in self._groups:
            self._joined[one.article_id] = self._groups[one.article_id]
        else:
            matched = self._match(one)
            if not matched:
                self._new_edges.update(one.story.edges.keys())
                self._edges.update(one.story.edges.keys())
        self._stories[one.article_id] = one.story
        for value in one.prints:
            kept = self._postings[value]
            if len(kept) < _MAX_KEPT and one.article_id not in kept:
                kept.append(one.article_id)
                self._prints.append((value, one.article_id))

    def _match(self, one: _Fresh) -> bool:
        """Join an article to the group of the likest one, and other groups that are its story to that."""
        matches = sorted(self._alike(one), key=lambda match: match[1].similarity.jaccard, reverse=True)
        if not matches:
            return False
        best = matches[0]
        groups = {self._group_of(best[0])}
        for number, _ in matches[1:]:
            # Two unions' notices stay two, however like to both an article is.
            likest, other = self._stories[best[0]].whole, self._stories[number].whole
            if self._groups.get(number) not in groups and not tell_of_others(likest, other):
                groups.add(self._group_of(number))
        self._join(one.article_id, best, groups)
        return True

    def _alike(self, one: _Fresh) -> Iterator[tuple[int, Likeness]]:
        seen: set[int] = set()
        for number in self._rank(one):
            if number not in self._stories or self._groups.get(number) in seen:
                continue
            other = self._stories[number]
            likeness = compare(one.story, other, self._boilerplate(one.story) | self._boilerplate(other))
            if likeness is not None:
                seen.add(self._groups.get(number, -number))
                yield number, likeness

    def _boilerplate(self, story: Story) -> set[str]:
        return {line for value, line in story.edges.items() if self._edges[value] >= _BOILERPLATE_STORIES}

    def _group_of(self, number: int) -> int:
        """The group of an article; a new one with it as the first member when it has none."""
        if number not in self._groups:
            self._next_group = self._next_group or next_id(self._connection, reprint_group)
            group, self._next_group = self._next_group, self._next_group + 1
            self._new_groups.append({"id": group, "created_at": datetime.now(UTC)})
            self._become_member(number, group, None, None)
        return self._groups[number]

    def _join(self, number: int, best: tuple[int, Likeness], groups: set[int]) -> None:
        kept = min(groups)
        for other in groups - {kept}:
            self._merge(other, kept)
        self._become_member(number, kept, *best)

    def _become_member(self, number: int, group: int, matched: int | None, likeness: Likeness | None) -> None:
        self._groups[number] = self._joined[number] = group
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
        self._write_members()
        self._connection.execute(
            update(reprint_member).where(reprint_member.c.group_id == gone).values(group_id=kept)
        )
        self._connection.execute(delete(reprint_group).where(reprint_group.c.id == gone))
        for known in (self._groups, self._joined):
            known.update({number: kept for number, group in known.items() if group == gone})

    # Writing.

    def _write(self) -> None:
        self._write_members()
        if self._prints:
            # Articles whose text changed may carry a fingerprint from before.
            mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
            self._connection.exec_driver_sql(
                f"INSERT INTO recent_fingerprint (hash, article_id) VALUES ({mark}, {mark})"  # noqa: S608
                " ON CONFLICT DO NOTHING",
                sorted(self._prints),
            )
        if self._new_edges:
            upsert = _upsert(self._connection, edge_paragraph)
            statement = upsert.on_conflict_do_update(
                index_elements=["hash"],
                set_={"stories": edge_paragraph.c.stories + upsert.excluded.stories},
            )
            counted = sorted(self._new_edges.items())
            self._connection.execute(statement, [{"hash": value, "stories": n} for value, n in counted])
        self._pour()

    def _write_members(self) -> None:
        if self._new_groups:
            self._connection.execute(insert(reprint_group), self._new_groups)
            self._new_groups = []
        if self._members:
            self._connection.execute(insert(reprint_member), self._members)
            self._members = []

    def _pour(self) -> None:
        """Pour the recent fingerprints into the large table when they have become many."""
        rows = self._connection.execute(select(func.count()).select_from(recent_fingerprint)).scalar_one()
        if rows < _POUR_ROWS:
            return
        self._connection.execute(
            text(
                "INSERT INTO fingerprint SELECT hash, article_id FROM recent_fingerprint WHERE true"
                " ORDER BY hash, article_id ON CONFLICT DO NOTHING"
            )
        )
        self._connection.execute(delete(recent_fingerprint))


def _upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
