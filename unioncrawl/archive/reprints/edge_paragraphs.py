"""The paragraphs at the edges of stories, and in how many stories each stands: many share boilerplate.

New ones are counted in a small table that is poured into the large one now and then, in order: their
keys are random, and each batch would write most pages of the large one. A count is the sum of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, select

from unioncrawl.archive.reprints.fingerprint_postings import number_pairs
from unioncrawl.archive.reprints.same_story import Story
from unioncrawl.archive.schema import edge_paragraph, recent_edge_paragraph
from unioncrawl.archive.sql import insert_numbers

# A paragraph at the edge of so many stories is boilerplate.
_BOILERPLATE_STORIES = 3
_POUR_ROWS = 100_000
# Counting the small table reads all of it (1 ms): so of a few hundred paragraphs one is a sign to count.
_COUNTED_EVERY = 256
_ADDED = "ON CONFLICT (hash) DO UPDATE SET stories = {}.stories + excluded.stories"


class EdgeParagraphs:
    """How many stories a paragraph opens or closes, within one transaction; `write` puts out the new ones."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stories: Counter[int] = Counter()
        self._new: Counter[int] = Counter()

    def load(self, stories: Iterable[Story]) -> None:
        """Read the counts of the stories' paragraphs."""
        values = sorted({value for story in stories for value in story.edges}.difference(self._stories))
        for table in (edge_paragraph, recent_edge_paragraph):
            self._stories.update(dict(number_pairs(self._connection, table, ("hash", "stories"), values)))

    def add(self, story: Story) -> None:
        """Count the paragraphs of a story that is in no group yet."""
        self._new.update(story.edges.keys())
        self._stories.update(story.edges.keys())

    def boilerplate(self, story: Story) -> set[str]:
        """The paragraphs of a story that many stories carry."""
        return {line for value, line in story.edges.items() if self._stories[value] >= _BOILERPLATE_STORIES}

    def write(self) -> None:
        """Add the new counts to the archive's."""
        if not self._new:
            return
        new = sorted(self._new.items())
        added = _ADDED.format(recent_edge_paragraph.name)
        insert_numbers(self._connection, recent_edge_paragraph, new, added)
        if any(value % _COUNTED_EVERY == 0 for value in self._new):
            self._pour()

    def _pour(self) -> None:
        """Pour the recent counts into the large table when they have become many."""
        counted = select(func.count()).select_from(recent_edge_paragraph)
        if self._connection.execute(counted).scalar_one() < _POUR_ROWS:
            return
        recent = "SELECT hash, stories FROM recent_edge_paragraph WHERE true ORDER BY hash"
        added = _ADDED.format(edge_paragraph.name)
        self._connection.exec_driver_sql(f"INSERT INTO edge_paragraph {recent} {added}")
        self._connection.execute(delete(recent_edge_paragraph))
